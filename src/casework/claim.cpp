// SPDX-License-Identifier: Apache-2.0
#include "casework/claim.h"

namespace resolute::casework {
namespace {

/// Unknown where one is, or where they cannot be compared: then a person decides.
std::optional<Money> larger(const std::optional<Money>& one, const std::optional<Money>& other) {
    if (!one || !other) return std::nullopt;
    const auto order = compare(*one, *other);
    if (!order) return std::nullopt;
    return *order < 0 ? other : one;
}

}  // namespace

std::optional<Claim> find_new_claim(const CaseState& state, const json::Value& refund) {
    // The ledger adds up in the base currency; what is granted stays in the currency it was asked in.
    Claim claim{.state = Claim::State::pending, .amount = json::to_money(refund["claimed_base"]),
                .customer = refund["customer"].as_string(), .order = refund["order"].as_string(), .at = state.opened_at};
    // After a grant a wish for another order is for people, and of one for the same order the larger counts.
    if (!state.grants.empty()) {
        if (claim.order != state.claim.order) return std::nullopt;
        claim.amount = larger(claim.amount, state.claim.amount);
    }
    const bool is_same = state.claim.state != Claim::State::none && state.claim.amount == claim.amount && state.claim.order == claim.order;
    return is_same ? std::nullopt : std::optional(std::move(claim));
}

std::vector<EventBody> deny_refund(const CaseState& state, std::string by, std::string why) {
    std::vector<EventBody> events{RefundDenied{std::move(by), std::move(why)}};
    if (state.grants.empty()) return events;
    Claim kept = state.claim;
    kept.state = Claim::State::granted;
    // What was granted, where it can be told in the ledger's currency; else what was asked for, which is not less.
    std::optional<Money> granted = state.grants.front().amount;
    for (std::size_t i = 1; granted && i < state.grants.size(); ++i) {
        const auto sum = add(*granted, state.grants[i].amount);
        granted = sum ? std::optional(*sum) : std::nullopt;
    }
    if (granted && kept.amount && granted->currency == kept.amount->currency) kept.amount = granted;
    events.emplace_back(RefundClaimed{std::move(kept)});
    return events;
}

}  // namespace resolute::casework
