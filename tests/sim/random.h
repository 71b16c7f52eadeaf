// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace resolute::sim {

/// The only source of chance in a simulated life: the same seed gives the same life, on every machine. SplitMix64.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// 0 … n-1
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
    /// Both ends included.
    int between(int low, int high) { return low + below(high - low + 1); }
    Duration between(Duration low, Duration high) {
        if (high <= low) return low;
        return low + Duration(static_cast<std::int64_t>(next() % static_cast<std::uint64_t>((high - low).count() + 1)));
    }
    bool chance(double probability) { return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability; }
    template <class T>
    const T& pick(const std::vector<T>& from) { return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))]; }
    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[static_cast<std::size_t>(below(static_cast<int>(i)))]);
    }
    /// A stream of its own: what one part draws does not move what the others draw.
    Random fork(std::uint64_t name) { return Random(state_ ^ (0x2545f4914f6cdd1dULL * (name + 1))); }

private:
    std::uint64_t state_;
};

}  // namespace resolute::sim
