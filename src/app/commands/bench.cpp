// SPDX-License-Identifier: Apache-2.0
#include "app/bench.h"

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/screen.h"
#include "app/table.h"

namespace resolute::app {

Result<int> bench(const Globals& globals, const BenchArguments& arguments) {
    const BenchOptions options{.folder = arguments.folder, .seconds = arguments.seconds};
    TRY(const BenchReport report, run_bench(options));
    if (globals.is_json) {
        json::Array rows;
        for (const BenchReport::Row& row : report.rows)
            rows.push_back(json::Object{{"in_flight", row.in_flight}, {"cases_per_s", row.cases_per_s}, {"commits_per_case", row.commits_per_case},
                                        {"p50_ms", row.p50_ms}, {"p99_ms", row.p99_ms}, {"cpu_ms_per_case", row.cpu_ms_per_case}});
        print_json(json::Object{{"fsyncs_per_s", report.fsyncs_per_s}, {"fsync_p50_ms", report.fsync_p50_ms}, {"rows", std::move(rows)}});
        return 0;
    }
    const Screen screen = Screen::of_stdout();
    using Align = Table::Align;
    Table table({{"in flight", Align::right}, {"cases/s", Align::right}, {"steps/s", Align::right}, {"p50 ms", Align::right}, {"p99 ms", Align::right},
                 {"commits a case", Align::right}, {"CPU ms a case", Align::right}});
    for (const BenchReport::Row& row : report.rows)
        table.add({std::to_string(row.in_flight), fmt::format("{:.0f}", row.cases_per_s), fmt::format("{:.0f}", 16 * row.cases_per_s),
                   fmt::format("{:.1f}", row.p50_ms), fmt::format("{:.1f}", row.p99_ms), fmt::format("{:.1f}", row.commits_per_case),
                   fmt::format("{:.2f}", row.cpu_ms_per_case)});
    print("Sixteen persisted steps a case, each durable before the next, on SQLite (WAL, synchronous=FULL)\n" + table.render(screen));
    print(fmt::format("This disk: 4 KiB + fdatasync {:.0f} times a second, p50 {:.2f} ms, measured just before.\n", report.fsyncs_per_s,
                      report.fsync_p50_ms));
    return 0;
}

}  // namespace resolute::app
