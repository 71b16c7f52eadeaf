// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/verify.h"
#include "storage/memory/memory_storage.h"
#include "testkit/faulty_store.h"
#include "testkit/manual_world.h"
#include "tools/tool.h"

namespace resolute::engine {
namespace {

using casework::Phase;
using casework::TaskDecision;
using procedure::EffectClass;
using procedure::TaskKind;
using testkit::ManualWorld;

const Instant kMonday = *parse_instant("2026-11-23T09:00:00Z");
constexpr Duration kHour = std::chrono::hours(1);

Settlement unreachable() {
    return Settlement::from({.code = "test.down", .kind = ErrorKind::unavailable, .effect = EffectState::not_sent, .detail = "down"});
}
Settlement cut_off() {
    return Settlement::from({.code = "test.cut", .kind = ErrorKind::timed_out, .effect = EffectState::unknown, .detail = "no answer"});
}

/// One machine after another over the same store and the same world, in virtual time.
class EngineOverMemory : public ::testing::Test {
protected:
    EngineOverMemory() { start(); }

    void start() {
        machine = make();
        ASSERT_TRUE(machine->start());
    }
    std::unique_ptr<Engine> make() { return std::make_unique<Engine>(clock, store, world, book, vault, options); }
    /// The program dies: what it had in memory is gone. A new one takes over.
    void crash() {
        machine.reset();
        start();
    }
    void SetUp() override { ASSERT_TRUE(book.set_current(testkit::shipped_procedure())); }
    void TearDown() override {
        EXPECT_FALSE(world.did_anything_twice(EffectClass::mails)) << "a mail went out twice";
        EXPECT_FALSE(world.did_anything_twice(EffectClass::guarded));
        EXPECT_FALSE(world.has_changed_payload);
        const auto report = verify(store, *storage.queries().all_case_ids());
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->is_sound());
    }

    CaseId open(int number = 1) {
        const CaseId id(fmt::format("c{}", number));
        const auto received = machine->receive(id, testkit::opening(id), InputId("mail/" + id.value()));
        EXPECT_TRUE(received) << describe(received.error());
        return id;
    }
    void run() {
        const auto done = machine->run_once(clock.now());
        if (!done) last_error = done.error();
    }
    void advance(Duration by) {
        const Instant until = clock.now() + by;
        run();
        for (int i = 0; i < 5'000; ++i) {
            const auto wake = machine->next_wake();
            if (!wake || !*wake || **wake > until) break;
            clock.advance_to(std::max(**wake, clock.now() + Duration(1)));
            run();
        }
        clock.advance_to(until);
        run();
    }
    casework::CaseState state(const CaseId& id) {
        const auto found = machine->find_state(id);
        EXPECT_TRUE(found && *found);
        return found && *found ? **found : casework::CaseState{};
    }
    Status decide(const CaseId& id, TaskKind kind, TaskDecision decision) {
        for (const casework::Task& task : state(id).tasks) {
            if (task.kind != kind || task.state != casework::TaskState::open) continue;
            decision.task = task.id;
            decision.by = "bob";
            const auto received = machine->receive(id, decision);
            return received ? Status{} : Status(std::unexpected(received.error()));
        }
        return fail("test.no_task", ErrorKind::not_found, std::string(procedure::to_string(kind)));
    }
    void fail_times(std::string tool, int times, Settlement how = unreachable()) {
        world.before = [tool = std::move(tool), times, how](const EffectTicket& ticket) mutable -> std::optional<Settlement> {
            if (ticket.effect.tool != tool || times-- <= 0) return std::nullopt;
            return how;
        };
    }

    VirtualClock clock{kMonday};
    storage::MemoryStorage storage{{.shared = false}};
    testkit::FaultyStore store{storage.engine_store()};
    const procedure::ToolCatalogue catalogue = tools::catalogue();
    ProcedureBook book{store, catalogue};
    Vault vault{store, seal::Key{1, 2, 3}};
    ManualWorld world;
    Options options;
    std::unique_ptr<Engine> machine;
    std::optional<Error> last_error;
};

TEST_F(EngineOverMemory, ACaseRunsFromItsMailToTheFollowUpWait) {
    const CaseId id = open();
    run();
    EXPECT_EQ(state(id).step, 17);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 1);
    EXPECT_EQ(world.count("mail.send_resolution"), 1);
    EXPECT_TRUE(machine->is_quiet());
    EXPECT_EQ(*machine->next_wake(), kMonday + 48 * kHour);
    advance(60 * 24 * kHour);
    EXPECT_EQ(state(id).phase, Phase::closed);
    EXPECT_EQ(world.count("mail.send_follow_up"), 1);
    EXPECT_FALSE(*machine->next_wake());
}

TEST_F(EngineOverMemory, AFailedCallIsTriedAgainLaterAndLater) {
    fail_times("mail.send_acknowledgment", 4);
    world.after = [&](const EffectTicket& ticket) -> std::optional<Settlement> {
        EXPECT_EQ(ticket.attempt, ticket.effect.tool == "mail.send_acknowledgment" ? 5 : 1);
        return std::nullopt;
    };
    const CaseId id = open();
    run();
    EXPECT_EQ(state(id).step, 7);
    EXPECT_EQ(state(id).failed_attempts, 1);
    advance(kHour);
    EXPECT_EQ(state(id).step, 17);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 1);
}

TEST_F(EngineOverMemory, AnUnclearMailThatWentOutIsFoundAndNotSentAgain) {
    world.after = [](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (ticket.effect.tool == "mail.send_acknowledgment") return cut_off();
        return std::nullopt;
    };
    const CaseId id = open();
    advance(std::chrono::minutes(9));
    EXPECT_EQ(state(id).step, 7);
    EXPECT_EQ(std::ranges::count(world.calls, "look_up mail.send_acknowledgment"), 0);
    advance(std::chrono::minutes(1));
    EXPECT_EQ(std::ranges::count(world.calls, "look_up mail.send_acknowledgment"), 1);
    EXPECT_EQ(std::ranges::count(world.calls, "run mail.send_acknowledgment"), 1);
    EXPECT_EQ(state(id).step, 17);
}

TEST_F(EngineOverMemory, AnUnclearMailThatIsAbsentIsSentOnce) {
    fail_times("mail.send_acknowledgment", 1, cut_off());
    const CaseId id = open();
    advance(kHour);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 1);
    EXPECT_EQ(state(id).step, 17);
}

TEST_F(EngineOverMemory, ALookUpThatCouldNotLookIsRepeatedAndNeverReadAsAbsent) {
    int lookups = 0;
    world.after = [](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (ticket.effect.tool == "mail.send_acknowledgment") return cut_off();
        return std::nullopt;
    };
    world.at_lookup = [&](const EffectTicket&) -> std::optional<Settlement> {
        if (++lookups <= 3) return unreachable();
        return std::nullopt;
    };
    const CaseId id = open();
    advance(2 * kHour);
    EXPECT_EQ(lookups, 4);
    EXPECT_EQ(std::ranges::count(world.calls, "run mail.send_acknowledgment"), 1);
    EXPECT_EQ(state(id).step, 17);
}

TEST_F(EngineOverMemory, AnInconclusiveLookUpIsDecidedByAPersonBothWays) {
    world.after = [](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (ticket.effect.tool == "mail.send_acknowledgment") return cut_off();
        return std::nullopt;
    };
    world.at_lookup = [](const EffectTicket&) -> std::optional<Settlement> { return cut_off(); };
    const CaseId went_out = open(1);
    advance(kHour);
    EXPECT_TRUE(casework::summarise(state(went_out)).is_held);
    ASSERT_TRUE(decide(went_out, TaskKind::held_effect, {.verb = TaskDecision::Verb::approve, .went_out = true}));
    run();
    EXPECT_EQ(state(went_out).step, 17);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 1);

    world.after = nullptr;
    fail_times("mail.send_acknowledgment", 1, cut_off());
    const CaseId did_not = open(2);
    advance(kHour);
    ASSERT_TRUE(decide(did_not, TaskKind::held_effect, {.verb = TaskDecision::Verb::deny, .went_out = false}));
    run();
    EXPECT_EQ(state(did_not).step, 17);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 2);
}

TEST_F(EngineOverMemory, AnUnclearCallThatMayBeRepeatedIsRepeatedAndNobodyIsAsked) {
    fail_times("ticket.create", 2, cut_off());
    const CaseId id = open();
    advance(kHour);
    EXPECT_EQ(state(id).step, 17);
    EXPECT_EQ(std::ranges::count(world.calls, "look_up ticket.create"), 0);
    EXPECT_FALSE(casework::has_open_task(state(id), TaskKind::held_effect));
}

TEST_F(EngineOverMemory, AbsentMailsUseUpTheirAttempts) {
    fail_times("mail.send_acknowledgment", 1'000'000, cut_off());
    const CaseId id = open();
    advance(400 * kHour);
    EXPECT_EQ(state(id).phase, Phase::held);
    EXPECT_LE(std::ranges::count(world.calls, "run mail.send_acknowledgment"), 400);
}

TEST_F(EngineOverMemory, AnInputIsTakenOnce) {
    const CaseId id = open();
    run();
    const auto version = state(id).version;
    const auto again = machine->receive(id, testkit::opening(id), InputId("mail/c1"));
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->was_known);
    EXPECT_EQ(again->case_id, id);
    const auto reply = machine->receive(id, testkit::reply_mail(1), InputId("mail/r1"));
    ASSERT_TRUE(reply);
    EXPECT_FALSE(reply->was_known);
    crash();
    EXPECT_TRUE(machine->receive(id, testkit::reply_mail(1), InputId("mail/r1"))->was_known);
    EXPECT_GT(state(id).version, version);
}

TEST_F(EngineOverMemory, ACrashAfterAnyCallLosesNothingAndDoublesNothing) {
    // The calls of one life, counted once without a crash.
    open(1);
    run();
    const int calls = static_cast<int>(world.calls.size());
    ASSERT_GT(calls, 10);
    for (int stop = 1; stop <= calls; ++stop) {
        const CaseId id = open(100 + stop);
        ASSERT_TRUE(machine->claim_due(clock.now()));
        for (int i = 1; i < stop && machine->work_once(); ++i) {}
        // The last call is done outside, and the program dies before it can store so.
        store.is_down = true;
        ASSERT_TRUE(machine->work_once()) << stop;
        store.is_down = false;
        crash();
        advance(kHour);
        EXPECT_EQ(state(id).step, 17) << "crashed at call " << stop;
    }
    EXPECT_EQ(world.count("mail.send_acknowledgment"), calls + 1);
    EXPECT_EQ(world.count("mail.send_resolution"), calls + 1);
    EXPECT_FALSE(world.did_anything_twice(EffectClass::mails));
}

TEST_F(EngineOverMemory, ACrashBetweenClaimAndCallOnlyCosts) {
    const CaseId id = open();
    crash();
    advance(kHour);
    EXPECT_EQ(state(id).step, 17);
    EXPECT_EQ(world.count("mail.send_acknowledgment"), 1);
}

TEST_F(EngineOverMemory, AnOlderOwnerIsRefusedAndTheNewerOneFinishes) {
    const CaseId id = open();
    ASSERT_TRUE(machine->claim_due(clock.now()));
    auto older = std::move(machine);
    start();
    EXPECT_GT(machine->lease().epoch, older->lease().epoch);
    ASSERT_TRUE(older->work_once());
    EXPECT_EQ(older->unsettled(), 1U);
    EXPECT_THAT(older->store_problem(), ::testing::HasSubstr("store.fenced"));
    EXPECT_EQ(older->receive(id, testkit::reply_mail(1)).error().code, "store.fenced");
    advance(kHour);
    EXPECT_EQ(state(id).step, 17);
    EXPECT_EQ(world.count("mail.send_resolution"), 1);
}

TEST_F(EngineOverMemory, ACaseThatKeepsCrashingTheProgramIsSetAsideAndTheOthersGoOn) {
    const CaseId poison = open(1);
    world.before = [&](const EffectTicket& ticket) -> std::optional<Settlement> {
        EXPECT_NE(ticket.effect.case_id, poison) << "it ran once more";
        return std::nullopt;
    };
    machine.reset();
    start();
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(machine->claim_due(clock.now()));  // Claimed; the program dies in the middle of it.
        crash();
    }
    const CaseId other = open(2);
    advance(kHour);
    EXPECT_EQ(state(other).step, 17);
    EXPECT_TRUE(state(poison).is_quarantined);
    EXPECT_TRUE(casework::has_open_task(state(poison), TaskKind::technical_support));
    EXPECT_TRUE(machine->is_quiet());

    // A person releases it and says that nothing happened: it is tried again, and no longer set aside at once.
    world.before = nullptr;
    ASSERT_TRUE(decide(poison, TaskKind::technical_support, {}));
    run();
    ASSERT_TRUE(decide(poison, TaskKind::held_effect, {.verb = TaskDecision::Verb::deny, .went_out = false}));
    advance(kHour);
    EXPECT_FALSE(state(poison).is_quarantined);
    EXPECT_EQ(state(poison).step, 17);
}

TEST_F(EngineOverMemory, APoisonCaseThatCannotBeStoredYetIsSetAsideLater) {
    const CaseId poison = open(1);
    for (int i = 0; i < 2; ++i) {
        crash();
        ASSERT_TRUE(machine->claim_due(clock.now()));
    }
    crash();
    store.failing_commits = {store.commits() + 1};
    run();
    EXPECT_FALSE(machine->is_quiet());
    run();
    EXPECT_TRUE(state(poison).is_quarantined);
    EXPECT_TRUE(machine->is_quiet());
}

TEST_F(EngineOverMemory, AfterACrashASuspectAndTheOthersAllFinish) {
    for (int i = 1; i <= 20; ++i) open(i);
    crash();
    advance(kHour);
    for (int i = 1; i <= 20; ++i) EXPECT_EQ(state(CaseId(fmt::format("c{}", i))).step, 17) << i;
    EXPECT_EQ(world.count("mail.send_resolution"), 20);
}

TEST_F(EngineOverMemory, TheNextSuspectIsClaimedAtOnceWhenOneHasEnded) {
    open(1);
    open(2);
    crash();
    machine->wait_to_claim(Duration::zero());  // What was wanted before is not what is asked here.
    ASSERT_EQ(*machine->claim_due(clock.now()), 1U) << "of suspects only one runs at a time";
    ASSERT_EQ(*machine->claim_due(clock.now()), 0U);
    ASSERT_TRUE(machine->work_once());
    const double asked = monotonic_seconds();
    machine->wait_to_claim(std::chrono::minutes(1));
    EXPECT_LT(monotonic_seconds() - asked, 30);
    EXPECT_GT(*machine->claim_due(clock.now()), 0U);
    run();
}

TEST_F(EngineOverMemory, AStoreThatFailsAtAnyCommitLosesAndDoublesNothing) {
    const int before = store.commits();
    open(1);
    run();
    const int commits = store.commits() - before;
    ASSERT_GT(commits, 10);
    for (int n = 1; n <= commits; ++n) {
        const CaseId id(fmt::format("c{}", 100 + n));
        store.failing_commits = {store.commits() + n, store.commits() + n + 1};
        auto received = machine->receive(id, testkit::opening(id), InputId("mail/" + id.value()));
        while (!received) received = machine->receive(id, testkit::opening(id), InputId("mail/" + id.value()));
        for (int i = 0; i < 4; ++i) run();
        EXPECT_EQ(state(id).step, 17) << "failed commit " << n;
        EXPECT_EQ(machine->unsettled(), 0U);
        EXPECT_EQ(machine->store_problem(), "");
    }
    EXPECT_EQ(world.count("mail.send_acknowledgment"), commits + 1);
    EXPECT_EQ(world.count("mail.send_resolution"), commits + 1);
}

TEST_F(EngineOverMemory, AStoreThatFailsAtAnyClaimStrandsNoEffect) {
    for (int n = 1; n <= 6; ++n) {
        for (int i = 0; i < 3; ++i) open(n * 10 + i);
        crash();
        store.failing_claims = {store.claims() + n};
        for (int i = 0; i < 5; ++i) run();
        advance(kHour);
        for (int i = 0; i < 3; ++i) EXPECT_EQ(state(CaseId(fmt::format("c{}", n * 10 + i))).step, 17) << "failed claim " << n;
    }
}

TEST_F(EngineOverMemory, AFullQueueLeavesEffectsInTheStoreAndVipsGoFirst) {
    options.queue_max = 1;
    options.claim_batch = 8;
    crash();
    std::vector<CaseId> order;
    world.after = [&](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (ticket.effect.tool == "mail.send_resolution") order.push_back(ticket.effect.case_id);
        return std::nullopt;
    };
    for (int i = 1; i <= 8; ++i) {
        world.scripts[CaseId(fmt::format("c{}", i))].is_vip = i > 6;
        open(i);
    }
    run();
    ASSERT_EQ(order.size(), 8U);
    std::vector<std::string> first{order[0].value(), order[1].value()};
    EXPECT_THAT(first, ::testing::UnorderedElementsAre("c7", "c8"));
    EXPECT_TRUE(machine->is_quiet());
}

TEST_F(EngineOverMemory, AnOpenBreakerSparesTheOthersAndTheWorkIsDoneWhenItCloses) {
    bool is_down = true;
    world.before = [&](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (is_down && ticket.effect.integration == "mail") return unreachable();
        return std::nullopt;
    };
    std::vector<std::string> outages;
    machine->observe_outages([&](const std::string& integration, const std::optional<Error>& error, Instant) {
        outages.push_back(integration + (error ? " opened" : " closed"));
    });
    for (int i = 1; i <= 12; ++i) open(i);
    run();
    EXPECT_THAT(outages, ::testing::ElementsAre("mail opened"));
    EXPECT_EQ(world.count("ticket.create"), 12);
    const auto tried = std::ranges::count(world.calls, "run mail.send_acknowledgment");
    EXPECT_EQ(tried, 5);
    advance(2 * kHour);
    is_down = false;
    advance(2 * kHour);
    EXPECT_THAT(outages, ::testing::ElementsAre("mail opened", "mail closed"));
    for (int i = 1; i <= 12; ++i) EXPECT_EQ(state(CaseId(fmt::format("c{}", i))).step, 17) << i;
    EXPECT_EQ(world.count("mail.send_resolution"), 12);
}

TEST_F(EngineOverMemory, ACaseFinishesOnTheProcedureItBeganWith) {
    const CaseId id = open();
    std::string changed = testkit::shipped_document();
    changed.replace(changed.find("follow_up_after: 48h"), 20, "follow_up_after: 24h");
    auto read = procedure::read(changed, catalogue);
    ASSERT_TRUE(read.procedure);
    ASSERT_TRUE(book.set_current(*std::move(read.procedure)));
    ProcedureBook fresh(store, catalogue);
    ASSERT_TRUE(fresh.set_current(*procedure::read(changed, catalogue).procedure));
    machine = std::make_unique<Engine>(clock, store, world, fresh, vault, options);
    ASSERT_TRUE(machine->start());
    advance(kHour);
    EXPECT_EQ(state(id).procedure_hash, testkit::shipped_procedure().content_hash);
    EXPECT_NE(fresh.current()->content_hash, state(id).procedure_hash);
    EXPECT_EQ(fresh.find("0000").error().code, "procedure.not_kept");
}

}  // namespace
}  // namespace resolute::engine
