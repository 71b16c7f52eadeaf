// SPDX-License-Identifier: Apache-2.0
#include "app/bench_sleepers.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "app/bench_case.h"
#include "app/bench_usage.h"

namespace resolute::app {
namespace {

constexpr std::size_t kAtOnce = 2'048;     ///< cases opened together while the database is filled
constexpr std::size_t kDueAtStart = 64;    ///< cases that a timer waits for when the program starts
constexpr int kDuePerSecond = 500;
constexpr int kTimedSeconds = 10;
constexpr int kTicks = 20;                 ///< a second
constexpr Duration kPatience = std::chrono::seconds(60);

std::string arguments_of(const BenchDatabase& database, const std::filesystem::path& key) {
    const std::string name = database.is_postgres() ? database.url() : database.file().string();
    std::string quoted;
    for (const char c : name) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return fmt::format("bench --probe '{}' --probe-key '{}' --probe-since {:.6f}", quoted, key.string(), monotonic_seconds());
}

Result<json::Value> answer_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
    if (!pipe) return fail("bench.no_probe", ErrorKind::unavailable, "the program for sleeping cases could not be started");
    std::string text;
    std::array<char, 4096> block{};
    while (const std::size_t count = std::fread(block.data(), 1, block.size(), pipe.get())) text.append(block.data(), count);
    return json::parse(text);
}

Status fill(const BenchDatabase& database, const seal::Key& key, std::size_t cases) {
    TRY(const auto storage, database.open());
    TRY(const auto engine, BenchEngine::start(storage->engine_store(), kAtOnce, BenchProcedure::sleeps_long, key));
    std::atomic<bool> is_over{false};
    std::atomic<std::size_t> asleep{0};
    (*engine)->observe([&](const casework::CaseState& state, const std::vector<casework::CaseEvent>&) {
        if (!state.timers.empty()) ++asleep;
    });
    std::vector<std::jthread> workers;
    workers.emplace_back([&] { (*engine)->commit_gathered(); });
    workers.emplace_back([&] {
        while (!is_over)
            if (!(*engine)->work_once()) (*engine)->wait_for_work(std::chrono::milliseconds(20));
    });
    Status status;
    const SystemClock clock;
    for (std::size_t opened = 0; status && opened < cases;) {
        std::vector<engine::Engine::Arrival> arrivals;
        for (std::size_t i = 0; i < kAtOnce && opened < cases; ++i, ++opened) {
            const CaseId id = bench_case_id("asleep", opened);
            arrivals.push_back({.case_id = id, .signal = bench_opening(id, opened)});
        }
        for (const auto& received : (*engine)->receive_all(std::move(arrivals)))
            if (!received) status = std::unexpected(received.error());
        while ((*engine)->work_once()) {
        }
        if (const auto due = (*engine)->claim_due(clock.now()); !due) status = std::unexpected(due.error());
    }
    while (status && asleep < cases) (*engine)->work_once();
    is_over = true;
    (*engine)->stop_waiting();
    workers.clear();
    return status;
}

/// Cases whose timers are due when the program starts.
Status add_due(const BenchDatabase& database, const seal::Key& key) {
    TRY(const auto storage, database.open());
    TRY(const auto engine, BenchEngine::start(storage->engine_store(), kDueAtStart, BenchProcedure::sleeps_a_moment, key));
    std::vector<engine::Engine::Arrival> arrivals;
    for (std::size_t i = 0; i < kDueAtStart; ++i) {
        const CaseId id = bench_case_id("due", i);
        arrivals.push_back({.case_id = id, .signal = bench_opening(id, i)});
    }
    for (const auto& received : (*engine)->receive_all(std::move(arrivals))) TRY_STATUS(received);
    while ((*engine)->work_once()) {
    }
    return {};
}

/// How late timers were, seen by the observer.
struct Watch {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<double> late_ms;
    std::optional<double> first;  ///< by the monotonic clock

    /// The next ones are opened at their moment: a pace is what this is about.
    void pause(double seconds) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, std::chrono::duration<double>(seconds), [] { return false; });
    }
    void see(const casework::CaseState& state, const std::vector<casework::CaseEvent>& events, Instant now, std::map<CaseId, Instant>& due) {
        const std::lock_guard lock(mutex);
        for (const casework::CaseEvent& event : events) {
            if (const auto* set = std::get_if<casework::TimerSet>(&event.body); set != nullptr && !due.contains(state.id)) due[state.id] = set->due;
            if (!std::holds_alternative<casework::TimerFired>(event.body)) continue;
            if (!first) first = monotonic_seconds();
            const auto known = due.find(state.id);
            if (known != due.end()) late_ms.push_back(static_cast<double>((now - known->second).count()));
            changed.notify_all();
        }
    }
};

/// Opens cases evenly, then waits until all of them woke.
Status open_evenly(engine::Engine& engine, Watch& watch) {
    const SystemClock clock;
    const double began = monotonic_seconds();
    std::size_t opened = 0;
    for (int tick = 0; tick < kTicks * kTimedSeconds; ++tick) {
        std::vector<engine::Engine::Arrival> arrivals;
        for (int i = 0; i < kDuePerSecond / kTicks; ++i, ++opened) {
            const CaseId id = bench_case_id(fmt::format("timed/{}", ::getpid()), opened);
            arrivals.push_back({.case_id = id, .signal = bench_opening(id, opened)});
        }
        for (const auto& received : engine.receive_all(std::move(arrivals))) TRY_STATUS(received);
        const double next = began + static_cast<double>(tick + 1) / kTicks;
        watch.pause(std::max(0.0, next - monotonic_seconds()));
    }
    std::unique_lock lock(watch.mutex);
    watch.changed.wait_for(lock, kPatience, [&] { return watch.late_ms.size() >= opened; });
    return {};
}

}  // namespace

Result<SleeperReport> measure_sleepers(const BenchPlace& place, std::size_t cases, const std::filesystem::path& program) {
    TRY(const auto database, BenchDatabase::make(place, fmt::format("sleepers_{}", cases)));
    SleeperReport report{.database = database->is_postgres() ? "postgresql" : "sqlite", .cases = cases};
    std::error_code error;
    std::filesystem::create_directories(place.folder, error);
    const std::filesystem::path key_file = place.folder / "sleepers.key";
    TRY(const seal::Key key, seal::load_master_key(key_file, true));
    TRY(const double before, database->bytes());
    const double began = monotonic_seconds();
    TRY_STATUS(fill(*database, key, cases));
    report.made_per_s = static_cast<double>(cases) / (monotonic_seconds() - began);
    TRY(const double after, database->bytes());
    report.bytes_per_case = (after - before) / static_cast<double>(cases);
    TRY_STATUS(add_due(*database, key));
    const MachineCpu machine = machine_cpu();
    const double own = own_cpu_seconds();
    TRY(const json::Value seen, answer_of(fmt::format("'{}' {}", program.string(), arguments_of(*database, key_file))));
    const MachineCpu machine_after = machine_cpu();
    const auto number = [&](std::string_view name) {
        const json::Value* value = seen.find(name);
        return value != nullptr ? value->as_double() : 0;
    };
    report.first_work_s = number("first_work_s");
    report.memory_mb = number("memory_mb");
    report.due_per_s = kDuePerSecond;
    report.woken_per_s = number("woken_per_s");
    report.late_p50_ms = number("late_p50_ms");
    report.late_p99_ms = number("late_p99_ms");
    const double ours = number("cpu_s") + number("server_cpu_s") + own_cpu_seconds() - own;
    report.others_cpu_pct = 100 * std::max(0.0, machine_after.busy - machine.busy - ours) / (machine_after.all - machine.all);
    return report;
}

Result<json::Value> run_sleeper_probe(const std::string& name, const std::filesystem::path& key_file, double process_started) {
    TRY(const auto database, BenchDatabase::use(name));
    const double server = database->server_cpu_seconds();
    TRY(const seal::Key key, seal::load_master_key(key_file, false));
    TRY(const auto storage, database->open());
    TRY(const auto made, BenchEngine::start(storage->engine_store(), kAtOnce, BenchProcedure::sleeps_a_while, key));
    engine::Engine& engine = **made;
    const SystemClock clock;
    Watch watch;
    std::map<CaseId, Instant> due;
    engine.observe([&](const auto& state, const auto& events) { watch.see(state, events, clock.now(), due); });
    while (!watch.first && monotonic_seconds() - process_started < 60) TRY_STATUS(engine.claim_due(clock.now()));
    while (true) {
        TRY(const std::size_t taken, engine.claim_due(clock.now()));
        if (taken == 0) break;
    }
    const double memory = own_memory_mb();
    watch.late_ms.clear();
    std::atomic<bool> is_over{false};
    std::vector<std::jthread> workers;
    // As the program does it: one thread claims what is due, others work and commit.
    workers.emplace_back([&] { engine.commit_gathered(); });
    workers.emplace_back([&] {
        while (!is_over)
            if (!engine.work_once()) engine.wait_for_work(std::chrono::milliseconds(20));
    });
    workers.emplace_back([&] {
        while (!is_over) {
            const auto claimed = engine.claim_due(clock.now());
            if (!claimed || *claimed == 0) engine.wait_for_work(std::chrono::milliseconds(10));
        }
    });
    const Status opened = open_evenly(engine, watch);
    is_over = true;
    engine.stop_waiting();
    workers.clear();
    TRY_STATUS(opened);
    return json::Object{{"first_work_s", watch.first.value_or(0) - process_started},
                        {"memory_mb", memory},
                        {"woken_per_s", static_cast<double>(watch.late_ms.size()) / kTimedSeconds},
                        {"late_p50_ms", percentile(watch.late_ms, 0.5)},
                        {"late_p99_ms", percentile(watch.late_ms, 0.99)},
                        {"cpu_s", own_cpu_seconds()},
                        {"server_cpu_s", database->server_cpu_seconds() - server}};
}

}  // namespace resolute::app
