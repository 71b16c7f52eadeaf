// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "casework/event.h"
#include "casework/state.h"

/// A case's row in the ledger of refunds, which the customer's other cases are added up with. What was granted never leaves it.
/// Internal to casework.
namespace resolute::casework {

/// What the case claims now that its mails say this about a refund (`refund` facts of issue.classify); nothing: as before.
std::optional<Claim> find_new_claim(const CaseState& state, const json::Value& refund);

/// Nobody grants what was asked for.
std::vector<EventBody> deny_refund(const CaseState& state, std::string by, std::string why);

}  // namespace resolute::casework
