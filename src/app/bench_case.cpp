// SPDX-License-Identifier: Apache-2.0
#include "app/bench_case.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "storage/memory/memory_storage.h"

namespace resolute::app {
namespace {

constexpr std::size_t kFactBytes = 300;
constexpr std::uint64_t kSenders = 300;
constexpr std::size_t kIdLength = 15;

procedure::ToolCatalogue bench_catalogue() {
    procedure::ToolCatalogue catalogue;
    catalogue["bench.step"] = {.name = "bench.step", .purpose = "does nothing", .category = procedure::ToolCategory::integration,
                               .action = procedure::ActionType::read, .effect = procedure::EffectClass::reads, .integration = "bench",
                               .outcomes = {"done"}, .produces = {{"result", "map"}}};
    catalogue["bench.wait"] = {.name = "bench.wait", .purpose = "waits", .category = procedure::ToolCategory::integration,
                               .action = procedure::ActionType::read, .effect = procedure::EffectClass::waits, .integration = "",
                               .outcomes = {"replied"}};
    return catalogue;
}

std::string sleeping_procedure(std::string_view first) {
    std::string text = "---\nprocedure: bench-sleeps\npolicy: { limit: 1 }\n---\n# Sleeps\n\n## Steps\n";
    for (int step = 1; step <= 2; ++step)
        text += fmt::format("\n### Step {0}: Number {0}\n**Tool**: `bench.step`\n**Tool Category**: Integration\n**Action Type**: read\n"
                            "**Required Context**: `sender`\n**Timeout**: 30s\n**Branches**:\n- `done` → Step {1}\n", step, step + 1);
    return text + fmt::format("\n### Step 3: Sleep\n**Tool**: `bench.wait`\n**Tool Category**: Integration\n**Action Type**: read\n**Branches**:\n"
                              "- `replied` → closed\n- after `{}` → stay\n- after `60d` → stay\n- after `90d` → closed\n", first);
}

std::string sixteen_steps() {
    std::string text = "---\nprocedure: bench\npolicy: { limit: 1 }\n---\n# Sixteen steps\n\n## Steps\n";
    for (int step = 1; step <= kBenchSteps; ++step)
        text += fmt::format("\n### Step {0}: Number {0}\n**Tool**: `bench.step`\n**Tool Category**: Integration\n**Action Type**: read\n"
                            "**Required Context**: `sender`\n**Timeout**: 30s\n**Branches**:\n- `done` → {1}\n",
                            step, step == kBenchSteps ? "closed" : fmt::format("Step {}", step + 1));
    return text;
}

std::string document_of(BenchProcedure procedure) {
    switch (procedure) {
        case BenchProcedure::sixteen_steps: return sixteen_steps();
        case BenchProcedure::sleeps_long: return sleeping_procedure("30d");
        case BenchProcedure::sleeps_a_while: return sleeping_procedure("15s");
        case BenchProcedure::sleeps_a_moment: return sleeping_procedure("1s");
    }
    return {};
}

engine::Options engine_options(std::size_t in_flight) {
    engine::Options options;
    options.bulkheads["bench"] = {.running_max = static_cast<int>(in_flight)};
    return options;
}

/// Lets all through and keeps the commits.
class RecordingStore final : public engine::Store {
public:
    explicit RecordingStore(engine::Store& store) : store_(store) {}
    std::vector<engine::CaseCommit> commits;

    Result<engine::Committed> commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& batch) override {
        commits.insert(commits.end(), batch.begin(), batch.end());
        return store_.commit(lease, batch);
    }
    Result<engine::Lease> acquire(std::string owner, Instant now, int format) override { return store_.acquire(std::move(owner), now, format); }
    Result<engine::Renewal> renew(const engine::Lease& lease, Instant now) override { return store_.renew(lease, now); }
    Result<std::size_t> take_over(const engine::Lease& lease, Instant now) override { return store_.take_over(lease, now); }
    Status release(const engine::Lease& lease, const std::vector<EffectId>& ids, Instant now) override { return store_.release(lease, ids, now); }
    Result<std::vector<engine::Worker>> workers() override { return store_.workers(); }
    Result<std::string> store_id() override { return store_.store_id(); }
    Result<std::optional<engine::LoadedCase>> load(const CaseId& id) override { return store_.load(id); }
    Result<std::vector<engine::JournalRow>> journal(const CaseId& id) override { return store_.journal(id); }
    Result<std::vector<CaseId>> claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) override {
        return store_.claim_cases(lease, now, limit, hold);
    }
    Result<std::vector<engine::EffectRecord>> claim_effects(const engine::Lease& lease, Instant now, std::size_t limit, bool suspects) override {
        return store_.claim_effects(lease, now, limit, suspects);
    }
    Result<std::vector<engine::EffectRecord>> claimed_effects(const engine::Lease& lease) override { return store_.claimed_effects(lease); }
    Result<std::optional<Instant>> next_wake() override { return store_.next_wake(); }
    Result<std::optional<engine::KnownInput>> find_input(const InputId& id) override { return store_.find_input(id); }
    Result<std::optional<engine::EffectRecord>> find_effect(const EffectId& id) override { return store_.find_effect(id); }
    Status keep_procedure(const std::string& hash, const std::string& document, const std::optional<Money>& limit) override {
        return store_.keep_procedure(hash, document, limit);
    }
    Result<std::optional<std::string>> load_procedure(const std::string& hash) override { return store_.load_procedure(hash); }
    Result<engine::SubjectRow> keep_subject(const std::string& name, const std::string& key) override { return store_.keep_subject(name, key); }
    Result<std::optional<engine::SubjectRow>> find_subject(const std::string& id) override { return store_.find_subject(id); }
    Status end_subject(const std::string& id, bool destroy) override { return store_.end_subject(id, destroy); }
    Result<std::optional<engine::Freeze>> last_freeze() override { return store_.last_freeze(); }
    Status freeze(const std::string& why, const std::string& by, Instant now) override { return store_.freeze(why, by, now); }
    Status release_freeze(const std::string& by, Instant now, Instant until) override { return store_.release_freeze(by, now, until); }

private:
    engine::Store& store_;
};

}  // namespace

CaseId bench_case_id(std::string_view run, std::uint64_t number) { return CaseId("c" + short_hash({run, std::to_string(number)}, kIdLength)); }

casework::CaseOpened bench_opening(const CaseId& id, std::uint64_t number) {
    return {.id = id, .mail_id = MailId("m" + id.value()), .sender = fmt::format("customer-{}@example.test", number % kSenders)};
}

engine::Settlement BenchRunner::run(const engine::EffectTicket&, Deadline) {
    return engine::Settlement::success("done", json::Value().set("result", std::string(kFactBytes, 'x')));
}

BenchEngine::BenchEngine(engine::Store& store, std::size_t in_flight, const seal::Key& key)
    : catalogue_(bench_catalogue()), book_(store, catalogue_), vault_(store, key),
      engine_(clock_, store, runner_, book_, vault_, engine_options(in_flight)) {}

BenchEngine::~BenchEngine() { static_cast<void>(engine_.finish()); }

Result<std::unique_ptr<BenchEngine>> BenchEngine::start(engine::Store& store, std::size_t in_flight, BenchProcedure procedure,
                                                        const seal::Key& key) {
    std::unique_ptr<BenchEngine> made(new BenchEngine(store, in_flight, key));
    procedure::ReadResult read = procedure::read(document_of(procedure), made->catalogue_);
    if (!read.procedure)
        return fail("procedure.has_errors", ErrorKind::internal, read.findings.empty() ? std::string("bench") : read.findings.front().message);
    TRY_STATUS(made->book_.set_current(std::move(*read.procedure)));
    TRY_STATUS(made->engine_.start());
    return made;
}

Result<std::vector<engine::CaseCommit>> record_bench_case() {
    storage::MemoryStorage memory;
    RecordingStore store(memory.engine_store());
    {
        TRY(const auto engine, BenchEngine::start(store, 1));
        const CaseId id = bench_case_id("recorded", 0);
        TRY_STATUS((*engine)->receive(id, bench_opening(id, 0)));
        while ((*engine)->work_once()) {
        }
    }
    if (store.commits.size() != kBenchSteps + 1 || store.commits.back().lifecycle != engine::Lifecycle::closed)
        return fail("engine.failed", ErrorKind::internal, "the case of the benchmark did not reach its end");
    return std::move(store.commits);
}

}  // namespace resolute::app
