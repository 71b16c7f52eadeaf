// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/invariants.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/amounts.h"
#include "engine/rows.h"
#include "engine/verify.h"
#include "ports/intake_store.h"
#include "tests/sim/procedures.h"

namespace resolute::sim {
namespace {

using casework::CaseEvent;
using casework::CaseState;
using casework::Task;
using casework::TaskState;
using procedure::TaskKind;
using std::chrono::hours;

constexpr std::int64_t kLimitMinor = 50'000;
constexpr Duration kWindow = 30 * hours(24);

bool is_customer_mail(std::string_view tool) { return tool.starts_with("mail.send_"); }

bool is_over_limit(const json::Value& refund) {
    const auto amount = json::to_money(refund["amount"]);
    return refund["requested"].as_bool() && (!amount || amount->currency != "USD" || amount->minor > kLimitMinor);
}

bool has_unhandled_mail(const CaseState& state) {
    return std::ranges::any_of(state.mails, [](const auto& mail) { return mail.is_inbound && !mail.is_handled; });
}

std::int64_t granted(const CaseState& state) {
    std::int64_t sum = 0;
    for (const casework::Grant& grant : state.grants) sum += grant.amount.minor;
    return sum;
}

/// The largest amount that the text promises, as a plain reader sees it: this does not use the gate's own reading of sentences.
std::int64_t promised(std::string_view text) {
    std::int64_t most = 0;
    if (text.find("efund") == std::string_view::npos) return 0;
    for (const AmountMention& mention : find_amounts(text)) most = std::max(most, mention.money ? mention.money->minor : mention.readings.back().minor);
    return most;
}

}  // namespace

// --- As it leaves -------------------------------------------------------------------------------------------------------------------

void check_delivery(World& world, const Witness& witness, const Customers& customers, storage::MemoryStorage& storage, const Delivered& mail,
                    const engine::EffectTicket& ticket) {
    const auto begun = std::find_if(world.ledger.attempts.rbegin(), world.ledger.attempts.rend(),
                                    [&](const Attempt& attempt) { return attempt.key == mail.key && !attempt.is_lookup; });
    const bool began_before_restore = begun != world.ledger.attempts.rend() && world.restored_at != Instant{} && begun->at < world.restored_at;
    if (std::ranges::any_of(world.ledger.delivered, [&](const Delivered& other) { return other.key == mail.key && other.to == mail.to; }) &&
        is_customer_mail(mail.tool))
        world.breach("4 nobody is mailed twice", fmt::format("{} to {} a second time", mail.tool, mail.to), mail.case_id);
    if (!witness.intentions.contains({mail.key, mail.payload_hash}))
        world.breach("5 nothing unplanned leaves", fmt::format("{} {} was never planned so", mail.tool, mail.key.value()), mail.case_id);
    if (began_before_restore) return;
    if (!is_customer_mail(mail.tool)) return;
    const auto record = storage.engine_store().find_effect(mail.key);
    if (!record || !*record || (*record)->attempt < 1)
        world.breach("8 the intention is durable before the effect", fmt::format("{} attempt {}", mail.tool, ticket.attempt), mail.case_id);
    if (world.is_frozen_by_restore)
        world.breach("23 nothing leaves a restored database before people release it", mail.tool, mail.case_id);
    const auto summary = storage.queries().find_case(mail.case_id);
    if (summary && *summary && (*summary)->from != mail.to)
        world.breach("24 only the customer is written to", fmt::format("{} is not {}", mail.to, (*summary)->from), mail.case_id);
    if (customers.is_forger(mail.to))
        world.breach("24 only the customer is written to", fmt::format("{} failed authentication", mail.to), mail.case_id);
}

// --- Over the whole -----------------------------------------------------------------------------------------------------------------

void every_mail_ends_once(const Evidence& evidence, const std::vector<Life>& lives) {
    std::map<MailId, int> in_cases;
    for (const Life& life : lives)
        for (const casework::ConversationMail& mail : life.state.mails)
            if (mail.is_inbound) ++in_cases[mail.mail_id];
    std::set<std::string> in_case_by_content;
    for (const Incoming& incoming : evidence.world.mailbox) {
        const MailId id = mail::id_of(incoming.mail);
        const auto record = evidence.storage.intake().find(id);
        if (!record || !*record) {
            evidence.world.breach("1 every mail ends once", fmt::format("mail {} is nowhere", incoming.message_id));
            continue;
        }
        const auto outcome = (*record)->outcome;
        const bool is_in_case = outcome == ports::MailOutcome::new_case || outcome == ports::MailOutcome::appended;
        const int times = in_cases[id];
        if (outcome == ports::MailOutcome::pending || times != (is_in_case ? 1 : 0))
            evidence.world.breach("1 every mail ends once", fmt::format("mail {} ({}) is {}, and {} times in a case", incoming.message_id, id.value(),
                                                                        ports::to_string(outcome), times),
                                  (*record)->case_id);
        if (is_in_case && !in_case_by_content.emplace(incoming.message_id + incoming.mail.bytes).second)
            evidence.world.breach("1 every mail ends once", fmt::format("mail {} came twice and is in a case twice", incoming.message_id),
                                  (*record)->case_id);
        if (incoming.is_automatic && is_in_case)
            evidence.world.breach("25 automatic mail opens no case", incoming.message_id, (*record)->case_id);
    }
}

/// Whoever writes is listened to: after a mail came into a case, something takes it up before the case is closed for good. By the
/// events alone, whatever the state says is handled.
void every_mail_is_heard(World& world, const Life& life) {
    if (life.state.phase != casework::Phase::closed || life.state.is_quarantined) return;
    std::set<TaskId> resolving;
    bool is_waiting = false;
    for (const CaseEvent& event : life.events) {
        if (std::holds_alternative<casework::MailAppended>(event.body)) is_waiting = true;
        if (const auto* opened = std::get_if<casework::TaskOpened>(&event.body); opened != nullptr && opened->task.kind == TaskKind::resolve)
            resolving.insert(opened->task.id);
        const auto* entered = std::get_if<casework::StepEntered>(&event.body);
        const auto* ended = std::get_if<casework::StepEnded>(&event.body);
        const auto* closed = std::get_if<casework::TaskClosed>(&event.body);
        if ((entered != nullptr && entered->takes_replies) || (ended != nullptr && ended->outcome == "replied") ||
            (closed != nullptr && closed->state == TaskState::done && resolving.contains(closed->task)))
            is_waiting = false;
    }
    if (is_waiting) world.breach("1 every mail is heard", "the case is closed, and nobody took up the last mail", life.id);
}

void no_kept_mail_is_missing(const Evidence& evidence) {
    const auto records = evidence.storage.intake().list({});
    if (!records) return;
    for (const ports::MailRecord& record : *records)
        if (!evidence.storage.intake().load_blob(record.blob))
            evidence.world.breach("3 no kept mail is missing", record.id.value(), record.case_id);
}

void nobody_is_mailed_twice(const Evidence& evidence) {
    std::map<EffectId, int> by_key;
    std::map<CaseId, int> acknowledged;
    for (const Delivered& mail : evidence.world.ledger.delivered) {
        if (!is_customer_mail(mail.tool)) continue;
        if (++by_key[mail.key] == 2) evidence.world.breach("4 nobody is mailed twice", mail.tool, mail.case_id);
        if (mail.tool == "mail.send_acknowledgment" && ++acknowledged[mail.case_id] == 2)
            evidence.world.breach("4 nobody is mailed twice", "acknowledged twice, under two keys", mail.case_id);
    }
}

void what_is_recorded_as_sent_was_sent(const Evidence& evidence, const std::vector<Life>& lives) {
    std::set<EffectId> delivered;
    for (const Delivered& mail : evidence.world.ledger.delivered) delivered.insert(mail.key);
    for (const Life& life : lives) {
        std::map<EffectId, std::string> mails;
        for (const CaseEvent& event : life.events) {
            if (const auto* planned = std::get_if<casework::EffectPlanned>(&event.body); planned != nullptr && is_customer_mail(planned->tool))
                mails[planned->effect] = planned->tool;
            const auto* succeeded = std::get_if<casework::EffectSucceeded>(&event.body);
            if (succeeded == nullptr || !mails.contains(succeeded->effect) || succeeded->outcome != "sent") continue;
            if (!delivered.contains(succeeded->effect))
                evidence.world.breach("5 what is recorded as sent was sent", mails[succeeded->effect], life.id);
        }
    }
}

/// A call that ends the program is tried a few times, not for ever; then people decide, and then again.
void poison_is_set_aside(const Evidence& evidence, const std::vector<Life>& lives) {
    if (evidence.world.poisoned.is_empty() || evidence.world.restored_at != Instant{}) return;
    std::map<EffectId, int> crashes;
    for (const Attempt& attempt : evidence.world.ledger.attempts)
        if (attempt.case_id == evidence.world.poisoned && attempt.answer == "crashed") ++crashes[attempt.key];
    const auto life = std::ranges::find(lives, evidence.world.poisoned, &Life::id);
    if (life == lives.end()) return;
    const auto released = std::ranges::count_if(life->events, [](const CaseEvent& event) { return casework::kind_of(event) == "CaseReleased"; });
    for (const auto& [key, times] : crashes)
        if (times > 3 * (1 + released))
            evidence.world.breach("31 poison is set aside", fmt::format("{} crashes of one call, {} releases", times, released), life->id);
}

void nothing_unclear_is_repeated_blindly(const Evidence& evidence) {
    struct Past { bool is_open = false; bool was_absent = false; int words_used = 0; };
    std::map<EffectId, Past> pasts;
    for (const Attempt& attempt : evidence.world.ledger.attempts) {
        if (attempt.effect_class != procedure::EffectClass::mails && attempt.effect_class != procedure::EffectClass::guarded) continue;
        Past& past = pasts[attempt.key];
        if (attempt.is_lookup) {
            past.was_absent = attempt.answer == "absent";
            continue;
        }
        if (past.is_open && !past.was_absent) {
            const auto said = evidence.world.ledger.said_by_people.find(attempt.key);
            const auto words = said == evidence.world.ledger.said_by_people.end() ? 0 : std::ranges::count(said->second, false);
            if (++past.words_used > words)
                evidence.world.breach("6 nothing unclear is repeated blindly", fmt::format("{} attempt {}", attempt.tool, attempt.attempt),
                                      attempt.case_id);
        }
        past.is_open = attempt.may_have_happened || attempt.answer == "crashed";
        if (attempt.answer == "failed" || attempt.answer == "refused") past.is_open = false;
        past.was_absent = false;
    }
}

void every_attempt_has_the_same_bytes(const Evidence& evidence) {
    std::map<EffectId, std::string> hashes;
    for (const Attempt& attempt : evidence.world.ledger.attempts) {
        // After a restored backup the same intention may have been planned anew, at another time.
        if (!evidence.witness.intentions.contains({attempt.key, attempt.payload_hash}))
            evidence.world.breach("7 every attempt has the same bytes", attempt.tool, attempt.case_id);
        if (evidence.world.restored_at != Instant{}) continue;
        const auto [known, is_new] = hashes.emplace(attempt.key, attempt.payload_hash);
        if (!is_new && known->second != attempt.payload_hash)
            evidence.world.breach("7 every attempt has the same bytes", attempt.tool, attempt.case_id);
    }
}

void policy_grants_stay_within_the_limit(const Evidence& evidence, const std::vector<Life>& lives) {
    struct Granted { CaseId case_id; std::string customer; std::string order; Instant at; std::int64_t minor; };
    std::vector<Granted> all;
    for (const Life& life : lives)
        for (const casework::Grant& grant : life.state.grants)
            if (grant.by == "policy") all.push_back({life.id, life.state.claim.customer, grant.order, grant.at, grant.amount.minor});
    for (const Granted& last : all) {
        std::int64_t sum = 0;
        std::vector<CaseId> together;
        for (const Granted& other : all) {
            if (other.customer != last.customer || other.order != last.order || other.at > last.at || last.at - other.at >= kWindow) continue;
            sum += other.minor;
            together.push_back(other.case_id);
        }
        if (sum <= kLimitMinor) continue;
        for (const CaseId& id : together)
            evidence.world.breach("11 what the policy grants stays within the limit",
                                  fmt::format("{} for {} of {}", sum, last.order, last.customer), id);
    }
}

void acknowledged_commits_are_there(const Evidence& evidence) {
    for (const auto& [id, rows] : evidence.witness.journals) {
        const auto kept = evidence.storage.engine_store().journal(id);
        if (!kept || *kept != rows)
            evidence.world.breach("22 what was acknowledged is there", fmt::format("{} rows acknowledged, {} kept", rows.size(), kept ? kept->size() : 0),
                                  id);
    }
    const auto ids = evidence.storage.queries().all_case_ids();
    const auto report = ids ? engine::verify(evidence.storage.engine_store(), *ids) : std::unexpected(ids.error());
    if (!report) return evidence.world.breach("22 what was acknowledged is there", describe(report.error()));
    for (const engine::BrokenJournal& broken : report->broken)
        evidence.world.breach("22 what was acknowledged is there", broken.why, broken.case_id);
}

void case_and_ticket_are_one_to_one(const Evidence& evidence, const std::vector<Life>& lives) {
    std::map<CaseId, std::vector<std::string>> made;
    for (const TicketMade& ticket : evidence.world.ledger.tickets) made[ticket.case_id].push_back(ticket.ref.id.value());
    for (const Life& life : lives) {
        const std::string& named = life.state.facts["ticket"]["id"].as_string();
        const std::vector<std::string>& tickets = made[life.id];
        // A backup forgets the key under which a ticket was made: people merge the two, as with any lost record.
        if (tickets.size() > 1 && evidence.world.restored_at == Instant{})
            evidence.world.breach("28 one ticket for one case", fmt::format("{} tickets", tickets.size()), life.id);
        if (!named.empty() && std::ranges::find(tickets, named) == tickets.end())
            evidence.world.breach("28 one ticket for one case", fmt::format("{} is not its ticket", named), life.id);
    }
}

void nothing_is_forgotten(const Evidence& evidence, const std::vector<Life>& lives) {
    World& world = evidence.world;
    std::size_t held = 0;
    for (const Life& life : lives) {
        const CaseState& state = life.state;
        const bool is_closed = state.phase == casework::Phase::closed && state.effects.empty();
        const bool waits_for_people = std::ranges::any_of(state.tasks, [](const Task& task) { return task.state == TaskState::open; });
        if (!is_closed && !waits_for_people)
            world.breach("31 nothing starves", fmt::format("the case stands at step {}, {}, and nobody is asked", state.step, casework::to_string(state.phase)),
                         life.id);
        for (const auto& [effect, open] : state.effects) {
            const bool is_held = open.state == casework::OpenEffect::State::held;
            held += is_held;
            const bool is_shown = std::ranges::any_of(
                state.tasks, [&](const Task& task) { return task.kind == TaskKind::held_effect && task.state == TaskState::open && task.effect == effect; });
            if (!is_held || (!is_shown && !state.is_quarantined))
                world.breach("32 what is unclear is decided or shown", fmt::format("{} is open at rest", open.tool), life.id);
        }
        for (const auto& [name, due] : state.timers)
            if (due + std::chrono::minutes(1) < world.clock.now() && !state.is_quarantined && casework::next_wake(state))
                world.breach("17 timers fire once and in time", fmt::format("{} was due at {}", name, format_instant(due)), life.id);
        if (is_closed) world.coverage.note("case closed");
        if (state.reopened > 0) world.coverage.note("case reopened");
        if (state.closed_reason == "no_response") world.coverage.note("closed by silence");
    }
    world.coverage.seen["held"] += held;
}

// --- Event by event -----------------------------------------------------------------------------------------------------------------

void timers_fire_once_and_in_time(World& world, const Life& life, const CaseState& before, const CaseEvent& event) {
    const auto* fired = std::get_if<casework::TimerFired>(&event.body);
    if (fired == nullptr) return;
    const auto timer = before.timers.find(fired->name);
    if (timer == before.timers.end())
        return world.breach("17 timers fire once and in time", fired->name + " was not set, or fired before", life.id);
    if (event.at < timer->second) world.breach("17 timers fire once and in time", fired->name + " fired too early", life.id);
}

void grants_have_their_reason(World& world, const Life& life, const CaseState& before, std::size_t index) {
    const CaseEvent& event = life.events[index];
    if (const auto* closed = std::get_if<casework::TaskClosed>(&event.body)) {
        const Task* task = casework::find_task(before, closed->task);
        if (task == nullptr || task->state != TaskState::open)
            return world.breach("13 a decision counts once", "a task that was not open was closed", life.id);
        if (task->kind == TaskKind::approve && closed->state == TaskState::approved && task->due && event.at >= *task->due)
            world.breach("10 money needs its approval", "approved after it expired", life.id);
        return;
    }
    const auto* granted_now = std::get_if<casework::RefundGranted>(&event.body);
    if (granted_now == nullptr) return;
    const casework::Grant& grant = granted_now->grant;
    if (grant.by == "policy") {
        world.coverage.note("refund granted by policy");
        if (grant.amount.minor > kLimitMinor || before.trust != casework::Trust::verified || is_over_limit(before.facts["refund"]))
            world.breach("10 money needs its approval", fmt::format("the policy granted {}", display_text(grant.amount)), life.id);
        return;
    }
    const auto* closed = index > 0 ? std::get_if<casework::TaskClosed>(&life.events[index - 1].body) : nullptr;
    const Task* task = closed == nullptr ? nullptr : casework::find_task(before, closed->task);
    if (task == nullptr || task->kind != TaskKind::approve || closed->state != TaskState::approved || closed->by != grant.by)
        return world.breach("10 money needs its approval", "granted without an approval right before", life.id);
    if (grant.by != "carol") world.breach("10 money needs its approval", grant.by + " is no manager", life.id);
    if (task->amount && grant.amount.minor > task->amount->minor)
        world.breach("10 money needs its approval", "more was granted than was asked for", life.id);
}

void outgoing_text_passes_the_gate(World& world, const Life& life, const CaseState& before, const CaseEvent& event,
                                   const procedure::Procedure& procedure) {
    const auto* planned = std::get_if<casework::EffectPlanned>(&event.body);
    if (planned == nullptr || !is_customer_mail(planned->tool)) return;
    const json::Value& draft = before.facts[planned->draft];
    const std::string& text = draft["text"].as_string();
    for (const casework::Violation& violation : casework::check_outgoing(before, procedure, planned->tool, draft, event.at))
        world.breach("14 what leaves passes the gate again", planned->tool + ": " + violation.code, life.id);
    if (before.trust == casework::Trust::failed)
        world.breach("24 only the customer is written to", "their authentication failed", life.id);
    if (planned->recipient != before.sender) world.breach("24 only the customer is written to", planned->recipient, life.id);
    if (planned->tool == "mail.send_resolution" && is_over_limit(before.facts["refund"]))
        world.breach("10 money needs its approval", "an automatic resolution of a refund over the limit", life.id);
    if (promised(text) > granted(before))
        world.breach("11 a promise of money stands on a grant", fmt::format("\"{}\"", text), life.id);
    if (planned->tool == "mail.send_acknowledgment" && text.find('#') != std::string::npos)
        world.breach("27 an acknowledgment repeats nothing of the mail", text, life.id);
}

void reminders_respect_the_customer(World& world, const Life& life, const CaseState& before, const CaseEvent& event) {
    if (const auto* planned = std::get_if<casework::EffectPlanned>(&event.body);
        planned != nullptr && planned->tool == "mail.send_follow_up" && has_unhandled_mail(before))
        world.breach("18 no reminder after the customer wrote", "a follow-up was planned", life.id);
    const auto* met = std::get_if<casework::ExitConditionMet>(&event.body);
    if (met == nullptr || !met->moves) return;
    const bool is_asked = std::ranges::any_of(before.tasks, [](const Task& task) { return task.state == TaskState::open; });
    const bool is_quiet = before.quiet_since && event.at - *before.quiet_since >= 7 * hours(24);
    if (!is_quiet || is_asked || !before.effects.empty() || has_unhandled_mail(before))
        world.breach("19 only silence closes a case", met->name, life.id);
}

void only_listed_transitions(World& world, const Life& life, const CaseState& before, const CaseEvent& event) {
    using casework::Phase;
    const std::string kind(casework::kind_of(event));
    if (before.phase == Phase::closed && before.version > 0) {
        const bool moves = kind == "StepEntered" || kind == "StepEnded" || kind == "BranchTaken" || kind == "StepWaiting";
        const auto* entered = std::get_if<casework::StepEntered>(&event.body);
        if (moves && (entered == nullptr || !entered->takes_replies || !has_unhandled_mail(before)))
            world.breach("20 a closed case is opened by its customer only", kind, life.id);
    }
    const bool works = kind == "StepEntered" || kind == "EffectPlanned" || kind == "BranchTaken";  // People may decide what they were asked.
    if (before.is_quarantined && works) world.breach("20 a case that was set aside stands still", kind, life.id);
    if (kind == "CaseQuarantined") world.coverage.note("poison set aside");
    if (kind == "CaseEscalated") world.coverage.note("escalated");
    if (kind == "EffectHeld") world.coverage.note("held");
    if (const auto* planned = std::get_if<casework::EffectPlanned>(&event.body); planned != nullptr && before.effects.contains(planned->effect))
        world.breach("20 an intention is planned once", planned->tool, life.id);
    if (const auto* succeeded = std::get_if<casework::EffectSucceeded>(&event.body); succeeded != nullptr && !before.effects.contains(succeeded->effect))
        world.breach("20 an effect ends once", succeeded->effect.value(), life.id);
}

void the_journal_is_the_state(const Evidence& evidence, const Life& life) {
    const auto live = evidence.engine.find_state(life.id);
    if (!live || !*live) return evidence.world.breach("21 the journal is the state", "the engine does not find the case", life.id);
    if (**live != life.state) {
        std::string where;
        const json::Value kept = casework::to_json(**live);
        const json::Value folded = casework::to_json(life.state);
        for (const auto& [name, value] : folded.as_object())
            if (kept[name] != value) where += fmt::format(" {}: {} is not {}", name, json::dump(kept[name]), json::dump(value)).substr(0, 400);
        evidence.world.breach("21 the journal is the state", "snapshot and journal differ:" + where, life.id);
    }
    if (life.events.size() != life.state.version) evidence.world.breach("21 the journal is the state", "the version does not count the events", life.id);
}

// --- All ----------------------------------------------------------------------------------------------------------------------------

void check_all(const Evidence& evidence) {
    const auto ids = evidence.storage.queries().all_case_ids();
    if (!ids) return evidence.world.breach("21 the journal is the state", describe(ids.error()));
    std::vector<Life> lives;
    for (const CaseId& id : *ids) {
        auto events = engine::read_journal(evidence.storage.engine_store(), evidence.vault, id);
        if (!events) {
            evidence.world.breach("21 the journal is the state", describe(events.error()), id);
            continue;
        }
        Life life{.id = id, .events = *std::move(events), .state = {}};
        for (std::size_t i = 0; i < life.events.size(); ++i) {
            const CaseEvent& event = life.events[i];
            const CaseState& before = life.state;
            timers_fire_once_and_in_time(evidence.world, life, before, event);
            grants_have_their_reason(evidence.world, life, before, i);
            outgoing_text_passes_the_gate(evidence.world, life, before, event, procedure_of(before.procedure_hash));
            reminders_respect_the_customer(evidence.world, life, before, event);
            only_listed_transitions(evidence.world, life, before, event);
            casework::advance(life.state, event);
        }
        the_journal_is_the_state(evidence, life);
        every_mail_is_heard(evidence.world, life);
        lives.push_back(std::move(life));
    }
    every_mail_ends_once(evidence, lives);
    no_kept_mail_is_missing(evidence);
    nobody_is_mailed_twice(evidence);
    what_is_recorded_as_sent_was_sent(evidence, lives);
    poison_is_set_aside(evidence, lives);
    nothing_unclear_is_repeated_blindly(evidence);
    every_attempt_has_the_same_bytes(evidence);
    policy_grants_stay_within_the_limit(evidence, lives);
    acknowledged_commits_are_there(evidence);
    case_and_ticket_are_one_to_one(evidence, lives);
    nothing_is_forgotten(evidence, lives);
}

}  // namespace resolute::sim
