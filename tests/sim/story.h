// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/store.h"
#include "engine/vault.h"
#include "tests/sim/world.h"

namespace resolute::sim {

/// What somebody needs who looks for the cause: what was violated, the plan, what befell the machine, and the journals of the cases
/// concerned beside the world's ledger.
std::string tell(const Plan& plan, const World& world, engine::Store& store, engine::Vault& vault);

/// "git describe" of the sources at build time.
std::string_view built_from();

}  // namespace resolute::sim
