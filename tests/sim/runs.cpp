// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/runs.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/file.h"
#include "tests/sim/procedures.h"
#include "tests/sim/story.h"

namespace resolute::sim {
namespace {

double thread_seconds() {
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

}  // namespace

RunReport run_many(const RunOptions& options, const Planted* planted) {
    static_cast<void>(changed_procedure());  // Read once, before there are threads.
    RunReport report;
    std::mutex mutex;
    std::atomic<std::uint64_t> next{options.first};
    std::atomic<std::size_t> failures{0};
    const double until = monotonic_seconds() + options.minutes * 60;
    const auto work = [&](bool tells) {
        const double began = thread_seconds();
        RunReport mine;
        while (failures < options.failures_max && (options.minutes <= 0 || monotonic_seconds() < until)) {
            const std::uint64_t seed = next++;
            if (options.minutes <= 0 && seed >= options.first + options.seeds) break;
            Outcome outcome = simulate(seed, planted);
            ++mine.seeds;
            mine.steps += outcome.steps;
            mine.cases += outcome.cases;
            mine.events += outcome.events;
            mine.mails += outcome.mails_delivered;
            mine.lived += outcome.lived;
            mine.coverage.add(outcome.coverage);
            if (tells && options.progress) options.progress(next - options.first, failures);
            if (outcome.violations.empty()) continue;
            ++failures;
            mine.failures.push_back(std::move(outcome));
        }
        mine.cpu_seconds = thread_seconds() - began;
        const std::lock_guard lock(mutex);
        report.seeds += mine.seeds;
        report.steps += mine.steps;
        report.cases += mine.cases;
        report.events += mine.events;
        report.mails += mine.mails;
        report.lived += mine.lived;
        report.cpu_seconds += mine.cpu_seconds;
        report.coverage.add(mine.coverage);
        std::ranges::move(mine.failures, std::back_inserter(report.failures));
    };
    std::vector<std::jthread> threads;
    for (int i = 1; i < options.threads; ++i) threads.emplace_back(work, false);
    work(true);
    threads.clear();
    std::ranges::sort(report.failures, {}, &Outcome::seed);
    if (options.stories.empty() || report.failures.empty()) return report;
    ignore_error(file::make_directories(options.stories), "the report names the seeds too");
    for (const Outcome& failure : report.failures)
        ignore_error(file::write_durably(options.stories / fmt::format("seed-{}.txt", failure.seed), failure.story), "the report names the seed too");
    return report;
}

std::string describe(const RunReport& report) {
    const double per_seed = static_cast<double>(std::max<std::uint64_t>(report.seeds, 1));
    std::string text = fmt::format(
        "{} seeds of {}: {} engine steps ({:.0f} a seed), {} cases ({:.1f} a seed), {} journal events, {} mails delivered, {:.0f} days lived\n"
        "{:.1f} s of processor time: {:.0f} steps/s/core, {:.1f} seeds/s/core\n",
        report.seeds, built_from(), report.steps, static_cast<double>(report.steps) / per_seed, report.cases,
        static_cast<double>(report.cases) / per_seed, report.events, report.mails,
        static_cast<double>(std::chrono::duration_cast<std::chrono::hours>(report.lived).count()) / 24.0, report.cpu_seconds,
        static_cast<double>(report.steps) / std::max(report.cpu_seconds, 1e-9), per_seed / std::max(report.cpu_seconds, 1e-9));
    for (const Outcome& failure : report.failures) {
        text += fmt::format("\nseed {} FAILED; replay: resolute_sim --seeds 1 --first {}\n", failure.seed, failure.seed);
        for (const Violation& violation : failure.violations)
            text += fmt::format("  {}: {} {}\n", violation.invariant, violation.detail, violation.case_id.value());
    }
    return text;
}

}  // namespace resolute::sim
