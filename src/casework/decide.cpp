// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/invariant.h"
#include "casework/claim.h"
#include "casework/plan.h"

// The life of a step:
//
//   arrived ──► running ──► ended ──► acting ──► (next step) arrived
//      │  ▲         (effect)  ▲  │      (chain of the branch)
//      │  └ awaiting_approval │  └──► held ──► arrived, when a person says so
//      └──► waiting ──────────┘
//
namespace resolute::casework {
namespace {

using procedure::Action;
using procedure::Branch;
using procedure::EffectClass;
using procedure::Evaluation;
using procedure::Step;
using procedure::Target;
using procedure::TaskKind;
using procedure::Verdict;

void end_step(Planner& planner, std::string outcome, std::string why = {}) {
    planner.say(StepEnded{.step = planner.state.step, .outcome = std::move(outcome), .why = std::move(why), .facts = {}});
}

bool declares(const Step& step, std::string_view outcome) {
    return std::any_of(step.branches.begin(), step.branches.end(),
                       [&](const Branch& branch) { return branch.trigger == Branch::Trigger::outcome && branch.outcome == outcome; });
}

/// The person's answer about exactly this text at this step.
enum class Approved { not_needed, yes, no, open, ask };
Approved approval_of(const Planner& planner, const Step& step, const std::string& text_hash) {
    if (!step.approval || step.approval->when.judge(planner.context).verdict == Verdict::no) return Approved::not_needed;
    for (auto task = planner.state.tasks.rbegin(); task != planner.state.tasks.rend(); ++task) {
        if (task->kind != step.approval->task || task->step != step.number || task->bound_hash != text_hash) continue;
        if (task->state == TaskState::open) return Approved::open;
        return task->state == TaskState::approved ? Approved::yes : Approved::no;
    }
    return Approved::ask;
}

bool has_unhandled_mail(const CaseState& state) {
    return std::any_of(state.mails.begin(), state.mails.end(), [](const auto& mail) { return !mail.is_handled; });
}

/// True where the mail must not go out, or not yet; the planner then says what happens instead.
bool hold_back_mail(Planner& planner, const Step& step) {
    // Who wrote while this was being written is answered, not asked.
    if (declares(step, "replied") && has_unhandled_mail(planner.state)) {
        end_step(planner, "replied");
        return true;
    }
    // A person looks into it: until they have, nothing is sent and nothing is given up.
    if (!planner.state.undeliverable.empty() && has_open_task(planner.state, TaskKind::undelivered)) return true;
    if (const auto why = reason_to_withhold(planner, step.tool)) {
        end_step(planner, "withheld", *why);
        return true;
    }
    const json::Value& draft = draft_of(planner, step.tool);
    const std::string text_hash = sha256_hex(draft["text"].as_string());
    switch (approval_of(planner, step, text_hash)) {
        case Approved::not_needed:
        case Approved::yes: break;
        case Approved::no: end_step(planner, "rejected", "a person did not approve the text"); return true;
        case Approved::open: return true;
        case Approved::ask: {
            Task task = make_task(planner, step.approval->task, step.approval->role, "read the text and approve it, or not");
            task.bound_hash = text_hash;
            planner.say(TaskOpened{std::move(task)});
            return true;
        }
    }
    const std::vector<Violation> violations = check_outgoing(planner.state, planner.procedure, step.tool, draft, planner.now);
    if (violations.empty()) return false;
    const std::string why = violations.front().code + ": " + violations.front().detail;
    if (declares(step, "rejected"))
        end_step(planner, "rejected", why);
    else if (declares(step, "withheld"))
        end_step(planner, "withheld", why);
    else
        end_step(planner, "failure", why);
    return true;
}

void begin_waiting(Planner& planner, const Step& step) {
    planner.say(StepWaiting{step.number});
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
        const Branch& branch = step.branches[i];
        if (branch.trigger == Branch::Trigger::after)
            planner.say(TimerSet{fmt::format("after:{}", i), planner.state.entered_at + branch.after});
        if (branch.trigger == Branch::Trigger::at) {
            const json::Value* due = planner.context.find_path(branch.at_fact);
            // Without the fact nothing would ever wake the step: now is the safe reading.
            planner.say(TimerSet{fmt::format("at:{}", i), due != nullptr ? json::to_instant(*due).value_or(planner.now) : planner.now});
        }
    }
}

/// Which of several equal calls of a case this is. Of other calls than mails it is the visit, and the link of the chain. A mail's
/// occurrence is a new one where one of its kind went out, people had this step tried again or gave an answer, or the customer wrote:
/// so after a store went back in time the mail has the key again under which it may be out already, however the case came here now.
std::string occurrence_of(const CaseState& state, std::string_view tool, EffectClass effect_class, std::string_view link = {}) {
    if (effect_class != EffectClass::mails) return fmt::format("v{}{}", state.visit, link);
    const auto sent = std::count_if(state.mails.begin(), state.mails.end(), [&](const auto& mail) { return mail.tool == tool; });
    const auto heard = std::count_if(state.mails.begin(), state.mails.end(), [](const auto& mail) { return mail.is_inbound && mail.is_handled; });
    const auto words = std::count_if(state.tasks.begin(), state.tasks.end(), [&](const Task& task) {
        const bool counts = task.kind == TaskKind::resolve || (task.kind == TaskKind::technical_support && task.step == state.step);
        return counts && task.state == TaskState::done;
    });
    return fmt::format("n{}.w{}.m{}", sent, words, heard);
}

void arrive(Planner& planner, const Step& step) {
    if (step.only_when && step.only_when->judge(planner.context).verdict != Verdict::yes)
        return end_step(planner, "skipped", "only when " + step.only_when->text());
    const EffectClass effect = planner.procedure.tool(step.tool).effect;
    if (effect == EffectClass::waits) return begin_waiting(planner, step);
    if (effect == EffectClass::mails && hold_back_mail(planner, step)) return;
    plan_call(planner, {.tool = step.tool, .purpose = Purpose::step, .occurrence = occurrence_of(planner.state, step.tool, effect)}, &step);
}

std::string trigger_text(const Branch& branch) {
    switch (branch.trigger) {
        case Branch::Trigger::outcome: return branch.outcome;
        case Branch::Trigger::guard: return "when " + branch.when->text();
        case Branch::Trigger::after: return "after " + branch.after_text;
        case Branch::Trigger::at: return "at " + branch.at_fact;
        case Branch::Trigger::failure: return "on failure";
    }
    INVARIANT(false, "every trigger is handled above");
}

bool leads_to_people(const Planner& planner, const Target& target) {
    const Step* next = target.kind == Target::Kind::step ? planner.procedure.find_step(target.step) : nullptr;
    return next != nullptr && next->tool == "ticket.escalate";
}

void take_branch(Planner& planner, const Step& step, std::size_t index, const Evaluation* guard) {
    const Branch& branch = step.branches[index];
    BranchTaken taken{.step = step.number, .branch = static_cast<int>(index), .trigger = trigger_text(branch), .target = branch.target};
    if (guard != nullptr) {
        taken.verdict = std::string(procedure::to_string(guard->verdict));
        taken.facts = guard->facts;
        taken.is_policy_stop = leads_to_people(planner, branch.target);
    }
    planner.say(std::move(taken));
}

/// A waiting step ends by what came in, or by its timers.
void wait(Planner& planner, const Step& step) {
    const CaseState& state = planner.state;
    if (declares(step, "resolved")) {
        const auto last = std::find_if(state.tasks.rbegin(), state.tasks.rend(), [](const Task& task) { return task.kind == TaskKind::resolve; });
        if (last != state.tasks.rend() && last->state == TaskState::done) {
            for (const Task& task : state.tasks)  // Nobody need hurry the work any more.
                if (task.kind == TaskKind::manager_escalation && task.state == TaskState::open)
                    planner.say(TaskClosed{.task = task.id, .state = TaskState::cancelled, .by = "procedure", .note = "the ticket is resolved",
                                           .reply = {}, .articles = {}});
            return end_step(planner, "resolved", "by " + last->decided_by);
        }
    }
    if (declares(step, "rated") && state.satisfaction) return end_step(planner, "rated");
    if (declares(step, "replied") && has_unhandled_mail(state)) return end_step(planner, "replied");
    for (const auto& [name, due] : state.timers) {
        if (due > planner.now || !(name.starts_with("after:") || name.starts_with("at:"))) continue;
        const std::size_t index = std::stoul(name.substr(name.find(':') + 1));
        planner.say(TimerFired{name});
        return take_branch(planner, step, index, nullptr);
    }
}

/// A refund within the policy is granted by it: for a verified, known customer, for an order of theirs that covers it.
std::optional<Grant> grant_by_policy(const Planner& planner) {
    const json::Value& refund = planner.context["refund"];
    const auto total = json::to_money(refund["amount"]);
    const auto claimed = json::to_money(refund["claimed"]);
    const auto limit = json::to_money(planner.procedure.policy["refund_approval_above"]);
    if (!refund["requested"].as_bool() || !total || !claimed || !limit || !refund["is_covered"].as_bool()) return std::nullopt;
    if (planner.state.trust != Trust::verified || !planner.context["customer"]["known"].as_bool()) return std::nullopt;
    const auto order = compare(*total, *limit);
    if (!order || *order > 0 || planner.state.claim.state != Claim::State::pending) return std::nullopt;
    if (!planner.state.grants.empty()) return std::nullopt;  // The policy grants once a case; more is for a person.
    return Grant{.by = "policy", .amount = *claimed, .order = refund["order"].as_string(), .at = planner.now,
                 .policy_hash = planner.procedure.content_hash};
}

/// What the domain concludes from a step's end, before its branch is taken. True: something was concluded.
bool conclude(Planner& planner, const Step& step) {
    const CaseState& state = planner.state;
    const json::Value& refund = state.facts["refund"];
    if (step.tool == "issue.classify" && refund["requested"].as_bool()) {
        if (auto claim = find_new_claim(state, refund)) {
            planner.say(RefundClaimed{*std::move(claim)});
            return true;
        }
    }
    if (step.tool == "reply.understand") {
        const json::Value& rating = state.facts["reply_meaning"]["rating"];
        if (rating.is_int() && state.satisfaction != static_cast<int>(rating.as_int())) {
            planner.say(CustomerRated{static_cast<int>(rating.as_int()), state.sender});
            return true;
        }
    }
    return false;
}

void hold(Planner& planner, const Step& step, const std::string& why) {
    planner.say(BranchTaken{.step = step.number, .branch = -1, .trigger = "on failure", .target = {Target::Kind::hold, 0}});
    planner.say(TaskOpened{make_task(planner, TaskKind::technical_support, "technical_support",
                                     fmt::format("step {} ({}): {}", step.number, step.title, why))});
}

void fail_step(Planner& planner, const Step& step) {
    const CaseState& state = planner.state;
    const bool is_not_configured = state.failure.find("not_configured") != std::string::npos;
    if (step.is_optional && is_not_configured) return end_step(planner, "skipped", state.failure);
    const auto branch = std::find_if(step.branches.begin(), step.branches.end(),
                                     [](const Branch& candidate) { return candidate.trigger == Branch::Trigger::failure; });
    if (branch == step.branches.end()) return hold(planner, step, "failed: " + state.failure);
    const json::Value& facts = planner.procedure.tool(step.tool).failure_facts;
    for (const auto& [name, value] : facts.as_object()) {
        if (state.facts[name] == value) continue;
        planner.say(StepEnded{.step = step.number, .outcome = "failure", .why = state.failure, .facts = facts});
        return;
    }
    take_branch(planner, step, static_cast<std::size_t>(branch - step.branches.begin()), nullptr);
}

void end(Planner& planner, const Step& step) {
    const CaseState& state = planner.state;
    if (state.outcome == "failure") return fail_step(planner, step);
    if (conclude(planner, step)) return;
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
        if (step.branches[i].trigger != Branch::Trigger::guard) continue;
        if (step.branches[i].when->judge(planner.context).verdict == Verdict::no) continue;
        const Evaluation evaluation = step.branches[i].when->evaluate(planner.context);
        return take_branch(planner, step, i, &evaluation);  // Unknown fails closed.
    }
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
        const Branch& branch = step.branches[i];
        if (branch.trigger != Branch::Trigger::outcome || branch.outcome != state.outcome) continue;
        if (step.tool == "issue.assess" && !leads_to_people(planner, branch.target))
            if (auto grant = grant_by_policy(planner)) planner.say(RefundGranted{std::move(*grant)});
        return take_branch(planner, step, i, nullptr);
    }
    hold(planner, step, fmt::format("the procedure has no branch for \"{}\"", state.outcome));
}

/// The exit condition itself is over once the case has moved; how long the customer was quiet is not.
bool was_quiet_too_long(const Planner& planner) {
    const CaseState& state = planner.state;
    if (!state.quiet_since) return false;
    return std::any_of(planner.procedure.exits.begin(), planner.procedure.exits.end(), [&](const procedure::ExitCondition& exit) {
        const auto thresholds = exit.when.duration_thresholds("case.quiet_for", planner.context);
        return exit.target && !thresholds.empty() && planner.now - *state.quiet_since >= thresholds.front();
    });
}

std::string close_reason(const Planner& planner) {
    if (planner.state.satisfaction) return "rated";
    return was_quiet_too_long(planner) ? "no_response" : "done";
}

void go(Planner& planner, const Target& target) {
    const CaseState& state = planner.state;
    switch (target.kind) {
        case Target::Kind::step: {
            const Step* from = planner.procedure.find_step(state.step);
            const Step* next = planner.procedure.find_step(target.step);
            // Back from the follow-up into the main part: the issue was not resolved after all.
            if (from != nullptr && from->in_follow_up && !next->in_follow_up) planner.say(CaseReopened{"the issue persists"});
            planner.say(StepEntered{.step = target.step});
            return;
        }
        case Target::Kind::complete: {
            const Step* next = planner.procedure.first_follow_up_step();
            if (next == nullptr)
                planner.say(CaseClosed{close_reason(planner)});
            else
                planner.say(StepEntered{.step = next->number});
            return;
        }
        case Target::Kind::stay: planner.say(StepWaiting{state.step}); return;
        case Target::Kind::hold: return hold(planner, *planner.procedure.find_step(state.step), "the procedure holds the case here");
        case Target::Kind::closed: planner.say(CaseClosed{close_reason(planner)}); return;
    }
}

/// The next link of a chain. A mail that has no text, or may not go, is passed over: the text was checked when it was written.
void act(Planner& planner, const Action& action) {
    const CaseState& state = planner.state;
    const int next = state.chain.next_action + 1;
    switch (action.kind) {
        case Action::Kind::call_tool: {
            const procedure::ToolSignature& tool = planner.procedure.tool(action.tool);
            if (tool.effect == EffectClass::mails) {
                if (const auto why = reason_to_withhold(planner, action.tool)) return planner.say(ActionDone{next, *why});
                const auto violations = check_outgoing(state, planner.procedure, action.tool, draft_of(planner, action.tool), planner.now);
                // The text of a person was checked when they gave it; what stops it now (the form around it) is for people to mend.
                if (!violations.empty()) return end_step(planner, "failure", violations.front().code + ": " + violations.front().detail);
            }
            plan_call(planner,
                      {.tool = action.tool, .purpose = Purpose::action,
                       .occurrence = occurrence_of(state, action.tool, tool.effect, fmt::format(".a{}", state.chain.next_action))},
                      nullptr);
            return;
        }
        case Action::Kind::open_task: {
            act_beside(planner, action, fmt::format("{} is waiting", planner.procedure.find_step(state.step)->title));
            planner.say(ActionDone{next, {}});
            return;
        }
        case Action::Kind::notify: act_beside(planner, action, "step"); planner.say(ActionDone{next, {}}); return;
    }
}

void act_or_go(Planner& planner, const Step& step) {
    const CaseState& state = planner.state;
    const bool is_busy = std::any_of(state.effects.begin(), state.effects.end(),
                                     [](const auto& effect) { return effect.second.purpose == Purpose::action; });
    if (is_busy) return;
    const auto index = static_cast<std::size_t>(state.chain.index);
    const std::vector<Action>& actions = state.chain.from_exit ? planner.procedure.exits[index].actions : step.branches[index].actions;
    const Target target = state.chain.from_exit ? *planner.procedure.exits[index].target : step.branches[index].target;
    const auto next = static_cast<std::size_t>(state.chain.next_action);
    if (next < actions.size()) return act(planner, actions[next]);
    go(planner, target);
}

/// A link of a chain gave up: manual work, visible to people.
void hold_chain(Planner& planner, const Step& step) {
    if (has_open_task(planner.state, TaskKind::technical_support)) return;
    planner.say(TaskOpened{make_task(planner, TaskKind::technical_support, "technical_support",
                                     fmt::format("after step {} ({}): {}", step.number, step.title, planner.state.failure))});
}

/// A closed case hears its customer: their mail is understood, and may reopen it.
void listen(Planner& planner) {
    const Step* step = planner.procedure.find_step_by_tool("reply.understand");
    if (has_unhandled_mail(planner.state) && step != nullptr) planner.say(StepEntered{.step = step->number, .takes_replies = true});
}

}  // namespace

Decision decide(const CaseState& state, const procedure::Procedure& procedure, Instant now, const mail::ThreadTokens* tokens) {
    if (state.version == 0 || state.is_quarantined || state.is_erased || !state.merged_into.is_empty()) return {};
    Planner planner(state, procedure, now, tokens);
    if (state.step == 0) {
        planner.say(StepEntered{.step = procedure.steps.front().number});
        return std::move(planner.decision);
    }
    if (watch(planner)) return std::move(planner.decision);
    const Step* step = procedure.find_step(state.step);
    INVARIANT(step != nullptr, "a case stands at a step of the procedure it is pinned to");
    switch (state.phase) {  // No default: the compiler names the phase we forgot.
        case Phase::arrived: arrive(planner, *step); break;
        case Phase::running: break;
        case Phase::awaiting_approval: break;
        case Phase::waiting: wait(planner, *step); break;
        case Phase::ended: end(planner, *step); break;
        case Phase::acting: act_or_go(planner, *step); break;
        case Phase::held: hold_chain(planner, *step); break;
        case Phase::closed: listen(planner); break;
    }
    return std::move(planner.decision);
}

}  // namespace resolute::casework
