// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "base/result.h"

namespace resolute::connectors {

/// How much of one mailbox may be asked for at once: Outlook's service takes four requests of one program at a time for a mailbox, and one of them
/// is left to whoever reads (learn.microsoft.com/graph/throttling-limits). And a pause where the service asked for one. One for each mailbox.
/// Threads: any.
class GraphGate {
public:
    static constexpr int kAtOnceMax = 4;
    static constexpr int kSendingMax = 3;

    explicit GraphGate(const Clock& clock) : clock_(clock) {}

    /// One request's turn; it ends with the object.
    class Turn {
    public:
        Turn(GraphGate& gate, bool sends) : gate_(&gate), sends_(sends) {}
        Turn(Turn&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), sends_(other.sends_) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn();

    private:
        GraphGate* gate_;
        bool sends_;
    };
    /// `graph.paced` (rate_limited, not sent) where the turn does not come in time.
    Result<Turn> enter(bool sends, Deadline deadline);
    /// Nobody goes before then, by the monotonic clock. A shorter pause does not end a longer one.
    void pause_until(Duration at);

private:
    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;   // Guarded by the mutex, as the next.
    int sending_ = 0;
    Duration paused_until_ = Duration::min();
};

}  // namespace resolute::connectors
