// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "app/bench_database.h"
#include "app/bench_floor.h"

namespace resolute::app {

struct BenchOptions {
    BenchPlace place;                          ///< its folder is made and removed; its disk is what is measured
    double seconds = 5;                        ///< for each number of cases in flight
    double warm_up = 2;
    std::vector<std::size_t> in_flight{1, 16, 64, 256};
};

/// Sixteen persisted steps a case, 300 bytes each, trivial tools: what the engine and the store cost, beside the same rows written
/// by plain SQL, in turns on the same machine.
struct BenchReport {
    struct Row {
        std::size_t in_flight = 0;
        FsyncRate disk;     ///< just before
        Measured engine;
        Measured floor;     ///< half of it measured before the engine, half after
        double bytes_per_case = 0;  ///< the database's growth, by the cases that were opened

        [[nodiscard]] double rate_share() const { return floor.cases_per_s() > 0 ? engine.cases_per_s() / floor.cases_per_s() : 0; }
        [[nodiscard]] double cpu_ratio() const;
        /// One case alone against sixteen plain commits; the floor's case is seventeen, as the engine's is.
        [[nodiscard]] double latency_ratio() const;
    };
    std::string database;   ///< "sqlite" or "postgresql"
    bool is_server_seen = true;
    std::size_t rows_written_per_case = 0;  ///< inserted, updated or deleted
    std::size_t rows_left_per_case = 0;
    std::size_t commits_per_case = 0;
    std::vector<Row> rows;
};

Result<BenchReport> run_bench(const BenchOptions& options);

}  // namespace resolute::app
