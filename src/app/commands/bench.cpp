// SPDX-License-Identifier: Apache-2.0
#include "app/bench.h"

#include <cmath>

#include <fmt/format.h>

#include "app/bench_sleepers.h"
#include "app/bench_usage.h"
#include "app/commands/commands.h"
#include "app/screen.h"
#include "app/table.h"

namespace resolute::app {
namespace {

double rounded(double value) { return std::round(value * 1000) / 1000; }

json::Value to_json(const BenchReport& report, const BenchReport::Row& row) {
    const auto micros = [](double cpu, double steps) { return rounded(steps > 0 ? 1e6 * cpu / steps : 0); };
    return json::Object{{"peer", "resolute-" + report.database},
                        {"in_flight", row.in_flight},
                        {"cases_per_s", rounded(row.engine.cases_per_s())},
                        {"p50_ms", rounded(percentile(row.engine.case_ms, 0.5))},
                        {"p99_ms", rounded(percentile(row.engine.case_ms, 0.99))},
                        {"cpu_ms_per_case", rounded(row.engine.cpu_ms_per_case())},
                        {"cpu_us_per_step", json::Object{{"engine", micros(row.engine.own_cpu, row.engine.steps)},
                                                         {"database", micros(row.engine.server_cpu, row.engine.steps)}}},
                        {"is_server_seen", report.is_server_seen},
                        {"others_cpu_pct", std::round(100 * row.engine.others)},
                        {"commits_per_case", report.commits_per_case},
                        {"rows_written_per_case", report.rows_written_per_case},
                        {"rows_left_per_case", report.rows_left_per_case},
                        {"steps_per_transaction", rounded(row.engine.transactions > 0 ? row.engine.steps / row.engine.transactions : 1)},
                        {"bytes_per_case", std::round(row.bytes_per_case)},
                        {"floor", json::Object{{"cases_per_s", rounded(row.floor.cases_per_s())},
                                               {"p50_ms", rounded(percentile(row.floor.case_ms, 0.5))},
                                               {"cpu_ms_per_case", rounded(row.floor.cpu_ms_per_case())},
                                               {"cpu_us_per_step", json::Object{{"client", micros(row.floor.own_cpu, row.floor.steps)},
                                                                                {"database", micros(row.floor.server_cpu, row.floor.steps)}}},
                                               {"others_cpu_pct", std::round(100 * row.floor.others)}}},
                        {"of_floor", json::Object{{"rate", rounded(row.rate_share())}, {"cpu", rounded(row.cpu_ratio())},
                                                  {"p50_to_sixteen_commits", row.latency_ratio() > 0 ? json::Value(rounded(row.latency_ratio())) : json::Value()}}},
                        {"fsyncs_per_s", std::round(row.disk.per_s)},
                        {"fsync_p50_ms", rounded(row.disk.p50_ms)}};
}

void print_table(const BenchReport& report) {
    const Screen screen = Screen::of_stdout();
    using Align = Table::Align;
    Table table({{"in flight", Align::right}, {"cases/s", Align::right}, {"p50 ms", Align::right}, {"p99 ms", Align::right},
                 {"CPU ms a case", Align::right}, {"plain SQL/s", Align::right}, {"share", Align::right}, {"CPU ratio", Align::right},
                 {"bytes a case", Align::right}, {"fsyncs/s", Align::right}, {"others' CPU", Align::right}});
    for (const BenchReport::Row& row : report.rows)
        table.add({std::to_string(row.in_flight), fmt::format("{:.0f}", row.engine.cases_per_s()), fmt::format("{:.1f}", percentile(row.engine.case_ms, 0.5)),
                   fmt::format("{:.1f}", percentile(row.engine.case_ms, 0.99)), fmt::format("{:.2f}", row.engine.cpu_ms_per_case()),
                   fmt::format("{:.0f}", row.floor.cases_per_s()), fmt::format("{:.0f} %", 100 * row.rate_share()), fmt::format("{:.2f}", row.cpu_ratio()),
                   fmt::format("{:.0f}", row.bytes_per_case), fmt::format("{:.0f}", row.disk.per_s), fmt::format("{:.0f} %", 100 * row.engine.others)});
    print(fmt::format("Sixteen steps a case, each durable before the next, on {}; beside it the same rows by plain SQL in the same batches.\n",
                      report.database) + table.render(screen));
    for (const BenchReport::Row& row : report.rows)
        if (row.latency_ratio() > 0) print(fmt::format("One case alone takes {:.2f} times as long as sixteen plain commits.\n", row.latency_ratio()));
    print(fmt::format("{} rows written a case in {} commits, {} left.\n", report.rows_written_per_case, report.commits_per_case, report.rows_left_per_case));
    if (!report.is_server_seen) print("The server runs elsewhere: its CPU is not in the figures.\n");
}

void print_sleepers(const SleeperReport& report, bool is_json) {
    if (is_json) {
        print(json::dump(json::Object{{"peer", "resolute-" + report.database}, {"sleepers", report.cases}, {"made_per_s", std::round(report.made_per_s)},
                                      {"bytes_per_case", std::round(report.bytes_per_case)}, {"first_work_s", rounded(report.first_work_s)},
                                      {"memory_mb", rounded(report.memory_mb)}, {"due_per_s", report.due_per_s},
                                      {"woken_per_s", rounded(report.woken_per_s)}, {"late_p50_ms", rounded(report.late_p50_ms)},
                                      {"late_p99_ms", rounded(report.late_p99_ms)}, {"others_cpu_pct", std::round(report.others_cpu_pct)}}) + "\n");
        return;
    }
    print(fmt::format("{} cases asleep on {}: {:.0f} bytes each; a program that starts does its first work after {:.2f} s and holds {:.0f} MB; "
                      "of {:.0f} timers due a second {:.0f} woke a second, late by {:.0f} ms (p50) and {:.0f} ms (p99).\n",
                      report.cases, report.database, report.bytes_per_case, report.first_work_s, report.memory_mb, report.due_per_s,
                      report.woken_per_s, report.late_p50_ms, report.late_p99_ms));
}

Result<int> bench_sleepers(const Globals& globals, const BenchArguments& arguments, const BenchPlace& place) {
    for (const std::size_t cases : arguments.sleepers) {
        TRY(const SleeperReport report, measure_sleepers(place, cases, std::filesystem::read_symlink("/proc/self/exe")));
        print_sleepers(report, globals.is_json);
    }
    return 0;
}

}  // namespace

Result<int> bench(const Globals& globals, const BenchArguments& arguments) {
    if (!arguments.probe.empty()) {
        TRY(const json::Value seen, run_sleeper_probe(arguments.probe, arguments.probe_key, arguments.probe_since));
        print(json::dump(seen) + "\n");
        return 0;
    }
    BenchOptions options{.place = {.folder = arguments.folder}, .seconds = arguments.seconds};
    if (!arguments.in_flight.empty()) options.in_flight = arguments.in_flight;
    if (arguments.database != "sqlite") options.place.url = arguments.database;
    if (!arguments.sleepers.empty()) return bench_sleepers(globals, arguments, options.place);
    TRY(const BenchReport report, run_bench(options));
    if (!globals.is_json) {
        print_table(report);
        return 0;
    }
    for (const BenchReport::Row& row : report.rows) print(json::dump(to_json(report, row)) + "\n");
    return 0;
}

}  // namespace resolute::app
