// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/simulation.h"

namespace resolute::sim {

struct RunOptions {
    std::uint64_t first = 1;
    std::uint64_t seeds = 2'000;   ///< at most
    int threads = 1;
    double minutes = 0;            ///< above zero: so long, however many seeds that are
    std::size_t failures_max = 5;  ///< then it stops
    std::filesystem::path stories; ///< where the stories of failures go; empty: nowhere
    /// Lives that began and failures so far, after each life of the calling thread; may be empty.
    std::function<void(std::uint64_t lives, std::size_t failures)> progress = {};
};

struct RunReport {
    std::uint64_t seeds = 0;
    std::uint64_t steps = 0;
    std::uint64_t cases = 0;
    std::uint64_t events = 0;
    std::uint64_t mails = 0;
    Duration lived{};
    double cpu_seconds = 0;
    Coverage coverage;
    std::vector<Outcome> failures;  ///< by seed
};

/// Many lives, on as many threads.
RunReport run_many(const RunOptions& options, const Planted* planted = nullptr);
/// For people: figures, the coverage table, what failed and how to see it again.
std::string describe(const RunReport& report);

}  // namespace resolute::sim
