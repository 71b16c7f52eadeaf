// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/time.h"

namespace resolute::connectors {

/// At most so many in each minute, evenly: who comes too early waits for a moment, not for the minute's end. And a pause where the other side
/// asked for one.
/// Pure: the time, of a clock that never jumps, is an argument. Threads: one at a time.
class Pace {
public:
    /// 0: no limit.
    explicit Pace(std::size_t a_minute_max) : a_minute_max_(a_minute_max) {}

    /// How long to wait; zero: go, and it is counted.
    Duration take(Duration now);
    /// Nobody goes before then. A shorter pause does not end a longer one.
    void pause_until(Duration at);
    [[nodiscard]] bool is_paused(Duration now) const { return now < paused_until_; }

private:
    const std::size_t a_minute_max_;
    Duration next_ = Duration::min();
    Duration paused_until_ = Duration::min();
};

}  // namespace resolute::connectors
