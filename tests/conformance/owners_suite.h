// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/conformance/storage_under_test.h"

/// What holds for every engine::Store about its owners: leases, fencing, freezes, and the keys of persons.
namespace resolute::conformance {

using procedure::EffectClass;

class OwnersSuite : public StorageTest {
protected:
    engine::EffectStatus status_of(const std::string& id) {
        const auto record = must(store().find_effect(EffectId(id)));
        EXPECT_TRUE(record.has_value()) << id;
        return record ? record->status : engine::EffectStatus::failed;
    }
    engine::EffectRecord find(const std::string& id) { return *must(store().find_effect(EffectId(id))); }
    static engine::EffectRecord of_class(const CaseId& case_id, const std::string& id, EffectClass effect_class,
                                         engine::EffectStatus status = engine::EffectStatus::waiting) {
        auto record = effect(case_id, id, status);
        record.effect.effect_class = effect_class;
        return record;
    }
    std::vector<std::string> claim(const engine::Lease& lease, Instant now) {
        std::vector<std::string> ids;
        for (const auto& record : must(store().claim_effects(lease, now, 100, false))) ids.push_back(record.effect.id.value());
        return ids;
    }
    engine::Worker worker(const engine::Lease& lease) {
        for (const auto& worker : must(store().workers()))
            if (worker.epoch == lease.epoch) return worker;
        ADD_FAILURE() << "no worker of epoch " << lease.epoch;
        return {};
    }
};

TEST_P(OwnersSuite, EachLeaseHasALargerEpochAndTheWritesOfAnOwnerAreCounted) {
    const auto first = acquire("a", at(0));
    CaseWriter writer("ca");
    auto committed = store().commit(first, {writer.commit(), CaseWriter("cb").commit()});
    ASSERT_OK(committed);
    EXPECT_EQ(committed->writes, 1u) << "transactions, not cases";
    committed = store().commit(first, {writer.commit(), CaseWriter("cb").commit()});
    ASSERT_OK(committed);
    EXPECT_EQ(committed->writes, 2u) << "one whose commits were refused, too";
    EXPECT_EQ(worker(first).writes, 2u);
    EXPECT_EQ(worker(first).owner, "a");
    EXPECT_FALSE(worker(first).is_fenced);
    const auto second = succeed(first, at(1));
    EXPECT_GT(second.epoch, first.epoch);
    EXPECT_EQ(worker(second).writes, 0u);
    EXPECT_TRUE(worker(first).is_fenced);
    EXPECT_EQ(second.lasts > Duration{}, is_shared());
    EXPECT_EQ(store().commit(second, {writer.commit()})->writes, 1u);
}

TEST_P(OwnersSuite, AFencedOwnerCanDoNothingMore) {
    const auto dead = acquire("a", at(0));
    CaseWriter writer("ca");
    auto first = writer.commit();
    first.new_effects.push_back(effect(first.case_id, "e1"));
    first.wake_at = at(1);
    ASSERT_OK(commit_one(store(), dead, first));
    const auto owner = succeed(dead, at(5));
    const auto second = writer.commit();
    EXPECT_CODE("store.fenced", store().commit(dead, {second}));
    EXPECT_CODE("store.fenced", store().commit(dead, {}));
    EXPECT_CODE("store.fenced", store().claim_effects(dead, at(9), 10, false));
    EXPECT_CODE("store.fenced", store().claim_cases(dead, at(9), 10, std::chrono::seconds(1)));
    EXPECT_CODE("store.fenced", store().renew(dead, at(9)));
    EXPECT_CODE("store.fenced", store().take_over(dead, at(9)));
    EXPECT_CODE("store.fenced", store().release(dead, {}, at(9)));
    EXPECT_EQ(store().journal(writer.id())->size(), 1u) << "nothing of it happened";
    ASSERT_OK(commit_one(store(), owner, second));
    EXPECT_EQ(claim(owner, at(9)), std::vector<std::string>{"e1"});
    EXPECT_CODE("store.fenced", store().claim_effects(dead, at(9), 10, false));
}

TEST_P(OwnersSuite, NobodyCanWriteWithALeaseThatWasNeverGiven) {
    EXPECT_CODE("store.fenced", store().commit({.owner = "x", .epoch = 77, .lasts = {}}, {CaseWriter("ca").commit()}));
    EXPECT_FALSE(store().load(CaseId("ca"))->has_value());
}

TEST_P(OwnersSuite, TwoOwnersWorkSideBySideAndTheCasesVersionGuardsEachWrite) {
    if (!is_shared()) GTEST_SKIP() << "a store with one owner";
    const auto a = acquire("a", at(0));
    const auto b = acquire("b", at(0));
    CaseWriter first("ca");
    auto opened = first.commit();
    opened.new_effects = {effect(first.id(), "e1"), effect(first.id(), "e2")};
    ASSERT_OK(commit_one(store(), a, opened));
    const auto mine = must(store().claim_effects(a, at(1), 1, false));
    const auto yours = must(store().claim_effects(b, at(1), 5, false));
    ASSERT_EQ(mine.size(), 1u);
    ASSERT_EQ(yours.size(), 1u);
    EXPECT_NE(mine[0].effect.id, yours[0].effect.id);
    EXPECT_EQ(find(mine[0].effect.id.value()).epoch, a.epoch);
    EXPECT_EQ(find(yours[0].effect.id.value()).epoch, b.epoch);
    CaseWriter rival = first;
    ASSERT_OK(commit_one(store(), b, first.commit()));
    EXPECT_CODE("store.version_conflict", commit_one(store(), a, rival.commit()));
    EXPECT_EQ(must(store().renew(a, at(2))).is_frozen, false);
    EXPECT_EQ(must(store().take_over(a, at(2))), 0u) << "both live";
    EXPECT_EQ(find("e1").crashes + find("e2").crashes, 0);
}

TEST_P(OwnersSuite, WhatASilentOwnerHeldIsTakenOverAndTheLivingKeepTheirs) {
    if (!is_shared()) GTEST_SKIP() << "a store with one owner";
    const auto dead = acquire("dead", at(0));
    const auto living = acquire("living", at(0));
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {of_class(writer.id(), "reads", EffectClass::reads, engine::EffectStatus::intended),
                          of_class(writer.id(), "mail", EffectClass::mails, engine::EffectStatus::intended)};
    ASSERT_OK(commit_one(store(), dead, commit));
    auto other = CaseWriter("cb").commit();
    other.new_effects = {of_class(other.case_id, "own", EffectClass::mails, engine::EffectStatus::intended)};
    ASSERT_OK(commit_one(store(), living, other));
    EXPECT_EQ(must(store().take_over(living, at(1))), 0u);
    ASSERT_OK(store().renew(living, at(10)));
    under_test().let_lease_run_out(dead);
    EXPECT_EQ(must(store().take_over(living, at(12))), 2u);
    EXPECT_EQ(status_of("reads"), engine::EffectStatus::waiting);
    EXPECT_EQ(status_of("mail"), engine::EffectStatus::unclear);
    EXPECT_EQ(find("mail").crashes, 1);
    EXPECT_EQ(status_of("own"), engine::EffectStatus::intended) << "its owner lives";
    EXPECT_TRUE(worker(dead).is_fenced);
    EXPECT_CODE("store.fenced", store().commit(dead, {writer.commit()}));
    EXPECT_EQ(must(store().take_over(living, at(13))), 0u) << "once";
}

TEST_P(OwnersSuite, ASilentOwnerThatNobodyRelievedGoesOn) {
    if (!is_shared()) GTEST_SKIP() << "a store with one owner";
    const auto owner = acquire("a", at(0));
    under_test().let_lease_run_out(owner);
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store(), owner, writer.commit()));
    ASSERT_OK(store().renew(owner, at(1)));
    const auto other = acquire("b", at(2));
    EXPECT_EQ(must(store().take_over(other, at(3))), 0u);
    ASSERT_OK(commit_one(store(), owner, writer.commit()));
}

TEST_P(OwnersSuite, ACleanEndLeavesWhatDidNotStartAsIfNeverClaimed) {
    const auto owner = acquire("a", at(0));
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {of_class(writer.id(), "idle", EffectClass::mails, engine::EffectStatus::intended),
                          of_class(writer.id(), "busy", EffectClass::mails, engine::EffectStatus::intended),
                          of_class(writer.id(), "look", EffectClass::mails)};
    commit.new_effects[2].status = engine::EffectStatus::unclear;
    ASSERT_OK(commit_one(store(), owner, commit));
    EXPECT_EQ(claim(owner, at(1)), std::vector<std::string>{"look"});
    ASSERT_OK(store().release(owner, {EffectId("idle"), EffectId("look"), EffectId("never")}, at(2)));
    EXPECT_EQ(status_of("idle"), engine::EffectStatus::waiting);
    EXPECT_EQ(find("idle").attempt, 0);
    EXPECT_EQ(find("idle").crashes, 0);
    EXPECT_EQ(status_of("look"), engine::EffectStatus::unclear);
    EXPECT_EQ(find("look").crashes, 0);
    EXPECT_EQ(status_of("busy"), engine::EffectStatus::unclear);
    EXPECT_EQ(find("busy").crashes, 1);
    EXPECT_EQ(find("busy").attempt, 1);
    EXPECT_TRUE(worker(owner).is_fenced);
    EXPECT_CODE("store.fenced", store().commit(owner, {writer.commit()}));
    const auto next = acquire("b", at(3));
    EXPECT_EQ(claim(next, at(3)), (std::vector<std::string>{"idle", "look"}));
}

TEST_P(OwnersSuite, WhoMeetsALaterJournalFormatRefuses) {
    ASSERT_OK(store().acquire("old", at(0), 1));
    const auto later = store().acquire("later", at(1), engine::kJournalFormat + 1);
    ASSERT_OK(later);
    EXPECT_CODE("store.format_newer", store().acquire("ours", at(2), engine::kJournalFormat));
    EXPECT_CODE("store.format_newer", store().acquire("ours", at(2), 1));
}

TEST_P(OwnersSuite, TheStoreHasANameThatStays) {
    const auto name = must(store().store_id());
    EXPECT_FALSE(name.empty());
    acquire("a", at(0));
    EXPECT_EQ(must(store().store_id()), name);
}

TEST_P(OwnersSuite, WhileFrozenNothingLeavesThatMustNotHappenTwice) {
    const auto owner = acquire("a", at(0));
    EXPECT_FALSE(must(store().last_freeze()).has_value());
    EXPECT_CODE("store.not_frozen", store().release_freeze("dana", at(1), at(2)));
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {of_class(writer.id(), "mail", EffectClass::mails), of_class(writer.id(), "call", EffectClass::guarded),
                          of_class(writer.id(), "reads", EffectClass::reads), of_class(writer.id(), "late", EffectClass::mails)};
    commit.new_effects[2].next_at = at(3);
    commit.new_effects[3].next_at = at(200);
    ASSERT_OK(commit_one(store(), owner, commit));
    ASSERT_OK(store().freeze("the store went back in time", "a", at(1)));
    ASSERT_OK(store().freeze("again", "b", at(2)));
    const auto freeze = must(store().last_freeze());
    ASSERT_TRUE(freeze.has_value());
    EXPECT_EQ(freeze->since, at(1));
    EXPECT_EQ(freeze->why, "the store went back in time");
    EXPECT_EQ(freeze->by, "a");
    EXPECT_FALSE(freeze->released_at.has_value());
    EXPECT_TRUE(must(store().renew(owner, at(2))).is_frozen);
    EXPECT_EQ(*store().next_wake(), at(3)) << "what stands still wakes nobody";
    EXPECT_EQ(claim(owner, at(9)), std::vector<std::string>{"reads"});
    EXPECT_FALSE(store().next_wake()->has_value());

    ASSERT_OK(store().release_freeze("dana", at(10), at(100)));
    const auto renewal = must(store().renew(owner, at(11)));
    EXPECT_FALSE(renewal.is_frozen);
    EXPECT_EQ(renewal.look_first_until, at(100));
    EXPECT_EQ(must(store().last_freeze())->released_by, "dana");
    EXPECT_EQ(must(store().last_freeze())->released_at, at(10));
    EXPECT_EQ(status_of("mail"), engine::EffectStatus::unclear) << "it looks before it goes";
    EXPECT_EQ(status_of("late"), engine::EffectStatus::unclear);
    EXPECT_EQ(status_of("call"), engine::EffectStatus::waiting);
    EXPECT_EQ(claim(owner, at(12)), (std::vector<std::string>{"call", "mail"}));
    EXPECT_EQ(status_of("mail"), engine::EffectStatus::reconciling);
    EXPECT_CODE("store.not_frozen", store().release_freeze("dana", at(13), at(14)));
    ASSERT_OK(store().freeze("once more", "a", at(20)));
    EXPECT_EQ(must(store().last_freeze())->why, "once more");
    EXPECT_TRUE(must(store().renew(owner, at(21))).is_frozen);
}

TEST_P(OwnersSuite, APersonHasOneLivingKeyAndTheNextGenerationBeginsWhenItEnds) {
    const std::string key("\0wrapped\xff", 9);
    const auto first = must(store().keep_subject("5f0c", key));
    EXPECT_EQ(first.id, "5f0c:1");
    EXPECT_EQ(first.wrapped_key, key) << "bytes, not text";
    const auto again = must(store().keep_subject("5f0c", "another"));
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.wrapped_key, key) << "the one that is kept";
    EXPECT_EQ(must(store().keep_subject("aaaa", "k")).id, "aaaa:1");
    EXPECT_EQ(must(store().find_subject("5f0c:1"))->wrapped_key, key);

    ASSERT_OK(store().end_subject("5f0c:1", false));
    EXPECT_EQ(must(store().find_subject("5f0c:1"))->wrapped_key, key) << "what it sealed is read on";
    EXPECT_EQ(must(store().keep_subject("5f0c", "second")).id, "5f0c:2");
    ASSERT_OK(store().end_subject("5f0c:2", true));
    ASSERT_OK(store().end_subject("5f0c:2", true));
    EXPECT_EQ(must(store().find_subject("5f0c:2"))->wrapped_key, "") << "destroyed";
    EXPECT_EQ(must(store().keep_subject("5f0c", "third")).id, "5f0c:3");
    ASSERT_OK(store().end_subject("5f0c:1", true));
    EXPECT_EQ(must(store().find_subject("5f0c:1"))->wrapped_key, "");
    EXPECT_EQ(must(store().keep_subject("5f0c", "fourth")).id, "5f0c:3") << "the living one is untouched";

    for (const char* id : {"5f0c:9", "5f0c", "5f0c:", "none:1", "5f0c:1x", ""}) {
        EXPECT_FALSE(must(store().find_subject(id)).has_value()) << id;
        EXPECT_CODE("store.subject_unknown", store().end_subject(id, true));
    }
}

}  // namespace resolute::conformance
