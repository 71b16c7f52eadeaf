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
    while (!taken_.empty() && taken_.front() + kMinute <= now) taken_.pop_front();
    if (taken_.size() >= a_minute_max_) return taken_.front() + kMinute - now;
    taken_.push_back(now);
    return Duration::zero();
}

void Pace::pause_until(Duration at) {
    paused_until_ = std::max(paused_until_, at);
}

}  // namespace resolute::connectors
