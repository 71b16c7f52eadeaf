// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "base/clock.h"

namespace resolute::sim {

/// The clocks of the simulated machine: true time only goes forward, and the monotonic clock with it; the wall clock, which the
/// program reads, may jump.
class SimClock final : public Clock {
public:
    explicit SimClock(Instant start) : start_(start), true_now_(start) {}

    [[nodiscard]] Instant now() const override { return true_now_ + offset_; }
    [[nodiscard]] Duration monotonic() const override { return true_now_ - start_; }
    // Nobody waits for it in real time; but the engine shall distrust it as it does a machine's own.
    [[nodiscard]] bool is_virtual() const override { return false; }

    [[nodiscard]] Instant true_now() const { return true_now_; }
    [[nodiscard]] Instant true_of(Instant wall) const { return wall - offset_; }
    [[nodiscard]] Instant start() const { return start_; }
    void advance_to(Instant true_at) { true_now_ = std::max(true_now_, true_at); }
    void advance(Duration by) { true_now_ += by; }
    /// How far the wall clock is off from now on.
    void set_wall_off_by(Duration offset) { offset_ = offset; }
    [[nodiscard]] Duration offset() const { return offset_; }

private:
    const Instant start_;
    Instant true_now_;
    Duration offset_{};
};

}  // namespace resolute::sim
