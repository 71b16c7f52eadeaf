// SPDX-License-Identifier: Apache-2.0
#include "connectors/graph/graph_gate.h"

#include <algorithm>

#include <fmt/format.h>

namespace resolute::connectors {
namespace {

constexpr Duration kLook = std::chrono::milliseconds(250);  ///< a virtual clock wakes nobody

}  // namespace

GraphGate::Turn::~Turn() {
    if (gate_ == nullptr) return;
    const std::lock_guard lock(gate_->mutex_);
    --gate_->inside_;
    if (sends_) --gate_->sending_;
    gate_->changed_.notify_all();
}

Result<GraphGate::Turn> GraphGate::enter(bool sends, Deadline deadline) {
    std::unique_lock lock(mutex_);
    while (true) {
        const Duration pause = paused_until_ == Duration::min() ? Duration::zero() : paused_until_ - clock_.monotonic();
        const bool has_room = inside_ < kAtOnceMax && (!sends || sending_ < kSendingMax);
        if (pause <= Duration::zero() && has_room) break;
        // A pause that ends too late is told at once, so that nobody waits for nothing.
        if (pause >= deadline.remaining() || deadline.has_passed()) {
            return std::unexpected(Error{.code = "graph.paced",
                                         .kind = ErrorKind::rate_limited,
                                         .retry_after = std::max(pause, kLook),
                                         .detail = fmt::format("Graph asked for a pause, or the mailbox has {} requests under way; the turn is in {}", inside_,
                                                               format_duration(std::max(pause, kLook)))});
        }
        changed_.wait_for(lock, std::min(kLook, deadline.remaining()));
    }
    ++inside_;
    if (sends) ++sending_;
    return Turn(*this, sends);
}

void GraphGate::pause_until(Duration at) {
    const std::lock_guard lock(mutex_);
    paused_until_ = std::max(paused_until_, at);
}

}  // namespace resolute::connectors
