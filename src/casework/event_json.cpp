// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/invariant.h"
#include "casework/archive.h"
#include "casework/event.h"

namespace resolute::casework {

// The member names below are the journal's format. Add members; never rename or reuse one.

template <class A>
void fields(A& archive, CaseOpened& e) {
    archive("case", e.id);
    archive("procedure", e.procedure_hash);
    archive("mail", e.mail_id);
    archive("message_id", e.message_id);
    archive("sender", e.sender);
    archive("trust", e.trust);
    archive("subject", e.subject);
    archive("text", e.text);
    archive("intake_problem", e.intake_problem);
    archive("linked_case", e.linked_case);
}
template <class A>
void fields(A& archive, MailAppended& e) {
    archive("mail", e.mail_id);
    archive("message_id", e.message_id);
    archive("sender", e.sender);
    archive("subject", e.subject);
    archive("text", e.text);
    archive("trust", e.trust);
}
template <class A>
void fields(A& archive, StepEntered& e) {
    archive("step", e.step);
    archive("takes_replies", e.takes_replies);
}
template <class A>
void fields(A& archive, StepWaiting& e) {
    archive("step", e.step);
}
template <class A>
void fields(A& archive, EffectPlanned& e) {
    archive("effect", e.effect);
    archive("tool", e.tool);
    archive("purpose", e.purpose);
    archive("step", e.step);
    archive("payload_hash", e.payload_hash);
    archive("draft", e.draft);
    archive("message_id", e.message_id);
    archive("recipient", e.recipient);
}
template <class A>
void fields(A& archive, EffectSucceeded& e) {
    archive("effect", e.effect);
    archive("outcome", e.outcome);
    archive("facts", e.facts);
}
template <class A>
void fields(A& archive, EffectRefused& e) {
    archive("effect", e.effect);
    archive("code", e.code);
    archive("reason", e.reason);
}
template <class A>
void fields(A& archive, EffectFailed& e) {
    archive("effect", e.effect);
    archive("attempt", e.attempt);
    archive("code", e.code);
    archive("detail", e.detail);
    archive("retry_at", e.retry_at);
}
template <class A>
void fields(A& archive, EffectUnclear& e) {
    archive("effect", e.effect);
    archive("attempt", e.attempt);
    archive("code", e.code);
    archive("detail", e.detail);
    archive("reconcile_at", e.reconcile_at);
}
template <class A>
void fields(A& archive, EffectHeld& e) {
    archive("effect", e.effect);
    archive("why", e.why);
}
template <class A>
void fields(A& archive, EffectDecided& e) {
    archive("effect", e.effect);
    archive("went_out", e.went_out);
    archive("by", e.by);
}
template <class A>
void fields(A& archive, StepEnded& e) {
    archive("step", e.step);
    archive("outcome", e.outcome);
    archive("why", e.why);
    archive("facts", e.facts);
}
template <class A>
void fields(A& archive, BranchTaken& e) {
    archive("step", e.step);
    archive("branch", e.branch);
    archive("trigger", e.trigger);
    archive("verdict", e.verdict);
    archive("is_policy_stop", e.is_policy_stop);
    archive("saw", e.facts);
    archive("target", e.target);
}
template <class A>
void fields(A& archive, ExitConditionMet& e) {
    archive("name", e.name);
    archive("index", e.index);
    archive("saw", e.facts);
    archive("moves", e.moves);
}
template <class A>
void fields(A& archive, ExitConditionCleared& e) {
    archive("name", e.name);
}
template <class A>
void fields(A& archive, ActionDone& e) {
    archive("next_action", e.next_action);
    archive("why", e.why);
}
template <class A>
void fields(A& archive, TimerSet& e) {
    archive("name", e.name);
    archive("due", e.due);
}
template <class A>
void fields(A& archive, TimerFired& e) {
    archive("name", e.name);
}
template <class A>
void fields(A& archive, TimerCancelled& e) {
    archive("name", e.name);
}
template <class A>
void fields(A& archive, TaskOpened& e) {
    archive("task", e.task);
}
template <class A>
void fields(A& archive, TaskAssigned& e) {
    archive("task", e.task);
    archive("assignee", e.assignee);
}
template <class A>
void fields(A& archive, TaskClosed& e) {
    archive("task", e.task);
    archive("state", e.state);
    archive("by", e.by);
    archive("note", e.note);
    archive("reply", e.reply);
    archive("articles", e.articles);
}
template <class A>
void fields(A& archive, RefundClaimed& e) {
    archive("claim", e.claim);
}
template <class A>
void fields(A& archive, RefundGranted& e) {
    archive("grant", e.grant);
}
template <class A>
void fields(A& archive, RefundDenied& e) {
    archive("by", e.by);
    archive("why", e.why);
}
template <class A>
void fields(A& archive, CustomerRated& e) {
    archive("score", e.score);
    archive("by", e.by);
}
template <class A>
void fields(A& archive, CaseEscalated& e) {
    archive("why", e.why);
}
template <class A>
void fields(A& archive, CaseReopened& e) {
    archive("why", e.why);
}
template <class A>
void fields(A& archive, CaseClosed& e) {
    archive("reason", e.reason);
}
template <class A>
void fields(A& archive, CaseQuarantined& e) {
    archive("why", e.why);
}
template <class A>
void fields(A& archive, CaseReleased& e) {
    archive("by", e.by);
}

namespace {

/// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kKinds{
    "CaseOpened",   "MailAppended",     "StepEntered",          "EffectPlanned", "EffectSucceeded", "EffectRefused",
    "EffectFailed", "EffectUnclear",    "EffectHeld",           "EffectDecided", "StepEnded",       "BranchTaken",
    "ExitConditionMet", "ExitConditionCleared", "ActionDone",   "TimerSet",      "TimerFired",      "TimerCancelled",
    "TaskOpened",   "TaskAssigned",     "TaskClosed",           "RefundClaimed", "RefundGranted",   "RefundDenied",
    "CustomerRated", "CaseEscalated",   "CaseReopened",         "CaseClosed",    "CaseQuarantined", "CaseReleased",
    "StepWaiting"};

template <std::size_t I>
bool read_as(std::size_t index, const json::Value& value, EventBody& body, std::string& wrong) {
    if (index != I) return false;
    std::variant_alternative_t<I, EventBody> event;
    archive::Reader reader(value);
    fields(reader, event);
    wrong = reader.wrong();
    body = std::move(event);
    return true;
}

template <std::size_t... I>
void read_any(std::size_t index, const json::Value& value, EventBody& body, std::string& wrong, std::index_sequence<I...>) {
    (read_as<I>(index, value, body, wrong) || ...);
}

}  // namespace

std::string_view kind_of(const CaseEvent& event) { return kKinds[event.body.index()]; }

json::Value to_json(const CaseEvent& event) {
    archive::Writer writer;
    writer("at", event.at);
    writer("kind", std::string(kind_of(event)));
    std::visit([&](const auto& body) { fields(writer, const_cast<std::remove_cvref_t<decltype(body)>&>(body)); }, event.body);
    return writer.take();
}

Result<CaseEvent> event_from_json(const json::Value& value) {
    const std::string& kind = value["kind"].as_string();
    std::size_t index = 0;
    while (index < kKinds.size() && kKinds[index] != kind) ++index;
    if (index == kKinds.size())
        return fail("journal.unknown_event", ErrorKind::corrupt,
                    fmt::format("this version does not know the event \"{}\"; a newer one wrote it", kind.substr(0, 40)));
    CaseEvent event;
    std::string wrong;
    archive::Reader moment(value);
    moment("at", event.at);
    if (!moment.wrong().empty()) return fail("journal.unreadable", ErrorKind::corrupt, fmt::format("{}: \"at\" is no moment", kind));
    read_any(index, value, event.body, wrong, std::make_index_sequence<std::variant_size_v<EventBody>>{});
    if (!wrong.empty())
        return fail("journal.unreadable", ErrorKind::corrupt, fmt::format("{}: member \"{}\" is of the wrong kind", kind, wrong));
    return event;
}

}  // namespace resolute::casework
