// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace resolute::file {

/// The whole file; `file.too_large` above the cap (0: no cap), `file.not_found`, `file.unreadable`.
Result<std::string> read(const std::filesystem::path& path, std::uint64_t bytes_max = 0);
/// Written beside the target, fsynced, renamed, directory fsynced: afterwards it is there whole, or not at all.
/// `file.disk_full` (ErrorKind::exhausted) and `file.unwritable` leave no part file behind.
Status write_durably(const std::filesystem::path& path, std::string_view bytes);
Status make_directories(const std::filesystem::path& path);
/// `file.exists` where something has this name.
Status refuse_existing(const std::filesystem::path& path);

}  // namespace resolute::file
