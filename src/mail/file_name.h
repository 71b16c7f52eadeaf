// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resolute::mail {

/// A sender's file name made safe to show and to store as text: the last part of a path, without controls, invisible or
/// direction-changing characters, reserved device names or leading dots, at most limits::file_name_bytes_max.
/// "attachment-<number>" where nothing usable remains.
std::string safe_file_name(std::string_view name, std::size_t number);

}  // namespace resolute::mail
