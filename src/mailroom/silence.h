// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"

namespace resolute::mailroom {

struct Silence {
    Duration lasts{};  ///< since the last mail
    Duration usual{};  ///< the longest that there was around this hour of this weekday in the last four weeks
    /// More than three times what was usual, and more than two hours.
    [[nodiscard]] bool is_alarming() const;
    friend bool operator==(const Silence&, const Silence&) = default;
};

inline constexpr Duration kSilenceLearntFrom = std::chrono::days(28);

/// `arrivals`, the earliest first. Nothing where they do not go back for four weeks: then nobody knows what is usual. Pure.
std::optional<Silence> judge_silence(const std::vector<Instant>& arrivals, Instant now);

}  // namespace resolute::mailroom
