// SPDX-License-Identifier: Apache-2.0
#include "engine/dispatcher.h"

#include <algorithm>
#include <tuple>

#include "engine/store.h"

namespace resolute::engine {
namespace {
constexpr Duration kOpenForMax = std::chrono::minutes(15);
}

Dispatcher::Dispatcher(std::size_t queue_max, std::map<std::string, Bulkhead, std::less<>> bulkheads)
    : queue_max_(queue_max), bulkheads_(std::move(bulkheads)) {}

bool Dispatcher::Order::operator()(const EffectTicket& a, const EffectTicket& b) const {
    return std::tie(a.rank, a.effect.planned_at, a.effect.id) < std::tie(b.rank, b.effect.planned_at, b.effect.id);
}

Dispatcher::Lane& Dispatcher::lane(const std::string& integration) {
    const auto [found, is_new] = lanes_.try_emplace(integration);
    if (is_new) {
        const auto limits = bulkheads_.find(integration);
        if (limits != bulkheads_.end()) found->second.limits = limits->second;
        found->second.open_for = found->second.limits.open_for;
    }
    return found->second;
}

void Dispatcher::put(EffectTicket ticket) {
    Lane& target = lane(ticket.effect.integration);
    target.waiting.insert(std::move(ticket));
    ++queued_;
    ++generation_;
}

void Dispatcher::offer(EffectTicket ticket) {
    std::lock_guard lock(mutex_);
    put(std::move(ticket));
    changed_.notify_one();
}

void Dispatcher::offer(std::vector<EffectTicket>&& tickets) {
    if (tickets.empty()) return;
    std::lock_guard lock(mutex_);
    for (EffectTicket& ticket : tickets) put(std::move(ticket));
    if (tickets.size() == 1)
        changed_.notify_one();
    else
        changed_.notify_all();
    tickets.clear();
}

/// As `take` sees it, but for breakers that may try again by now.
bool Dispatcher::has_takeable() const {
    return std::any_of(lanes_.begin(), lanes_.end(), [this](const auto& entry) {
        const Lane& lane = entry.second;
        if (lane.waiting.empty() || lane.running >= lane.limits.running_max || lane.open_until) return false;
        return !was_frozen_ || std::any_of(lane.waiting.begin(), lane.waiting.end(),
                                           [](const EffectTicket& ticket) { return !is_remembered(ticket.effect.effect_class); });
    });
}

std::optional<EffectTicket> Dispatcher::take(Instant now, bool is_frozen) {
    std::lock_guard lock(mutex_);
    was_frozen_ = is_frozen;
    Lane* best = nullptr;
    std::multiset<EffectTicket, Order>::iterator best_ticket;
    for (auto& [name, candidate] : lanes_) {
        if (candidate.waiting.empty() || candidate.running >= candidate.limits.running_max) continue;
        // An open breaker lets one call try when its time has come.
        if (candidate.open_until && (*candidate.open_until > now || candidate.running > 0)) continue;
        const auto first = std::find_if(candidate.waiting.begin(), candidate.waiting.end(), [&](const EffectTicket& ticket) {
            return !is_frozen || !is_remembered(ticket.effect.effect_class);
        });
        if (first == candidate.waiting.end()) continue;
        if (best != nullptr && !Order{}(*first, *best_ticket)) continue;
        best = &candidate;
        best_ticket = first;
    }
    if (best == nullptr) return std::nullopt;
    EffectTicket ticket = std::move(best->waiting.extract(best_ticket).value());
    ++best->running;
    --queued_;
    return ticket;
}

std::vector<EffectTicket> Dispatcher::clear() {
    std::lock_guard lock(mutex_);
    std::vector<EffectTicket> dropped;
    for (auto& [name, lane] : lanes_)
        while (!lane.waiting.empty()) dropped.push_back(std::move(lane.waiting.extract(lane.waiting.begin()).value()));
    queued_ = 0;
    return dropped;
}

std::vector<EffectTicket> Dispatcher::drop(const std::unordered_set<EffectId>& ids) {
    std::lock_guard lock(mutex_);
    std::vector<EffectTicket> dropped;
    for (auto& [name, lane] : lanes_) {
        for (auto ticket = lane.waiting.begin(); ticket != lane.waiting.end();) {
            const auto next = std::next(ticket);
            if (ids.contains(ticket->effect.id)) dropped.push_back(std::move(lane.waiting.extract(ticket).value()));
            ticket = next;
        }
    }
    queued_ -= dropped.size();
    return dropped;
}

void Dispatcher::look_first() {
    std::lock_guard lock(mutex_);
    for (auto& [name, lane] : lanes_) {
        std::multiset<EffectTicket, Order> changed;
        while (!lane.waiting.empty()) {
            EffectTicket ticket = std::move(lane.waiting.extract(lane.waiting.begin()).value());
            if (ticket.effect.effect_class == procedure::EffectClass::mails) ticket.looks_first = true;
            changed.insert(std::move(ticket));
        }
        lane.waiting = std::move(changed);
    }
    ++generation_;
    changed_.notify_all();
}

Dispatcher::Change Dispatcher::finished(const std::string& integration, bool is_healthy, Instant now) {
    std::lock_guard lock(mutex_);
    Lane& target = lane(integration);
    --target.running;
    ++generation_;
    if (!target.waiting.empty()) changed_.notify_one();  // For those that its bulkhead held back.
    if (is_healthy) {
        const bool was_open = target.open_until.has_value();
        target.failures = 0;
        target.open_until.reset();
        target.open_for = target.limits.open_for;
        return was_open ? Change::closed : Change::none;
    }
    ++target.failures;
    if (target.open_until && now < *target.open_until) return Change::none;  // Begun before the breaker opened: no news.
    if (target.open_until) {  // The probe failed too.
        target.open_for = std::min(target.open_for * 2, kOpenForMax);
        target.open_until = now + target.open_for;
        return Change::none;
    }
    if (target.failures < target.limits.failures_to_open) return Change::none;
    target.open_until = now + target.open_for;
    return Change::opened;
}

bool Dispatcher::has_room() const {
    std::lock_guard lock(mutex_);
    return queued_ < queue_max_;
}

std::size_t Dispatcher::queued() const {
    std::lock_guard lock(mutex_);
    return queued_;
}

std::optional<Instant> Dispatcher::next_probe() const {
    std::lock_guard lock(mutex_);
    std::optional<Instant> earliest;
    for (const auto& [name, candidate] : lanes_) {
        if (candidate.waiting.empty() || !candidate.open_until) continue;
        if (!earliest || *candidate.open_until < *earliest) earliest = candidate.open_until;
    }
    return earliest;
}

void Dispatcher::wait(Duration at_most) {
    std::unique_lock lock(mutex_);
    if (has_takeable()) return;  // It came between the last look and now.
    const std::uint64_t seen = generation_;
    changed_.wait_for(lock, at_most, [&] { return stopped_ || generation_ != seen; });
}

void Dispatcher::wake() {
    std::lock_guard lock(mutex_);
    ++generation_;
    changed_.notify_all();
}

void Dispatcher::stop() {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
}

}  // namespace resolute::engine
