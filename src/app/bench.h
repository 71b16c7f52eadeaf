// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace resolute::app {

struct BenchOptions {
    std::filesystem::path folder;              ///< where the database stands; made and removed. Its disk is what is measured
    double seconds = 5;                        ///< for each number of cases in flight
    std::vector<std::size_t> in_flight{1, 16, 64};
};

/// Sixteen persisted steps a case, 300 bytes each, trivial tools: what the engine and the store cost.
struct BenchReport {
    double fsyncs_per_s = 0;  ///< 4 KiB appended + fdatasync on the same disk, just before
    double fsync_p50_ms = 0;
    struct Row {
        std::size_t in_flight = 0;
        double cases_per_s = 0;
        double commits_per_case = 0;
        double p50_ms = 0;  ///< of one case, from its opening to its end
        double p99_ms = 0;
        double cpu_ms_per_case = 0;
    };
    std::vector<Row> rows;
};

Result<BenchReport> run_bench(const BenchOptions& options);

}  // namespace resolute::app
