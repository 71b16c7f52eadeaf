// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/hash.h"
#include "engine/engine.h"

namespace resolute::engine {
namespace {

/// 0.75 to 1.25, the same for the same attempt on every machine.
double jitter(const EffectId& id, int attempt) {
    const Sha256 digest = sha256(id.value() + "/" + std::to_string(attempt));
    return 0.75 + 0.5 * static_cast<double>(digest[0] << 8 | digest[1]) / 65'535.0;
}

}  // namespace

bool may_help(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::rate_limited:
        case ErrorKind::unavailable:
        case ErrorKind::timed_out:
        case ErrorKind::exhausted:
        case ErrorKind::conflict:
        case ErrorKind::internal: return true;
        case ErrorKind::invalid:
        case ErrorKind::not_found:
        case ErrorKind::refused:
        case ErrorKind::corrupt: return false;  // The same call would end the same way.
    }
    return false;
}

std::optional<Instant> retry_at(const casework::Effect& effect, int attempt, const Error& error, Instant now) {
    if (attempt >= effect.retry.attempts_max || !may_help(error.kind)) return std::nullopt;
    Duration delay = effect.retry.first_delay;
    for (int i = 1; i < attempt && delay < effect.retry.delay_max; ++i) delay *= 2;
    delay = std::min(delay, effect.retry.delay_max);
    delay = Duration(static_cast<std::int64_t>(static_cast<double>(delay.count()) * jitter(effect.id, attempt)));
    if (error.retry_after) delay = std::max(delay, *error.retry_after);
    return now + delay;
}

std::int64_t rank_of(const casework::CaseState& state, Instant waiting_since) {
    const std::string& priority = state.facts["priority"]["level"].as_string();
    Duration head_start = std::chrono::hours(1);  // Not known yet: between medium and high, so that it becomes known soon.
    if (priority == "high") head_start = std::chrono::hours(4);
    if (priority == "medium") head_start = std::chrono::minutes(30);
    if (priority == "low") head_start = Duration::zero();
    if (state.facts["customer"]["tier"].as_string() == "vip") head_start += std::chrono::hours(24);
    return to_unix_ms(waiting_since - head_start);
}

}  // namespace resolute::engine
