// SPDX-License-Identifier: Apache-2.0
#include "connectors/smtp/pace.h"

#include <algorithm>

namespace resolute::connectors {

namespace {
constexpr Duration kMinute = std::chrono::minutes(1);
}

Duration Pace::take(Duration now) {
    if (is_paused(now)) return paused_until_ - now;
    if (a_minute_max_ == 0) return Duration::zero();
    if (now < next_) return next_ - now;
    next_ = now + kMinute / static_cast<Duration::rep>(a_minute_max_);
    return Duration::zero();
}

void Pace::pause_until(Duration at) {
    paused_until_ = std::max(paused_until_, at);
}

}  // namespace resolute::connectors
