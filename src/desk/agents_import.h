// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ports/desk_store.h"

namespace resolute::desk {

/// A JSON array:
/// [{"id":"ada","name":"Ada","email":"ada@example.com","skills":["billing"],"available":true,"capacity":20,"manager":false}] Only
/// the id is needed; unknown keys are tolerated. `import.bad_agent` names file, record and field.
Result<std::vector<ports::Agent>> parse_agents(std::string_view text, const std::string& file);

/// The file's people replace those of the store; says how many.
Result<std::size_t> import_agents(ports::DeskStore& store, const std::filesystem::path& path);

}  // namespace resolute::desk
