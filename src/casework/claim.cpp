// SPDX-License-Identifier: Apache-2.0
#include "casework/claim.h"

#include <algorithm>

namespace resolute::casework {
namespace {

std::optional<Money> sum_of(const std::vector<Wish>& wishes) {
    std::optional<Money> sum = wishes.front().amount;
    for (std::size_t i = 1; sum && i < wishes.size(); ++i) {
        const auto added = wishes[i].amount ? add(*sum, *wishes[i].amount) : Result<Money>(*sum);
        sum = wishes[i].amount && added ? std::optional(*added) : std::nullopt;
    }
    return sum;
}

/// The newest mail's wish beside those of the mails before it, which nobody has taken back. For one order the newest counts; a
/// wish that names no order, and follows or precedes one that does, is taken to be about that one, and the larger counts.
void add_earlier_wishes(Claim& claim, const Claim& earlier) {
    std::vector<Wish> wishes = earlier.wishes;
    if (wishes.empty()) wishes.push_back({.order = earlier.order, .amount = earlier.amount});
    const auto same = std::ranges::find(wishes, claim.order, &Wish::order);
    if (same != wishes.end()) {
        same->amount = claim.amount;
    } else if (claim.order.empty() || wishes.front().order.empty()) {
        Wish& whole = wishes.front();
        if (wishes.size() > 1) return void(claim = earlier);  // Which of them it is about is not said, and all of them are counted.
        whole = {.order = claim.order.empty() ? whole.order : claim.order, .amount = larger(whole.amount, claim.amount)};
    } else {
        wishes.push_back({.order = claim.order, .amount = claim.amount});
    }
    claim.order = wishes.size() == 1 ? wishes.front().order : "";
    claim.amount = sum_of(wishes);
    if (wishes.size() > 1) claim.wishes = std::move(wishes);
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
    } else if (state.claim.state == Claim::State::pending) {
        add_earlier_wishes(claim, state.claim);
    }
    const bool is_same = state.claim.state != Claim::State::none && state.claim.amount == claim.amount && state.claim.order == claim.order &&
                         state.claim.wishes == claim.wishes;
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
