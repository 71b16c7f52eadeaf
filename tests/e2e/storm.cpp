// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {
constexpr Duration kLook = std::chrono::milliseconds(20);
constexpr Duration kEndWithin = std::chrono::seconds(30);
constexpr Duration kWorkWithin = std::chrono::seconds(20);
}  // namespace

Storm::Storm(const Fleet& fleet, std::vector<std::string> names, std::vector<std::string> roles, std::uint64_t seed)
    : fleet_(fleet), random_(seed) {
    for (std::size_t i = 0; i < names.size(); ++i) programs_.push_back({.name = names[i], .role = roles[i % roles.size()], .process = {}});
}

void Storm::start_all() {
    for (Program& program : programs_) start(program);
}

void Storm::start(Program& program) {
    program.epoch_before = fleet_.number("SELECT coalesce(max(epoch), 0) FROM resolute.workers");
    program.process.reset();
    program.started_at = monotonic_seconds();
    program.process.emplace(fleet_.start(program.name, program.role));
    program.has_worked = false;
    program.is_ready = false;
    program.is_second = kills_ > 0;
    program.without_work = 0;
}

/// As the claims of storage/postgres/queries.h see it.
Storm::Claimable Storm::claimable() const {
    const auto fed = static_cast<std::int64_t>(fleet_.mails().size());
    const Rows rows = fleet_.try_sql(fmt::format(
        "SELECT EXISTS (SELECT FROM resolute.mails WHERE outcome = 'pending' AND held_until <= resolute.now_ms())"
        " OR (SELECT count(*) FROM resolute.mails) < {},"
        " EXISTS (SELECT FROM resolute.effects WHERE status IN ('waiting', 'unclear') AND crashes = 0 AND next_at <= resolute.now_ms())"
        " OR (EXISTS (SELECT FROM resolute.effects WHERE status IN ('waiting', 'unclear') AND crashes > 0 AND next_at <= resolute.now_ms())"
        "     AND NOT EXISTS (SELECT FROM resolute.effects WHERE status IN ('intended', 'reconciling') AND crashes > 0))"
        " OR EXISTS (SELECT FROM resolute.cases WHERE lifecycle = 'active' AND wake_at <= resolute.now_ms())",
        fed));
    // Where it does not answer there may be work.
    if (rows.empty() || rows[0].size() != 2) return {.mails = true, .work = true};
    return {.mails = rows[0][0] == "t", .work = rows[0][1] == "t"};
}

double Storm::first_work_of(const Program& program, double now) { return (now - program.started_at - program.without_work) * 1000; }

std::vector<double> Storm::first_work() const {
    std::vector<double> all = first_work_;
    for (const Program& program : programs_)
        if (program.is_second && !program.has_worked) all.push_back(first_work_of(program, looked_at_));
    return all;
}

/// Who has committed something since its start, and how long that took.
void Storm::look() {
    const Rows leased = fleet_.try_sql("SELECT owner, max(epoch) FROM resolute.workers GROUP BY owner");
    const Rows rows = fleet_.try_sql("SELECT owner, max(epoch) FROM resolute.workers WHERE writes > 0 GROUP BY owner");
    const bool is_any_idle = std::ranges::any_of(programs_, [](const Program& program) { return program.is_ready && !program.has_worked; });
    const Claimable there = is_any_idle ? claimable() : Claimable{};
    const double now = monotonic_seconds();
    for (Program& program : programs_) {
        if (program.has_worked) continue;
        const bool has_work = there.work || (there.mails && program.role != "worker");
        if (program.is_ready && !has_work) program.without_work += now - looked_at_;
        for (const auto& row : leased) {
            if (program.is_ready || row[0] != program.name || std::stoll(row[1]) <= program.epoch_before) continue;
            program.is_ready = true;
            if (program.is_second) ready_.push_back((now - program.started_at) * 1000);
        }
        for (const auto& row : rows)
            if (row[0] == program.name && std::stoll(row[1]) > program.epoch_before) program.has_worked = true;
        if (program.has_worked && program.is_second) {
            first_work_.push_back(first_work_of(program, now));
            first_commit_.push_back((now - program.started_at) * 1000);
        }
        EXPECT_TRUE(program.has_worked || !program.process->has_ended())
            << program.name << " ended by itself: " << program.process->err().substr(0, 2000);
    }
    looked_at_ = now;
}

bool Storm::strike(Duration pause_before) {
    const Deadline strike_at = Deadline::in(pause_before);
    const Deadline give_up = Deadline::in(pause_before + kWorkWithin);
    while (!give_up.has_passed() && !testing::Test::HasFailure()) {
        look();
        std::vector<Program*> at_work;
        for (Program& program : programs_)
            if (program.has_worked) at_work.push_back(&program);
        if (strike_at.has_passed() && !at_work.empty()) {
            Program& victim = *at_work[random_() % at_work.size()];
            victim.process->signal(SIGKILL);
            EXPECT_TRUE(victim.process->wait(kEndWithin).has_value());
            ++kills_;
            start(victim);
            return true;
        }
        pause(kLook);
    }
    return false;
}

void Storm::stop_all() {
    for (Program& program : programs_) {
        if (!program.process) continue;
        EXPECT_EQ(program.process->stop().exit_code, 0) << program.name;
        program.process.reset();
    }
}

}  // namespace resolute::e2e
