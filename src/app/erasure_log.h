// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace resolute::app {

/// Whom was erased, outside of the database: a backup that is older than an erasure brings the person back, and the next start
/// erases them again. A line for each erasure, written before it begins; subjects are blind (engine/vault.h), nothing is personal.
struct ErasureEntry {
    Instant at{};
    std::string by;
    std::vector<std::string> subjects;
};

/// Nothing where there is no file. `care.erasure_log_malformed`; a last line that a crash cut off does not count.
Result<std::vector<ErasureEntry>> read_erasure_log(const std::filesystem::path& file);
/// Durable when it returns.
Status append_erasure(const std::filesystem::path& file, const ErasureEntry& entry);

}  // namespace resolute::app
