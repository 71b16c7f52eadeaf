// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/staff.h"

#include <algorithm>

#include <fmt/format.h>

namespace resolute::sim {
namespace {

using casework::TaskDecision;
using casework::TaskState;
using procedure::TaskKind;
using std::chrono::hours;
using std::chrono::minutes;
using Verb = TaskDecision::Verb;

constexpr int kTriesMax = 200;

}  // namespace

void Staff::asked(const CaseId& id, const casework::Task& task) {
    if (task.state == TaskState::expired) world_.coverage.note("approval expired");
    if (task.state != TaskState::open) {
        open_.erase(task.id);
        return;
    }
    if (const auto known = open_.find(task.id); known != open_.end()) {
        known->second.task = task;  // It got a name.
        return;
    }
    // Held mails are looked after when everything late has arrived.
    const Duration soonest = task.kind == TaskKind::held_effect ? Duration(minutes(20)) : Duration(minutes(1));
    Duration after = random_.between(soonest, random_.chance(0.6) ? hours(4) : hours(40));
    if (task.kind == TaskKind::approve && random_.chance(0.2)) after = random_.between(hours(60), hours(90));
    open_.emplace(task.id, Open{id, task, world_.clock.true_now() + after});
}

void Staff::look_again(ports::CaseQueries& queries) {
    open_.clear();
    if (const auto tasks = queries.list_tasks(true))
        for (const ports::OpenTask& open : *tasks) asked(open.case_id, open.task);
}

std::optional<Instant> Staff::next() const {
    std::optional<Instant> next;
    for (const auto& [id, open] : open_)
        if (!next || open.at < *next) next = open.at;
    return next;
}

bool Staff::act(const Speak& speak) {
    std::vector<Open> due;
    for (const auto& [id, open] : open_)
        if (open.at <= world_.clock.true_now()) due.push_back(open);
    for (Open& open : due) {
        if (!open_.contains(open.task.id)) continue;
        // Whatever becomes of it, they look at it again later, as long as it is open.
        Open& kept = open_.at(open.task.id);
        kept.at = world_.clock.true_now() + random_.between(minutes(5), hours(2));
        if (++kept.tries > kTriesMax) open_.erase(open.task.id);
        decide(std::move(open), speak);
    }
    return !due.empty();
}

casework::TaskDecision Staff::decision_on(const Open& open) {
    const casework::Task& task = open.task;
    TaskDecision decision{.task = task.id, .by = "bob", .by_manager = false};
    switch (task.kind) {
        case TaskKind::approve:
            decision.verb = random_.chance(0.6) ? Verb::approve : Verb::deny;
            decision.by = "carol";
            decision.by_manager = true;
            if (random_.chance(0.1)) {
                decision.by = "bob";  // Who has no right to.
                decision.by_manager = false;
            }
            if (!task.amount || random_.chance(0.2)) decision.amount = Money{random_.chance(0.5) ? 10'000 : 60'000, "USD"};
            break;
        case TaskKind::review: decision.verb = random_.chance(0.7) ? Verb::approve : Verb::deny; break;
        case TaskKind::resolve:
            decision.verb = Verb::resolve;
            if (open.tries % 3 == 0 && random_.chance(0.8)) {
                decision.reply = "Please try the other cable.";
                if (random_.chance(0.3)) decision.reply = "We will refund $480.00 to you.";
                if (random_.chance(0.1)) decision.reply = "We will refund $900.00 to you.";
            }
            decision.note = "done by telephone";
            break;
        case TaskKind::manager_review:
        case TaskKind::manager_escalation:
            decision.verb = Verb::resolve;
            decision.by = "carol";
            decision.by_manager = true;
            break;
        case TaskKind::technical_support: decision.verb = Verb::resolve; decision.by = "tom"; break;
        case TaskKind::undelivered: decision.verb = random_.chance(0.5) ? Verb::approve : Verb::resolve; break;
        case TaskKind::held_effect: {
            // They look where the mail would be, and say what they see.
            const bool is_there = std::ranges::any_of(world_.ledger.delivered, [&](const Delivered& mail) { return mail.key == task.effect; });
            decision.verb = is_there ? Verb::approve : Verb::deny;
            decision.went_out = is_there;
            decision.by = "tom";
            break;
        }
    }
    return decision;
}

void Staff::decide(Open open, const Speak& speak) {
    const TaskDecision decision = decision_on(open);
    const int clicks = world_.faults_are_on && random_.chance(world_.plan.double_click) ? 2 : 1;
    bool was_taken = false;
    for (int click = 0; click < clicks; ++click) {
        if (open.task.kind == TaskKind::held_effect && open.task.effect) {
            // Said before the program hears it: if it dies now, the word may be durable all the same.
            world_.ledger.said_by_people[*open.task.effect].push_back(decision.went_out);
        }
        Result<engine::Received> received = fail("sim.nobody_there", ErrorKind::unavailable);
        if (!speak([&](engine::Engine& engine) { received = engine.receive(open.case_id, decision); })) return;
        if (received) {
            if (was_taken && !received->was_known) world_.breach("13 a decision counts once", "a second click was taken", open.case_id);
            was_taken = true;
            if (decision.verb == Verb::approve && open.task.kind == TaskKind::approve) world_.coverage.note("approval granted");
            if (decision.verb == Verb::deny && open.task.kind == TaskKind::approve) world_.coverage.note("approval denied");
            if (open.task.kind == TaskKind::held_effect) world_.coverage.note(decision.went_out ? "held: went out" : "held: send again");
            continue;
        }
        const std::string& code = received.error().code;
        if (was_taken && code == "task.not_open") world_.coverage.note("second click refused");
        if (code == "gate.promise_without_grant") world_.coverage.note("promise refused");
        if (code == "task.not_open" || code == "task.not_found" || code == "case.not_found") open_.erase(open.task.id);
    }
}

}  // namespace resolute::sim
