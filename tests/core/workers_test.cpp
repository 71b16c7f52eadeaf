// SPDX-License-Identifier: Apache-2.0
// Several engines over one store: what a lease, a lost reply and a store that went back in time mean.
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/rows.h"
#include "engine/verify.h"
#include "storage/memory/memory_storage.h"
#include "testkit/manual_world.h"
#include "tools/tool.h"

namespace resolute::engine {
namespace {

using procedure::EffectClass;

const Instant kMonday = *parse_instant("2026-11-23T09:00:00Z");
constexpr Duration kLease = std::chrono::seconds(15);
constexpr Duration kHour = std::chrono::hours(1);

class Workers : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(book.set_current(testkit::shipped_procedure())); }
    void TearDown() override {
        EXPECT_FALSE(world.did_anything_twice(EffectClass::mails)) << "a mail went out twice";
        const auto report = verify(store, *storage.queries().all_case_ids());
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->is_sound());
    }

    std::unique_ptr<Engine> start(const std::string& name, const std::optional<Anchor>& anchor = std::nullopt) {
        Options options;
        options.owner = name;
        auto engine = std::make_unique<Engine>(clock, store, world, book, vault, options);
        EXPECT_TRUE(engine->start(anchor));
        return engine;
    }
    CaseId open(Engine& engine, int number = 1) {
        const CaseId id(fmt::format("c{}", number));
        EXPECT_TRUE(engine.receive(id, testkit::opening(id), InputId("mail/" + id.value())));
        return id;
    }
    /// The living ones go on, second by second.
    void live(std::vector<Engine*> engines, Duration by) {
        for (const Instant until = clock.now() + by; clock.now() < until; clock.advance(std::chrono::seconds(1)))
            for (Engine* engine : engines) ASSERT_TRUE(engine->run_once(clock.now()));
    }
    int step(Engine& engine, const CaseId& id) {
        const auto state = engine.find_state(id);
        return state && *state ? (*state)->step : 0;
    }

    VirtualClock clock{kMonday};
    storage::MemoryStorage storage{{.shared = true, .lease_lasts = kLease}};
    Store& store = storage.engine_store();
    const procedure::ToolCatalogue catalogue = tools::catalogue();
    ProcedureBook book{store, catalogue};
    Vault vault{store, seal::Key{7}};
    testkit::ManualWorld world;
};

TEST_F(Workers, TheyWorkOnOneCaseByTurnsAndWhoIsSecondDecidesAnew) {
    const auto one = start("one");
    const auto two = start("two");
    const CaseId id = open(*one);
    ASSERT_TRUE(one->run_once(clock.now()));
    EXPECT_EQ(step(*one, id), 17);
    // Each has the case asleep; both write to it without having seen what the other wrote.
    ASSERT_TRUE(two->receive(id, testkit::reply_mail(1), InputId("mail/r1")));
    ASSERT_TRUE(one->receive(id, testkit::reply_mail(2), InputId("mail/r2")));
    live({one.get(), two.get()}, kHour);
    const auto state = two->find_state(id);
    ASSERT_TRUE(state && *state);
    EXPECT_EQ(std::ranges::count_if((*state)->mails, [](const auto& mail) { return mail.is_inbound; }), 3);
}

TEST_F(Workers, WhatADeadWorkerHeldIsTakenOverWhenItsLeaseIsOver) {
    auto one = start("one");
    const auto two = start("two");
    const CaseId id = open(*one);
    one.reset();  // It dies with a claimed effect.
    live({two.get()}, kLease - std::chrono::seconds(1));
    EXPECT_LE(step(*two, id), 1) << "nobody may touch it while the lease holds";
    live({two.get()}, kHour);
    EXPECT_EQ(step(*two, id), 17);
}

TEST_F(Workers, AWorkerThatSleptThroughItsLeaseBeginsNothingAndStartsOver) {
    const auto one = start("one");
    const auto two = start("two");
    const CaseId id = open(*one);
    const std::uint64_t epoch = one->lease().epoch;
    live({two.get()}, kHour);
    EXPECT_EQ(step(*two, id), 17);
    const std::size_t calls = world.calls.size();
    EXPECT_FALSE(one->work_once()) << "its lease is over";
    EXPECT_EQ(world.calls.size(), calls);
    ASSERT_TRUE(one->run_once(clock.now()));
    EXPECT_GT(one->lease().epoch, epoch);
    EXPECT_EQ(step(*one, id), 17);
}

TEST_F(Workers, WhatWaitsInAWorkerWhenAnotherErasesTheCaseIsNotBegunAfterTheNextRenewal) {
    const auto one = start("one");
    const auto two = start("two");
    const CaseId id = open(*one);
    EXPECT_FALSE(one->is_quiet()) << "the first step waits";
    ASSERT_TRUE(two->erase(id, "dana"));
    clock.advance(kLease / 2);
    ASSERT_TRUE(one->claim_due(clock.now()));
    EXPECT_TRUE(one->is_quiet()) << "nothing waits any more";
    EXPECT_FALSE(one->work_once());
    EXPECT_TRUE(world.calls.empty());
}

TEST_F(Workers, ThatAMailWentOutIsBelievedEvenFromAWorkerThatLostItsLease) {
    const auto one = start("one");
    const auto two = start("two");
    // While the mail goes out, the worker stands still, and the other one takes over.
    bool has_paused = false;
    world.after = [&](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (ticket.effect.tool != "mail.send_acknowledgment" || has_paused) return std::nullopt;
        has_paused = true;
        live({two.get()}, 2 * kLease);
        return std::nullopt;
    };
    const CaseId id = open(*one);
    ASSERT_TRUE(one->run_once(clock.now()));
    live({one.get(), two.get()}, kHour);
    EXPECT_TRUE(has_paused);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 1);
    EXPECT_EQ(step(*two, id), 17);
}

TEST_F(Workers, AStartBehindTheAnchorFreezesAndNothingLeavesUntilAPersonSaysSo) {
    auto one = start("one");
    Anchor anchor = one->anchor();
    anchor.writes += 5;  // More was done than this store knows.
    ASSERT_TRUE(one->finish());
    const auto two = start("one", anchor);
    EXPECT_TRUE(two->is_frozen());
    const CaseId id = open(*two);
    live({two.get()}, kHour);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 0);
    EXPECT_EQ(world.count("ticket.create"), 1) << "what does not leave goes on";
    ASSERT_TRUE(store.release_freeze("ada", clock.now(), clock.now() + 30 * 24 * kHour));
    live({two.get()}, kHour);
    EXPECT_EQ(step(*two, id), 17);
    EXPECT_GE(std::ranges::count(world.calls, "look_up mail.send_acknowledgment"), 1) << "after a freeze mails look first";
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 1);
}

TEST_F(Workers, ACleanEndLeavesWhatWasNotBegunFreeAtOnce) {
    auto one = start("one");
    const auto two = start("two");
    const CaseId id = open(*one);
    ASSERT_TRUE(one->finish());
    ASSERT_TRUE(two->run_once(clock.now()));
    EXPECT_EQ(step(*two, id), 17) << "no lease to wait for, no look-up";
    EXPECT_EQ(std::ranges::count_if(world.calls, [](const std::string& call) { return call.starts_with("look_up"); }), 0);
}

TEST_F(Workers, WhatIsPersonalStandsInNoRowAndIsGoneWithItsKey) {
    const auto one = start("one");
    const CaseId id = open(*one);
    ASSERT_TRUE(one->run_once(clock.now()));
    const auto rows = store.journal(id);
    ASSERT_TRUE(rows);
    for (const JournalRow& row : *rows) {
        EXPECT_THAT(row.events, ::testing::Not(::testing::HasSubstr("ann@customer.org")));
        EXPECT_THAT(row.sealed, ::testing::Not(::testing::HasSubstr("ann@customer.org")));
    }
    const auto before = read_journal(store, vault, id);
    ASSERT_TRUE(before);
    EXPECT_NE(casework::fold(*before).sender, "");
    const auto head = store.load(id);
    ASSERT_TRUE(store.end_subject((*head)->data_subject, true));
    vault.forget((*head)->data_subject);
    const auto after = read_journal(store, vault, id);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->size(), before->size());
    EXPECT_EQ(casework::fold(*after).sender, "");
}

TEST_F(Workers, WhatTheStoresOwnRefundRuleRefusesIsAskedOfAPerson) {
    testkit::Script script;
    script.wants_refund = true;
    script.refund = Money{.minor = 40'000, .currency = "USD"};
    world.scripts[CaseId("c1")] = script;
    const auto one = start("one");
    // Behind the core's back the same customer's claims grow over the limit, after the case was assessed.
    world.before = [&](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (ticket.effect.tool != "reply.resolution") return std::nullopt;
        const auto loaded = read_journal(store, vault, ticket.effect.case_id);
        EXPECT_TRUE(loaded);
        casework::Claim claim = casework::fold(*loaded).claim;
        claim.state = casework::Claim::State::granted;
        claim.amount = Money{.minor = 45'000, .currency = "USD"};
        const CaseId other("other");
        const std::string events = R"([{"kind":"TimerFired"}])";
        CaseCommit commit{.case_id = other, .expected_head = chain_start(other), .version = 1};
        commit.rows.push_back({.number = 1, .count = 1, .events = events, .sealed = {}, .hash = chain_hash(chain_start(other), events)});
        commit.summary = casework::CaseSummary{.id = other};
        commit.claim = claim;
        const auto done = store.commit(one->lease(), {commit});
        EXPECT_TRUE(done && done->results.front());
        return std::nullopt;
    };
    const CaseId id = open(*one);
    ASSERT_TRUE(one->run_once(clock.now()));
    const auto state = one->find_state(id);
    ASSERT_TRUE(state && *state);
    EXPECT_EQ(world.count("mail.send_resolution"), 0);
    EXPECT_TRUE((*state)->is_quarantined);
    EXPECT_TRUE(casework::has_open_task(**state, procedure::TaskKind::technical_support));
}

}  // namespace
}  // namespace resolute::engine
