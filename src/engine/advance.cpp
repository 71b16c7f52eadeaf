// SPDX-License-Identifier: Apache-2.0
#include "engine/advance.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/invariant.h"
#include "engine/engine.h"

namespace resolute::engine {
namespace {

using casework::CaseEvent;
using casework::CaseState;
using casework::EventBody;
using procedure::EffectClass;

/// More moves than any procedure needs between two waits; above it the procedure turns in a circle.
constexpr int kMovesMax = 2'000;
constexpr std::size_t kTaskIdLength = 11;

/// What a person's word, or a case event, means for the effect's row.
void add_updates_for(const EventBody& body, Instant now, std::vector<EffectUpdate>& updates) {
    if (const auto* decided = std::get_if<casework::EffectDecided>(&body))
        updates.push_back({.id = decided->effect, .status = decided->went_out ? EffectStatus::confirmed : EffectStatus::waiting,
                           .next_at = now, .last_error = {}});
}

bool may_be_repeated(EffectClass effect_class) { return effect_class != EffectClass::mails && effect_class != EffectClass::guarded; }

/// Mails of the conversation: an answer to one of them finds its case.
std::string message_id_of(const CaseEvent& event) {
    if (const auto* planned = std::get_if<casework::EffectPlanned>(&event.body)) return planned->message_id;
    if (const auto* opened = std::get_if<casework::CaseOpened>(&event.body)) return opened->message_id;
    if (const auto* appended = std::get_if<casework::MailAppended>(&event.body)) return appended->message_id;
    return {};
}

casework::Task support_task(const CaseState& state, std::string_view occasion, std::string reason, Instant now) {
    casework::Task task;
    // The version, because the same may happen to the case again.
    task.id = TaskId("t" + short_hash({state.id.value(), occasion, std::to_string(state.version)}, kTaskIdLength));
    task.kind = procedure::TaskKind::technical_support;
    task.role = "technical_support";
    task.step = state.step;
    task.reason = std::move(reason);
    task.opened_at = now;
    return task;
}

}  // namespace

Happening happening_of(const EffectTicket& ticket, const Settlement& settlement, const SettleRules& rules, Instant now) {
    using Kind = Settlement::Kind;
    const EffectId& id = ticket.effect.id;
    const Error& error = settlement.error;
    // A look-up that could not look proves nothing: read as "nothing happened", it would send a mail twice.
    const bool could_not_look = ticket.only_looks() && settlement.kind == Kind::failed && may_help(error.kind);
    Kind kind = settlement.kind;
    if (ticket.only_looks() && (kind == Kind::failed || kind == Kind::refused)) kind = Kind::unclear;
    // What may be repeated is repeated: nobody has to say what became of it.
    if (!ticket.only_looks() && kind == Kind::unclear && may_be_repeated(ticket.effect.effect_class)) kind = Kind::failed;
    Happening happening;
    EffectUpdate update{.id = id, .status = EffectStatus::confirmed, .next_at = now, .last_error = error.code};
    switch (kind) {
        case Kind::succeeded:
            happening.events.emplace_back(casework::EffectSucceeded{id, settlement.outcome, settlement.facts});
            break;
        case Kind::refused:
            update.status = EffectStatus::refused;
            happening.events.emplace_back(casework::EffectRefused{id, error.code, error.detail});
            break;
        case Kind::absent:
        case Kind::failed: {
            const bool may_repeat = settlement.kind == Kind::absent && ticket.attempt < ticket.effect.retry.attempts_max;
            const auto at = may_repeat ? std::optional(now) : retry_at(ticket.effect, ticket.attempt, error, now);
            update.status = at ? EffectStatus::waiting : EffectStatus::failed;
            update.next_at = at.value_or(now);
            happening.events.emplace_back(casework::EffectFailed{id, ticket.attempt, error.code, error.detail, at});
            break;
        }
        case Kind::unclear: {
            if (ticket.only_looks() && !could_not_look) {
                update.status = EffectStatus::held;
                happening.events.emplace_back(casework::EffectHeld{id, error.detail});
                break;
            }
            const bool is_mail = ticket.effect.effect_class == EffectClass::mails;
            const Instant at = now + (is_mail ? rules.mail_quiet_period : rules.other_quiet_period);
            update.status = EffectStatus::unclear;
            update.next_at = at;
            happening.events.emplace_back(casework::EffectUnclear{id, ticket.attempt, error.code, error.detail, at});
            break;
        }
    }
    happening.updates.push_back(std::move(update));
    return happening;
}

Happening set_aside(const CaseState& state, const EffectTicket& ticket, Instant now) {
    const std::string why = fmt::format("the program died {} times while it ran {}", ticket.crashes, ticket.effect.tool);
    casework::Task task = support_task(state, ticket.effect.id.value(), why, now);
    task.step = ticket.effect.step;
    Happening happening;
    happening.events.emplace_back(casework::EffectHeld{ticket.effect.id, why});
    happening.events.emplace_back(casework::TaskOpened{std::move(task)});
    happening.events.emplace_back(casework::CaseQuarantined{why});
    happening.updates.push_back({.id = ticket.effect.id, .status = EffectStatus::held, .next_at = now, .last_error = "engine.poison"});
    return happening;
}

Happening erase(const CaseState& state, const std::string& by, Instant now) {
    Happening happening;
    for (const auto& [id, effect] : state.effects)
        happening.updates.push_back({.id = id, .status = EffectStatus::refused, .next_at = now, .last_error = "case.erased"});
    happening.events.emplace_back(casework::CaseErased{by});
    return happening;
}

void Advance::apply(std::vector<EventBody>&& bodies, Instant now) {
    for (EventBody& body : bodies) {
        add_updates_for(body, now, updates);
        happened.push_back({now, std::move(body)});
        casework::advance(state, happened.back());
    }
}

void Advance::play(const procedure::Procedure& procedure, Instant now, const mail::ThreadTokens* tokens) {
    if (state.is_erased) return;
    for (int moves = 0;; ++moves) {
        INVARIANT(moves < kMovesMax, "a procedure waits somewhere in every circle");
        casework::Decision decision = casework::decide(state, procedure, now, tokens);
        if (decision.is_empty()) return;
        apply(std::move(decision.events), now);
        std::move(decision.effects.begin(), decision.effects.end(), std::back_inserter(effects));
    }
}

void Advance::give_up(const Error& refusal, Instant now) {
    const std::string why = "the database refused the next step: " + describe(refusal);
    casework::Task task = support_task(state, refusal.code, why, now);
    std::vector<EventBody> bodies;
    bodies.emplace_back(casework::TaskOpened{std::move(task)});
    bodies.emplace_back(casework::CaseQuarantined{why});
    apply(std::move(bodies), now);
}

bool has_effect_in_flight(const CaseState& state) {
    return std::any_of(state.effects.begin(), state.effects.end(),
                       [](const auto& effect) { return effect.second.state == casework::OpenEffect::State::intended; });
}

void add_projections(CaseCommit& commit, const Advance& advance, const casework::CaseSummary& before, const casework::Claim& claim_before) {
    for (const CaseEvent& event : advance.happened)
        if (std::string message_id = message_id_of(event); !message_id.empty()) commit.message_ids.push_back(std::move(message_id));
    casework::CaseSummary summary = casework::summarise(advance.state);
    for (const casework::Task& task : summary.tasks) {
        const auto known = std::find_if(before.tasks.begin(), before.tasks.end(), [&](const auto& other) { return other.id == task.id; });
        if (known == before.tasks.end() || *known != task) commit.tasks.push_back(task);
    }
    if (summary != before || commit.expected_version == 0) commit.summary = std::move(summary);
    if (advance.state.claim != claim_before) commit.claim = advance.state.claim;
}

}  // namespace resolute::engine
