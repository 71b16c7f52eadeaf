// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/sim/bugs/bugs.h"
#include "tests/sim/procedures.h"
#include "tests/sim/simulation.h"

namespace {

using namespace resolute::sim;

bool sees(const Outcome& outcome, const std::string& invariant) {
    return std::ranges::any_of(outcome.violations, [&](const Violation& violation) { return violation.invariant.starts_with(invariant + " "); });
}

/// The first seed in which the planted bug breaks the invariant that is there to see it, while the same life without it does not.
std::uint64_t find(const Planted& bug, std::uint64_t seeds, int threads) {
    for (std::uint64_t first = 1; first <= seeds;) {
        std::atomic<std::uint64_t> next{first};
        std::atomic<std::uint64_t> found{seeds + 1};
        switch_on(bug.patch);
        const auto look = [&] {
            for (std::uint64_t seed = next++; seed <= seeds && seed < found; seed = next++) {
                if (!sees(simulate(seed, &bug), bug.invariant)) continue;
                std::uint64_t before = found;
                while (seed < before && !found.compare_exchange_weak(before, seed)) {
                }
            }
        };
        std::vector<std::jthread> others;
        for (int i = 1; i < threads; ++i) others.emplace_back(look);
        look();
        others.clear();
        switch_on({});
        if (found > seeds) return 0;
        if (!sees(simulate(found), bug.invariant)) return found;
        first = found + 1;
    }
    return 0;
}

}  // namespace

/// Plants one bug after another and simulates until it is found. Fails where one is not: then the simulator is blind there.
int main(int argc, char** argv) {
    std::uint64_t seeds = 10'000;
    int threads = 2;
    std::string only;
    CLI::App app("planted bugs, and how many simulated lives it takes to find them");
    app.add_option("--seeds", seeds, "at most so many for each");
    app.add_option("--threads", threads, "how many lives at once");
    app.add_option("--only", only, "one bug, by name");
    CLI11_PARSE(app, argc, argv);
    static_cast<void>(changed_procedure());  // Read once, before there are threads.
    int missed = 0;
    int count = 0;
    fmt::print("{:<38}{:>14}{:>8}\n", "planted bug", "seen by", "seeds");
    for (const Planted& bug : all_bugs()) {
        if (!only.empty() && bug.name != only) continue;
        ++count;
        const std::uint64_t found = find(bug, seeds, threads);
        missed += found == 0;
        fmt::print("{:<38}{:>14}{:>8}\n", bug.name, bug.invariant, found == 0 ? "NOT" : std::to_string(found));
        std::fflush(stdout);
    }
    fmt::print("{} planted bugs, {} not found\n", count, missed);
    return missed == 0 ? 0 : 1;
}
