// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/conformance/storage_under_test.h"

/// The store's own check that no automatic answer leaves where a refund over the limit waits for a person.
namespace resolute::conformance {

class RefundGateSuite : public StorageTest {
protected:
    using Claim = casework::Claim;
    using State = Claim::State;

    void SetUp() override {
        StorageTest::SetUp();
        lease_ = acquire("test", at(0));
        ASSERT_OK(store().keep_procedure("p1", "# One", Money{.minor = 50'000, .currency = "USD"}));
    }
    static Claim claim(std::optional<std::int64_t> minor, const std::string& order = "1001", State state = State::pending, int seconds = 0) {
        std::optional<Money> amount;
        if (minor) amount = Money{.minor = *minor, .currency = "USD"};
        return {.state = state, .amount = amount, .customer = "k1", .order = order, .at = at(seconds)};
    }
    void put_other(const std::string& id, const Claim& claim) {
        auto commit = CaseWriter(id).commit();
        commit.claim = claim;
        ASSERT_OK(commit_one(store(), lease_, commit));
    }
    static engine::EffectRecord answer(const CaseId& id, const std::string& effect_id = "answer") {
        auto record = effect(id, effect_id);
        record.effect.effect_class = procedure::EffectClass::mails;
        record.resolves = true;
        return record;
    }
    /// The claim first, the mail with the next commit.
    Status answer_after(const Claim& claim) {
        auto opened = writer_.commit();
        opened.claim = claim;
        EXPECT_TRUE(commit_one(store(), lease_, opened).has_value());
        auto sent = writer_.commit();
        sent.new_effects = {answer(writer_.id())};
        return commit_one(store(), lease_, sent);
    }
    engine::Lease lease_;
    CaseWriter writer_{"ca"};
};

TEST_P(RefundGateSuite, WithoutAClaimEachAnswerLeaves) {
    auto commit = writer_.commit();
    commit.new_effects = {answer(writer_.id())};
    ASSERT_OK(commit_one(store(), lease_, commit));
}

TEST_P(RefundGateSuite, AClaimAtTheLimitPasses) { ASSERT_OK(answer_after(claim(50'000))); }

TEST_P(RefundGateSuite, AClaimOverTheLimitIsRefusedAndLeavesNothing) {
    EXPECT_CODE("gate.refund_unapproved", answer_after(claim(50'001)));
    EXPECT_FALSE(store().find_effect(EffectId("answer"))->has_value());
    EXPECT_EQ((*store().load(writer_.id()))->version, 1u);
    EXPECT_EQ(store().journal(writer_.id())->size(), 1u);
}

TEST_P(RefundGateSuite, AClaimAndTheAnswerToItInOneCommitAreCheckedToo) {
    auto commit = writer_.commit();
    commit.claim = claim(50'001);
    commit.new_effects = {answer(writer_.id())};
    const auto other = CaseWriter("cz").commit();
    const auto results = store().commit(lease_, {commit, other});
    ASSERT_OK(results);
    EXPECT_EQ(results->results[0].error().code, "gate.refund_unapproved");
    EXPECT_TRUE(results->results[1]) << "the others of the batch are not hindered";
    EXPECT_FALSE(store().load(writer_.id())->has_value());
    EXPECT_TRUE(queries().claims("k1", "", at(0), CaseId(""))->empty());
}

TEST_P(RefundGateSuite, AnUnknownAmountIsRefused) { EXPECT_CODE("gate.refund_unapproved", answer_after(claim(std::nullopt))); }

TEST_P(RefundGateSuite, AnotherCurrencyCannotBeCompared) {
    auto euros = claim(100);
    euros.amount->currency = "EUR";
    EXPECT_CODE("gate.refund_unapproved", answer_after(euros));
}

TEST_P(RefundGateSuite, OtherMailsAreNotAskedForIt) {
    auto commit = writer_.commit();
    commit.claim = claim(90'000);
    commit.new_effects = {answer(writer_.id())};
    commit.new_effects[0].resolves = false;
    ASSERT_OK(commit_one(store(), lease_, commit));
}

TEST_P(RefundGateSuite, ADeniedClaimPromisesNothing) { ASSERT_OK(answer_after(claim(90'000, "1001", State::denied))); }

TEST_P(RefundGateSuite, AGrantedClaimCountsAsAPendingOne) {
    EXPECT_CODE("gate.refund_unapproved", answer_after(claim(90'000, "1001", State::granted)));
}

TEST_P(RefundGateSuite, ClaimsOfTheSameOrderAddUp) {
    put_other("cb", claim(30'000));
    EXPECT_CODE("gate.refund_unapproved", answer_after(claim(20'001)));
}

TEST_P(RefundGateSuite, ClaimsThatAddUpToTheLimitPass) {
    put_other("cb", claim(30'000, "1001", State::granted));
    put_other("cd", claim(90'000, "1001", State::denied));
    ASSERT_OK(answer_after(claim(20'000)));
}

TEST_P(RefundGateSuite, ClaimsOfAnotherOrderOrAnotherCustomerDoNotAddUp) {
    put_other("cb", claim(50'000, "2002"));
    auto foreign = claim(50'000);
    foreign.customer = "k2";
    put_other("cd", foreign);
    ASSERT_OK(answer_after(claim(20'000)));
}

TEST_P(RefundGateSuite, AClaimThatNamesNoOrderAddsUpWithEach) {
    put_other("cb", claim(30'000, ""));
    EXPECT_CODE("gate.refund_unapproved", answer_after(claim(30'000)));
}

TEST_P(RefundGateSuite, AClaimWithoutAnOrderIsSummedWithAllOfTheCustomer) {
    put_other("cb", claim(30'000, "2002"));
    EXPECT_CODE("gate.refund_unapproved", answer_after(claim(30'000, "")));
}

TEST_P(RefundGateSuite, AnUnknownAmountElsewhereMakesTheSumUnknown) {
    put_other("cb", claim(std::nullopt));
    EXPECT_CODE("gate.refund_unapproved", answer_after(claim(1)));
}

TEST_P(RefundGateSuite, ClaimsOfMoreThanThirtyDaysAgoAreForgotten) {
    constexpr int kDay = 24 * 3600;
    put_other("cb", claim(50'000, "1001", State::pending, -30 * kDay - 1));
    ASSERT_OK(answer_after(claim(50'000)));
    put_other("cd", claim(1, "1001", State::pending, -30 * kDay));
    auto second = writer_.commit();
    second.new_effects = {answer(writer_.id(), "second")};
    EXPECT_CODE("gate.refund_unapproved", commit_one(store(), lease_, second));
}

TEST_P(RefundGateSuite, WhatAPersonApprovedPasses) {
    auto opened = writer_.commit();
    opened.claim = claim(90'000);
    opened.tasks = {task("t1", at(1))};
    ASSERT_OK(commit_one(store(), lease_, opened));
    const auto try_again = [&](const std::string& id, casework::TaskState state) {
        auto commit = writer_.commit();
        commit.tasks = {task("t1", at(1))};
        commit.tasks[0].state = state;
        commit.new_effects = {answer(writer_.id(), id)};
        const Status status = commit_one(store(), lease_, commit);
        if (!status) writer_.rewind(commit);
        return status;
    };
    EXPECT_CODE("gate.refund_unapproved", try_again("e1", casework::TaskState::open));
    EXPECT_CODE("gate.refund_unapproved", try_again("e1", casework::TaskState::denied));
    ASSERT_OK(try_again("e1", casework::TaskState::approved));
    auto later = writer_.commit();
    later.new_effects = {answer(writer_.id(), "e2")};
    ASSERT_OK(commit_one(store(), lease_, later));
}

TEST_P(RefundGateSuite, AnApprovalOfSomethingElseOrOfAnotherCaseIsNone) {
    auto other = CaseWriter("cb").commit();
    other.tasks = {task("t1", at(1))};
    other.tasks[0].state = casework::TaskState::approved;
    ASSERT_OK(commit_one(store(), lease_, other));
    auto opened = writer_.commit();
    opened.tasks = {task("t2", at(1))};
    opened.tasks[0].kind = procedure::TaskKind::review;
    opened.tasks[0].state = casework::TaskState::approved;
    ASSERT_OK(commit_one(store(), lease_, opened));
    EXPECT_CODE("gate.refund_unapproved", answer_after(claim(90'000)));
}

TEST_P(RefundGateSuite, TheLimitIsThatOfTheCasesProcedure) {
    ASSERT_OK(store().keep_procedure("p2", "# Two", Money{.minor = 10, .currency = "USD"}));
    ASSERT_OK(answer_after(claim(50'000)));
}

TEST_P(RefundGateSuite, WhereTheProcedureIsNotKnownTheNewestOnesLimitHolds) {
    ASSERT_OK(store().keep_procedure("p2", "# Two", Money{.minor = 10, .currency = "USD"}));
    ASSERT_OK(store().keep_procedure("p3", "# Three, without a limit", {}));
    auto opened = writer_.commit();
    opened.procedure_hash = "";
    opened.claim = claim(11);
    ASSERT_OK(commit_one(store(), lease_, opened));
    auto sent = writer_.commit();
    sent.procedure_hash = "";
    sent.new_effects = {answer(writer_.id())};
    EXPECT_CODE("gate.refund_unapproved", commit_one(store(), lease_, sent));
}

TEST_P(RefundGateSuite, AProcedureThatWasKeptWithoutALimitGetsItWhenItIsKeptAgain) {
    ASSERT_OK(store().keep_procedure("p0", "# Zero", {}));
    ASSERT_OK(store().keep_procedure("p0", "# Zero", Money{.minor = 10, .currency = "USD"}));
    auto commit = writer_.commit();
    commit.procedure_hash = "p0";
    commit.claim = claim(11);
    commit.new_effects = {answer(writer_.id())};
    EXPECT_CODE("gate.refund_unapproved", commit_one(store(), lease_, commit));
}

}  // namespace resolute::conformance
