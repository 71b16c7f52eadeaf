// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tests/sim/planted.h"

namespace resolute::sim {

/// All of them; each must be found.
std::vector<Planted> all_bugs();

/// Which patched place is switched on, for the whole program; empty: none.
void switch_on(const std::string& patch);
bool is_planted(const char* name);

}  // namespace resolute::sim
