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
    /// Since some moment of the past; never jumps. What leases and deadlines go by. Threads: any.
    [[nodiscard]] virtual Duration monotonic() const = 0;
    /// True where time moves only by `VirtualClock::advance_to`: nobody may wait for it in real time.
    [[nodiscard]] virtual bool is_virtual() const { return false; }
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] Duration monotonic() const override;
};

/// A clock that stands still until told otherwise; for time travel, tests and the simulator. Threads: any.
class VirtualClock final : public Clock {
public:
    explicit VirtualClock(Instant start) : now_ms_(to_unix_ms(start)) {}
    [[nodiscard]] Instant now() const override { return from_unix_ms(now_ms_.load()); }
    [[nodiscard]] Duration monotonic() const override { return Duration{monotonic_ms_.load()}; }
    [[nodiscard]] bool is_virtual() const override { return true; }
    /// Moves forward; an earlier moment changes nothing.
    void advance_to(Instant at);
    void advance(Duration by) { advance_to(now() + by); }
    /// The wall clock is set, forward or back; the monotonic clock does not notice.
    void jump(Duration by) { now_ms_ += by.count(); }

private:
    std::atomic<std::int64_t> now_ms_;
    std::atomic<std::int64_t> monotonic_ms_{0};
};

/// One budget for a whole call tree, on the monotonic clock. The last parameter of every call that can wait, and looked at once
/// more before what cannot be taken back.
class Deadline {
public:
    static Deadline in(Duration budget);
    /// By this clock, and not beyond `limit` (milliseconds of its monotonic time): a lease, which may be lengthened or end meanwhile.
    /// Both outlive the deadline.
    static Deadline in(Duration budget, const Clock& clock, const std::atomic<std::int64_t>& limit);
    static Deadline never();
    /// Zero when it has passed.
    [[nodiscard]] Duration remaining() const;
    [[nodiscard]] bool has_passed() const { return remaining() <= Duration::zero(); }

private:
    Deadline(std::int64_t at_ms, const Clock* clock, const std::atomic<std::int64_t>* limit) : at_ms_(at_ms), clock_(clock), limit_(limit) {}
    std::int64_t at_ms_;
    const Clock* clock_;  // Nothing: the machine's.
    const std::atomic<std::int64_t>* limit_;
};

/// Monotonic seconds, for measuring how long something took. Never stored, never compared between machines.
double monotonic_seconds();

}  // namespace resolute
