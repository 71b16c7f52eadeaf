// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "casework/casework.h"
#include "mail/address.h"

namespace resolute::casework {
namespace {

using procedure::TaskKind;

constexpr std::string_view kNobody = "(nobody)";  ///< Routing found no one; shown as it is, and not asked again.

void mark_replies_handled(CaseState& state) {
    for (ConversationMail& mail : state.mails)
        if (mail.is_inbound) mail.is_handled = true;
}

void merge_facts(CaseState& state, const json::Value& facts) {
    for (const auto& [name, value] : facts.as_object()) state.facts.set(name, value);
}

Task* mutable_task(CaseState& state, const TaskId& id) {
    const auto found = std::find_if(state.tasks.begin(), state.tasks.end(), [&](const Task& task) { return task.id == id; });
    return found == state.tasks.end() ? nullptr : &*found;
}

/// The timers of the step that is left; the case's own stay.
void drop_step_timers(CaseState& state) {
    std::erase_if(state.timers, [](const auto& timer) { return timer.first.starts_with("after:") || timer.first.starts_with("at:"); });
}

constexpr std::size_t kPartiesMax = 50;

void add_party(CaseState& state, const std::string& address) {
    if (!address.empty() && !is_party(state, address) && state.parties.size() < kPartiesMax) state.parties.push_back(address);
}

/// Whom the customer's mail names may join from now on, if it is really theirs.
void add_copied(CaseState& state, const std::vector<std::string>& copied, Trust trust) {
    if (trust != Trust::verified) return;
    for (const std::string& address : copied) add_party(state, address);
}

void apply(CaseState& state, const CaseOpened& e, Instant at) {
    state.id = e.id;
    state.procedure_hash = e.procedure_hash;
    state.opened_at = at;
    state.sender = e.sender;
    state.trust = e.trust;
    state.subject = e.subject;
    state.intake_problem = e.intake_problem;
    state.data_subject = e.data_subject;
    json::Value sender;
    sender.set("address", e.sender).set("trust", to_string(e.trust)).set("is_verified", e.trust == Trust::verified);
    if (!e.linked_case.empty()) sender.set("linked_case", e.linked_case);
    if (!e.trust_reason.empty()) sender.set("trust_reason", e.trust_reason);
    state.facts.set("sender", std::move(sender));
    state.mails.push_back({.is_inbound = true, .mail_id = e.mail_id, .message_id = e.message_id, .address = e.sender, .at = at,
                           .subject = e.subject, .text = e.text});
    add_copied(state, e.copied, e.trust);
}

void apply(CaseState& state, const MailAppended& e, Instant at) {
    state.mails.push_back({.is_inbound = true, .mail_id = e.mail_id, .message_id = e.message_id, .address = e.sender, .at = at,
                           .subject = e.subject, .text = e.text, .is_handled = false, .is_noted = false});
    state.quiet_since.reset();
    state.unattended = e.unattended;  // Another word of theirs: somebody is there after all.
    add_copied(state, e.copied, e.trust);
    // A case is as trustworthy as the least trusted of its mails: what a later one asks for rests on all of them.
    if (static_cast<int>(e.trust) > static_cast<int>(state.trust)) {
        state.trust = e.trust;
        json::Value sender = state.facts["sender"];
        if (!e.trust_reason.empty()) sender.set("trust_reason", e.trust_reason);
        state.facts.set("sender", sender.set("trust", to_string(e.trust)).set("is_verified", false));
    }
}

void apply(CaseState& state, const StepEntered& e, Instant at) {
    state.step = e.step;
    state.phase = Phase::arrived;
    ++state.visit;
    state.entered_at = at;
    state.outcome.clear();
    state.failure.clear();
    state.chain = {};
    drop_step_timers(state);
    if (e.takes_replies) mark_replies_handled(state);
}

void apply(CaseState& state, const StepWaiting&, Instant) { state.phase = Phase::waiting; }

void apply(CaseState& state, const EffectPlanned& e, Instant) {
    state.effects[e.effect] = {.tool = e.tool, .purpose = e.purpose, .step = e.step, .payload_hash = e.payload_hash, .draft = e.draft,
                               .message_id = e.message_id, .recipient = e.recipient};
    if (e.purpose == Purpose::step) state.phase = Phase::running;
    if (e.tool == "ticket.note")
        for (ConversationMail& mail : state.mails)
            if (mail.is_inbound && mail.mail_id.value() == e.recipient) mail.is_noted = true;
}

/// A mail is out: the conversation, the counters and the quiet time follow from it.
void mail_went_out(CaseState& state, const OpenEffect& effect, Instant at) {
    const json::Value& draft = state.facts[effect.draft];
    state.mails.push_back({.is_inbound = false, .message_id = effect.message_id, .address = effect.recipient, .at = at,
                           .subject = draft["subject"].as_string(), .text = draft["text"].as_string(), .tool = effect.tool});
    if (std::ranges::find_if(state.bounced, [&](const EffectId& id) { return effect.message_id.starts_with(id.value() + "."); }) != state.bounced.end()) {
        state.mails.back().undelivered = "it came back before it was known to be out";
        return;
    }
    // Nobody is waiting for an answer to a mail that crossed with one of theirs.
    const bool is_answered = std::none_of(state.mails.begin(), state.mails.end(), [](const auto& mail) { return !mail.is_handled; });
    if (is_answered) state.quiet_since = at;
    if (effect.tool == "mail.send_resolution") {
        ++state.automatic_answers;
        state.resolution = "automatic";
        state.cited_articles = json::to_strings(draft["articles"]);
    }
    if (effect.tool == "mail.send_follow_up") ++state.follow_ups_sent;
}

void apply(CaseState& state, const EffectSucceeded& e, Instant at) {
    const auto found = state.effects.find(e.effect);
    if (found == state.effects.end()) return;  // Ended before: a late answer changes nothing.
    const OpenEffect effect = found->second;
    state.effects.erase(found);
    // Another tool's success says nothing about the one that fails: telling people of an outage does not end it.
    if (effect.tool == state.failing_tool) {
        state.failed_attempts = 0;
        state.failing_tool.clear();
    }
    if (effect.tool == "task.assign") {
        if (Task* task = mutable_task(state, TaskId(effect.recipient))) task->assignee = e.facts["assignee"].as_string_or(kNobody);
        return;
    }
    merge_facts(state, e.facts);
    if (!effect.draft.empty() && e.outcome == "sent") mail_went_out(state, effect, at);
    if (effect.purpose == Purpose::step) {
        state.outcome = e.outcome;
        state.phase = Phase::ended;
    } else if (effect.purpose == Purpose::action) {
        ++state.chain.next_action;
    }
}

/// The budget is used up, or the other side said no.
void effect_gave_up(CaseState& state, const EffectId& id, const std::string& why) {
    const auto found = state.effects.find(id);
    if (found == state.effects.end()) return;
    const OpenEffect effect = found->second;
    state.effects.erase(found);
    if (effect.tool == "task.assign") {
        if (Task* task = mutable_task(state, TaskId(effect.recipient))) task->assignee = kNobody;
    } else if (effect.purpose == Purpose::step) {
        state.outcome = "failure";
        state.failure = why;
        state.phase = Phase::ended;
    } else if (effect.purpose == Purpose::action) {
        state.failure = why;
        state.phase = Phase::held;  // The chain goes on from this link when a person says so.
    }
}

void apply(CaseState& state, const EffectRefused& e, Instant) { effect_gave_up(state, e.effect, e.code + ": " + e.reason); }

void apply(CaseState& state, const EffectFailed& e, Instant) {
    const auto found = state.effects.find(e.effect);
    if (found == state.effects.end()) return;
    state.failed_attempts = e.attempt;
    state.failing_tool = found->second.tool;
    if (!e.retry_at) return effect_gave_up(state, e.effect, e.code + ": " + e.detail);
    found->second.state = OpenEffect::State::retrying;
    found->second.failed_attempts = e.attempt;
    found->second.error = e.code;
}

void apply(CaseState& state, const EffectUnclear& e, Instant) {
    if (const auto found = state.effects.find(e.effect); found != state.effects.end()) {
        found->second.state = OpenEffect::State::unclear;
        found->second.error = e.code;
    }
}

void apply(CaseState& state, const EffectHeld& e, Instant) {
    if (const auto found = state.effects.find(e.effect); found != state.effects.end()) found->second.state = OpenEffect::State::held;
}

void apply(CaseState& state, const EffectDecided& e, Instant) {
    // "It went out" is followed by EffectSucceeded; "send again" waits for its next attempt.
    const auto found = state.effects.find(e.effect);
    if (found != state.effects.end() && !e.went_out) found->second.state = OpenEffect::State::retrying;
}

void apply(CaseState& state, const StepEnded& e, Instant) {
    state.outcome = e.outcome;
    state.phase = Phase::ended;
    if (e.outcome == "failure") state.failure = e.why;
    if (e.outcome == "replied") mark_replies_handled(state);
    merge_facts(state, e.facts);
}

void apply(CaseState& state, const BranchTaken& e, Instant) {
    state.chain = {.from_exit = false, .index = e.branch, .next_action = 0};
    state.phase = e.target.kind == procedure::Target::Kind::hold && e.branch < 0 ? Phase::held : Phase::acting;
    if (e.is_policy_stop) state.stopped_by_guard = e.trigger;
}

void apply(CaseState& state, const ExitConditionMet& e, Instant) {
    state.exits_met[e.name] = true;
    if (!e.moves) return;
    state.chain = {.from_exit = true, .index = e.index, .next_action = 0};
    state.phase = Phase::acting;
}

void apply(CaseState& state, const ExitConditionCleared& e, Instant) { state.exits_met.erase(e.name); }
void apply(CaseState& state, const ActionDone& e, Instant) { state.chain.next_action = e.next_action; }
void apply(CaseState& state, const TimerSet& e, Instant) { state.timers[e.name] = e.due; }
void apply(CaseState& state, const TimerFired& e, Instant) { state.timers.erase(e.name); }
void apply(CaseState& state, const TimerCancelled& e, Instant) { state.timers.erase(e.name); }

void apply(CaseState& state, const TaskOpened& e, Instant) {
    state.tasks.push_back(e.task);
    // Only the review of the step's own text holds the step; one that a chain or an exit asks for stands beside the flow.
    if (e.task.kind == TaskKind::review && !e.task.bound_hash.empty() && state.phase == Phase::arrived)
        state.phase = Phase::awaiting_approval;
    if (e.task.role == "manager") state.needs_manager = true;
}

void apply(CaseState& state, const TaskAssigned& e, Instant) {
    if (Task* task = mutable_task(state, e.task)) task->assignee = e.assignee;
}

/// Manual work is done: the step, or the link of its chain, is tried again as a new occurrence.
void resume(CaseState& state) {
    ++state.visit;
    const bool was_the_step = !state.chain.from_exit && state.chain.index < 0;
    state.phase = was_the_step ? Phase::arrived : Phase::acting;
    if (was_the_step) state.outcome.clear();
    state.failure.clear();
    state.failed_attempts = 0;
}

void apply(CaseState& state, const TaskClosed& e, Instant at) {
    Task* task = mutable_task(state, e.task);
    if (task == nullptr || task->state != TaskState::open) return;
    task->state = e.state;
    task->closed_at = at;
    task->decided_by = e.by;
    task->note = e.note;
    state.timers.erase("task:" + e.task.value());
    state.needs_manager = std::any_of(state.tasks.begin(), state.tasks.end(),
                                      [](const Task& t) { return t.state == TaskState::open && t.role == "manager"; });
    switch (task->kind) {
        case TaskKind::resolve:
            if (e.state != TaskState::done) return;
            state.facts.set("person_answer", json::Value().set("reply", e.reply).set("by", e.by).set("note", e.note));
            state.resolution = "human";
            state.cited_articles = e.articles;
            mark_replies_handled(state);
            state.quiet_since.reset();  // It is our turn until the answer is out, however long the customer was quiet before.
            return;
        case TaskKind::review:
            if (state.phase == Phase::awaiting_approval) state.phase = Phase::arrived;  // decide() looks at the answer.
            return;
        case TaskKind::technical_support:
            if (state.phase == Phase::held) resume(state);
            return;
        case TaskKind::undelivered:
            if (e.state == TaskState::approved) state.undeliverable.clear();
            return;
        case TaskKind::approve:
        case TaskKind::manager_review:
        case TaskKind::manager_escalation:
        case TaskKind::held_effect: return;
    }
}

void apply(CaseState& state, const RefundClaimed& e, Instant) { state.claim = e.claim; }
void apply(CaseState& state, const RefundGranted& e, Instant) {
    state.grants.push_back(e.grant);
    state.claim.state = Claim::State::granted;
}
void apply(CaseState& state, const RefundDenied&, Instant) { state.claim.state = Claim::State::denied; }
void apply(CaseState& state, const CustomerRated& e, Instant) {
    state.satisfaction = e.score;
    state.quiet_since.reset();
}
void apply(CaseState& state, const CaseEscalated&, Instant) { state.escalated = true; }

void apply(CaseState& state, const CaseReopened&, Instant) {
    ++state.reopened;
    state.escalated = false;
    state.resolution.clear();
    state.closed_at.reset();
    state.closed_reason.clear();
    state.follow_ups_sent = 0;
    state.satisfaction.reset();
    state.stopped_by_guard.clear();
    for (const std::string_view stale : {"assignment", "assessment", "resolution", "person_answer", "answer", "followup", "follow_up"})
        state.facts.erase(stale);
}

void apply(CaseState& state, const CaseClosed& e, Instant at) {
    state.phase = Phase::closed;
    if (!state.closed_at) {
        state.closed_at = at;
        state.closed_reason = e.reason;
    }
    // What people were asked stays open and expires in its time.
    std::erase_if(state.timers, [](const auto& timer) { return !timer.first.starts_with("task:"); });
    state.quiet_since.reset();
}

void apply(CaseState& state, const CaseQuarantined&, Instant) { state.is_quarantined = true; }
void apply(CaseState& state, const CaseReleased&, Instant) { state.is_quarantined = false; }

/// It counts as not delivered: nobody is quiet about it, and it answered nothing.
void apply(CaseState& state, const MailBounced& e, Instant) {
    if (std::ranges::find(state.bounced, e.effect) == state.bounced.end()) state.bounced.push_back(e.effect);
    if (e.is_permanent) {
        state.undeliverable = e.status.empty() ? "no status" : e.status;
        state.quiet_since.reset();
    }
    const auto mail = std::ranges::find_if(state.mails, [&](const ConversationMail& one) {
        return !one.is_inbound && one.undelivered.empty() && one.message_id.starts_with(e.effect.value() + ".");
    });
    if (mail == state.mails.end()) return;
    mail->undelivered = (e.status.empty() ? "no status" : e.status) + (e.diagnostic.empty() ? "" : " ") + e.diagnostic;
    if (state.quiet_since == mail->at) state.quiet_since.reset();
    if (mail->tool == "mail.send_follow_up" && state.follow_ups_sent > 0) --state.follow_ups_sent;
    if (mail->tool != "mail.send_resolution") return;
    if (state.automatic_answers > 0) --state.automatic_answers;
    if (state.resolution == "automatic") state.resolution.clear();
}

void apply(CaseState& state, const PartyAdded& e, Instant) { add_party(state, e.address); }

void apply(CaseState& state, const CaseAbsorbed& e, Instant) { add_party(state, e.address); }

void apply(CaseState& state, const CaseMerged& e, Instant at) {
    state.merged_into = e.into;
    state.phase = Phase::closed;
    if (!state.closed_at) state.closed_at = at;
    state.closed_reason = "merged";
    state.timers.clear();
    state.quiet_since.reset();
    state.needs_manager = false;
    mark_replies_handled(state);
    for (Task& task : state.tasks) {
        if (task.state != TaskState::open) continue;
        task.state = TaskState::cancelled;
        task.closed_at = at;
        task.decided_by = e.by;
    }
}

void apply(CaseState& state, const MailSplitOff& e, Instant) {
    for (ConversationMail& mail : state.mails)
        if (mail.is_inbound && mail.mail_id == e.mail_id) mail.is_handled = true;
}

/// What was read from the personal members is emptied, with what was computed from them: the state is the same whether the journal
/// before it was still readable or not.
void apply(CaseState& state, const CaseErased& e, Instant at) {
    state.is_erased = true;
    state.phase = Phase::closed;
    if (!state.closed_at) state.closed_at = at;
    state.closed_reason = "erased";
    state.is_quarantined = state.needs_manager = false;
    for (std::string* text : {&state.sender, &state.subject, &state.intake_problem, &state.failure, &state.failing_tool, &state.claim.customer,
                              &state.claim.order, &state.undeliverable, &state.unattended})
        text->clear();
    state.parties.clear();
    state.bounced.clear();
    state.claim.wishes.clear();
    state.failed_attempts = 0;
    state.facts = {};
    state.mails.clear();
    state.effects.clear();
    state.timers.clear();
    state.exits_met.clear();
    state.cited_articles.clear();
    state.quiet_since.reset();
    for (Grant& grant : state.grants) grant.order.clear();
    for (Task& task : state.tasks) {
        for (std::string* text : {&task.assignee, &task.reason, &task.order, &task.note}) text->clear();
        if (task.state != TaskState::open) continue;
        task.state = TaskState::cancelled;
        task.closed_at = at;
        task.decided_by = e.by;
    }
}

}  // namespace

bool is_party(const CaseState& state, std::string_view address) {
    const auto is_theirs = [&](const std::string& party) { return mail::is_same_address(party, address); };
    return is_theirs(state.sender) || std::ranges::any_of(state.parties, is_theirs);
}

void advance(CaseState& state, const CaseEvent& event) {
    // An effect may end after the case was erased: what it brings home must not stay either.
    if (!state.is_erased) std::visit([&](const auto& body) { apply(state, body, event.at); }, event.body);
    ++state.version;
}

CaseState evolve(CaseState state, const CaseEvent& event) {
    advance(state, event);
    return state;
}

CaseState fold(const std::vector<CaseEvent>& events) {
    CaseState state;
    for (const CaseEvent& event : events) advance(state, event);
    return state;
}

}  // namespace resolute::casework
