// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gtest/gtest.h>

#include "casework/archive.h"
#include "casework/casework.h"
#include "casework/journal.h"
#include "casework/test_events.h"
#include "casework/text_reader.h"

namespace resolute::casework {
namespace {

template <std::size_t... I>
std::vector<EventBody> empty_events(std::index_sequence<I...>) {
    return {EventBody(std::in_place_index<I>)...};
}

TEST(EventJson, EveryKindReadsBackAsItWasWritten) {
    std::set<std::size_t> kinds;
    std::set<std::string_view> names;
    for (EventBody& body : whole_events()) {
        const CaseEvent event{kAt, std::move(body)};
        kinds.insert(event.body.index());
        names.insert(kind_of(event));
        const std::string written = json::dump(to_json(event));
        const auto read = event_from_json(*json::parse(written));
        ASSERT_TRUE(read) << written << describe(read.error());
        EXPECT_EQ(read->body.index(), event.body.index()) << written;
        EXPECT_EQ(read->at, kAt);
        EXPECT_EQ(json::dump(to_json(*read)), written);
        // Both lead to the same state, so no member was dropped on the way that the state needs.
        EXPECT_EQ(evolve(CaseState{}, *read), evolve(CaseState{}, event)) << written;
    }
    EXPECT_EQ(kinds.size(), std::variant_size_v<EventBody>);
    EXPECT_EQ(names.size(), std::variant_size_v<EventBody>);
}

TEST(EventJson, EveryMemberThatIsNotItsDefaultIsWritten) {
    const std::vector<EventBody> whole = whole_events();
    const std::vector<EventBody> empty = empty_events(std::make_index_sequence<std::variant_size_v<EventBody>>{});
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const json::Value full = to_json({kAt, whole[i]});
        const json::Value bare = to_json({kAt, empty[i]});
        EXPECT_EQ(full["kind"], bare["kind"]);
        for (const auto& [name, value] : full.as_object()) {
            if (name == "at" || name == "kind") continue;
            EXPECT_NE(value, bare[name]) << full["kind"].as_string() << "." << name;
        }
        const auto read = event_from_json(bare);
        ASSERT_TRUE(read);
        EXPECT_EQ(json::dump(to_json(*read)), json::dump(bare));
    }
}

TEST(EventJson, KeepsTheFormatOfTheJournal) {
    EXPECT_EQ(json::dump(to_json({kLater, StepEntered{3}})),
              R"({"at":"2026-12-01T00:00:00Z","kind":"StepEntered","step":3,"takes_replies":false})");
    EXPECT_EQ(json::dump(to_json({kLater, RefundGranted{whole_grant()}})),
              R"({"at":"2026-12-01T00:00:00Z","grant":{"amount":{"amount":"480.00","currency":"EUR"},"at":"2026-11-23T09:00:00.250Z",)"
              R"("by":"mia","order":"A-1","policy_hash":"hash"},"kind":"RefundGranted"})");
}

TEST(EventJson, OfAnUnknownKindOrWithAWrongMemberIsRefused) {
    const auto code = [](std::string_view text) {
        const auto read = event_from_json(*json::parse(text));
        return read ? std::string() : read.error().code;
    };
    EXPECT_EQ(code(R"({"kind":"CaseAbducted","at":"2026-12-01T00:00:00Z"})"), "journal.unknown_event");
    EXPECT_EQ(code(R"({})"), "journal.unknown_event");
    EXPECT_EQ(code(R"([])"), "journal.unknown_event");
    EXPECT_EQ(code(R"({"kind":"StepEntered","step":"three"})"), "journal.unreadable");
    EXPECT_EQ(code(R"({"kind":"StepEntered","step":3,"at":"yesterday"})"), "journal.unreadable");
    EXPECT_EQ(code(R"({"kind":"TaskOpened","task":{"kind":"hug"}})"), "journal.unreadable");
    EXPECT_EQ(code(R"({"kind":"RefundGranted","grant":{"amount":{"amount":"1.234","currency":"USD"}}})"), "journal.unreadable");
    EXPECT_EQ(code(R"({"kind":"StepEntered","step":3,"added_by_a_newer_version":true})"), "");
}

CaseState whole_state() {
    CaseState state;
    state.id = CaseId("c1");
    state.version = 99;
    state.procedure_hash = "hash";
    state.opened_at = kAt;
    state.closed_at = kLater;
    state.step = 12;
    state.phase = Phase::held;
    state.visit = 5;
    state.entered_at = kAt;
    state.outcome = "failure";
    state.failure = "why";
    state.chain = {true, 2, 1};
    state.sender = "ann@x";
    state.trust = Trust::verified;
    state.subject = "Help";
    state.intake_problem = "problem";
    state.facts = whole_facts();
    state.mails = {{true, MailId("m1"), "id@x", "ann@x", kAt, "Help", "text", "", false, false},
                   {false, MailId(), "id2@x", "ann@x", kLater, "Re", "answer", "mail.send_reply", true, true}};
    state.effects = {{EffectId("e1"), {"mail.send_reply", Purpose::action, 16, OpenEffect::State::held, 3, "hash", "answer", "id@x", "ann@x", "code"}},
                     {EffectId("e2"), {}}};
    state.tasks = {whole_task(), {}};
    state.grants = {whole_grant()};
    state.claim = whole_claim();
    state.exits_met = {{"VIP escalation", true}, {"other", false}};
    state.timers = {{"quiet", kLater}, {"after:1", kAt}};
    state.escalated = state.needs_manager = state.is_quarantined = true;
    state.automatic_answers = 1;
    state.follow_ups_sent = 2;
    state.reopened = 3;
    state.failed_attempts = 4;
    state.failing_tool = "crm.find_customer";
    state.resolution = "human";
    state.cited_articles = {"a1"};
    state.quiet_since = kAt;
    state.satisfaction = 0;
    state.closed_reason = "rated";
    state.stopped_by_guard = "when x";
    state.data_subject = "subject:1";
    state.is_erased = true;
    return state;
}

TEST(SnapshotJson, ReadsBackAsItWasAndIsCanonical) {
    for (const CaseState& state : {whole_state(), CaseState{}}) {
        const std::string written = json::dump(to_json(state));
        const auto read = state_from_json(*json::parse(written));
        ASSERT_TRUE(read) << describe(read.error());
        EXPECT_EQ(*read, state);
        EXPECT_EQ(json::dump(to_json(*read)), written);
    }
}

TEST(SnapshotText, ReadsBackAsItWasAndSoDoesTheCanonicalTextOfOlderOnes) {
    for (const CaseState& state : {whole_state(), CaseState{}}) {
        for (const std::string& text : {write_state(state), json::dump(to_json(state))}) {
            const auto read = read_state(text);
            ASSERT_TRUE(read) << describe(read.error());
            EXPECT_EQ(*read, state) << text;
        }
        EXPECT_EQ(*json::parse(write_state(state)), to_json(state));
    }
}

TEST(SnapshotText, WithAWrongMemberIsRefused) {
    json::Value value = to_json(whole_state());
    EXPECT_EQ(read_state(json::dump(value.set("phase", "asleep"))).error().code, "journal.snapshot_unreadable");
    EXPECT_EQ(read_state(write_state(whole_state()) + "x").error().code, "json.syntax");
    EXPECT_EQ(read_state("{").error().code, "json.syntax");
}

/// The quick way is one, and not only a detour to the tree.
TEST(EventText, OfEveryKindIsReadWithoutATree) {
    for (const EventBody& body : whole_events()) {
        const CaseEvent event{kAt, body};
        const EventsText written = write_events({event});
        json::Cursor open(written.open);
        json::Cursor personal(written.personal);
        json::Cursor* const its = written.personal.empty() ? nullptr : &personal;
        CaseEvent read;
        ASSERT_TRUE(open.take('[') && open.take('{') && (its == nullptr || (its->take('[') && its->take('{'))));
        EXPECT_TRUE(read_event(open, its, read)) << kind_of(event);
        EXPECT_EQ(to_json(read), to_json(event));
        EXPECT_TRUE(open.take('}') && (its == nullptr || its->take('}'))) << kind_of(event);
    }
}

TEST(SnapshotJson, KeepsWhatIsThereAndZeroApartFromWhatIsAbsent) {
    CaseState state;
    state.satisfaction = 0;
    state.quiet_since = Instant{};
    const auto read = state_from_json(*json::parse(json::dump(to_json(state))));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->satisfaction, 0);
    EXPECT_EQ(read->quiet_since, Instant{});
}

TEST(SnapshotJson, EveryMemberIsNamed) {
    // A new member must be archived too, and counted here.
    const json::Value whole = to_json(whole_state());
    const json::Value bare = to_json(CaseState{});
    EXPECT_EQ(whole.as_object().size(), 40U);
    for (const auto& [name, value] : whole.as_object()) EXPECT_NE(value, bare[name]) << name;
}

TEST(SnapshotJson, WithAWrongMemberIsRefused) {
    json::Value value = to_json(whole_state());
    value.set("phase", "asleep");
    EXPECT_EQ(state_from_json(value).error().code, "journal.snapshot_unreadable");
    value.set("phase", "held").set("tasks", 3);
    EXPECT_EQ(state_from_json(value).error().code, "journal.snapshot_unreadable");
    EXPECT_EQ(state_from_json(json::Value(json::Array{})).error().code, "journal.snapshot_unreadable");
}

TEST(EventNames, OfEnumerationsReadBack) {
    for (int i = 0; i < 8; ++i) {
        const auto phase = static_cast<Phase>(i);
        Phase read{};
        EXPECT_TRUE(archive::Codec<Phase>::read(archive::Codec<Phase>::write(phase), read));
        EXPECT_EQ(read, phase);
    }
    for (int i = 0; i < 7; ++i) {
        const auto kind = static_cast<procedure::TaskKind>(i);
        EXPECT_EQ(archive::EnumNames<procedure::TaskKind>::names[static_cast<std::size_t>(i)], procedure::to_string(kind));
    }
    for (int i = 0; i < 6; ++i) EXPECT_EQ(parse_task_state(to_string(static_cast<TaskState>(i))), static_cast<TaskState>(i));
}

}  // namespace
}  // namespace resolute::casework
