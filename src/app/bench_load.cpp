// SPDX-License-Identifier: Apache-2.0
#include "app/bench_load.h"

#include <algorithm>

#include "app/bench_usage.h"

namespace resolute::app {
namespace {

constexpr std::size_t kWorkers = 2;
constexpr Duration kWaitMax = std::chrono::milliseconds(50);
constexpr auto kLookEvery = std::chrono::milliseconds(100);

std::uint64_t steps_in(const std::vector<casework::CaseEvent>& events) {
    return static_cast<std::uint64_t>(std::count_if(events.begin(), events.end(), [](const casework::CaseEvent& event) {
        return std::holds_alternative<casework::EffectSucceeded>(event.body);
    }));
}

}  // namespace

BenchWindow::BenchWindow(const BenchDatabase& database) : database_(database) {
    const MachineCpu machine = machine_cpu();
    machine_busy_ = machine.busy;
    machine_all_ = machine.all;
    server_ = database.server_cpu_seconds();
    own_ = own_cpu_seconds();
    began_ = monotonic_seconds();
}

Measured BenchWindow::close() const {
    Measured measured{.seconds = monotonic_seconds() - began_, .own_cpu = own_cpu_seconds() - own_,
                      .server_cpu = database_.server_cpu_seconds() - server_};
    const MachineCpu machine = machine_cpu();
    const double busy = machine.busy - machine_busy_ - measured.own_cpu - measured.server_cpu;
    measured.others = machine.all > machine_all_ ? std::max(0.0, busy / (machine.all - machine_all_)) : 0;
    return measured;
}

BenchLoad::BenchLoad(engine::Engine& engine, std::size_t in_flight, std::string run)
    : engine_(engine), in_flight_(in_flight), run_(std::move(run)) {
    engine_.observe([this](const casework::CaseState& state, const std::vector<casework::CaseEvent>& events) {
        steps_ += steps_in(events);
        if (state.phase == casework::Phase::closed) ended(state.id);
    });
}

Result<Measured> BenchLoad::run(const BenchDatabase& database, double warm_up, double seconds) {
    if (in_flight_ == 1) return run_alone(database, warm_up, seconds);
    std::vector<std::jthread> threads;
    wanted_ = in_flight_;
    threads.emplace_back([this] { open_what_is_wanted(); });
    threads.emplace_back([this] { engine_.commit_gathered(); });
    for (std::size_t i = 0; i < kWorkers; ++i) threads.emplace_back([this] { work(); });
    Result<Measured> measured = timed(database, warm_up, seconds);
    is_over_ = true;
    engine_.stop_waiting();
    changed_.notify_all();
    threads.clear();
    return measured;
}

Result<Measured> BenchLoad::timed(const BenchDatabase& database, double warm_up, double seconds) {
    TRY_STATUS(keep_until(monotonic_seconds() + warm_up));
    const BenchWindow window(database);
    const std::uint64_t steps = steps_;
    const std::uint64_t writes = engine_.anchor().writes;
    TRY_STATUS(keep_until(window.began() + seconds));
    const std::uint64_t steps_after = steps_;
    Measured measured = window.close();
    measured.steps = static_cast<double>(steps_after - steps);
    measured.transactions = static_cast<double>(engine_.anchor().writes - writes);
    std::lock_guard lock(mutex_);
    for (const auto& [began, ended] : ended_)
        if (began >= window.began() && ended <= window.began() + measured.seconds) measured.case_ms.push_back(1000 * (ended - began));
    return measured;
}

/// What the program's own ticker does: the lease is kept, and what is due is claimed.
Status BenchLoad::keep_until(double moment) {
    const SystemClock clock;
    while (true) {
        TRY_STATUS(engine_.claim_due(clock.now()));
        const double left = moment - monotonic_seconds();
        std::unique_lock lock(mutex_);
        if (!failed_) return failed_;
        if (left <= 0) return {};
        changed_.wait_for(lock, std::min<std::chrono::duration<double>>(kLookEvery, std::chrono::duration<double>(left)),
                          [this] { return !failed_.has_value(); });
    }
}

/// One thread does all of it: nothing waits for another thread to wake up.
Result<Measured> BenchLoad::run_alone(const BenchDatabase& database, double warm_up, double seconds) {
    const SystemClock clock;
    const auto one = [&]() -> Status {
        TRY_STATUS(open(1));
        while (engine_.work_once()) {
        }
        TRY_STATUS(engine_.claim_due(clock.now()));
        return {};
    };
    const double warm = monotonic_seconds() + warm_up;
    while (monotonic_seconds() < warm) TRY_STATUS(one());
    const BenchWindow window(database);
    const std::uint64_t steps = steps_;
    ended_.clear();
    while (monotonic_seconds() < window.began() + seconds) TRY_STATUS(one());
    Measured measured = window.close();
    measured.steps = static_cast<double>(steps_ - steps);
    for (const auto& [began, ended] : ended_) measured.case_ms.push_back(1000 * (ended - began));
    return measured;
}

void BenchLoad::work() {
    while (!is_over_)
        if (!engine_.work_once()) engine_.wait_for_work(kWaitMax);
}

void BenchLoad::open_what_is_wanted() {
    while (true) {
        std::size_t count = 0;
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, kLookEvery, [this] { return wanted_ > 0 || is_over_; });
            if (is_over_) return;
            count = std::exchange(wanted_, 0);
        }
        if (Status opened = open(count); !opened) {
            std::lock_guard lock(mutex_);
            failed_ = std::move(opened);
            return;
        }
    }
}

Status BenchLoad::open(std::size_t count) {
    std::vector<engine::Engine::Arrival> arrivals;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t number = ++opened_;
        const CaseId id = bench_case_id(run_, number);
        arrivals.push_back({.case_id = id, .signal = bench_opening(id, number)});
    }
    {
        std::lock_guard lock(mutex_);
        for (const auto& arrival : arrivals) began_[arrival.case_id] = monotonic_seconds();
    }
    for (const auto& received : engine_.receive_all(std::move(arrivals))) TRY_STATUS(received);
    return {};
}

void BenchLoad::ended(const CaseId& id) {
    std::lock_guard lock(mutex_);
    const auto began = began_.find(id);
    if (began == began_.end()) return;
    ended_.emplace_back(began->second, monotonic_seconds());
    began_.erase(began);
    ++wanted_;
    if (in_flight_ > 1) changed_.notify_all();
}

}  // namespace resolute::app
