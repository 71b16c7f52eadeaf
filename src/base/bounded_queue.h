// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace resolute {

/// How threads talk. A full queue makes the producer wait or take less. Threads: any number on both ends.
template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

    /// Waits for room; false once closed.
    bool push(T item) {
        std::unique_lock lock(mutex_);
        has_room_.wait(lock, [this] { return closed_ || items_.size() < capacity_; });
        if (closed_) return false;
        items_.push_back(std::move(item));
        has_items_.notify_one();
        return true;
    }

    /// False where full or closed; never waits.
    bool try_push(T item) {
        std::lock_guard lock(mutex_);
        if (closed_ || items_.size() >= capacity_) return false;
        items_.push_back(std::move(item));
        has_items_.notify_one();
        return true;
    }

    /// Waits for an item; nothing once closed and drained.
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        has_items_.wait(lock, [this] { return closed_ || !items_.empty(); });
        if (items_.empty()) return std::nullopt;
        T item = std::move(items_.front());
        items_.pop_front();
        has_room_.notify_one();
        return item;
    }

    /// Waits for at least one item, then takes all there are (at most `limit`): the batch of a group commit.
    std::vector<T> pop_all(std::size_t limit) {
        std::unique_lock lock(mutex_);
        has_items_.wait(lock, [this] { return closed_ || !items_.empty(); });
        std::vector<T> batch;
        while (!items_.empty() && batch.size() < limit) {
            batch.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        has_room_.notify_all();
        return batch;
    }

    void close() {
        std::lock_guard lock(mutex_);
        closed_ = true;
        has_items_.notify_all();
        has_room_.notify_all();
    }

    [[nodiscard]] std::size_t size() const {
        std::lock_guard lock(mutex_);
        return items_.size();
    }

private:
    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable has_items_;
    std::condition_variable has_room_;
    std::deque<T> items_;
    bool closed_ = false;
};

}  // namespace resolute
