// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/sim/bugs/bugs.h"
#include "tests/sim/runs.h"

/// Plants one bug after another and simulates until it is found. Fails where one is not: then the simulator is blind there.
int main(int argc, char** argv) {
    using namespace resolute::sim;
    std::uint64_t seeds = 10'000;
    int threads = 2;
    std::string only;
    CLI::App app("planted bugs, and how many simulated lives it takes to find them");
    app.add_option("--seeds", seeds, "at most so many for each");
    app.add_option("--threads", threads, "how many lives at once");
    app.add_option("--only", only, "one bug, by name");
    CLI11_PARSE(app, argc, argv);
    int missed = 0;
    int count = 0;
    fmt::print("{:<38}{:>10}{:>8}  seen by\n", "planted bug", "expected", "seeds");
    for (const Planted& bug : all_bugs()) {
        if (!only.empty() && bug.name != only) continue;
        ++count;
        switch_on(bug.patch);
        const RunReport report =
            run_many({.first = 1, .seeds = seeds, .threads = threads, .minutes = 0, .failures_max = 1, .stories = {}}, &bug);
        switch_on({});
        if (report.failures.empty()) {
            ++missed;
            fmt::print("{:<38}{:>10}{:>8}  NOT FOUND\n", bug.name, bug.invariant, report.seeds);
            continue;
        }
        const Outcome& found = report.failures.front();
        fmt::print("{:<38}{:>10}{:>8}  {}\n", bug.name, bug.invariant, found.seed, found.violations.front().invariant);
        std::fflush(stdout);
    }
    fmt::print("{} planted bugs, {} not found\n", count, missed);
    return missed == 0 ? 0 : 1;
}
