// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "base/time.h"

namespace resolute::connectors {

/// What one mailbox may ask of Gmail: so many quota units a minute, spent evenly, and a pause where the service asked for one. One for each
/// mailbox, shared by what reads it and what sends from it; a reader leaves a reserve, so that a long back-fill holds up no answer.
/// Units: developers.google.com/workspace/gmail/api/reference/quota. Pure but for the lock: the time, of a clock that never jumps, is an
/// argument. Threads: any.
class GmailQuota {
public:
    enum class For { reading, sending };

    explicit GmailQuota(std::size_t units_a_minute) : units_a_minute_(static_cast<double>(units_a_minute)) {}

    /// How long to wait and ask again; zero: go, and it is counted.
    Duration take(std::size_t units, For what, Duration now);
    /// Nobody goes before then. A shorter pause does not end a longer one.
    void pause_until(Duration at);

private:
    const double units_a_minute_;
    std::mutex mutex_;
    double left_ = -1;  // Guarded by the mutex, as all below. Negative: never asked.
    Duration as_of_{};
    Duration paused_until_ = Duration::min();
};

/// What the methods cost.
namespace gmail_units {
inline constexpr std::size_t profile = 1, history = 2, list = 5, get = 20, create_draft = 10, delete_draft = 10, send_draft = 100;
inline constexpr std::size_t labels = 1;
}  // namespace gmail_units

}  // namespace resolute::connectors
