// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <algorithm>
#include <limits>

namespace resolute {

namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t machine_ms() { return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

Instant SystemClock::now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Duration SystemClock::monotonic() const { return Duration{machine_ms()}; }

void VirtualClock::advance_to(Instant at) {
    std::int64_t seen = now_ms_.load();
    const std::int64_t wanted = to_unix_ms(at);
    while (seen < wanted && !now_ms_.compare_exchange_weak(seen, wanted)) {
    }
    if (seen < wanted) monotonic_ms_ += wanted - seen;
}

Deadline Deadline::in(Duration budget) { return {machine_ms() + budget.count(), nullptr, nullptr}; }

Deadline Deadline::in(Duration budget, const Clock& clock, const std::atomic<std::int64_t>& limit) {
    return {(clock.monotonic() + budget).count(), &clock, &limit};
}

Deadline Deadline::never() { return {kNever, nullptr, nullptr}; }

Duration Deadline::remaining() const {
    const std::int64_t at = limit_ != nullptr ? std::min(at_ms_, limit_->load()) : at_ms_;
    if (at == kNever) return Duration::max();
    const std::int64_t now = clock_ != nullptr ? clock_->monotonic().count() : machine_ms();
    return Duration{std::max<std::int64_t>(0, at - now)};
}

double monotonic_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace resolute
