// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/time.h"
#include "engine/effect_runner.h"

namespace resolute::engine {

/// What one integration may take of us, so that a slow or broken one hurts nobody else.
struct Bulkhead {
    int running_max = 8;               ///< calls at once
    int failures_to_open = 5;          ///< in a row; then the breaker opens
    Duration open_for = std::chrono::seconds(30);  ///< then one call may try; doubled while it fails, to at most 15 minutes
};

/// The queue of claimed effects: the best rank first, within each integration's bulkhead. Threads: any.
class Dispatcher {
public:
    Dispatcher(std::size_t queue_max, std::map<std::string, Bulkhead, std::less<>> bulkheads);

    void offer(EffectTicket ticket);
    /// Many at once: those who wait are woken once.
    void offer(std::vector<EffectTicket>&& tickets);
    /// The best ticket that may run now; it counts as running until `finished`. While frozen, nothing that is remembered (store.h).
    std::optional<EffectTicket> take(Instant now, bool is_frozen = false);
    /// Empties the queue.
    std::vector<EffectTicket> clear();
    /// Takes these out of the queue.
    std::vector<EffectTicket> drop(const std::unordered_set<EffectId>& ids);
    /// Mails that wait here look whether they went out before they go.
    void look_first();

    enum class Change { none, opened, closed };
    /// `is_healthy`: the integration answered (a refusal is an answer).
    Change finished(const std::string& integration, bool is_healthy, Instant now);

    [[nodiscard]] bool has_room() const;
    [[nodiscard]] std::size_t queued() const;
    /// When an open breaker lets the next call try, where tickets wait for it.
    [[nodiscard]] std::optional<Instant> next_probe() const;

    /// Until there may be something to take, or the time is over.
    void wait(Duration at_most);
    void wake();
    void stop();

private:
    struct Order {
        bool operator()(const EffectTicket& a, const EffectTicket& b) const;
    };
    struct Lane {
        Bulkhead limits;
        std::multiset<EffectTicket, Order> waiting;
        int running = 0;
        int failures = 0;
        std::optional<Instant> open_until;
        Duration open_for{};
    };
    Lane& lane(const std::string& integration);
    void put(EffectTicket ticket);
    [[nodiscard]] bool has_takeable() const;

    const std::size_t queue_max_;
    const std::map<std::string, Bulkhead, std::less<>> bulkheads_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Lane> lanes_;
    std::size_t queued_ = 0;
    std::uint64_t generation_ = 0;
    bool stopped_ = false;
    bool was_frozen_ = false;  // When somebody took last.
};

}  // namespace resolute::engine
