// SPDX-License-Identifier: Apache-2.0
#include "app/bench.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/file.h"
#include "engine/engine.h"
#include "storage/sqlite/sqlite_storage.h"

namespace resolute::app {
namespace {

constexpr int kSteps = 16;
constexpr std::size_t kFactBytes = 300;
constexpr int kSyncs = 400;
constexpr Duration kWaitMax = std::chrono::milliseconds(50);

procedure::ToolCatalogue bench_catalogue() {
    procedure::ToolCatalogue catalogue;
    catalogue["bench.step"] = {.name = "bench.step", .purpose = "does nothing", .category = procedure::ToolCategory::integration,
                               .action = procedure::ActionType::read, .effect = procedure::EffectClass::reads, .integration = "bench",
                               .outcomes = {"done"}, .produces = {{"result", "map"}}};
    return catalogue;
}

std::string bench_procedure() {
    std::string text = "---\nprocedure: bench\npolicy: { limit: 1 }\n---\n# Sixteen steps\n\n## Steps\n";
    for (int step = 1; step <= kSteps; ++step)
        text += fmt::format("\n### Step {0}: Number {0}\n**Tool**: `bench.step`\n**Tool Category**: Integration\n**Action Type**: read\n"
                            "**Required Context**: `sender`\n**Timeout**: 30s\n**Branches**:\n- `done` → {1}\n",
                            step, step == kSteps ? "closed" : fmt::format("Step {}", step + 1));
    return text;
}

class TrivialRunner final : public engine::EffectRunner {
public:
    engine::Settlement run(const engine::EffectTicket&, Deadline) override {
        return engine::Settlement::success("done", json::Value().set("result", std::string(kFactBytes, 'x')));
    }
    engine::Settlement look_up(const engine::EffectTicket& ticket, Deadline deadline) override { return run(ticket, deadline); }
};

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

Status measure_fsync(const std::filesystem::path& folder, BenchReport& report) {
    const std::filesystem::path path = folder / "fsync";
    const int out = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) return fail("file.unwritable", ErrorKind::unavailable, fmt::format("cannot write {}", path.string()));
    const std::string block(4096, 'x');
    std::vector<double> times;
    const double began = monotonic_seconds();
    for (int i = 0; i < kSyncs; ++i) {
        const double before = monotonic_seconds();
        if (::write(out, block.data(), block.size()) < 0 || ::fdatasync(out) != 0) break;
        times.push_back(1000 * (monotonic_seconds() - before));
    }
    report.fsyncs_per_s = static_cast<double>(times.size()) / (monotonic_seconds() - began);
    report.fsync_p50_ms = percentile(times, 0.5);
    ::close(out);
    ::unlink(path.c_str());
    return {};
}

/// A closed loop: so many cases in flight, each replaced when it ends.
class Loop {
public:
    Loop(engine::Engine& engine, std::size_t in_flight, std::string prefix) : engine_(engine), in_flight_(in_flight), prefix_(std::move(prefix)) {
        engine_.observe([this](const casework::CaseState& state, const std::vector<casework::CaseEvent>&) {
            ++commits_;
            if (state.phase == casework::Phase::closed) ended(state.id);
        });
    }

    BenchReport::Row run(double seconds) {
        const double cpu_before = cpu_seconds();
        const double began = monotonic_seconds();
        until_ = began + seconds;
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < in_flight_; ++i)
            workers.emplace_back([this](const std::stop_token& stop) {
                open_one();
                while (!stop.stop_requested()) {
                    if (!engine_.work_once()) engine_.wait_for_work(kWaitMax);
                    if (take_turn()) open_one();
                }
            });
        {
            std::unique_lock lock(mutex_);
            all_ended_.wait(lock, [this] { return open_ == 0 && monotonic_seconds() >= until_; });
        }
        const double took = monotonic_seconds() - began;
        for (auto& worker : workers) worker.request_stop();
        workers.clear();
        const auto cases = static_cast<double>(latencies_.size());
        return {.in_flight = in_flight_, .cases_per_s = cases / took, .commits_per_case = static_cast<double>(commits_) / cases,
                .p50_ms = percentile(latencies_, 0.5), .p99_ms = percentile(latencies_, 0.99),
                .cpu_ms_per_case = 1000 * (cpu_seconds() - cpu_before) / cases};
    }

private:
    /// True: this thread shall open the next case.
    bool take_turn() {
        std::lock_guard lock(mutex_);
        if (wanted_ == 0 || monotonic_seconds() >= until_) return false;
        --wanted_;
        return true;
    }
    void open_one() {
        CaseId id;
        {
            std::lock_guard lock(mutex_);
            id = CaseId(fmt::format("{}-{}", prefix_, ++opened_));
            ++open_;
            began_[id] = monotonic_seconds();
        }
        const auto received = engine_.receive(id, casework::CaseOpened{.id = id, .mail_id = MailId("m" + id.value()), .sender = "bench@example.test"});
        if (!received) ended(id);
    }
    void ended(const CaseId& id) {
        std::lock_guard lock(mutex_);
        const auto began = began_.find(id);
        if (began == began_.end()) return;
        latencies_.push_back(1000 * (monotonic_seconds() - began->second));
        began_.erase(began);
        --open_;
        ++wanted_;
        all_ended_.notify_all();
    }

    engine::Engine& engine_;
    const std::size_t in_flight_;
    const std::string prefix_;
    double until_ = 0;
    std::atomic<std::int64_t> commits_{0};
    std::mutex mutex_;
    std::condition_variable all_ended_;
    std::map<CaseId, double> began_;
    std::vector<double> latencies_;
    std::size_t opened_ = 0;
    std::size_t open_ = 0;
    std::size_t wanted_ = 0;
};

Result<BenchReport::Row> measure(const BenchOptions& options, std::size_t in_flight, const procedure::ToolCatalogue& catalogue) {
    TRY(const auto storage, storage::SqliteStorage::open(options.folder / fmt::format("bench-{}.db", in_flight), storage::sqlite::Mode::owner));
    const SystemClock clock;
    TrivialRunner runner;
    engine::ProcedureBook book(storage->engine_store(), catalogue);
    procedure::ReadResult read = procedure::read(bench_procedure(), catalogue);
    if (!read.procedure)
        return fail("procedure.has_errors", ErrorKind::internal, read.findings.empty() ? std::string("bench") : read.findings.front().message);
    TRY_STATUS(book.set_current(std::move(*read.procedure)));
    engine::Options engine_options;
    engine_options.bulkheads["bench"] = {.running_max = static_cast<int>(in_flight)};
    engine::Vault vault(storage->engine_store(), seal::random_key());
    engine::Engine engine(clock, storage->engine_store(), runner, book, vault, engine_options);
    TRY_STATUS(engine.start());
    return Loop(engine, in_flight, fmt::format("c{}", in_flight)).run(options.seconds);
}

}  // namespace

Result<BenchReport> run_bench(const BenchOptions& options) {
    std::error_code error;
    std::filesystem::remove_all(options.folder, error);
    TRY_STATUS(file::make_directories(options.folder));
    BenchReport report;
    TRY_STATUS(measure_fsync(options.folder, report));
    const procedure::ToolCatalogue catalogue = bench_catalogue();
    for (const std::size_t in_flight : options.in_flight) {
        TRY(auto row, measure(options, in_flight, catalogue));
        report.rows.push_back(row);
    }
    std::filesystem::remove_all(options.folder, error);
    return report;
}

}  // namespace resolute::app
