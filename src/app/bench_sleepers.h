// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/bench_database.h"

/// Cases that sleep: what they cost while nothing happens, and whether they wake in time.
namespace resolute::app {

struct SleeperReport {
    std::string database;
    std::size_t cases = 0;
    double made_per_s = 0;
    double bytes_per_case = 0;
    // By a program of its own, started on the finished database:
    double first_work_s = 0;   ///< from the start of the process to the first due timer's durable commit
    double memory_mb = 0;      ///< with all asleep
    double due_per_s = 0;      ///< as asked for
    double woken_per_s = 0;
    double late_p50_ms = 0;    ///< from the moment a timer is due to its durable commit
    double late_p99_ms = 0;
    double others_cpu_pct = 0;
};

/// Makes so many cases through the engine: each has done two steps and sleeps on three timers, 30, 60 and 90 days away. Then starts
/// `program` on them (run_sleeper_probe).
Result<SleeperReport> measure_sleepers(const BenchPlace& place, std::size_t cases, const std::filesystem::path& program);

/// What that program does: wakes what is due already, looks at its memory, then opens cases whose first timer comes after some
/// seconds, 500 each second, and watches how late they wake. One object of JSON for measure_sleepers.
Result<json::Value> run_sleeper_probe(const std::string& database, const std::filesystem::path& key, double process_started);

}  // namespace resolute::app
