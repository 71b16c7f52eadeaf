// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/conformance/storage_under_test.h"

/// What holds for every ports::CaseQueries.
namespace resolute::conformance {

using casework::Claim;

class CaseQueriesSuite : public StorageTest {
protected:
    void SetUp() override {
        StorageTest::SetUp();
        lease_ = acquire("test", at(0));
    }
    void put(const engine::CaseCommit& commit) { ASSERT_OK(commit_one(store(), lease_, commit)); }
    void put_claim(const std::string& id, const std::string& order, Claim::State state, int seconds) {
        auto commit = CaseWriter(id).commit();
        commit.claim = Claim{.state = state, .amount = Money{.minor = 49900, .currency = "USD"}, .customer = "k1", .order = order, .at = at(seconds)};
        put(commit);
    }
    std::vector<std::string> claims(const std::string& order, int since, const std::string& without = "") {
        const auto rows = queries().claims("k1", order, at(since), CaseId(without));
        EXPECT_TRUE(rows.has_value());
        std::vector<std::string> ids;
        for (const auto& row : *rows) ids.push_back(row.case_id.value());
        return ids;
    }
    engine::Lease lease_;
};

TEST_P(CaseQueriesSuite, ASummaryComesBackWhole) {
    auto commit = CaseWriter("ca").commit();
    auto& summary = *commit.summary;
    summary.ticket = "T-1001";
    summary.category = "billing";
    summary.priority = "high";
    summary.tier = "vip";
    summary.status = "closed";
    summary.resolution = "human";
    summary.articles = {"a1", "a2"};
    summary.step = 16;
    summary.is_held = true;
    summary.stopped_by_guard = "refund.requested";
    summary.closed_at = at(99);
    summary.tasks = {task("t1", at(3))};
    summary.tasks[0].state = casework::TaskState::denied;
    summary.tasks[0].closed_at = at(50);
    summary.tasks[0].decided_by = "dana";
    summary.tasks[0].note = "no";
    summary.tasks[0].effect = EffectId("e1");
    commit.tasks = summary.tasks;
    put(commit);
    const auto found = queries().find_case(CaseId("ca"));
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->tasks, summary.tasks);
    EXPECT_EQ(casework::to_json(**found), casework::to_json(summary));
    EXPECT_EQ((*found)->closed_at, at(99));
    EXPECT_EQ((*found)->stopped_by_guard, "refund.requested");
    EXPECT_FALSE(queries().find_case(CaseId("cb"))->has_value());
}

TEST_P(CaseQueriesSuite, CasesAreListedOldestFirstAndByEachFilter) {
    const auto make = [&](const std::string& id, int opened, const std::string& status, const std::string& category,
                          const std::string& subject) {
        auto commit = CaseWriter(id).commit();
        commit.summary->opened_at = at(opened);
        commit.summary->status = status;
        commit.summary->category = category;
        commit.summary->subject = subject;
        commit.summary->ticket = "T-" + id;
        put(commit);
    };
    make("ca", 30, "open", "billing", "Invoice 100%");
    make("cb", 10, "open", "technical", "It crashes");
    make("cc", 20, "closed", "billing", "Invoice 2");
    const auto list = [&](const ports::CaseFilter& filter) {
        std::vector<std::string> ids;
        for (const auto& summary : must(queries().list_cases(filter))) ids.push_back(summary.id.value());
        return ids;
    };
    using Ids = std::vector<std::string>;
    EXPECT_EQ(list({}), (Ids{"cb", "cc", "ca"}));
    EXPECT_EQ(list({.status = "open"}), (Ids{"cb", "ca"}));
    EXPECT_EQ(list({.category = "billing"}), (Ids{"cc", "ca"}));
    EXPECT_EQ(list({.text = "INVOICE"}), (Ids{"cc", "ca"}));
    EXPECT_EQ(list({.text = "0%"}), (Ids{"ca"})) << "no wildcard";
    EXPECT_EQ(list({.text = "t-cb"}), (Ids{"cb"}));
    EXPECT_EQ(list({.text = "cc@EXAMPLE"}), (Ids{"cc"}));
    EXPECT_EQ(list({.status = "open", .category = "billing", .limit = 5}), (Ids{"ca"}));
    EXPECT_EQ(list({.limit = 2}), (Ids{"cb", "cc"}));
}

TEST_P(CaseQueriesSuite, ACaseIsNamedByIdTicketOrUnambiguousBeginning) {
    for (const char* id : {"cabc", "cabd", "cx", "cxy"}) {
        auto commit = CaseWriter(id).commit();
        commit.summary->ticket = std::string("T-") + id;
        put(commit);
    }
    EXPECT_EQ(*queries().resolve_case("cabc"), CaseId("cabc"));
    EXPECT_EQ(*queries().resolve_case("t-cabd"), CaseId("cabd"));
    EXPECT_EQ(*queries().resolve_case("cxy"), CaseId("cxy"));
    EXPECT_EQ(*queries().resolve_case("cx"), CaseId("cx")) << "a whole id is itself, though another begins with it";
    EXPECT_CODE("case.ambiguous", queries().resolve_case("cab"));
    EXPECT_FALSE(queries().resolve_case("cz")->has_value());
    EXPECT_FALSE(queries().resolve_case("")->has_value());
}

TEST_P(CaseQueriesSuite, AMailIsFoundByItsMessageIdAndTheFirstCaseKeepsIt) {
    auto first = CaseWriter("ca").commit();
    first.message_ids = {"1@x", "2@x"};
    put(first);
    auto second = CaseWriter("cb").commit();
    second.message_ids = {"2@x", "3@x"};
    put(second);
    EXPECT_EQ(*queries().find_case_by_message_id("1@x"), CaseId("ca"));
    EXPECT_EQ(*queries().find_case_by_message_id("2@x"), CaseId("ca"));
    EXPECT_EQ(*queries().find_case_by_message_id("3@x"), CaseId("cb"));
    EXPECT_FALSE(queries().find_case_by_message_id("4@x")->has_value());
}

TEST_P(CaseQueriesSuite, TasksFollowTheCaseAndCountAsLoadWhileOpen) {
    CaseWriter a("ca");
    auto first = a.commit();
    first.summary->ticket = "T-1";
    first.tasks = {task("t2", at(20)), task("t1", at(10))};
    put(first);
    auto b = CaseWriter("cb").commit();
    b.tasks = {task("t3", at(15))};
    b.tasks[0].assignee = "";
    put(b);
    EXPECT_EQ(*queries().open_tasks_by_assignee(), (std::map<std::string, int>{{"dana", 2}}));
    auto second = a.commit();
    second.summary = first.summary;
    second.summary->subject = "Later";
    second.tasks = first.tasks;
    second.tasks[0].state = casework::TaskState::approved;
    second.tasks[1].assignee = "kim";
    put(second);
    EXPECT_EQ(*queries().open_tasks_by_assignee(), (std::map<std::string, int>{{"kim", 1}}));
    const auto ids = [&](bool open_only) {
        std::vector<std::string> found;
        for (const auto& open : must(queries().list_tasks(open_only))) found.push_back(open.task.id.value());
        return found;
    };
    EXPECT_EQ(ids(true), (std::vector<std::string>{"t1", "t3"}));
    EXPECT_EQ(ids(false), (std::vector<std::string>{"t1", "t3", "t2"}));
    const auto found = queries().find_task(TaskId("t1"));
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->task, second.tasks[1]);
    EXPECT_EQ((*found)->case_id, CaseId("ca"));
    EXPECT_EQ((*found)->ticket, "T-1");
    EXPECT_EQ((*found)->subject, "Later");
    EXPECT_FALSE(queries().find_task(TaskId("t9"))->has_value());
}

TEST_P(CaseQueriesSuite, TheLedgerCountsPendingAndGrantedClaimsOfTheOrderOrOfNone) {
    put_claim("cpending", "1001", Claim::State::pending, 10);
    put_claim("cgranted", "1001", Claim::State::granted, 20);
    put_claim("cdenied", "1001", Claim::State::denied, 30);
    put_claim("cother", "2002", Claim::State::granted, 40);
    put_claim("cany", "", Claim::State::pending, 50);
    put(CaseWriter("cnone").commit());
    using Ids = std::vector<std::string>;
    EXPECT_EQ(claims("1001", 0), (Ids{"cpending", "cgranted", "cany"}));
    EXPECT_EQ(claims("2002", 0), (Ids{"cother", "cany"}));
    EXPECT_EQ(claims("", 0), (Ids{"cpending", "cgranted", "cother", "cany"}));
    EXPECT_EQ(claims("1001", 20), (Ids{"cgranted", "cany"})) << "since is included";
    EXPECT_EQ(claims("1001", 0, "cgranted"), (Ids{"cpending", "cany"}));
    EXPECT_TRUE(queries().claims("k2", "1001", at(0), CaseId(""))->empty());
}

TEST_P(CaseQueriesSuite, AClaimFollowsItsCaseAndAnUnknownAmountStaysUnknown) {
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.claim = Claim{.state = Claim::State::pending, .amount = {}, .customer = "k1", .order = "", .at = at(1)};
    put(commit);
    auto rows = queries().claims("k1", "", at(0), CaseId(""));
    ASSERT_OK(rows);
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ((*rows)[0].claim, commit.claim);
    auto granted = writer.commit();
    granted.claim = Claim{.state = Claim::State::granted, .amount = Money{.minor = 100, .currency = "EUR"}, .customer = "k1", .order = "7", .at = at(2)};
    put(granted);
    rows = queries().claims("k1", "7", at(0), CaseId(""));
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ((*rows)[0].claim, granted.claim);
    put(writer.commit());
    EXPECT_EQ(queries().claims("k1", "7", at(0), CaseId(""))->size(), 1u) << "a commit that says nothing of it leaves it";
    auto gone = writer.commit();
    gone.claim = Claim{};
    put(gone);
    EXPECT_TRUE(queries().claims("k1", "", at(0), CaseId(""))->empty()) << "without a claim there is no row";
}

TEST_P(CaseQueriesSuite, AClosedCaseIsFoundAsBeforeAndReopens) {
    CaseWriter writer("ca");
    auto opened = writer.commit();
    opened.summary->ticket = "T-1";
    opened.message_ids = {"1@x"};
    opened.input = InputId("mail/1");
    opened.wake_at = at(5);
    put(opened);
    auto closed = writer.commit();
    closed.lifecycle = engine::Lifecycle::closed;
    closed.summary = *opened.summary;
    closed.summary->status = "closed";
    closed.snapshot = "sealed";
    closed.wake_at = at(5);
    put(closed);
    EXPECT_EQ((*queries().find_case(CaseId("ca")))->status, "closed");
    EXPECT_EQ(*queries().resolve_case("T-1"), CaseId("ca"));
    EXPECT_EQ(*queries().resolve_case("c"), CaseId("ca"));
    EXPECT_EQ(*queries().find_case_by_message_id("1@x"), CaseId("ca"));
    EXPECT_EQ(*queries().all_case_ids(), std::vector{CaseId("ca")});
    EXPECT_EQ(queries().list_cases({.status = "closed"})->size(), 1u);
    const auto loaded = **store().load(CaseId("ca"));
    EXPECT_EQ(loaded.lifecycle, engine::Lifecycle::closed);
    EXPECT_EQ(loaded.snapshot, "sealed");
    EXPECT_EQ(loaded.version, 2u);
    EXPECT_FALSE(store().next_wake()->has_value()) << "nothing wakes it";
    EXPECT_CODE("store.version_conflict", commit_one(store(), lease_, CaseWriter("ca").commit()));
    auto still = writer.commit();
    still.lifecycle = engine::Lifecycle::closed;
    put(still);
    auto reopened = writer.commit();
    reopened.wake_at = at(9);
    put(reopened);
    EXPECT_EQ((*store().load(CaseId("ca")))->lifecycle, engine::Lifecycle::active);
    EXPECT_EQ(*store().next_wake(), at(9));
    EXPECT_EQ((*queries().find_case(CaseId("ca")))->status, "closed") << "a commit without a summary leaves the last one";
    EXPECT_EQ(must(store().journal(CaseId("ca"))).size(), 4u);
}

TEST_P(CaseQueriesSuite, EffectsAreCountedByToolAndStatus) {
    auto commit = CaseWriter("ca").commit();
    commit.new_effects = {effect(commit.case_id, "e1"), effect(commit.case_id, "e2"),
                          effect(commit.case_id, "e3", engine::EffectStatus::intended)};
    commit.new_effects[1].effect.tool = "kb.search";
    put(commit);
    const auto counts = queries().count_effects();
    ASSERT_OK(counts);
    ASSERT_EQ(counts->size(), 3u);
    EXPECT_EQ((*counts)[0].status, "intended");
    EXPECT_EQ((*counts)[1].status, "waiting");
    EXPECT_EQ((*counts)[2].tool, "kb.search");
    EXPECT_EQ((*counts)[2].count, 1);
    EXPECT_EQ(*queries().all_case_ids(), std::vector{CaseId("ca")});
}

TEST_P(CaseQueriesSuite, WhatWasSentIsCountedWithWhatIsOpen) {
    CaseWriter writer("ca");
    auto commit = writer.commit();
    commit.new_effects = {effect(commit.case_id, "e1", engine::EffectStatus::intended), effect(commit.case_id, "e2", engine::EffectStatus::intended)};
    commit.new_effects[0].effect.effect_class = procedure::EffectClass::mails;
    put(commit);
    auto settle = writer.commit();
    for (const char* id : {"e1", "e2"})
        settle.effect_updates.push_back({.id = EffectId(id), .status = engine::EffectStatus::confirmed, .next_at = at(1), .last_error = ""});
    put(settle);
    const auto counts = queries().count_effects();
    ASSERT_OK(counts);
    ASSERT_EQ(counts->size(), 1u);
    EXPECT_EQ((*counts)[0].status, "confirmed");
    EXPECT_EQ((*counts)[0].count, 1) << "of what may be repeated nothing is left";
}

}  // namespace resolute::conformance
