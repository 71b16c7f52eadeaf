// SPDX-License-Identifier: Apache-2.0
#include "connectors/gmail/gmail_quota.h"

#include <algorithm>
#include <cmath>

namespace resolute::connectors {
namespace {

constexpr double kBurst = 0.25;    ///< of a minute's units may go at once
constexpr double kReserve = 0.1;   ///< of a minute's units a reader leaves
constexpr double kMsAMinute = 60'000;

}  // namespace

Duration GmailQuota::take(std::size_t units, For what, Duration now) {
    const std::lock_guard lock(mutex_);
    if (now < paused_until_) return paused_until_ - now;
    const double full = units_a_minute_ * kBurst;
    if (left_ < 0) left_ = full;
    else left_ = std::min(full, left_ + units_a_minute_ * static_cast<double>((now - as_of_).count()) / kMsAMinute);
    as_of_ = now;
    // What costs more than can ever be saved up goes when all is there.
    const double floor = what == For::reading ? units_a_minute_ * kReserve : 0;
    const double needed = std::min(static_cast<double>(units) + floor, full);
    if (left_ < needed) return Duration(static_cast<std::int64_t>(std::ceil((needed - left_) * kMsAMinute / units_a_minute_)));
    left_ = std::max(0.0, left_ - static_cast<double>(units));
    return Duration::zero();
}

void GmailQuota::pause_until(Duration at) {
    const std::lock_guard lock(mutex_);
    paused_until_ = std::max(paused_until_, at);
}

}  // namespace resolute::connectors
