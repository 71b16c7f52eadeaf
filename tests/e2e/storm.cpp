// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

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
}

/// Who has committed something since its start, and how long that took.
void Storm::look() {
    const Rows leased = fleet_.try_sql("SELECT owner, max(epoch) FROM resolute.workers GROUP BY owner");
    const Rows rows = fleet_.try_sql("SELECT owner, max(epoch) FROM resolute.workers WHERE writes > 0 GROUP BY owner");
    const double now = monotonic_seconds();
    for (Program& program : programs_) {
        if (program.has_worked) continue;
        for (const auto& row : leased) {
            if (program.is_ready || row[0] != program.name || std::stoll(row[1]) <= program.epoch_before) continue;
            program.is_ready = true;
            if (kills_ > 0) ready_.push_back((now - program.started_at) * 1000);
        }
        for (const auto& row : rows)
            if (row[0] == program.name && std::stoll(row[1]) > program.epoch_before) program.has_worked = true;
        if (program.has_worked && kills_ > 0) first_work_.push_back((now - program.started_at) * 1000);
        EXPECT_TRUE(program.has_worked || !program.process->has_ended())
            << program.name << " ended by itself: " << program.process->err().substr(0, 2000);
    }
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
