// SPDX-License-Identifier: Apache-2.0
#include "ports/crm.h"

namespace resolute::ports {

std::string_view to_string(Tier tier) { return tier == Tier::vip ? "vip" : "regular"; }

}  // namespace resolute::ports
