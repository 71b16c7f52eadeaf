// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "engine/engine.h"
#include "storage/memory/memory_storage.h"
#include "testkit/faulty_store.h"
#include "testkit/manual_world.h"
#include "tools/tool.h"

/// A mail that could not go when it should is not forgotten, and hinders none after it.
namespace resolute::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant kMonday = *parse_instant("2026-11-23T09:00:00Z");
const CaseId kCase("c1");

/// One engine over a store in memory, with a procedure of the test's.
class MailsGoOn : public ::testing::Test {
protected:
    void begin(const procedure::Procedure& procedure) {
        ASSERT_TRUE(book_.set_current(procedure));
        ASSERT_TRUE(machine_.start());
        ASSERT_TRUE(machine_.receive(kCase, testkit::opening(kCase), InputId("mail/c1")));
    }
    void live(Duration duration) {
        for (const Instant until = clock_.now() + duration; clock_.now() < until; clock_.advance(minutes(10)))
            ASSERT_TRUE(machine_.run_once(clock_.now()));
    }
    casework::CaseState state() { return **machine_.find_state(kCase); }
    bool is_claimed(std::string_view tool) {
        const auto held = store_.claimed_effects(machine_.lease());
        return held && std::ranges::any_of(*held, [&](const EffectRecord& record) { return record.effect.tool == tool; });
    }

    VirtualClock clock_{kMonday};
    storage::MemoryStorage storage_{{.shared = false}};
    testkit::FaultyStore store_{storage_.engine_store()};
    const procedure::ToolCatalogue catalogue_ = tools::catalogue();
    ProcedureBook book_{store_, catalogue_};
    Vault vault_{store_, seal::Key{1, 2, 3}};
    testkit::ManualWorld world_;
    Engine machine_{clock_, store_, world_, book_, vault_, {}};
};

TEST_F(MailsGoOn, OneThatLooksFirstAfterAFreezeIsSentThoughTheCommitOfTheLookFails) {
    begin(testkit::shipped_procedure());
    for (int i = 0; i < 50 && !is_claimed("mail.send_acknowledgment"); ++i) {
        ASSERT_TRUE(machine_.claim_due(clock_.now()));
        machine_.work_once();
    }
    ASSERT_TRUE(is_claimed("mail.send_acknowledgment"));
    ASSERT_EQ(world_.count("mail.send_acknowledgment"), 0) << "it waits in the queue";
    ASSERT_TRUE(machine_.freeze("test", "ada", clock_.now()));
    ASSERT_TRUE(machine_.release_freeze("ada", clock_.now(), clock_.now() + hours(720)));
    store_.failing_commits.insert(store_.commits() + 1);
    live(hours(4));
    EXPECT_EQ(world_.count("mail.send_acknowledgment"), 1);
    EXPECT_FALSE(is_claimed("mail.send_acknowledgment"));
}

TEST_F(MailsGoOn, OneThatWasRefusedDoesNotStopTheNextOfItsKind) {
    std::string document = testkit::shipped_document();
    const std::string withheld = "- `withheld` → Step 11 (there is nobody safe to write to)\n";
    const std::size_t at = document.find(withheld);
    ASSERT_NE(at, std::string::npos);
    document.insert(at + withheld.size(), "- on failure → Step 11\n");
    const auto read = procedure::read(document, catalogue_);
    ASSERT_TRUE(read.procedure);
    int refusals = 1;
    world_.before = [&](const EffectTicket& ticket) -> std::optional<Settlement> {
        if (ticket.effect.tool != "mail.send_resolution" || refusals-- <= 0) return std::nullopt;
        return Settlement::from({.code = "test.no", .kind = ErrorKind::refused, .effect = EffectState::not_sent, .detail = "mailbox full"});
    };
    begin(*read.procedure);
    live(hours(1));
    const auto tasks = state().tasks;
    const auto resolve = std::ranges::find(tasks, procedure::TaskKind::resolve, &casework::Task::kind);
    ASSERT_NE(resolve, tasks.end());
    ASSERT_TRUE(machine_.receive(kCase, casework::TaskDecision{.task = resolve->id, .by = "bob", .reply = "Here you are."}));
    live(hours(1));
    world_.script.meaning = "persists";
    ASSERT_TRUE(machine_.receive(kCase, testkit::reply_mail(1), InputId("mail/r1")));
    live(hours(1));
    EXPECT_FALSE(state().is_quarantined);
    EXPECT_EQ(world_.count("mail.send_resolution"), 1);
}

}  // namespace
}  // namespace resolute::engine
