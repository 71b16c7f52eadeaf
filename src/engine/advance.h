// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "casework/casework.h"
#include "engine/effect_runner.h"
#include "engine/store.h"

/// What one thing that happens does to a case, before anything is written. Pure; internal to the engine.
namespace resolute::engine {

/// What came in, as the engine's own words.
struct Happening {
    std::vector<casework::EventBody> events;
    std::vector<EffectUpdate> updates;
};

/// How the ends of calls become events.
struct SettleRules {
    Duration mail_quiet_period{};
    Duration other_quiet_period{};
};
Happening happening_of(const EffectTicket& ticket, const Settlement& settlement, const SettleRules& rules, Instant now);
/// An effect that keeps ending the program sets its case aside.
Happening set_aside(const casework::CaseState& state, const EffectTicket& ticket, Instant now);

/// The customer's data is gone: whatever the case still wanted to do is refused.
Happening erase(const casework::CaseState& state, const std::string& by, Instant now);

/// One advance of a case in the making: events, what they decide, until the case waits.
struct Advance {
    casework::CaseState state;
    std::vector<EffectUpdate> updates = {};
    std::vector<casework::CaseEvent> happened = {};
    std::vector<casework::Effect> effects = {};

    void apply(std::vector<casework::EventBody>&& bodies, Instant now);
    void play(const procedure::Procedure& procedure, Instant now, const mail::ThreadTokens* tokens);
    /// Instead of play: the store refused what the procedure wanted, so a person is asked.
    void give_up(const Error& refusal, Instant now);
    [[nodiscard]] bool is_empty() const { return happened.empty() && updates.empty(); }
};

/// A case that waits for nobody outside: no attempt of its effects is running or about to.
bool has_effect_in_flight(const casework::CaseState& state);

/// What the store keeps beside the journal, as far as it changed: the summary, tasks, the claim, message ids.
void add_projections(CaseCommit& commit, const Advance& advance, const casework::CaseSummary& before, const casework::Claim& claim_before);

}  // namespace resolute::engine
