// SPDX-License-Identifier: Apache-2.0
#include "casework/claim.h"

#include <gtest/gtest.h>

namespace resolute::casework {
namespace {

/// The wishes of one case's mails, one after the other, as the ledger has them.
class ClaimOfManyMails : public testing::Test {
protected:
    void asks(const std::string& order, std::optional<std::int64_t> minor, const std::string& currency = "USD") {
        json::Value refund;
        refund.set("customer", "K1").set("order", order);
        if (minor) refund.set("claimed_base", json::from_money({*minor, currency}));
        changed = find_new_claim(state, refund);
        if (changed) state.claim = *changed;
    }
    [[nodiscard]] std::optional<std::int64_t> minor() const { return state.claim.amount ? std::optional(state.claim.amount->minor) : std::nullopt; }

    CaseState state;
    std::optional<Claim> changed;
};

TEST_F(ClaimOfManyMails, ForOneOrderTheNewestCounts) {
    asks("A-1", 40'000);
    asks("A-1", 30'000);
    EXPECT_EQ(state.claim.order, "A-1");
    EXPECT_EQ(minor(), 30'000);
    EXPECT_TRUE(state.claim.wishes.empty());
    asks("A-1", 30'000);
    EXPECT_FALSE(changed) << "the same again changes nothing";
}

TEST_F(ClaimOfManyMails, ASecondOrderDoesNotHideTheFirst) {
    asks("A-1", 40'000);
    asks("A-2", 30'000);
    EXPECT_EQ(state.claim.order, "") << "it counts with each";
    EXPECT_EQ(minor(), 70'000);
    asks("A-2", 30'000);
    EXPECT_FALSE(changed);
    asks("A-1", 10'000);
    EXPECT_EQ(minor(), 40'000);
    asks("A-3", 5'000);
    EXPECT_EQ(minor(), 45'000);
}

TEST_F(ClaimOfManyMails, AWishWithoutAnOrderIsAboutTheOneThatWasNamedAndTheLargerCounts) {
    asks("A-1", 40'000);
    asks("", 30'000);
    EXPECT_FALSE(changed);
    asks("", 45'000);
    EXPECT_EQ(state.claim.order, "A-1");
    EXPECT_EQ(minor(), 45'000);
}

TEST_F(ClaimOfManyMails, TheOrderThatIsNamedLaterIsTheOneThatWasMeant) {
    asks("", 40'000);
    asks("A-1", 30'000);
    EXPECT_EQ(state.claim.order, "A-1");
    EXPECT_EQ(minor(), 40'000);
}

TEST_F(ClaimOfManyMails, OneUnknownAmountMakesTheSumUnknown) {
    asks("A-1", 40'000);
    asks("A-2", std::nullopt);
    EXPECT_FALSE(minor());
    asks("A-2", 1'000);
    EXPECT_EQ(minor(), 41'000);
    asks("A-3", 1'000, "EUR");
    EXPECT_FALSE(minor()) << "other currencies cannot be added up";
}

TEST_F(ClaimOfManyMails, WhatWasDeniedIsForgotten) {
    asks("A-1", 40'000);
    state.claim.state = Claim::State::denied;
    asks("A-2", 30'000);
    EXPECT_EQ(state.claim.order, "A-2");
    EXPECT_EQ(minor(), 30'000);
}

TEST_F(ClaimOfManyMails, AfterAGrantAnotherOrderIsForPeople) {
    asks("A-1", 40'000);
    state.grants.push_back({.amount = {40'000, "USD"}, .order = "A-1"});
    state.claim.state = Claim::State::granted;
    asks("A-2", 30'000);
    EXPECT_FALSE(changed);
}

}  // namespace
}  // namespace resolute::casework
