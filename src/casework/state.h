// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "casework/effect.h"
#include "json/json.h"

namespace resolute::casework {

/// Whose mail it is: from the trusted receiver's Authentication-Results only.
enum class Trust {
    verified,    ///< DMARC pass, or SPF or DKIM pass aligned with the From domain
    unverified,  ///< nothing said, or nothing trusted: a claim
    failed,      ///< authentication failed: never written to automatically
};

/// One mail of the conversation, in or out.
struct ConversationMail {
    bool is_inbound = true;
    MailId mail_id;          ///< inbound
    std::string message_id;  ///< without brackets
    std::string address;     ///< the other side
    Instant at;
    std::string subject;
    std::string text;        ///< what was written, without quotes
    std::string tool;        ///< outbound: which tool sent it
    bool is_handled = true;  ///< inbound: the procedure has dealt with it
    bool is_noted = true;    ///< inbound: it stands in the ticket
    std::string undelivered = {};  ///< outbound: why it came back ("5.1.1 550 No such user"); empty: it did not, as far as we know

    friend bool operator==(const ConversationMail&, const ConversationMail&) = default;
};

enum class TaskState { open, approved, denied, done, expired, cancelled };

struct Task {
    TaskId id;
    procedure::TaskKind kind = procedure::TaskKind::resolve;
    std::string role;       ///< "agent", "manager", "technical_support"
    std::string assignee;   ///< agent id, empty until somebody is found
    TaskState state = TaskState::open;
    int step = 0;
    std::string reason;     ///< why a person is needed, one sentence
    Instant opened_at;
    std::optional<Instant> due;
    std::string bound_hash;       ///< review, approve: hash of what is decided on; another text voids it
    std::optional<Money> amount;  ///< approve: what is asked for; nothing where it could not be determined
    std::string order;
    std::optional<EffectId> effect;  ///< held_effect
    Instant closed_at{};
    std::string decided_by;
    std::string note;

    friend bool operator==(const Task&, const Task&) = default;
};

/// The right to promise money.
struct Grant {
    std::string by;  ///< "policy", or the user's id
    Money amount;
    std::string order;
    Instant at;
    std::string policy_hash;  ///< of the procedure it rests on

    friend bool operator==(const Grant&, const Grant&) = default;
};

/// What a case asks for one order.
struct Wish {
    std::string order;            ///< empty: none was named
    std::optional<Money> amount;  ///< in the base currency; nothing: could not be determined

    friend bool operator==(const Wish&, const Wish&) = default;
};

/// What this case asks for, counted with the customer's other claims. Where it asks for several orders the claim names none, so that it is
/// counted with each, and its amount is their sum.
struct Claim {
    enum class State { none, pending, granted, denied };
    State state = State::none;
    std::optional<Money> amount;  ///< in the base currency; nothing: could not be determined
    std::string customer;         ///< CRM id, or the address of an unknown customer
    std::string order;
    Instant at;
    std::vector<Wish> wishes;     ///< one for each order where there are several, else empty

    friend bool operator==(const Claim&, const Claim&) = default;
};

struct OpenEffect {
    std::string tool;
    Purpose purpose = Purpose::step;
    int step = 0;
    enum class State { intended, retrying, unclear, held } state = State::intended;
    int failed_attempts = 0;
    std::string payload_hash;
    std::string draft;  ///< mails: the fact that holds the text
    std::string message_id;
    std::string recipient;
    std::string error;  ///< the last one's code

    friend bool operator==(const OpenEffect&, const OpenEffect&) = default;
};

/// Where a chain of actions came from: a branch of the step we are at, or an exit condition.
struct Chain {
    bool from_exit = false;
    int index = 0;        ///< of the branch in its step, or of the exit condition
    int next_action = 0;

    friend bool operator==(const Chain&, const Chain&) = default;
};

enum class Phase {
    arrived,            ///< at the step, nothing done yet
    awaiting_approval,  ///< a review task is open
    running,            ///< the step's effect is planned
    waiting,            ///< a waiting step: for a signal, a timer
    ended,              ///< the outcome is known, the branch is not taken yet
    acting,             ///< going through the chain of the branch taken
    held,               ///< manual work; a technical_support task is open
    closed,             ///< over, until a new mail of the customer
};

struct CaseState {
    CaseId id;
    std::uint64_t version = 0;  ///< number of events folded
    std::string procedure_hash;
    Instant opened_at;
    std::optional<Instant> closed_at;

    int step = 0;
    Phase phase = Phase::arrived;
    int visit = 0;             ///< counts steps entered; makes each occurrence's keys its own
    Instant entered_at;
    std::string outcome;       ///< of the current step, while `ended`
    std::string failure;       ///< why the step failed, while `ended` with the outcome "failure"
    Chain chain;               ///< while `acting`

    std::string sender;        ///< the customer's address: the only one we write to
    Trust trust = Trust::unverified;
    std::string subject;
    std::string intake_problem; ///< why the mail could not be read, or empty

    json::Value facts;         ///< what steps produced, by top-level name
    std::vector<ConversationMail> mails;
    std::map<EffectId, OpenEffect> effects;  ///< not yet ended
    std::vector<Task> tasks;
    std::vector<Grant> grants;
    Claim claim;
    std::map<std::string, bool> exits_met;   ///< by name: true while its condition holds; each acts once per rise
    std::map<std::string, Instant> timers;   ///< by name; the earliest is the case's next wake

    bool escalated = false;
    bool needs_manager = false;  ///< VIP escalated, or similar; shown in lists
    int automatic_answers = 0;
    int follow_ups_sent = 0;
    int reopened = 0;
    int failed_attempts = 0;     ///< of the effect that fails now, in a row
    std::string failing_tool;
    std::string resolution;      ///< "", "automatic", "human"
    std::vector<std::string> cited_articles;
    std::optional<Instant> quiet_since;  ///< last confirmed mail to the customer, unless they wrote since
    std::optional<int> satisfaction;
    std::string closed_reason;   ///< "rated", "no_response", …
    std::string stopped_by_guard;  ///< the guard that sent it to people, or empty: for the eligible rate
    bool is_quarantined = false;
    std::string data_subject;    ///< names the key that seals what is personal (engine/vault.h); empty: nothing is sealed
    bool is_erased = false;      ///< the customer's data was destroyed: it is over for good
    std::vector<EffectId> bounced;  ///< mails that came back
    std::string undeliverable;   ///< why the customer's address is not written to until a person says so: the status; empty: it is
    std::string unattended;      ///< why it looks as if a program answers at the customer's address; empty: it does not
    std::vector<std::string> parties;  ///< others than the customer who may join by mail
    CaseId merged_into;          ///< the case where it goes on; empty: here

    friend bool operator==(const CaseState&, const CaseState&) = default;
};

/// The state as JSON and back: `decode(encode(s)) == s` for every state.
json::Value to_json(const CaseState& state);
Result<CaseState> state_from_json(const json::Value& value);
/// What a snapshot holds: the same JSON as text, members in their own order. Reads the canonical text of older snapshots too.
std::string write_state(const CaseState& state);
Result<CaseState> read_state(std::string_view text);

/// The customer, or one who was made a party: whose mails the case takes.
bool is_party(const CaseState& state, std::string_view address);
const Task* find_task(const CaseState& state, const TaskId& id);
bool has_open_task(const CaseState& state, procedure::TaskKind kind);

std::string_view to_string(Trust trust);
std::string_view to_string(Phase phase);
std::string_view to_string(TaskState state);
std::optional<TaskState> parse_task_state(std::string_view text);
std::string_view to_string(Purpose purpose);
std::string_view to_string(Claim::State state);

/// What lists show of a case; the store keeps it beside the state.
struct CaseSummary {
    CaseId id;
    std::string ticket;      ///< the number people say, "T-1042"
    std::string from;
    std::string subject;
    std::string category;    ///< "billing", …; "general_support" until it is known
    std::string priority;    ///< "high", "medium", "low"; "medium" until it is known
    std::string tier;        ///< "vip" or "regular"
    std::string status;      ///< "open", "waiting_customer", "waiting_person", "escalated", "resolved", "closed"
    std::string resolution;  ///< "automatic", "human" or empty
    std::vector<std::string> articles;
    std::vector<Task> tasks;
    int step = 0;
    bool is_held = false;    ///< an effect waits for a person's word, or the case is quarantined
    std::string stopped_by_guard;
    bool is_escalated = false;  ///< went to people, since it was opened last
    Instant opened_at;
    std::optional<Instant> closed_at;
    std::vector<std::string> parties;  ///< beside the customer
    CaseId merged_into;

    friend bool operator==(const CaseSummary&, const CaseSummary&) = default;
};
CaseSummary summarise(const CaseState& state);
/// The public form (`resolute case list --json`): null for what is not there. And back; `store.summary_malformed`.
json::Value to_json(const CaseSummary& summary);
json::Value to_json(const Task& task);
Result<CaseSummary> summary_from_json(const json::Value& value);
Result<Task> task_from_json(const json::Value& value);

}  // namespace resolute::casework
