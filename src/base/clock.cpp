// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

namespace resolute {

Instant SystemClock::now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

void VirtualClock::advance_to(Instant at) {
    std::int64_t seen = now_ms_.load();
    const std::int64_t wanted = to_unix_ms(at);
    while (seen < wanted && !now_ms_.compare_exchange_weak(seen, wanted)) {
    }
}

Deadline Deadline::in(Duration budget) { return Deadline(std::chrono::steady_clock::now() + budget); }

Deadline Deadline::never() { return Deadline(std::chrono::steady_clock::time_point::max()); }

Duration Deadline::remaining() const {
    if (at_ == std::chrono::steady_clock::time_point::max()) return Duration::max();
    const auto left = std::chrono::duration_cast<Duration>(at_ - std::chrono::steady_clock::now());
    return left < Duration::zero() ? Duration::zero() : left;
}

double monotonic_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace resolute
