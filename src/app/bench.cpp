// SPDX-License-Identifier: Apache-2.0
#include "app/bench.h"

#include <fmt/format.h>

#include "app/bench_usage.h"

namespace resolute::app {
namespace {

constexpr double kFsyncSeconds = 0.5;
constexpr std::size_t kLatenciesMin = 10;

void add(Measured& sum, Measured part) {
    sum.others = (sum.others * sum.seconds + part.others * part.seconds) / (sum.seconds + part.seconds);
    sum.steps += part.steps;
    sum.seconds += part.seconds;
    sum.own_cpu += part.own_cpu;
    sum.server_cpu += part.server_cpu;
    sum.case_ms.insert(sum.case_ms.end(), part.case_ms.begin(), part.case_ms.end());
}

Status measure_engine(const BenchOptions& options, std::size_t in_flight, BenchReport& report, BenchReport::Row& row) {
    TRY(const auto database, BenchDatabase::make(options.place, fmt::format("engine_{}", in_flight)));
    report.is_server_seen = database->is_server_seen();
    TRY(const double before, database->bytes());
    std::uint64_t opened = 0;
    {
        TRY(const auto storage, database->open());
        TRY(const auto engine, BenchEngine::start(storage->engine_store(), in_flight));
        BenchLoad load(**engine, in_flight, fmt::format("e{}", in_flight));
        TRY(row.engine, load.run(*database, options.warm_up, options.seconds));
        opened = load.opened();
    }
    TRY(const double after, database->bytes());  // Closed by now: the log has been carried over.
    row.bytes_per_case = (after - before) / static_cast<double>(opened);
    return {};
}

Status measure_half_a_floor(const BenchOptions& options, const std::vector<engine::CaseCommit>& recorded, std::string_view half, BenchReport::Row& row) {
    const std::string name = fmt::format("floor_{}_{}", half, row.in_flight);
    TRY(const auto database, BenchDatabase::make(options.place, name));
    TRY(auto measured, measure_floor(*database, recorded, row.in_flight, name, options.warm_up / 2, options.seconds / 2));
    add(row.floor, std::move(measured));
    return {};
}

void count_rows(const std::vector<engine::CaseCommit>& recorded, BenchReport& report) {
    report.commits_per_case = recorded.size();
    for (const engine::CaseCommit& commit : recorded) {
        const std::size_t kept = commit.rows.size() + (commit.snapshot ? 1 : 0) + commit.message_ids.size() + (commit.input ? 1 : 0);
        report.rows_left_per_case += kept;
        report.rows_written_per_case += kept + 1 + (commit.lifecycle == engine::Lifecycle::closed ? 1 : 0) + (commit.summary ? 1 : 0) +
                                        commit.effect_updates.size() + commit.new_effects.size();
    }
    report.rows_left_per_case += 2;  // The case and its line in the list.
}

}  // namespace

double BenchReport::Row::cpu_ratio() const { return floor.cpu_ms_per_case() > 0 ? engine.cpu_ms_per_case() / floor.cpu_ms_per_case() : 0; }

double BenchReport::Row::latency_ratio() const {
    if (in_flight != 1 || engine.case_ms.size() < kLatenciesMin || floor.case_ms.size() < kLatenciesMin) return 0;
    const double sixteen = percentile(floor.case_ms, 0.5) * kBenchSteps / (kBenchSteps + 1);
    return percentile(engine.case_ms, 0.5) / sixteen;
}

Result<BenchReport> run_bench(const BenchOptions& options) {
    std::error_code error;
    std::filesystem::remove_all(options.place.folder, error);
    BenchReport report{.database = options.place.url.empty() ? "sqlite" : "postgresql"};
    TRY(const auto recorded, record_bench_case());
    count_rows(recorded, report);
    for (const std::size_t in_flight : options.in_flight) {
        BenchReport::Row row{.in_flight = in_flight};
        TRY(row.disk, measure_fsync(options.place.folder, kFsyncSeconds));
        TRY_STATUS(measure_half_a_floor(options, recorded, "a", row));
        TRY_STATUS(measure_engine(options, in_flight, report, row));
        TRY_STATUS(measure_half_a_floor(options, recorded, "b", row));
        report.rows.push_back(std::move(row));
    }
    std::filesystem::remove_all(options.place.folder, error);
    return report;
}

}  // namespace resolute::app
