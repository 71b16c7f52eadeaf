// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "app/bench_case.h"
#include "app/bench_database.h"

namespace resolute::app {

/// What a window of some seconds saw.
struct Measured {
    double steps = 0;
    double transactions = 0;  ///< that made them durable; 0: not counted
    double seconds = 0;
    double own_cpu = 0;     ///< seconds
    double server_cpu = 0;  ///< seconds
    double others = 0;      ///< share of all cores that other programs had
    std::vector<double> case_ms = {};  ///< of the cases that began and ended within it

    [[nodiscard]] double cases_per_s() const { return steps / kBenchSteps / seconds; }
    [[nodiscard]] double cpu_ms_per_case() const { return steps > 0 ? 1000 * (own_cpu + server_cpu) / (steps / kBenchSteps) : 0; }
};

/// The timed part of a run.
class BenchWindow {
public:
    explicit BenchWindow(const BenchDatabase& database);
    /// CPU and time since it began.
    [[nodiscard]] Measured close() const;
    [[nodiscard]] double began() const { return began_; }

private:
    const BenchDatabase& database_;
    double own_;
    double server_;
    double machine_busy_;
    double machine_all_;
    double began_;
};

/// A closed loop: so many cases in flight, each replaced when it ends; warmed up, then timed.
class BenchLoad {
public:
    BenchLoad(engine::Engine& engine, std::size_t in_flight, std::string run);
    Result<Measured> run(const BenchDatabase& database, double warm_up, double seconds);
    /// Cases that were opened in all.
    [[nodiscard]] std::uint64_t opened() const { return opened_; }

private:
    Result<Measured> run_alone(const BenchDatabase& database, double warm_up, double seconds);
    Result<Measured> timed(const BenchDatabase& database, double warm_up, double seconds);
    void work();
    void open_what_is_wanted();
    Status open(std::size_t count);
    void ended(const CaseId& id);
    Status keep_until(double moment);

    engine::Engine& engine_;
    const std::size_t in_flight_;
    const std::string run_;
    std::atomic<bool> is_over_{false};
    std::atomic<std::uint64_t> steps_{0};
    std::atomic<std::uint64_t> opened_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::unordered_map<CaseId, double> began_;
    std::vector<std::pair<double, double>> ended_;  ///< when it began and ended
    std::size_t wanted_ = 0;
    Status failed_;
};

}  // namespace resolute::app
