// SPDX-License-Identifier: Apache-2.0
#include "mailroom/silence.h"

#include <algorithm>

namespace resolute::mailroom {
namespace {

constexpr Duration kSilenceMin = std::chrono::hours(2);
constexpr int kFactor = 3;
constexpr Duration kAround = std::chrono::hours(2);
constexpr int kWeeks = 4;
constexpr Duration kWeek = std::chrono::days(7);

/// The longest time between two mails that reaches into this window.
Duration longest_gap(const std::vector<Instant>& arrivals, Instant from, Instant to) {
    Duration longest{};
    for (std::size_t i = 1; i < arrivals.size() && arrivals[i - 1] < to; ++i)
        if (arrivals[i] > from) longest = std::max(longest, Duration(arrivals[i] - arrivals[i - 1]));
    return longest;
}

}  // namespace

bool Silence::is_alarming() const { return lasts > std::max(kSilenceMin, usual * kFactor); }

std::optional<Silence> judge_silence(const std::vector<Instant>& arrivals, Instant now) {
    if (arrivals.empty() || now - arrivals.front() < kSilenceLearntFrom) return std::nullopt;
    Silence silence{.lasts = now - arrivals.back()};
    for (int week = 1; week <= kWeeks; ++week) {
        const Instant then = now - kWeek * week;
        silence.usual = std::max(silence.usual, longest_gap(arrivals, then - kAround, then + kAround));
    }
    return silence;
}

}  // namespace resolute::mailroom
