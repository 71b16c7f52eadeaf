// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "casework/event.h"
#include "casework/state.h"
#include "mail/thread_token.h"
#include "procedure/procedure.h"

/// The domain, pure: no clock, no I/O, no randomness, no log. Time comes in as an argument.
namespace resolute::casework {

/// The state after one more event. Total for every journal we ever wrote.
CaseState evolve(CaseState state, const CaseEvent& event);
/// The same in place: a state is large, and moved about at each event it would cost more than the event does.
void advance(CaseState& state, const CaseEvent& event);
/// The fold of a whole journal.
CaseState fold(const std::vector<CaseEvent>& events);

/// What should happen next. Events are facts decided now; each effect travels with the EffectPlanned that records it.
struct Decision {
    std::vector<EventBody> events;
    std::vector<Effect> effects;
    [[nodiscard]] bool is_empty() const { return events.empty() && effects.empty(); }
};

/// One small move of the case under its procedure. The engine evolves the events and asks again until the answer is empty:
/// then the case waits for an effect, a timer or a signal. `tokens` marks the mails; null: they bear no mark. They are an argument, as the
/// time is: the mark stands in EffectPlanned, and whoever reads a journal needs no key.
Decision decide(const CaseState& state, const procedure::Procedure& procedure, Instant now, const mail::ThreadTokens* tokens = nullptr);

/// When the case must be looked at again although nothing comes in; nothing: never.
std::optional<Instant> next_wake(const CaseState& state);

/// Something from outside that a case takes, or refuses with a reason.
struct MailArrived { MailAppended mail; Trust trust = Trust::unverified; };
struct TaskDecision {
    TaskId task;
    enum class Verb { approve, deny, resolve, assign } verb = Verb::resolve;
    std::string by;
    bool by_manager = false;
    std::string note;
    std::string reply;
    std::vector<std::string> articles;
    std::optional<Money> amount;  ///< approve a refund whose amount could not be determined, or a smaller one
    bool went_out = false;        ///< held_effect: approve "it went out" (true) or "send again" (false)
};
struct CustomerRating { int score = 0; std::string by; };
/// A delivery report about a mail of this case; whoever says so has checked that it bears our mark.
struct BounceArrived { MailBounced bounce; };
/// A person's word on the conversation: PartyAdded, CaseMerged, CaseAbsorbed, MailSplitOff.
struct PartyNamed { std::string address; std::string by; };
struct MergeInto { CaseId into; std::string by; };
struct Absorb { CaseId other; std::string address; std::string by; };
struct SplitOff { MailId mail_id; CaseId into; std::string by; };
using Signal = std::variant<CaseOpened, MailArrived, TaskDecision, CustomerRating, BounceArrived, PartyNamed, MergeInto, Absorb, SplitOff>;

/// The events that a signal means for this case now. Refusals: `case.erased`, `task.not_open`, `task.not_found`, `task.no_right`,
/// `gate.promise_without_grant` (the reply promises money that nobody granted), `rating.out_of_range`; of mails `case.not_a_party`,
/// `case.closed_long_ago` and `case.merged`: such a mail opens a case of its own.
Result<std::vector<EventBody>> admit(const CaseState& state, const procedure::Procedure& procedure, const Signal& signal, Instant now);

/// What conditions and tools see: the facts, and beside them `policy`, `case`, `conversation`, `reply`, `grant`, `satisfaction`.
json::Value context_of(const CaseState& state, const procedure::Procedure& procedure, Instant now);

/// The rules on an outgoing text, checked in the core whoever wrote it. Empty: it may go.
struct Violation { std::string code; std::string detail; };
std::vector<Violation> check_outgoing(const CaseState& state, const procedure::Procedure& procedure, std::string_view tool,
                                      const json::Value& draft, Instant now);

/// The mail that answers a case without a person: what the database's own refund rule is about.
bool is_automatic_resolution(const Effect& effect);

/// Sentences of `text` that promise money to the reader ("we will refund …", "Ihr Geld erhalten Sie zurück"), with the largest
/// amount named in each, if any.
struct MoneyPromise { std::string sentence; std::optional<Money> amount; };
std::vector<MoneyPromise> find_money_promises(std::string_view text);

}  // namespace resolute::casework
