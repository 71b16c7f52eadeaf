// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "engine/engine.h"

namespace resolute::app {

/// A file outside the database that says how far this worker had written. After a restore it tells that the database is older than
/// what was done (`engine::find_step_back`). Keep it where a restore of the database does not reach.
Result<std::optional<engine::Anchor>> read_anchor(const std::filesystem::path& file);  ///< nothing: the first start. `anchor.malformed`
Status write_anchor(const std::filesystem::path& file, const engine::Anchor& anchor);

}  // namespace resolute::app
