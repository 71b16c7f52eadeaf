// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/clock.h"
#include "tests/sim/runs.h"

constexpr double kTellEverySeconds = 30;

/// Many simulated lives; fails where an invariant was violated, or where the run was too tame to say anything.
int main(int argc, char** argv) {
    using namespace resolute::sim;
    RunOptions options{.first = 1, .seeds = 2'000, .threads = 2, .minutes = 0, .failures_max = 5, .stories = "sim-failures"};
    bool is_quiet = false;
    bool checks_again = false;
    bool tells_digests = false;
    std::uint64_t vacuous_below = 1'000;
    CLI::App app("simulated lives of Resolute");
    app.add_option("--seeds", options.seeds, "how many");
    app.add_option("--first", options.first, "the first seed");
    app.add_option("--threads", options.threads, "how many at once");
    app.add_option("--minutes", options.minutes, "instead of --seeds: how long");
    app.add_option("--failures", options.failures_max, "stop after so many failures");
    app.add_option("--stories", options.stories, "folder for the stories of failures");
    app.add_option("--coverage-from", vacuous_below, "ask for full coverage from so many seeds on");
    app.add_flag("--no-table", is_quiet, "no coverage table");
    app.add_flag("--twice", checks_again, "each seed twice: the second must be the first again");
    app.add_flag("--digests", tells_digests, "one line for each seed: whether two builds live the same lives");
    CLI11_PARSE(app, argc, argv);
    if (checks_again) {
        for (std::uint64_t seed = options.first; seed < options.first + options.seeds; ++seed)
            if (simulate(seed).digest != simulate(seed).digest) {
                fmt::print("seed {} is not the same twice\n", seed);
                return 1;
            }
        return 0;
    }
    if (tells_digests) {
        for (std::uint64_t seed = options.first; seed < options.first + options.seeds; ++seed) {
            const Outcome life = simulate(seed);
            fmt::print("{} {:016x} {} steps, {} violations\n", seed, life.digest, life.steps, life.violations.size());
        }
        return 0;
    }
    double told_at = resolute::monotonic_seconds();
    options.progress = [&](std::uint64_t lives, std::size_t failures) {
        if (resolute::monotonic_seconds() - told_at < kTellEverySeconds) return;
        told_at = resolute::monotonic_seconds();
        fmt::print(stderr, "{} lives, {} failures\n", lives, failures);
    };
    const RunReport report = run_many(options);
    fmt::print("{}", describe(report));
    if (!is_quiet) fmt::print("\n{}", report.coverage.table());
    if (!report.failures.empty()) return 1;
    if (report.seeds < vacuous_below) return 0;
    const auto missing = report.coverage.missing();
    for (const std::string& cell : missing) fmt::print("not covered: {}\n", cell);
    return missing.empty() ? 0 : 1;
}
