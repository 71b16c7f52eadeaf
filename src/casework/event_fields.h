// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "casework/archive.h"
#include "casework/event.h"

/// The members of each event. Internal to casework.
///
/// The names are the journal's format: add members; never rename or reuse one. `personal` marks what tells something about a
/// person who writes to us: it is kept apart from the rest, sealed, and gone when their data is erased. Once a member is open it
/// stays open, because it has been written so. What is open never holds an address, a name, a number of the customer's, or words
/// that came from outside.
namespace resolute::casework {

template <class A>
void fields(A& archive, CaseOpened& e) {
    archive("case", e.id);
    archive("procedure", e.procedure_hash);
    archive("mail", e.mail_id);
    archive.personal("message_id", e.message_id);
    archive.personal("sender", e.sender);
    archive("trust", e.trust);
    archive.personal("subject", e.subject);
    archive.personal("text", e.text);
    archive.personal("intake_problem", e.intake_problem);
    archive("linked_case", e.linked_case);
    archive("data_subject", e.data_subject);
    archive.personal("copied", e.copied);
    archive.personal("trust_reason", e.trust_reason);
}
template <class A>
void fields(A& archive, MailAppended& e) {
    archive("mail", e.mail_id);
    archive.personal("message_id", e.message_id);
    archive.personal("sender", e.sender);
    archive.personal("subject", e.subject);
    archive.personal("text", e.text);
    archive("trust", e.trust);
    archive.personal("copied", e.copied);
    archive.personal("unattended", e.unattended);
    archive.personal("trust_reason", e.trust_reason);
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
    archive.personal("recipient", e.recipient);
}
template <class A>
void fields(A& archive, EffectSucceeded& e) {
    archive("effect", e.effect);
    archive("outcome", e.outcome);
    archive.personal("facts", e.facts);
}
template <class A>
void fields(A& archive, EffectRefused& e) {
    archive("effect", e.effect);
    archive("code", e.code);
    archive.personal("reason", e.reason);
}
template <class A>
void fields(A& archive, EffectFailed& e) {
    archive("effect", e.effect);
    archive("attempt", e.attempt);
    archive("code", e.code);
    archive.personal("detail", e.detail);
    archive("retry_at", e.retry_at);
}
template <class A>
void fields(A& archive, EffectUnclear& e) {
    archive("effect", e.effect);
    archive("attempt", e.attempt);
    archive("code", e.code);
    archive.personal("detail", e.detail);
    archive("reconcile_at", e.reconcile_at);
}
template <class A>
void fields(A& archive, EffectHeld& e) {
    archive("effect", e.effect);
    archive.personal("why", e.why);
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
    archive.personal("why", e.why);
    archive.personal("facts", e.facts);
}
template <class A>
void fields(A& archive, BranchTaken& e) {
    archive("step", e.step);
    archive("branch", e.branch);
    archive("trigger", e.trigger);
    archive("verdict", e.verdict);
    archive("is_policy_stop", e.is_policy_stop);
    archive.personal("saw", e.facts);
    archive("target", e.target);
}
template <class A>
void fields(A& archive, ExitConditionMet& e) {
    archive("name", e.name);
    archive("index", e.index);
    archive.personal("saw", e.facts);
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
    archive.personal("note", e.note);
    archive.personal("reply", e.reply);
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
    archive.personal("why", e.why);
}
template <class A>
void fields(A& archive, CustomerRated& e) {
    archive("score", e.score);
    archive.personal("by", e.by);
}
template <class A>
void fields(A& archive, CaseEscalated& e) {
    archive.personal("why", e.why);
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
    archive.personal("why", e.why);
}
template <class A>
void fields(A& archive, CaseReleased& e) {
    archive("by", e.by);
}
template <class A>
void fields(A& archive, CaseErased& e) {
    archive("by", e.by);
}

template <class A>
void fields(A& archive, MailBounced& e) {
    archive("effect", e.effect);
    archive("is_permanent", e.is_permanent);
    archive("status", e.status);
    archive.personal("diagnostic", e.diagnostic);
    archive("report", e.report);
}
template <class A>
void fields(A& archive, PartyAdded& e) {
    archive.personal("address", e.address);
    archive("by", e.by);
}
template <class A>
void fields(A& archive, CaseMerged& e) {
    archive("into", e.into);
    archive("by", e.by);
}
template <class A>
void fields(A& archive, CaseAbsorbed& e) {
    archive("other", e.other);
    archive.personal("address", e.address);
    archive("by", e.by);
}
template <class A>
void fields(A& archive, MailSplitOff& e) {
    archive("mail", e.mail_id);
    archive("into", e.into);
    archive("by", e.by);
}

/// Of one event's open and personal members; the same value twice where they were kept together.
Result<CaseEvent> event_from_parts(const json::Value& open, const json::Value& personal);

}  // namespace resolute::casework
