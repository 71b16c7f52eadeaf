// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/demo.h"
#include "app/expectations.h"
#include "app/local_server.h"
#include "app/screen.h"
#include "app/signals.h"
#include "app/summary.h"
#include "app/table.h"
#include "base/file.h"

namespace resolute::app {
namespace {

constexpr Duration kPoll = std::chrono::milliseconds(100);

/// The configuration that the demo ran with, so that every other command can look at its cases.
std::string config_text(const Config& config) {
    const auto quoted = [](const std::filesystem::path& path) { return json::dump(json::Value(std::filesystem::absolute(path).string())); };
    std::string text = fmt::format(
        "# What the demo ran with. Look at its cases: resolute case list --config {}\n"
        "organisation:\n  name: {}\n  support_address: {}\n  signature: {}\n  rates: {{ EUR: \"1.08\", GBP: \"1.27\" }}\n",
        (config.data.parent_path() / "resolute.yaml").string(), json::dump(json::Value(config.voice.organisation)), config.voice.support_address,
        json::dump(json::Value(config.voice.signature)));
    text += fmt::format("data: {}\nprocedure: {}\n", quoted(config.data), quoted(config.procedure));
    text += fmt::format("mail:\n  intake: {{ maildir: {}, authserv_id: {} }}\n  outgoing: {{ maildir: {} }}\n", quoted(config.intake.front()),
                        config.authserv_id, quoted(config.outgoing));
    text += fmt::format("crm: {{ builtin: {{ import: {} }} }}\nagents: {}\n", quoted(config.customers), quoted(config.agents));
    text += fmt::format("knowledge: {{ folders: [{}], base_url: \"{}\" }}\nlanguage: embedded\narchive: {{ folder: {} }}\n",
                        quoted(config.knowledge.front()), config.knowledge_base_url, quoted(config.archive));
    return text;
}

std::string render_coverage(const DemoReport& report, const Screen& screen) {
    Table table({{"step", Table::Align::right}, {"branch", Table::Align::left, true}, {"taken", Table::Align::right}});
    int last = -1;
    std::string text = paint(screen, Colour::bold, "The procedure, branch by branch") + "\n";
    for (const Coverage::Row& row : report.coverage.rows(report.runtime->procedure())) {
        const bool is_exit = row.step == 0;
        if (is_exit || row.step != last)
            table.add({{is_exit ? std::string("exit") : std::to_string(row.step)}, {row.title, Colour::bold},
                       is_exit ? Table::Cell(grouped(row.count), row.count > 0 ? Colour::green : Colour::red) : Table::Cell("")});
        last = row.step;
        if (!is_exit) table.add({{""}, {"  " + row.branch}, {grouped(row.count), row.count > 0 ? Colour::green : row.is_main ? Colour::red : Colour::dim}});
    }
    return text + table.render(screen);
}

/// Main branches and exits taken, of all.
std::pair<std::size_t, std::size_t> covered(const DemoReport& report) {
    std::size_t taken = 0;
    std::size_t all = 0;
    for (const Coverage::Row& row : report.coverage.rows(report.runtime->procedure())) {
        if (!row.is_main) continue;
        ++all;
        if (row.count > 0) ++taken;
    }
    return {taken, all};
}

Result<std::string> render_open(Runtime& runtime, const Screen& screen) {
    TRY(const auto cases, runtime.cases().list_cases({}));
    TRY(const auto agents, runtime.people().agents());
    const auto name_of = [&](const std::string& id) {
        const auto agent = std::find_if(agents.begin(), agents.end(), [&](const ports::Agent& a) { return a.id.value() == id; });
        return agent == agents.end() ? id : agent->name;
    };
    Table table({{"ticket"}, {"status"}, {"waits for"}, {"to", Table::Align::left}, {"because", Table::Align::left, true}});
    std::size_t closed = 0;
    for (const casework::CaseSummary& summary : cases) {
        bool waits = false;
        for (const casework::Task& task : summary.tasks) {
            if (task.state != casework::TaskState::open) continue;
            waits = true;
            table.add({{summary.ticket}, {summary.status}, {name_of(task.assignee)}, {std::string(procedure::to_string(task.kind))}, {task.reason}});
        }
        if (summary.status == "closed") ++closed;
        if (!waits && summary.status != "closed") table.add({{summary.ticket}, {summary.status, Colour::red}, {"nobody"}, {""}, {""}});
    }
    std::string text = fmt::format("{} of {} cases are closed.", closed, cases.size());
    if (!table.is_empty()) text += " The others wait for a person:\n" + table.render(screen);
    return text + "\n";
}

/// Cases that are neither closed nor wait for a person: there should be none.
Result<std::size_t> count_waiting_for_nobody(Runtime& runtime) {
    TRY(const auto cases, runtime.cases().list_cases({}));
    return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [](const casework::CaseSummary& summary) {
        const bool waits = std::any_of(summary.tasks.begin(), summary.tasks.end(), [](const casework::Task& task) {
            return task.state == casework::TaskState::open && !task.assignee.empty();
        });
        return summary.status != "closed" && !waits;
    }));
}

std::string render_day(const DayReport& day, const Screen& screen) {
    std::string text = paint(screen, Colour::bold, "An ordinary day: 100 mails, each with what was expected of it beforehand") + "\n";
    text += fmt::format("  resolved automatically  {} of {} cases: {:.1f} %\n", day.summary.resolved_automatically, day.summary.cases,
                        100 * day.summary.automation_rate());
    text += fmt::format("  answered as expected    {} of {} answers, {} of them by the second of two articles given\n", day.answered_right, day.answered,
                        day.by_alternative);
    text += fmt::format("  category as expected    {} of {}; outcome of the mail {} of {}\n", day.right_category, day.with_category,
                        day.right_outcome, day.expected);
    text += fmt::format("  left to people          {} that an article would have answered\n", day.missed);
    for (const std::string& surprise : day.surprises) text += "  " + paint(screen, Colour::yellow, surprise) + "\n";
    return text;
}

json::Value coverage_json(const DemoReport& report) {
    json::Array rows;
    for (const Coverage::Row& row : report.coverage.rows(report.runtime->procedure()))
        rows.push_back(json::Object{{"step", row.step}, {"title", row.title}, {"branch", row.branch}, {"taken", row.count}, {"main", row.is_main}});
    return rows;
}

json::Value day_json(const DayReport& day) {
    return json::Object{{"summary", to_json(day.summary)}, {"answered", day.answered}, {"answered_right", day.answered_right}, {"by_alternative", day.by_alternative},
                        {"missed", day.missed}, {"right_category", day.right_category}, {"surprises", json::from_strings(day.surprises)}};
}

void show_progress(const Screen& screen, Instant began_at, Instant now, std::size_t mails, std::size_t total) {
    const auto day = std::chrono::duration_cast<std::chrono::days>(now - began_at).count();
    fmt::print(stderr, "\r\x1b[K{}", cut_to_width(fmt::format("day {} of 40 · {} · mails {} of {}", day, short_time(format_instant(now)), mails, total),
                                                  screen.width - 1));
    std::fflush(stderr);
}

/// The demo's cases, live: the clock goes on where the forty days ended.
Status serve_on(DemoReport& report) {
    const Config config = report.config;
    report.runtime.reset();
    StopSignals signals;
    TRY(const auto runtime, Runtime::open(config, system_clock()));
    TRY(const auto server, LocalServer::start(*runtime));
    print(fmt::format("\nThe example company goes on, live. In another shell:\n"
                      "  build/release/resolute case list --config {0}\n  build/release/resolute task list --config {0}\n"
                      "Drop a mail into {1} and it is answered. Ctrl-C stops.\n",
                      (report.work / "resolute.yaml").string(), (report.work / "inbox").string()));
    runtime->start_threads();
    while (!signals.wait(kPoll)) {
    }
    runtime->stop();
    return {};
}

}  // namespace

Result<int> demo(const Globals& globals, const DemoArguments& arguments) {
    const Screen errors = Screen::of_stderr();
    const Screen screen = Screen::of_stdout();
    const Instant began_at = system_clock().now() - std::chrono::hours(40 * 24);
    DemoOptions options{.examples = arguments.examples, .work = arguments.work, .progress = {}};
    double shown_at = 0;
    if (errors.is_terminal && !globals.is_json)
        options.progress = [&](Instant now, std::size_t mails, std::size_t total) {
            if (monotonic_seconds() - shown_at < 0.1) return;
            shown_at = monotonic_seconds();
            show_progress(errors, began_at, now, mails, total);
        };
    TRY(DemoReport report, run_demo(options));
    if (options.progress) fmt::print(stderr, "\r\x1b[K");
    TRY_STATUS(file::write_durably(report.work / "resolute.yaml", config_text(report.config)));
    TRY(const RunSummary summary, collect_summary(*report.runtime, report.duration_s));
    TRY(const DayReport day, play_day(arguments.examples / "ordinary-day", report.work / "ordinary-day"));
    const auto [taken, all] = covered(report);
    TRY(const std::size_t forgotten, count_waiting_for_nobody(*report.runtime));
    const bool is_complete = taken == all && summary.outcomes.at("pending") == 0 && forgotten == 0;
    if (globals.is_json) {
        json::Value value = to_json(summary);
        value.set("coverage", coverage_json(report)).set("ordinary_day", day_json(day)).set("replies", report.replies).set("acts", report.acts).set("waiting_for_nobody", forgotten);
        print_json(value);
        return is_complete ? 0 : 1;
    }
    TRY(const std::string open, render_open(*report.runtime, screen));
    print(fmt::format("Forty days of the example company in {:.1f} s: {} mails, {} replies of its customers, {} acts of its people.\n\n", report.duration_s,
                      report.mails, report.replies, report.acts));
    print(render(summary, screen) + "\n");
    print(render_coverage(report, screen));
    print(fmt::format("{} of {} branches and exit conditions of the sixteen steps were taken.\n\n", taken, all));
    for (const std::string& refused : report.refused) print("The rules refused: " + without_controls(refused) + "\n");
    print(open + "\n");
    print(render_day(day, screen));
    if (!arguments.exits && ::isatty(STDIN_FILENO) == 1 && screen.is_terminal) TRY_STATUS(serve_on(report));
    return is_complete ? 0 : 1;
}

}  // namespace resolute::app
