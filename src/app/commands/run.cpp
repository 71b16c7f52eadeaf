// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/local_server.h"
#include "app/open_patiently.h"
#include "app/runtime.h"
#include "app/screen.h"
#include "app/signals.h"
#include "app/summary.h"

namespace resolute::app {
namespace {

constexpr Duration kPoll = std::chrono::milliseconds(20);
constexpr double kProgressEvery_s = 0.2;
constexpr Duration kVirtualSpan = std::chrono::hours(40 * 24);

/// One line that changes in place, on a terminal only.
class Progress {
public:
    Progress(Runtime& runtime, bool is_wanted) : runtime_(runtime), screen_(Screen::of_stderr()), is_shown_(is_wanted && screen_.is_terminal) {
        runtime_.engine().observe([this](const casework::CaseState&, const std::vector<casework::CaseEvent>& events) {
            for (const casework::CaseEvent& event : events)
                if (std::holds_alternative<casework::EffectSucceeded>(event.body)) ++effects_;
        });
    }
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show() {
        const double now = monotonic_seconds();
        if (!is_shown_ || now - shown_at_ < kProgressEvery_s) return;
        const std::int64_t effects = effects_.load();
        const double rate = shown_at_ > 0 ? static_cast<double>(effects - shown_effects_) / (now - shown_at_) : 0;
        const mailroom::IntakeRound totals = runtime_.totals();
        const auto number = [](std::size_t count) { return grouped(static_cast<std::int64_t>(count)); };
        std::string line = fmt::format("mails {} · cases {} · effects {} · {}/s", number(totals.concluded()), number(totals.opened), grouped(effects),
                                       grouped(static_cast<std::int64_t>(rate)));
        if (runtime_.clock().is_virtual()) line += fmt::format(" · {}", short_time(format_instant(runtime_.clock().now())));
        if (const std::string problem = runtime_.problem(); !problem.empty()) line += " · " + without_controls(problem);
        fmt::print(stderr, "\r\x1b[K{}", cut_to_width(line, screen_.width - 1));
        std::fflush(stderr);
        shown_at_ = now;
        shown_effects_ = effects;
    }
    void clear() {
        if (is_shown_ && shown_at_ > 0) fmt::print(stderr, "\r\x1b[K");
        shown_at_ = 0;
    }

private:
    Runtime& runtime_;
    const Screen screen_;
    const bool is_shown_;
    std::atomic<std::int64_t> effects_{0};
    std::int64_t shown_effects_ = 0;
    double shown_at_ = 0;
};

/// A problem is said once when it appears and once when it is over, so that a log is not flooded.
class ProblemReport {
public:
    void look(Runtime& runtime) {
        const std::string problem = runtime.problem();
        if (problem == last_) return;
        if (!problem.empty())
            fmt::print(stderr, "resolute: {}\n", without_controls(problem));
        else
            fmt::print(stderr, "resolute: works again\n");
        last_ = problem;
    }

private:
    std::string last_;
};

/// Until everything is done or the person stops us. Idle is believed when it is seen twice in a row: between two looks a thread may
/// have been about to take something up.
void work_on_threads(Runtime& runtime, StopSignals& signals, bool until_idle, Progress& progress) {
    runtime.start_threads();
    ProblemReport problems;
    int idle_looks = 0;
    while (!signals.wait(kPoll)) {
        progress.show();
        problems.look(runtime);
        idle_looks = until_idle && runtime.is_idle() ? idle_looks + 1 : 0;
        if (idle_looks >= 2) break;
    }
    progress.clear();
    runtime.stop();
}

/// Jumps from one due moment to the next, so that days pass in seconds.
Status travel(Runtime& runtime, VirtualClock& clock, Instant until, StopSignals& signals, Progress& progress) {
    while (!signals.wait(Duration::zero())) {
        TRY(const bool has_worked, runtime.run_once());
        progress.show();
        if (has_worked) continue;
        TRY(const auto next, runtime.engine().next_wake());
        if (!next || *next > until) break;
        if (*next <= clock.now()) {
            // Due, and yet nothing could be done: only time helps (an open breaker, a full disk).
            clock.advance(std::chrono::seconds(1));
            if (clock.now() > until) break;
            continue;
        }
        clock.advance_to(*next);
    }
    progress.clear();
    return {};
}

Result<std::unique_ptr<LocalServer>> serve_beside(Runtime& runtime) {
    auto server = LocalServer::start(runtime);
    // The work goes on without the socket where the folder's path is too long for one.
    if (!server && server.error().code == "console.socket_path_too_long") return nullptr;
    return server;
}

Result<Instant> end_of_travel(const RunArguments& arguments, Instant now) {
    if (arguments.until.empty()) return now + kVirtualSpan;
    if (const auto at = parse_instant(arguments.until)) return *at;
    if (const auto span = parse_duration(arguments.until)) return now + *span;
    return fail("usage.bad_value", ErrorKind::invalid, fmt::format("--until is a moment (2026-12-24T18:00:00Z) or a span (7d), not \"{}\"", arguments.until));
}

}  // namespace

Result<int> run(const Globals& globals, const RunArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    if (arguments.is_virtual && config.has_mail_servers())
        return fail("usage.bad_value", ErrorKind::invalid,
                    "--clock virtual lets weeks pass in seconds, and customers would really get the mails of those weeks: use it on a copy whose mail.intake "
                    "and mail.outgoing are Maildirs");
    VirtualClock virtual_clock(system_clock().now());
    const Clock& clock = arguments.is_virtual ? static_cast<const Clock&>(virtual_clock) : system_clock();
    TRY(const Instant until, end_of_travel(arguments, clock.now()));
    StopSignals signals;
    const double began = monotonic_seconds();
    TRY(const auto runtime, Runtime::open(config, clock));
    {
        Progress progress(*runtime, !globals.is_json);
        TRY(const auto server, serve_beside(*runtime));
        if (arguments.is_virtual) {
            TRY_STATUS(travel(*runtime, virtual_clock, until, signals, progress));
        } else {
            work_on_threads(*runtime, signals, arguments.until_idle, progress);
        }
    }
    TRY(const RunSummary summary, collect_summary(*runtime, monotonic_seconds() - began));
    if (globals.is_json)
        print_json(to_json(summary));
    else
        print(render(summary, Screen::of_stdout()));
    const std::string problem = runtime->problem();
    if (problem.empty()) return 0;
    fmt::print(stderr, "resolute: {}\n", without_controls(problem));
    return 1;
}

Result<int> serve(const Globals& globals, const std::string& role_name) {
    const auto role = parse_role(role_name);
    if (!role)
        return fail("usage.bad_value", ErrorKind::invalid, fmt::format("--role is all, intake, worker or console, not \"{}\"", role_name));
    TRY(const Config config, read_config(globals.config));
    StopSignals signals;
    TRY(const auto runtime, open_patiently(config, system_clock(), *role, signals));
    if (runtime == nullptr) {
        if (!globals.is_json) print("stopped\n");
        return 0;
    }
    Progress progress(*runtime, !globals.is_json);  // Before the server and after it: what it observes may happen as long as that answers.
    TRY(const auto server, LocalServer::start(*runtime));
    std::string watched;
    for (const auto& folder : config.intake) watched += (watched.empty() ? "" : ", ") + folder.string();
    for (const ImapIntake& mailbox : config.imap) watched += (watched.empty() ? "" : ", ") + mailbox.account();
    for (const GmailIntake& mailbox : config.gmail) watched += (watched.empty() ? "" : ", ") + mailbox.account();
    for (const GraphIntake& mailbox : config.graph) watched += (watched.empty() ? "" : ", ") + mailbox.account();
    if (globals.is_json)
        print_json(json::Object{{"serving", true}, {"socket", socket_of(config).string()}, {"watches", watched}, {"http", server->address()}});
    else
        print(fmt::format("resolute serves {}: watches {}, answers on {}{}; Ctrl-C stops it\n", config.voice.organisation, watched,
                          socket_of(config).string(), server->address().empty() ? "" : " and " + server->address()));
    work_on_threads(*runtime, signals, false, progress);
    if (!globals.is_json) print("stopped\n");
    return 0;
}

}  // namespace resolute::app
