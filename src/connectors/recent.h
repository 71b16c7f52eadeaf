// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/id.h"

namespace resolute::connectors {

/// What is known of effects under way, by effect: a convenience, so that nothing is asked twice. What falls out of it, or is lost with
/// the program, is searched for at the service. At most so many are kept; of more, the first by key goes.
/// Threads: any.
template <class T>
class Recent {
public:
    explicit Recent(std::size_t most = 10'000) : most_(most) {}

    [[nodiscard]] std::optional<T> find(const EffectId& effect) const {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(effect.value());
        return found == known_.end() ? std::nullopt : std::optional<T>(found->second);
    }
    void put(const EffectId& effect, T known) {
        const std::lock_guard lock(mutex_);
        if (known_.size() >= most_) known_.erase(known_.begin());
        known_.insert_or_assign(effect.value(), std::move(known));
    }
    void drop(const EffectId& effect) {
        const std::lock_guard lock(mutex_);
        known_.erase(effect.value());
    }

private:
    const std::size_t most_;
    mutable std::mutex mutex_;
    std::map<std::string, T> known_;  // Guarded by the mutex.
};

}  // namespace resolute::connectors
