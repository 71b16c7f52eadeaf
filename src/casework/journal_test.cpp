// SPDX-License-Identifier: Apache-2.0
#include "casework/journal.h"

#include <gtest/gtest.h>

#include "casework/casework.h"
#include "casework/event_fields.h"
#include "casework/test_events.h"

namespace resolute::casework {
namespace {

constexpr std::string_view kMarker = "MARKER-of-Ann";

std::vector<CaseEvent> all_events() {
    std::vector<CaseEvent> events;
    for (EventBody& body : whole_events()) events.push_back({kAt, std::move(body)});
    return events;
}

std::string text_of(const std::vector<CaseEvent>& events) {
    std::string text;
    for (const CaseEvent& event : events) text += json::dump(to_json(event)) + "\n";
    return text;
}

/// Fills every personal member with a text that can be looked for, and lists the open ones that could hold a text.
class Marker {
public:
    explicit Marker(std::string prefix) : prefix_(std::move(prefix)) {}
    template <class T>
    void operator()(const char* name, T& field) {
        if constexpr (archive::Described<T>) {
            Marker inner(prefix_ + "." + name);
            fields(inner, field);
            open_texts.insert(open_texts.end(), inner.open_texts.begin(), inner.open_texts.end());
        } else if constexpr (
            requires { field = std::string(); } || requires { field.push_back(std::string()); }) {
            open_texts.push_back(prefix_ + "." + name);
        }
    }
    void personal(const char*, std::string& field) { field = kMarker; }
    void personal(const char*, json::Value& field) {
        field = json::Value().set("a", json::Array{kMarker}).set(kMarker, json::Value().set("b", kMarker));
    }
    void personal(const char*, std::vector<procedure::FactSeen>& field) {
        field = {{std::string(kMarker), std::string(kMarker)}};
    }
    void personal(const char*, std::vector<std::string>& field) { field = {std::string(kMarker)}; }
    void personal(const char*, std::vector<Wish>& field) { field = {{.order = std::string(kMarker), .amount = std::nullopt}}; }

    std::vector<std::string> open_texts;

private:
    std::string prefix_;
};

std::vector<CaseEvent> marked_events(std::vector<std::string>* open_texts = nullptr) {
    std::vector<CaseEvent> events = all_events();
    for (CaseEvent& event : events) {
        Marker marker{std::string(kind_of(event))};
        std::visit([&](auto& body) { fields(marker, body); }, event.body);
        if (open_texts != nullptr) open_texts->insert(open_texts->end(), marker.open_texts.begin(), marker.open_texts.end());
    }
    return events;
}

TEST(JournalText, ReadsBackAsItWasWritten) {
    const std::vector<CaseEvent> events = all_events();
    const EventsText text = write_events(events);
    const auto read = read_events(text.open, text.personal);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(text_of(*read), text_of(events));
    EXPECT_EQ(fold(*read), fold(events));
    EXPECT_EQ(write_events(*read), text);
    // Each in a row of its own, too.
    for (const CaseEvent& event : events) {
        const EventsText one = write_events({event});
        const auto again = read_events(one.open, one.personal);
        ASSERT_TRUE(again) << one.open << describe(again.error());
        EXPECT_EQ(text_of(*again), text_of({event}));
        EXPECT_EQ(evolve(CaseState{}, again->front()), evolve(CaseState{}, event)) << one.open;
    }
}

TEST(JournalText, OfEventsWithDefaultsReadsBack) {
    const std::vector<CaseEvent> events{
        {kAt, CaseOpened{}}, {kAt, TaskOpened{}}, {kAt, RefundClaimed{}}, {Instant{}, StepEnded{}}, {kAt, BranchTaken{}}};
    const EventsText text = write_events(events);
    EXPECT_EQ(text.personal, "");
    const auto read = read_events(text.open, text.personal);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(text_of(*read), text_of(events));
}

TEST(JournalText, KeepsTheFormatOfTheJournal) {
    const EventsText text =
        write_events({{kLater, StepEntered{3}},
                      {kLater, RefundClaimed{whole_claim()}},
                      {kLater, EffectSucceeded{EffectId("e1"), "sent", json::Value().set("b", 1).set("a", "\n")}}});
    EXPECT_EQ(
        text.open,
        R"([{"at":"2026-12-01T00:00:00Z","kind":"StepEntered","step":3,"takes_replies":false},)"
        R"({"at":"2026-12-01T00:00:00Z","kind":"RefundClaimed","claim":{"state":"denied","amount":[{"amount":"500.01","currency":"USD"}],)"
        R"("at":"2026-11-23T09:00:00.250Z"}},)"
        R"({"at":"2026-12-01T00:00:00Z","kind":"EffectSucceeded","effect":"e1","outcome":"sent"}])");
    EXPECT_EQ(text.personal, R"([null,{"claim":{"customer":"K1","order":"A-1","wishes":[{"order":"A-1","amount":[{"amount":"500.00","currency":"USD"}]},)"
        R"({"order":"A-2"}]}},{"facts":{"a":"\n","b":1}}])");
}

TEST(JournalText, HoldsNothingPersonalInItsOpenPart) {
    const std::vector<CaseEvent> events = marked_events();
    const EventsText text = write_events(events);
    EXPECT_EQ(text.open.find(kMarker), std::string::npos);
    EXPECT_EQ(text_of(*read_events(text.open, text.personal)), text_of(events));
    EXPECT_NE(text.personal.find(kMarker), std::string::npos);
}

TEST(JournalText, EveryOpenMemberThatCouldHoldATextWasDecidedOn) {
    // Ids, codes, names from the procedure, hashes, and who of the company decided. Before you add one: could it ever hold a word
    // of the customer's, or name them?
    std::vector<std::string> open;
    marked_events(&open);
    EXPECT_EQ(open, (std::vector<std::string>{"CaseOpened.procedure",
                                              "CaseOpened.linked_case",
                                              "CaseOpened.data_subject",
                                              "EffectPlanned.tool",
                                              "EffectPlanned.payload_hash",
                                              "EffectPlanned.draft",
                                              "EffectPlanned.message_id",
                                              "EffectSucceeded.outcome",
                                              "EffectRefused.code",
                                              "EffectFailed.code",
                                              "EffectUnclear.code",
                                              "EffectDecided.by",
                                              "StepEnded.outcome",
                                              "BranchTaken.trigger",
                                              "BranchTaken.verdict",
                                              "ExitConditionMet.name",
                                              "ExitConditionCleared.name",
                                              "ActionDone.why",
                                              "TimerSet.name",
                                              "TimerFired.name",
                                              "TimerCancelled.name",
                                              "TaskOpened.task.role",
                                              "TaskOpened.task.assignee",
                                              "TaskOpened.task.bound_hash",
                                              "TaskOpened.task.decided_by",
                                              "TaskAssigned.assignee",
                                              "TaskClosed.by",
                                              "TaskClosed.articles",
                                              "RefundGranted.grant.by",
                                              "RefundGranted.grant.policy_hash",
                                              "RefundDenied.by",
                                              "CaseReopened.why",
                                              "CaseClosed.reason",
                                              "CaseReleased.by",
                                              "CaseErased.by",
                                              "MailBounced.status",
                                              "PartyAdded.by",
                                              "CaseMerged.by",
                                              "CaseAbsorbed.by",
                                              "MailSplitOff.by"}));
}

TEST(JournalText, WithoutItsPersonalPartKeepsTheRest) {
    const EventsText text = write_events(marked_events());
    const auto read = read_events(text.open, "");
    ASSERT_TRUE(read) << describe(read.error());
    ASSERT_EQ(read->size(), whole_events().size());
    EXPECT_EQ(text_of(*read).find(kMarker), std::string::npos);
    EXPECT_EQ(write_events(*read).open, text.open);
    EXPECT_EQ(write_events(*read).personal, "");
}

TEST(JournalText, OfFormatOneIsReadToo) {
    for (const CaseEvent& event : all_events()) {
        const auto read = read_events(json::dump(to_json(event)), "");
        ASSERT_TRUE(read) << describe(read.error());
        EXPECT_EQ(text_of(*read), text_of({event}));
    }
}

TEST(JournalText, KeepsEveryCharacter) {
    const std::string text("\0\x01\x1f\"\\/\b\f\n\r\t\x7f ü 漢 😀 \xE2\x80\xA8 {\"a\":[}", 43);
    const EventsText written = write_events({{kAt, MailAppended{.text = text}}});
    const auto read = read_events(written.open, written.personal);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(std::get<MailAppended>(read->front().body).text, text);
    // What is no UTF-8 is replaced, as everywhere: the row stays readable.
    const EventsText broken = write_events({{kAt, MailAppended{.text = "a\xFFz"}}});
    EXPECT_EQ(std::get<MailAppended>(read_events(broken.open, broken.personal)->front().body).text, "a\xEF\xBF\xBDz");
}

TEST(JournalText, ThatIsDamagedIsRefused) {
    const auto code = [](std::string_view open, std::string_view personal = {}) {
        const auto read = read_events(open, personal);
        return read ? std::string() : read.error().code;
    };
    constexpr std::string_view kStep = R"([{"at":"2026-12-01T00:00:00Z","kind":"StepEntered","step":3}])";
    EXPECT_EQ(code(kStep), "");
    EXPECT_EQ(code(""), "journal.unreadable");
    EXPECT_EQ(code("[{"), "journal.unreadable");
    EXPECT_EQ(code("3"), "journal.unreadable");
    EXPECT_EQ(code("[3]"), "journal.unknown_event");
    EXPECT_EQ(code(kStep, "[]"), "journal.unreadable");
    EXPECT_EQ(code(kStep, "[null,null]"), "journal.unreadable");
    EXPECT_EQ(code(kStep, "[3]"), "journal.unreadable");
    EXPECT_EQ(code(kStep, "{}"), "journal.unreadable");
    EXPECT_EQ(code(kStep, "no"), "journal.unreadable");
    EXPECT_EQ(code(kStep, "[null]"), "");
    EXPECT_EQ(code(R"([{"kind":"CaseAbducted"}])"), "journal.unknown_event");
    EXPECT_EQ(code(R"([{"kind":"TaskOpened","task":{"kind":"hug"}}])"), "journal.unreadable");
    EXPECT_EQ(code(R"([{"kind":"TaskOpened","task":{}}])", R"([{"task":{"note":3}}])"), "journal.unreadable");
    EXPECT_EQ(code(R"([{"kind":"TaskOpened","task":{}}])", R"([{"task":3}])"), "journal.unreadable");
    // A personal member is taken from the sealed part alone: what somebody wrote into the open part is not theirs to say.
    const auto forged = read_events(R"([{"kind":"MailAppended","text":"forged"}])", "[null]");
    EXPECT_EQ(std::get<MailAppended>(forged->front().body).text, "");
}

TEST(ErasedCase, HoldsNothingPersonalAndIsTheSameWhetherItsJournalWasReadableOrNot) {
    std::vector<CaseEvent> events = marked_events();
    std::erase_if(events, [](const CaseEvent& event) { return std::holds_alternative<CaseErased>(event.body); });
    events.push_back({kAt, TaskOpened{whole_task()}});
    Task open_task;
    open_task.id = TaskId("t2");
    open_task.role = "manager";
    events.push_back({kAt, TaskOpened{open_task}});
    events.push_back({kAt, TimerSet{"task:t2", kLater}});
    events.push_back({kAt, EffectPlanned{.effect = EffectId("e2"), .tool = "mail.send_reply", .recipient = "ann@x"}});
    events.push_back({kLater, CaseErased{"dpo"}});
    const CaseState erased = fold(events);
    EXPECT_EQ(json::dump(to_json(erased)).find(kMarker), std::string::npos);
    EXPECT_EQ(json::dump(to_json(erased)).find("ann@x"), std::string::npos);
    const EventsText text = write_events(events);
    EXPECT_EQ(fold(*read_events(text.open, "")), erased);

    EXPECT_TRUE(erased.is_erased);
    EXPECT_EQ(erased.phase, Phase::closed);
    EXPECT_EQ(erased.closed_reason, "erased");
    EXPECT_TRUE(erased.timers.empty());
    EXPECT_TRUE(erased.effects.empty());
    EXPECT_FALSE(erased.needs_manager);
    const Task* task = find_task(erased, TaskId("t2"));
    ASSERT_NE(task, nullptr);
    EXPECT_EQ(task->state, TaskState::cancelled);
    EXPECT_EQ(task->decided_by, "dpo");
    EXPECT_EQ(task->closed_at, kLater);
}

TEST(ErasedCase, TakesNothingAndNothingChangesIt) {
    CaseState state = fold({{kAt, CaseOpened{.id = CaseId("c1"), .sender = "ann@x"}}, {kAt, CaseErased{"dpo"}}});
    const procedure::Procedure procedure;
    EXPECT_TRUE(decide(state, procedure, kLater).is_empty());
    EXPECT_FALSE(next_wake(state));
    for (const Signal& signal :
         {Signal(MailArrived{}), Signal(TaskDecision{}), Signal(CustomerRating{5, "ann"}), Signal(CaseOpened{})})
        EXPECT_EQ(admit(state, procedure, signal, kLater).error().code, "case.erased");
    for (const CaseEvent& late : all_events()) {
        CaseState expected = state;
        ++expected.version;
        EXPECT_EQ(evolve(state, late), expected) << kind_of(late);
    }
}

}  // namespace
}  // namespace resolute::casework
