// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/effect_runner.h"
#include "procedure/procedure.h"
#include "storage/storage.h"

/// The case that is measured: sixteen steps one after the other, each a trivial tool that returns 300 bytes.
namespace resolute::app {

inline constexpr int kBenchSteps = 16;

/// The ids of cases look as in life: no order in them.
CaseId bench_case_id(std::string_view run, std::uint64_t number);
/// Some hundreds of customers write, each with a key of their own.
casework::CaseOpened bench_opening(const CaseId& id, std::uint64_t number);

class BenchRunner final : public engine::EffectRunner {
public:
    engine::Settlement run(const engine::EffectTicket& ticket, Deadline deadline) override;
    engine::Settlement look_up(const engine::EffectTicket& ticket, Deadline deadline) override { return run(ticket, deadline); }
};

enum class BenchProcedure {
    sixteen_steps,
    sleeps_long,     ///< after two steps, on three timers 30, 60 and 90 days away
    sleeps_a_while,  ///< the first of its timers comes after 15 seconds
    sleeps_a_moment, ///< the first of its timers comes after a second
};

/// An engine with all it needs, on one database.
class BenchEngine {
public:
    static Result<std::unique_ptr<BenchEngine>> start(engine::Store& store, std::size_t in_flight,
                                                      BenchProcedure procedure = BenchProcedure::sixteen_steps,
                                                      const seal::Key& key = seal::random_key());
    ~BenchEngine();
    BenchEngine(const BenchEngine&) = delete;
    BenchEngine& operator=(const BenchEngine&) = delete;
    engine::Engine& operator*() { return engine_; }
    engine::Engine* operator->() { return &engine_; }

private:
    BenchEngine(engine::Store& store, std::size_t in_flight, const seal::Key& key);
    const SystemClock clock_;
    const procedure::ToolCatalogue catalogue_;
    BenchRunner runner_;
    engine::ProcedureBook book_;
    engine::Vault vault_;
    engine::Engine engine_;
};

/// All that the engine commits for one case, from its opening to its end: what the plain SQL beside it writes too.
Result<std::vector<engine::CaseCommit>> record_bench_case();

}  // namespace resolute::app
