// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "casework/state.h"

namespace resolute::casework {
namespace {

std::string_view status_of(const CaseState& state) {
    if (state.phase == Phase::closed) return "closed";
    const bool is_held = std::any_of(state.effects.begin(), state.effects.end(),
                                     [](const auto& effect) { return effect.second.state == OpenEffect::State::held; });
    if (state.is_quarantined || is_held || state.phase == Phase::held || state.phase == Phase::awaiting_approval) return "waiting_person";
    if (state.escalated && state.resolution != "human") return "escalated";
    if (state.phase == Phase::waiting && state.follow_ups_sent > 0) return "waiting_customer";
    if (!state.resolution.empty() && state.phase == Phase::waiting) return "resolved";
    return "open";
}

}  // namespace

CaseSummary summarise(const CaseState& state) {
    CaseSummary summary;
    summary.id = state.id;
    summary.ticket = state.facts["ticket"]["number"].as_string();
    summary.from = state.sender;
    summary.subject = state.subject;
    summary.category = state.facts["issue"]["category"].as_string_or("general_support");
    summary.priority = state.facts["priority"]["level"].as_string_or("medium");
    summary.tier = state.facts["customer"]["tier"].as_string_or("regular");
    summary.status = status_of(state);
    summary.resolution = state.resolution;
    summary.articles = state.cited_articles;
    summary.tasks = state.tasks;
    summary.step = state.step;
    summary.is_held = state.is_quarantined || std::any_of(state.effects.begin(), state.effects.end(), [](const auto& effect) {
                          return effect.second.state == OpenEffect::State::held;
                      });
    summary.stopped_by_guard = state.stopped_by_guard;
    summary.is_escalated = state.escalated;
    summary.opened_at = state.opened_at;
    summary.closed_at = state.closed_at;
    summary.parties = state.parties;
    summary.merged_into = state.merged_into;
    return summary;
}

}  // namespace resolute::casework
