// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/sim/runs.h"

namespace resolute::sim {
namespace {

/// RESOLUTE_SIM_SEEDS changes how many lives the ordinary test run simulates.
std::uint64_t seeds_wanted() {
    const char* wanted = std::getenv("RESOLUTE_SIM_SEEDS");
    return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 2'000;
}

TEST(Simulator, TwoThousandLivesBreakNoInvariantAndMeetEveryFault) {
    RunOptions options;
    options.seeds = seeds_wanted();
    options.threads = static_cast<int>(std::min(4u, std::max(1u, std::thread::hardware_concurrency())));
    options.stories = "sim-failures";
    options.failures_max = options.seeds;
    const RunReport report = run_many(options);
    EXPECT_TRUE(report.failures.empty()) << describe(report);
    EXPECT_EQ(report.seeds, options.seeds);
    EXPECT_GE(report.cases, 20 * report.seeds * 9 / 10) << "the lives are too small to say much";
    EXPECT_GE(report.steps, 1'000 * report.seeds);
    if (report.seeds < 1'000) return;
    for (const std::string& cell : report.coverage.missing()) ADD_FAILURE() << "not covered: " << cell;
}

TEST(Simulator, TheSameSeedIsTheSameLife) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Outcome first = simulate(seed);
        const Outcome second = simulate(seed);
        EXPECT_EQ(first.digest, second.digest) << seed;
        EXPECT_EQ(first.steps, second.steps) << seed;
    }
}

}  // namespace
}  // namespace resolute::sim
