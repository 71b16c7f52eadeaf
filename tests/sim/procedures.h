// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "procedure/procedure.h"

namespace resolute::sim {

/// The tools of the product, read once.
const procedure::ToolCatalogue& sim_catalogue();
/// The procedure that ships …
const procedure::Procedure& first_procedure();
/// … and the same with another number in it: what a change in the middle of open cases looks like.
const procedure::Procedure& changed_procedure();
/// The one of the two with this hash; the first where it is neither.
const procedure::Procedure& procedure_of(const std::string& content_hash);

}  // namespace resolute::sim
