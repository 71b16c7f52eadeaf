// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "base/time.h"

namespace resolute {

/// Where time comes from. Loops take a `Clock&`; pure code takes an `Instant`.
class Clock {
public:
    virtual ~Clock() = default;
    /// Wall-clock time. Threads: any.
    [[nodiscard]] virtual Instant now() const = 0;
    /// True where time moves only by `VirtualClock::advance_to`: nobody may wait for it in real time.
    [[nodiscard]] virtual bool is_virtual() const { return false; }
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
};

/// A clock that stands still until told otherwise; for time travel, tests and the simulator. Threads: any.
class VirtualClock final : public Clock {
public:
    explicit VirtualClock(Instant start) : now_ms_(to_unix_ms(start)) {}
    [[nodiscard]] Instant now() const override { return from_unix_ms(now_ms_.load()); }
    [[nodiscard]] bool is_virtual() const override { return true; }
    /// Moves forward; an earlier moment changes nothing.
    void advance_to(Instant at);
    void advance(Duration by) { advance_to(now() + by); }

private:
    std::atomic<std::int64_t> now_ms_;
};

/// One budget for a whole call tree, on the monotonic clock. The last parameter of every call that can wait.
class Deadline {
public:
    static Deadline in(Duration budget);
    static Deadline never();
    /// Zero when it has passed.
    [[nodiscard]] Duration remaining() const;
    [[nodiscard]] bool has_passed() const { return remaining() <= Duration::zero(); }

private:
    explicit Deadline(std::chrono::steady_clock::time_point at) : at_(at) {}
    std::chrono::steady_clock::time_point at_;
};

/// Monotonic seconds, for measuring how long something took. Never stored, never compared between machines.
double monotonic_seconds();

}  // namespace resolute
