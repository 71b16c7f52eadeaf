// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "engine/verify.h"
#include "tests/conformance/storage_under_test.h"

/// What holds for every engine::Store.
namespace resolute::conformance {

using engine::EffectStatus;

class EngineStoreSuite : public StorageTest {
protected:
    engine::Lease lease() { return acquire("test", at(0)); }
    std::vector<std::string> claim(const engine::Lease& lease, Instant now, std::size_t limit = 100, bool suspects_only = false) {
        const auto claimed = store().claim_effects(lease, now, limit, suspects_only);
        EXPECT_TRUE(claimed.has_value());
        std::vector<std::string> ids;
        for (const auto& record : *claimed) ids.push_back(record.effect.id.value());
        return ids;
    }
    engine::EffectRecord find(const std::string& id) {
        const auto record = store().find_effect(EffectId(id));
        EXPECT_TRUE(record.has_value() && record->has_value());
        return **record;
    }
};

using Strings = std::vector<std::string>;

TEST_P(EngineStoreSuite, ACommittedCaseIsLoadedAsItWasWritten) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit(3);
    commit.lifecycle = engine::Lifecycle::quarantined;
    ASSERT_OK(commit_one(store(), owner, commit));
    const auto loaded = store().load(writer.id());
    ASSERT_OK(loaded);
    ASSERT_TRUE(loaded->has_value());
    EXPECT_EQ((*loaded)->version, 3u);
    EXPECT_EQ((*loaded)->head_hash, commit.rows.back().hash);
    EXPECT_EQ((*loaded)->data_subject, commit.data_subject);
    EXPECT_EQ((*loaded)->lifecycle, engine::Lifecycle::quarantined);
    EXPECT_EQ((*loaded)->snapshot, "");
    EXPECT_EQ((*loaded)->tail, commit.rows);
    EXPECT_EQ(must(store().journal(writer.id())), commit.rows) << "with its bytes, NULs and all";
}

TEST_P(EngineStoreSuite, AnUnknownCaseIsNothingAndItsJournalEmpty) {
    EXPECT_EQ(store().load(CaseId("cnone"))->has_value(), false);
    EXPECT_TRUE(store().journal(CaseId("cnone"))->empty());
    EXPECT_EQ(store().find_effect(EffectId("e"))->has_value(), false);
    EXPECT_EQ(store().find_input(InputId("i"))->has_value(), false);
    EXPECT_EQ(store().next_wake()->has_value(), false);
}

TEST_P(EngineStoreSuite, ACommitOnAnOlderVersionIsAConflictAndLeavesNothing) {
    const auto owner = lease();
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store(), owner, writer.commit(2)));
    CaseWriter late("ca");
    auto stale = late.commit(1);
    stale.new_effects.push_back(effect(stale.case_id, "e1"));
    stale.message_ids = {"m@x"};
    stale.input = InputId("mail/1");
    EXPECT_CODE("store.version_conflict", commit_one(store(), owner, stale));
    CaseWriter ahead("ca");
    ahead.commit(7);
    EXPECT_CODE("store.version_conflict", commit_one(store(), owner, ahead.commit()));
    EXPECT_EQ(store().journal(writer.id())->size(), 1u);
    EXPECT_FALSE(store().find_effect(EffectId("e1"))->has_value());
    EXPECT_FALSE(queries().find_case_by_message_id("m@x")->has_value());
    EXPECT_FALSE(store().find_input(InputId("mail/1"))->has_value());
}

TEST_P(EngineStoreSuite, ACaseThatIsNotThereCannotBeContinued) {
    CaseWriter writer("ca");
    writer.commit();
    EXPECT_CODE("store.version_conflict", commit_one(store(), lease(), writer.commit()));
}

TEST_P(EngineStoreSuite, TheSameInputIsTakenOnce) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto first = writer.commit(2);
    first.input = InputId("mail/1");
    ASSERT_OK(commit_one(store(), owner, first));
    auto again = writer.commit();
    again.input = InputId("mail/1");
    EXPECT_CODE("store.input_known", commit_one(store(), owner, again));
    const auto known = store().find_input(InputId("mail/1"));
    ASSERT_OK(known);
    ASSERT_TRUE(known->has_value());
    EXPECT_EQ((*known)->case_id, writer.id());
    EXPECT_EQ((*known)->version, 2u);
}

TEST_P(EngineStoreSuite, ARepeatedInputIsToldEvenWhereTheVersionIsOldToo) {
    const auto owner = lease();
    auto first = CaseWriter("ca").commit();
    first.input = InputId("mail/1");
    ASSERT_OK(commit_one(store(), owner, first));
    EXPECT_CODE("store.input_known", commit_one(store(), owner, first));
}

TEST_P(EngineStoreSuite, ARefusedCommitDoesNotHinderTheOthersOfItsBatch) {
    const auto owner = lease();
    CaseWriter a("ca");
    CaseWriter b("cb");
    b.commit(4);
    CaseWriter c("cc");
    CaseWriter d("cd");
    auto first = a.commit();
    first.new_effects = {effect(a.id(), "e1")};
    auto known = d.commit(3);  // Refused by what it finds last, when the rest of it would be written.
    known.new_effects = {effect(d.id(), "e2"), effect(d.id(), "e1")};
    known.message_ids = {"d@x"};
    known.input = InputId("mail/d");
    known.snapshot = "s";
    const auto results = store().commit(owner, {first, b.commit(), known, c.commit(), a.commit(2)});
    ASSERT_OK(results);
    ASSERT_EQ(results->results.size(), 5u);
    EXPECT_TRUE(results->results[0]);
    EXPECT_EQ(results->results[1].error().code, "store.version_conflict");
    EXPECT_EQ(results->results[2].error().code, "store.effect_known");
    EXPECT_TRUE(results->results[3]);
    EXPECT_TRUE(results->results[4]);
    EXPECT_EQ(store().journal(a.id())->size(), 2u);
    EXPECT_FALSE(store().load(b.id())->has_value());
    EXPECT_EQ(store().journal(c.id())->size(), 1u);
    EXPECT_FALSE(store().load(d.id())->has_value());
    EXPECT_TRUE(store().journal(d.id())->empty());
    EXPECT_FALSE(store().find_effect(EffectId("e2"))->has_value());
    EXPECT_FALSE(store().find_input(InputId("mail/d"))->has_value());
    EXPECT_FALSE(queries().find_case_by_message_id("d@x")->has_value());
    EXPECT_FALSE(queries().find_case(d.id())->has_value());
    EXPECT_EQ(*queries().all_case_ids(), (std::vector{CaseId("ca"), CaseId("cc")}));
}

TEST_P(EngineStoreSuite, OfTwoCommitsOfOneVersionInABatchTheFirstWins) {
    const auto owner = lease();
    const auto results = store().commit(owner, {CaseWriter("ca").commit(), CaseWriter("ca").commit(2)});
    ASSERT_OK(results);
    EXPECT_TRUE(results->results[0]);
    EXPECT_EQ(results->results[1].error().code, "store.version_conflict");
    EXPECT_EQ(store().journal(CaseId("ca"))->size(), 1u);
}

TEST_P(EngineStoreSuite, ASnapshotIsLoadedWithTheEventsAfterIt) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto first = writer.commit(5);
    first.snapshot = std::string("\0snap\0\xff\xfe", 8);
    ASSERT_OK(commit_one(store(), owner, first));
    const auto second = writer.commit(2);
    ASSERT_OK(commit_one(store(), owner, second));
    const auto loaded = store().load(writer.id());
    ASSERT_OK(loaded);
    EXPECT_EQ((*loaded)->snapshot, *first.snapshot) << "bytes, not text";
    EXPECT_EQ((*loaded)->snapshot_version, 5u);
    EXPECT_EQ((*loaded)->version, 7u);
    EXPECT_EQ((*loaded)->tail, second.rows);
    EXPECT_EQ(store().journal(writer.id())->size(), 2u);
}

TEST_P(EngineStoreSuite, JournalsOfBothFormatsFollowOneAnother) {
    const auto owner = lease();
    CaseWriter writer("ca");
    const auto old = writer.commit_format_1(3);
    ASSERT_OK(commit_one(store(), owner, old));
    const auto young = writer.commit(2);
    ASSERT_OK(commit_one(store(), owner, young));
    const auto journal = must(store().journal(writer.id()));
    ASSERT_EQ(journal.size(), 4u);
    EXPECT_EQ(journal[2], old.rows[2]);
    EXPECT_EQ(journal[3], young.rows[0]);
    const auto report = engine::verify(store(), {writer.id()});
    ASSERT_OK(report);
    EXPECT_TRUE(report->is_sound());
}

TEST_P(EngineStoreSuite, ACommitOnOtherEventsOfTheSameNumberIsAConflict) {
    const auto owner = lease();
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store(), owner, writer.commit(2)));
    CaseWriter other("ca");
    other.commit_format_1(2);
    EXPECT_CODE("store.version_conflict", commit_one(store(), owner, other.commit()));
    ASSERT_OK(commit_one(store(), owner, writer.commit()));
}

TEST_P(EngineStoreSuite, DueCasesAreActiveAndAwakeAndComeByRank) {
    const auto owner = lease();
    const auto put = [&](const std::string& id, std::optional<Instant> wake, std::int64_t rank, engine::Lifecycle lifecycle) {
        auto commit = CaseWriter(id).commit();
        commit.wake_at = wake;
        commit.rank = rank;
        commit.lifecycle = lifecycle;
        ASSERT_OK(commit_one(store(), owner, commit));
    };
    put("clow", at(1), 9, engine::Lifecycle::active);
    put("chigh", at(5), 1, engine::Lifecycle::active);
    put("clater", at(6), 0, engine::Lifecycle::active);
    put("cnever", std::nullopt, 0, engine::Lifecycle::active);
    put("cclosed", at(1), 0, engine::Lifecycle::closed);
    put("cquarantined", at(1), 0, engine::Lifecycle::quarantined);
    EXPECT_EQ(*store().next_wake(), at(1));
    const auto due = [&](int now, std::size_t limit) { return must(store().claim_cases(owner, at(now), limit, std::chrono::seconds(15))); };
    EXPECT_TRUE(due(0, 10).empty());
    EXPECT_EQ(due(5, 1), std::vector{CaseId("chigh")});
    EXPECT_EQ(due(5, 10), std::vector{CaseId("clow")}) << "what one took is not another's";
    EXPECT_TRUE(due(5, 10).empty());
    EXPECT_EQ(*store().next_wake(), at(6)) << "the held ones come back later";
    EXPECT_EQ(due(20, 10), (std::vector{CaseId("clater"), CaseId("chigh"), CaseId("clow")})) << "nobody dealt with them";
}

TEST_P(EngineStoreSuite, ACommitSetsTheWakeOfAClaimedCaseAnew) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.wake_at = at(1);
    ASSERT_OK(commit_one(store(), owner, commit));
    EXPECT_EQ(must(store().claim_cases(owner, at(1), 10, std::chrono::seconds(15))).size(), 1u);
    auto next = writer.commit();
    next.wake_at = at(2);
    ASSERT_OK(commit_one(store(), owner, next));
    EXPECT_EQ(must(store().claim_cases(owner, at(2), 10, std::chrono::seconds(15))).size(), 1u);
    ASSERT_OK(commit_one(store(), owner, writer.commit()));
    EXPECT_FALSE(store().next_wake()->has_value());
}

TEST_P(EngineStoreSuite, AnEffectIsKeptWhole) {
    const auto owner = lease();
    auto commit = CaseWriter("ca").commit();
    auto planned = effect(commit.case_id, "e1", EffectStatus::intended);
    planned.effect.effect_class = procedure::EffectClass::mails;
    planned.effect.payload = std::string("\0\xff sealed \0", 11);
    planned.data_subject = "5f0c:1";
    planned.resolves = true;
    planned.rank = -5;
    commit.new_effects.push_back(planned);
    ASSERT_OK(commit_one(store(), owner, commit));
    const auto kept = find("e1");
    EXPECT_EQ(kept.effect.case_id, commit.case_id);
    EXPECT_EQ(kept.effect.tool, "crm.find_customer");
    EXPECT_EQ(kept.effect.integration, "crm");
    EXPECT_EQ(kept.effect.effect_class, procedure::EffectClass::mails);
    EXPECT_EQ(kept.effect.purpose, casework::Purpose::action);
    EXPECT_EQ(kept.effect.step, 2);
    EXPECT_EQ(kept.effect.payload, planned.effect.payload);
    EXPECT_EQ(kept.effect.payload_hash, planned.effect.payload_hash);
    EXPECT_EQ(kept.effect.timeout, planned.effect.timeout);
    EXPECT_EQ(kept.effect.retry, planned.effect.retry);
    EXPECT_EQ(kept.effect.planned_at, planned.effect.planned_at);
    EXPECT_EQ(kept.status, EffectStatus::intended);
    EXPECT_EQ(kept.attempt, 1);
    EXPECT_EQ(kept.rank, -5);
    EXPECT_EQ(kept.epoch, owner.epoch);
    EXPECT_EQ(kept.data_subject, "5f0c:1");
    EXPECT_TRUE(kept.resolves);
}

TEST_P(EngineStoreSuite, ClaimsGoByRankThenAgeThenIdAndCountTheAttempt) {
    const auto owner = lease();
    auto commit = CaseWriter("ca").commit();
    const auto add = [&](const std::string& id, std::int64_t rank, int planned, int next) {
        auto record = effect(commit.case_id, id);
        record.rank = rank;
        record.effect.planned_at = at(planned);
        record.next_at = at(next);
        commit.new_effects.push_back(record);
    };
    add("old", 5, 1, 0);
    add("young", 5, 2, 0);
    add("twin", 5, 2, 0);
    add("urgent", 1, 9, 0);
    add("later", 0, 0, 100);
    commit.new_effects.push_back(effect(commit.case_id, "running", EffectStatus::intended));
    ASSERT_OK(commit_one(store(), owner, commit));
    EXPECT_EQ(*store().next_wake(), at(0));
    EXPECT_EQ(claim(owner, at(10), 3), (Strings{"urgent", "old", "twin"}));
    EXPECT_EQ(claim(owner, at(10), 3), Strings{"young"});
    EXPECT_EQ(claim(owner, at(10), 3), Strings{});
    EXPECT_EQ(*store().next_wake(), at(100));
    EXPECT_EQ(find("old").attempt, 1);
    EXPECT_EQ(find("old").status, EffectStatus::intended);
    EXPECT_EQ(find("later").attempt, 0);
    EXPECT_EQ(find("running").attempt, 1);
}

TEST_P(EngineStoreSuite, ARetryCountsAgainAndReconcilingDoesNot) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects.push_back(effect(commit.case_id, "e1", EffectStatus::intended));
    commit.new_effects.push_back(effect(commit.case_id, "e2", EffectStatus::intended));
    ASSERT_OK(commit_one(store(), owner, commit));
    auto settle = writer.commit();
    settle.effect_updates.push_back({.id = EffectId("e1"), .status = EffectStatus::waiting, .next_at = at(5), .last_error = "http.timed_out"});
    settle.effect_updates.push_back({.id = EffectId("e2"), .status = EffectStatus::unclear, .next_at = at(5), .last_error = "smtp.lost"});
    ASSERT_OK(commit_one(store(), owner, settle));
    EXPECT_EQ(claim(owner, at(4)), Strings{});
    EXPECT_EQ(claim(owner, at(5)), (Strings{"e1", "e2"}));
    EXPECT_EQ(find("e1").status, EffectStatus::intended);
    EXPECT_EQ(find("e1").attempt, 2);
    EXPECT_EQ(find("e1").last_error, "http.timed_out");
    EXPECT_EQ(find("e2").status, EffectStatus::reconciling);
    EXPECT_EQ(find("e2").attempt, 1);
}

TEST_P(EngineStoreSuite, WhatEndedOrIsHeldIsNeverClaimed) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    const std::vector<EffectStatus> ends{EffectStatus::confirmed, EffectStatus::refused, EffectStatus::failed, EffectStatus::held};
    for (std::size_t i = 0; i < ends.size(); ++i)
        commit.new_effects.push_back(effect(commit.case_id, "e" + std::to_string(i), EffectStatus::intended));
    ASSERT_OK(commit_one(store(), owner, commit));
    auto settle = writer.commit();
    for (std::size_t i = 0; i < ends.size(); ++i)
        settle.effect_updates.push_back({.id = EffectId("e" + std::to_string(i)), .status = ends[i], .next_at = at(0), .last_error = ""});
    ASSERT_OK(commit_one(store(), owner, settle));
    EXPECT_EQ(claim(owner, at(100)), Strings{});
    const auto next = succeed(owner, at(50));
    EXPECT_EQ(claim(next, at(100), 10, true), Strings{});
    EXPECT_FALSE(store().next_wake()->has_value());
}

TEST_P(EngineStoreSuite, WhatMustNotHappenTwiceIsKnownForEverAfterItsEnd) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    const auto add = [&](const std::string& id, procedure::EffectClass effect_class) {
        commit.new_effects.push_back(effect(commit.case_id, id, EffectStatus::intended));
        commit.new_effects.back().effect.effect_class = effect_class;
    };
    add("mail", procedure::EffectClass::mails);
    add("call", procedure::EffectClass::guarded);
    ASSERT_OK(commit_one(store(), owner, commit));
    auto settle = writer.commit();
    settle.effect_updates.push_back({.id = EffectId("mail"), .status = EffectStatus::confirmed, .next_at = at(7), .last_error = ""});
    settle.effect_updates.push_back({.id = EffectId("call"), .status = EffectStatus::failed, .next_at = at(8), .last_error = "x.y"});
    ASSERT_OK(commit_one(store(), owner, settle));
    const auto sent = find("mail");
    EXPECT_EQ(sent.status, EffectStatus::confirmed);
    EXPECT_EQ(sent.effect.case_id, writer.id());
    EXPECT_EQ(sent.effect.tool, "crm.find_customer");
    EXPECT_EQ(sent.effect.effect_class, procedure::EffectClass::mails);
    EXPECT_EQ(sent.effect.payload_hash, commit.new_effects[0].effect.payload_hash);
    EXPECT_EQ(sent.effect.payload, "") << "what it said is not kept here";
    EXPECT_EQ(sent.attempt, 1);
    EXPECT_EQ(find("call").status, EffectStatus::failed);
    for (const char* id : {"mail", "call"}) {
        auto again = writer.commit();
        again.new_effects.push_back(effect(writer.id(), id));
        again.new_effects[0].effect.effect_class = procedure::EffectClass::mails;
        EXPECT_CODE("store.effect_known", commit_one(store(), owner, again));
        writer.rewind(again);
        auto late = writer.commit();
        late.effect_updates.push_back({.id = EffectId(id), .status = EffectStatus::waiting, .next_at = at(0), .last_error = ""});
        EXPECT_CODE("store.effect_ended", commit_one(store(), owner, late));
        writer.rewind(late);
    }
    EXPECT_EQ(find("mail").status, EffectStatus::confirmed);
    EXPECT_EQ(store().journal(writer.id())->size(), 2u);
}

TEST_P(EngineStoreSuite, AStepThatIsCommittedAloneAndOneAmongOthersLeaveTheSame) {
    const auto owner = lease();
    int others = 0;
    for (const bool is_alone : {true, false}) {
        const std::string name = is_alone ? "alone" : "among";
        CaseWriter writer("c" + name);
        const auto put = [&](const engine::CaseCommit& commit) -> Status {
            std::vector<engine::CaseCommit> commits{commit};
            if (!is_alone) commits.push_back(CaseWriter("cother" + std::to_string(++others)).commit());
            const auto committed = store().commit(owner, commits);
            if (!committed) return std::unexpected(committed.error());
            EXPECT_TRUE(committed->results.back() || is_alone) << name;
            if (!committed->results[0]) writer.rewind(commit);
            return committed->results[0];
        };
        ASSERT_OK(put(writer.commit()));
        auto planned = writer.commit(2);
        planned.new_effects = {effect(writer.id(), name + "/mail", EffectStatus::intended)};
        planned.new_effects[0].effect.effect_class = procedure::EffectClass::mails;
        planned.wake_at = at(77);
        planned.rank = -3;
        ASSERT_OK(put(planned));
        EXPECT_EQ(find(name + "/mail").epoch, owner.epoch);
        EXPECT_EQ(find(name + "/mail").effect.payload, planned.new_effects[0].effect.payload);
        EXPECT_EQ(*store().next_wake(), at(77)) << name;
        auto step = writer.commit(3);
        step.effect_updates = {{.id = EffectId(name + "/mail"), .status = EffectStatus::confirmed, .next_at = at(7), .last_error = ""}};
        step.new_effects = {effect(writer.id(), name + "/read", EffectStatus::intended)};
        step.summary = summary(writer.id());
        step.summary->status = "waiting";
        step.message_ids = {name + "@x"};
        ASSERT_OK(put(step));
        const auto sent = find(name + "/mail");
        EXPECT_EQ(sent.status, EffectStatus::confirmed);
        EXPECT_EQ(sent.attempt, 1);
        EXPECT_EQ(sent.next_at, at(7));
        EXPECT_EQ(sent.effect.payload_hash, planned.new_effects[0].effect.payload_hash);
        EXPECT_EQ(find(name + "/read").status, EffectStatus::intended);
        EXPECT_EQ((*queries().find_case(writer.id()))->status, "waiting");
        EXPECT_EQ(*queries().find_case_by_message_id(name + "@x"), writer.id());
        EXPECT_FALSE(store().next_wake()->has_value()) << "the step took the wake away";
        const auto loaded = must(store().load(writer.id()));
        EXPECT_EQ(loaded->version, 6u);
        EXPECT_EQ(loaded->tail.size(), 3u);
        EXPECT_EQ(loaded->tail.back(), step.rows.front());

        for (const char* id : {"/mail", "/read"}) {
            auto again = writer.commit();
            again.new_effects = {effect(writer.id(), name + id, EffectStatus::intended)};
            again.new_effects[0].effect.effect_class = find(name + id).effect.effect_class;
            EXPECT_CODE("store.effect_known", put(again));
        }
        const auto end = [&](const std::string& id) {
            auto commit = writer.commit();
            commit.effect_updates = {{.id = EffectId(id), .status = EffectStatus::failed, .next_at = at(8), .last_error = "x.y"}};
            return put(commit);
        };
        EXPECT_CODE("store.effect_ended", end(name + "/mail"));
        EXPECT_CODE("store.effect_unknown", end(name + "/never"));
        ASSERT_OK(end(name + "/read"));
        EXPECT_FALSE(store().find_effect(EffectId(name + "/read"))->has_value());
        EXPECT_EQ(must(store().journal(writer.id())).size(), 4u) << "nothing of the refused ones";
    }
}

TEST_P(EngineStoreSuite, OfAnEffectThatMayBeRepeatedNothingIsLeftAfterItsEnd) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects.push_back(effect(commit.case_id, "e1", EffectStatus::intended));
    ASSERT_OK(commit_one(store(), owner, commit));
    auto settle = writer.commit();
    settle.effect_updates.push_back({.id = EffectId("e1"), .status = EffectStatus::confirmed, .next_at = at(0), .last_error = ""});
    settle.new_effects.push_back(effect(commit.case_id, "e2", EffectStatus::intended));
    ASSERT_OK(commit_one(store(), owner, settle));
    EXPECT_FALSE(store().find_effect(EffectId("e1"))->has_value());
    for (const auto status : {EffectStatus::waiting, EffectStatus::confirmed}) {
        auto late = writer.commit();
        late.effect_updates.push_back({.id = EffectId("e1"), .status = status, .next_at = at(0), .last_error = ""});
        EXPECT_CODE("store.effect_unknown", commit_one(store(), owner, late));
        writer.rewind(late);
    }
    EXPECT_EQ(find("e2").status, EffectStatus::intended);
}

TEST_P(EngineStoreSuite, AnOwnerFindsWhatItHoldsAfterALostReply) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {effect(writer.id(), "e1", EffectStatus::intended), effect(writer.id(), "e2"), effect(writer.id(), "e3")};
    commit.new_effects[1].status = EffectStatus::unclear;
    commit.new_effects[2].next_at = at(99);
    ASSERT_OK(commit_one(store(), owner, commit));
    EXPECT_EQ(claim(owner, at(1)), Strings{"e2"});
    Strings held;
    for (const auto& record : must(store().claimed_effects(owner))) held.push_back(record.effect.id.value());
    std::ranges::sort(held);
    EXPECT_EQ(held, (Strings{"e1", "e2"}));
    const auto next = succeed(owner, at(50));
    EXPECT_TRUE(must(store().claimed_effects(owner)).empty()) << "another has them now";
    EXPECT_TRUE(must(store().claimed_effects(next)).empty());
}

TEST_P(EngineStoreSuite, AnEffectIsPlannedOnceAndBelongsToItsCase) {
    const auto owner = lease();
    CaseWriter a("ca");
    auto first = a.commit();
    first.new_effects.push_back(effect(a.id(), "e1"));
    ASSERT_OK(commit_one(store(), owner, first));
    auto again = a.commit();
    again.new_effects.push_back(effect(a.id(), "e1"));
    EXPECT_CODE("store.effect_known", commit_one(store(), owner, again));
    EXPECT_EQ(store().journal(a.id())->size(), 1u) << "nothing of the refused commit";
    EXPECT_EQ((*store().load(a.id()))->version, 1u);
    auto foreign = CaseWriter("cb").commit();
    foreign.effect_updates.push_back({.id = EffectId("e1"), .status = EffectStatus::confirmed, .next_at = at(0), .last_error = ""});
    EXPECT_CODE("store.effect_unknown", commit_one(store(), owner, foreign));
    auto twice = CaseWriter("cc").commit();
    twice.new_effects = {effect(CaseId("cc"), "e2"), effect(CaseId("cc"), "e2")};
    EXPECT_CODE("store.effect_known", commit_one(store(), owner, twice));
    EXPECT_FALSE(store().find_effect(EffectId("e2"))->has_value());
}

TEST_P(EngineStoreSuite, ANewOwnerTakesBackWhatTheOldOneWasBusyWith) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    const auto add = [&](const std::string& id, procedure::EffectClass effect_class) {
        auto record = effect(commit.case_id, id, EffectStatus::intended);
        record.effect.effect_class = effect_class;
        record.next_at = at(900);
        commit.new_effects.push_back(record);
    };
    add("computes", procedure::EffectClass::computes);
    add("reads", procedure::EffectClass::reads);
    add("idempotent", procedure::EffectClass::idempotent);
    add("guarded", procedure::EffectClass::guarded);
    add("mails", procedure::EffectClass::mails);
    auto looked_at = effect(commit.case_id, "reconciling", EffectStatus::reconciling);
    commit.new_effects.push_back(looked_at);
    auto waiting = effect(commit.case_id, "waiting");
    commit.new_effects.push_back(waiting);
    ASSERT_OK(commit_one(store(), owner, commit));

    succeed(owner, at(50));
    for (const char* id : {"computes", "reads", "idempotent"}) EXPECT_EQ(find(id).status, EffectStatus::waiting) << id;
    for (const char* id : {"guarded", "mails", "reconciling"}) EXPECT_EQ(find(id).status, EffectStatus::unclear) << id;
    for (const char* id : {"computes", "guarded", "reconciling"}) {
        EXPECT_EQ(find(id).crashes, 1) << id;
        const bool may_be_under_way = std::string_view(id) == "guarded";
        EXPECT_EQ(find(id).next_at, at(50) + (may_be_under_way ? engine::kQuietAfterDeath : Duration(0))) << id;
    }
    EXPECT_EQ(find("waiting").crashes, 0);
    EXPECT_EQ(find("computes").attempt, 1) << "the attempt that crashed stays counted";
}

TEST_P(EngineStoreSuite, SuspectsAreClaimedApartAndOneAtATime) {
    const auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {effect(writer.id(), "s1", EffectStatus::intended), effect(writer.id(), "s2", EffectStatus::intended),
                          effect(writer.id(), "fine")};
    ASSERT_OK(commit_one(store(), owner, commit));
    const auto next = succeed(owner, at(0));
    EXPECT_EQ(claim(next, at(9)), Strings{"fine"});
    EXPECT_EQ(*store().next_wake(), at(0));
    EXPECT_EQ(claim(next, at(9), 10, true), Strings{"s1"});
    EXPECT_EQ(claim(next, at(9), 10, true), Strings{}) << "one still runs";
    EXPECT_FALSE(store().next_wake()->has_value()) << "nothing can be claimed until it ends";
    auto settle = writer.commit();
    settle.effect_updates.push_back({.id = EffectId("s1"), .status = EffectStatus::confirmed, .next_at = at(0), .last_error = ""});
    ASSERT_OK(commit_one(store(), next, settle));
    EXPECT_EQ(claim(next, at(9), 10, true), Strings{"s2"});
    EXPECT_EQ(find("s2").attempt, 2);
}

TEST_P(EngineStoreSuite, EachCrashIsCounted) {
    auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {effect(writer.id(), "poison", EffectStatus::intended)};
    ASSERT_OK(commit_one(store(), owner, commit));
    for (int crash = 1; crash <= 3; ++crash) {
        owner = succeed(owner, at(0));
        EXPECT_EQ(find("poison").crashes, crash);
        EXPECT_EQ(claim(owner, at(9), 1, true), Strings{"poison"});
    }
    EXPECT_EQ(find("poison").attempt, 4);
}

TEST_P(EngineStoreSuite, TheCrashesOfAHeldEffectAreForgivenWhenAPersonSendsItAgain) {
    auto owner = lease();
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {effect(writer.id(), "poison", EffectStatus::intended)};
    ASSERT_OK(commit_one(store(), owner, commit));
    owner = succeed(owner, at(0));
    auto held = writer.commit();
    held.effect_updates.push_back({.id = EffectId("poison"), .status = EffectStatus::held, .next_at = at(0), .last_error = "engine.poison"});
    ASSERT_OK(commit_one(store(), owner, held));
    EXPECT_EQ(find("poison").crashes, 1) << "held, it is a suspect still";
    auto again = writer.commit();
    again.effect_updates.push_back({.id = EffectId("poison"), .status = EffectStatus::waiting, .next_at = at(0), .last_error = ""});
    ASSERT_OK(commit_one(store(), owner, again));
    EXPECT_EQ(find("poison").crashes, 0);
    EXPECT_EQ(claim(owner, at(9)), Strings{"poison"});
}

TEST_P(EngineStoreSuite, ProceduresAreKeptByTheirHashAndNeverChange) {
    ASSERT_OK(store().keep_procedure("h1", "# One", {}));
    ASSERT_OK(store().keep_procedure("h1", "# Another", Money{.minor = 1, .currency = "USD"}));
    EXPECT_EQ(*store().load_procedure("h1"), "# One");
    EXPECT_FALSE(store().load_procedure("h2")->has_value());
}

TEST_P(EngineStoreSuite, TheJournalsVerify) {
    const auto owner = lease();
    for (const char* id : {"ca", "cb"}) {
        CaseWriter writer(id);
        ASSERT_OK(commit_one(store(), owner, writer.commit(3)));
        ASSERT_OK(commit_one(store(), owner, writer.commit(2)));
    }
    const auto report = engine::verify(store(), *queries().all_case_ids());
    ASSERT_OK(report);
    EXPECT_TRUE(report->is_sound());
    EXPECT_EQ(report->cases, 2u);
    EXPECT_EQ(report->events, 10u);
}

}  // namespace resolute::conformance
