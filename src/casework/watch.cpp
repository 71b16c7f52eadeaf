// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "casework/claim.h"
#include "casework/plan.h"

namespace resolute::casework {
namespace {

using procedure::Evaluation;
using procedure::ExitCondition;
using procedure::TaskKind;
using procedure::Verdict;

constexpr std::string_view kQuietTimer = "quiet";

bool has_effect_for(const CaseState& state, std::string_view tool, const std::string& recipient) {
    return std::any_of(state.effects.begin(), state.effects.end(),
                       [&](const auto& effect) { return effect.second.tool == tool && effect.second.recipient == recipient; });
}

/// Every open task has a person's name on it.
bool assign_tasks(Planner& planner) {
    const CaseState& state = planner.state;
    for (const Task& task : state.tasks) {
        if (task.state != TaskState::open || !task.assignee.empty() || has_effect_for(state, "task.assign", task.id.value())) continue;
        plan_call(planner,
                  {.tool = "task.assign", .purpose = Purpose::beside, .occurrence = task.id.value(), .recipient = task.id.value(),
                   .extra = json::Value().set("role", task.role).set("task", task.id.value()).set("kind", procedure::to_string(task.kind))},
                  nullptr);
        return true;
    }
    return false;
}

/// What the customer wrote later stands in the ticket too.
bool note_replies(Planner& planner) {
    const CaseState& state = planner.state;
    if (state.facts["ticket"].is_null()) return false;
    for (const ConversationMail& mail : state.mails) {
        if (!mail.is_inbound || mail.is_noted) continue;
        plan_call(planner,
                  {.tool = "ticket.note", .purpose = Purpose::beside, .occurrence = mail.mail_id.value(), .recipient = mail.mail_id.value(),
                   .extra = json::Value().set("text", mail.text).set("author", "customer")},
                  nullptr);
        return true;
    }
    return false;
}

/// Routing chose somebody, or the case waits for a person without it (people said that the escalation went out): it is with people
/// now, and one of them has a task. Otherwise nobody would ever end the wait.
bool note_escalation(Planner& planner) {
    const CaseState& state = planner.state;
    const json::Value& assignment = state.facts["assignment"];
    if (state.escalated || state.phase == Phase::closed) return false;
    const procedure::Step* step = planner.procedure.find_step(state.step);
    const bool waits_for_people = state.phase == Phase::waiting && step != nullptr && step->tool == "ticket.watch";
    if (assignment.is_null() && !waits_for_people) return false;
    const std::string why = assignment["reason"].as_string_or("a person is needed");
    planner.say(CaseEscalated{why});
    Task task = make_task(planner, TaskKind::resolve, "agent", why);
    task.assignee = assignment["agent"].as_string();
    planner.say(TaskOpened{std::move(task)});
    return true;
}

/// A person must say what became of a held effect.
bool open_held_tasks(Planner& planner) {
    for (const auto& [id, effect] : planner.state.effects) {
        if (effect.state != OpenEffect::State::held) continue;
        const bool is_known = std::any_of(planner.state.tasks.begin(), planner.state.tasks.end(), [&](const Task& task) {
            return task.kind == TaskKind::held_effect && task.state == TaskState::open && task.effect == id;
        });
        if (is_known) continue;
        Task task = make_task(planner, TaskKind::held_effect, "technical_support",
                              fmt::format("{} may or may not have happened: did it?", effect.tool));
        task.effect = id;
        planner.say(TaskOpened{std::move(task)});
        return true;
    }
    return false;
}

bool expire_tasks(Planner& planner) {
    for (const Task& task : planner.state.tasks) {
        if (task.state != TaskState::open || !task.due || *task.due > planner.now) continue;
        planner.say(TaskClosed{.task = task.id, .state = TaskState::expired, .by = "clock", .note = "nobody decided in time", .reply = {},
                               .articles = {}});
        if (task.kind == TaskKind::approve)
            for (EventBody& event : deny_refund(planner.state, "clock", "the approval expired")) planner.say(std::move(event));
        return true;
    }
    return false;
}

/// An exit that moves the case does so only between two steps, never under a running effect.
bool may_move(const CaseState& state) {
    const bool is_busy = std::any_of(state.effects.begin(), state.effects.end(),
                                     [](const auto& effect) { return effect.second.purpose != Purpose::beside; });
    return state.phase == Phase::waiting && !is_busy;
}

bool watch_exits(Planner& planner) {
    const CaseState& state = planner.state;
    for (std::size_t i = 0; i < planner.procedure.exits.size(); ++i) {
        const ExitCondition& exit = planner.procedure.exits[i];
        const procedure::Judgement judgement = exit.when.judge(planner.context);
        // A fact that no step has produced yet is no reason to act; a fact that is there and unknown is (fail closed).
        const bool holds = judgement.verdict == Verdict::yes || (judgement.verdict == Verdict::unknown && !judgement.is_too_early);
        const bool held = state.exits_met.contains(exit.name);
        if (holds == held) continue;
        if (!holds) {
            planner.say(ExitConditionCleared{exit.name});
            return true;
        }
        const bool moves = exit.target.has_value();
        if (moves && !may_move(state)) continue;
        Evaluation evaluation = exit.when.evaluate(planner.context);
        planner.say(ExitConditionMet{.name = exit.name, .index = static_cast<int>(i), .facts = std::move(evaluation.facts), .moves = moves});
        if (!moves)
            for (const procedure::Action& action : exit.actions) act_beside(planner, action, exit.name);
        return true;
    }
    return false;
}

/// Wakes the case when its quiet time may meet a condition.
bool keep_quiet_timer(Planner& planner) {
    const CaseState& state = planner.state;
    std::optional<Instant> wanted;
    if (state.quiet_since && (quiet_for(state, planner.now) > Duration::zero() || *state.quiet_since == planner.now)) {
        for (const ExitCondition& exit : planner.procedure.exits) {
            for (const Duration threshold : exit.when.duration_thresholds("case.quiet_for", planner.context)) {
                const Instant at = *state.quiet_since + threshold;
                if (at > planner.now && (!wanted || at < *wanted)) wanted = at;
            }
        }
    }
    const auto set = state.timers.find(std::string(kQuietTimer));
    if (!wanted) return false;  // A timer that no longer matters fires into nothing.
    if (set != state.timers.end() && set->second == *wanted) return false;
    planner.say(TimerSet{std::string(kQuietTimer), *wanted});
    return true;
}

/// Timers of the case itself; those of the step are its own business (decide.cpp).
bool fire_case_timers(Planner& planner) {
    for (const auto& [name, due] : planner.state.timers) {
        const bool is_of_step = name.starts_with("after:") || name.starts_with("at:");
        if (is_of_step || due > planner.now) continue;
        planner.say(TimerFired{name});
        return true;
    }
    return false;
}

}  // namespace

bool watch(Planner& planner) {
    return note_escalation(planner) || expire_tasks(planner) || watch_exits(planner) || assign_tasks(planner) || note_replies(planner) ||
           open_held_tasks(planner) || fire_case_timers(planner) || keep_quiet_timer(planner);
}

}  // namespace resolute::casework
