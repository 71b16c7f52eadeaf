// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "casework/state.h"

/// Everything that can have happened to a case, in the past tense. The state is a fold over these (state.h, evolve.h).
/// The JSON names are the journal's format: never change one, only add (docs/journal.md).
namespace resolute::casework {

struct CaseOpened {
    CaseId id;
    std::string procedure_hash;
    MailId mail_id;
    std::string message_id;
    std::string sender;
    Trust trust = Trust::unverified;
    std::string subject;
    std::string text;            ///< visible text, at most 64 KiB
    std::string intake_problem;  ///< why step 1 must end `failed`, or empty
    std::string linked_case;     ///< the conversation it refers to without being a party to it
    std::string data_subject;    ///< names the key that seals what is personal (engine/vault.h); empty: nothing is sealed
    std::vector<std::string> copied;  ///< others whom the mail names in To and Cc: parties, where it is a verified one
    std::string trust_reason = {};  ///< one line for people: why the sender is trusted so
};
struct MailAppended {
    MailId mail_id;
    std::string message_id;
    std::string sender;
    std::string subject;
    std::string text;
    Trust trust = Trust::unverified;
    std::vector<std::string> copied;
    std::string unattended;  ///< why it looks as if a program had written it, or empty
    std::string trust_reason = {};
};
struct StepEntered { int step = 0; bool takes_replies = false; };  ///< takes_replies: the customer's new mails are dealt with here
struct StepWaiting { int step = 0; };
struct EffectPlanned {
    EffectId effect;
    std::string tool;
    Purpose purpose = Purpose::step;
    int step = 0;
    std::string payload_hash;
    std::string draft;       ///< mails: the fact that holds the text
    std::string message_id;  ///< mails
    std::string recipient;   ///< mails: address; notifications: role
};
/// One attempt ended; `facts` are merged into the state by top-level name.
struct EffectSucceeded { EffectId effect; std::string outcome; json::Value facts; };
struct EffectRefused { EffectId effect; std::string code; std::string reason; };
/// Nothing happened outside. With `retry_at` it is tried again, without it the budget is used up.
struct EffectFailed { EffectId effect; int attempt = 0; std::string code; std::string detail; std::optional<Instant> retry_at; };
struct EffectUnclear { EffectId effect; int attempt = 0; std::string code; std::string detail; std::optional<Instant> reconcile_at; };
struct EffectHeld { EffectId effect; std::string why; };
/// A person said what became of a held effect.
struct EffectDecided { EffectId effect; bool went_out = false; std::string by; };
/// The outcome is known without an effect's success: a signal, a timer, skipped, withheld, stopped by the gate, or "failure".
struct StepEnded { int step = 0; std::string outcome; std::string why; json::Value facts; };
struct BranchTaken {
    int step = 0;
    int branch = -1;          ///< index in the step; -1: the default failure branch (hold)
    std::string trigger;      ///< as in the document, for readers of the journal
    std::string verdict;      ///< guards: "yes" or "unknown"
    bool is_policy_stop = false;  ///< a guard sent the case to people: not eligible for automation
    std::vector<procedure::FactSeen> facts;
    procedure::Target target;
};
struct ExitConditionMet { std::string name; int index = 0; std::vector<procedure::FactSeen> facts; bool moves = false; };
struct ExitConditionCleared { std::string name; };
/// A link of the chain is behind us; `why` where it was passed over (no text to send, stopped by the gate).
struct ActionDone { int next_action = 0; std::string why; };
struct TimerSet { std::string name; Instant due; };
struct TimerFired { std::string name; };
struct TimerCancelled { std::string name; };
struct TaskOpened { Task task; };
struct TaskAssigned { TaskId task; std::string assignee; };
struct TaskClosed {
    TaskId task;
    TaskState state = TaskState::done;
    std::string by;
    std::string note;
    std::string reply;                  ///< resolve: what the customer shall read; may be empty
    std::vector<std::string> articles;  ///< resolve: what it rests on
};
struct RefundClaimed { Claim claim; };
struct RefundGranted { Grant grant; };
struct RefundDenied { std::string by; std::string why; };
struct CustomerRated { int score = 0; std::string by; };
struct CaseEscalated { std::string why; };
struct CaseReopened { std::string why; };
struct CaseClosed { std::string reason; };
struct CaseQuarantined { std::string why; };
struct CaseReleased { std::string by; };
/// The customer's data was destroyed on request. The last word on a case: nothing after it changes anything.
struct CaseErased { std::string by; };
/// A mail of ours came back: a delivery report said so that bears our mark. `is_permanent`: the address takes no mail any more.
struct MailBounced { EffectId effect; bool is_permanent = false; std::string status; std::string diagnostic; MailId report; };
/// Somebody else may join the case by mail, because a person says so.
struct PartyAdded { std::string address; std::string by; };
/// The case goes on in another one: it is over here, and takes nothing more.
struct CaseMerged { CaseId into; std::string by; };
/// Another case goes on here; its customer becomes a party.
struct CaseAbsorbed { CaseId other; std::string address; std::string by; };
/// A mail of this case is about something else: it has a case of its own now.
struct MailSplitOff { MailId mail_id; CaseId into; std::string by; };

using EventBody = std::variant<CaseOpened, MailAppended, StepEntered, EffectPlanned, EffectSucceeded, EffectRefused, EffectFailed,
                               EffectUnclear, EffectHeld, EffectDecided, StepEnded, BranchTaken, ExitConditionMet,
                               ExitConditionCleared, ActionDone, TimerSet, TimerFired, TimerCancelled, TaskOpened, TaskAssigned,
                               TaskClosed, RefundClaimed, RefundGranted, RefundDenied, CustomerRated, CaseEscalated, CaseReopened,
                               CaseClosed, CaseQuarantined, CaseReleased, StepWaiting, CaseErased, MailBounced, PartyAdded, CaseMerged,
                               CaseAbsorbed, MailSplitOff>;

struct CaseEvent {
    Instant at;
    EventBody body;
};

/// {"at":…,"kind":"StepEntered","step":3}: the journal's canonical form.
json::Value to_json(const CaseEvent& event);
Result<CaseEvent> event_from_json(const json::Value& value);
std::string_view kind_of(const CaseEvent& event);

}  // namespace resolute::casework
