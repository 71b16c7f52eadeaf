// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "casework/casework.h"
#include "casework/claim.h"
#include "mail/parsed_email.h"

namespace resolute::casework {
namespace {

using procedure::TaskKind;
using Events = Result<std::vector<EventBody>>;

bool is_for_managers(TaskKind kind) {
    return kind == TaskKind::approve || kind == TaskKind::manager_review || kind == TaskKind::manager_escalation;
}

TaskClosed closed(const Task& task, TaskState state, const TaskDecision& decision) {
    return {.task = task.id, .state = state, .by = decision.by, .note = decision.note, .reply = decision.reply, .articles = decision.articles};
}

Events decide_approval(const CaseState& state, const procedure::Procedure& procedure, const Task& task, const TaskDecision& decision, Instant now) {
    if (decision.verb == TaskDecision::Verb::deny) {
        std::vector<EventBody> events = deny_refund(state, decision.by, decision.note);
        events.insert(events.begin(), closed(task, TaskState::denied, decision));
        return events;
    }
    if (decision.verb != TaskDecision::Verb::approve)
        return fail("task.wrong_verb", ErrorKind::invalid, "an approval is approved or denied");
    const std::optional<Money> amount = decision.amount ? decision.amount : task.amount;
    if (!amount)
        return fail("task.amount_needed", ErrorKind::invalid, "the mail names no amount that could be determined: say how much with --amount");
    if (amount->minor <= 0)
        return fail("task.amount_not_positive", ErrorKind::invalid, fmt::format("{} is no amount to refund", display_text(*amount)));
    if (task.amount) {
        const auto order = compare(*amount, *task.amount);
        if (!order || *order > 0)
            return fail("task.amount_too_large", ErrorKind::refused, fmt::format("asked for was {}", display_text(*task.amount)));
    }
    return std::vector<EventBody>{closed(task, TaskState::approved, decision),
                                  RefundGranted{Grant{.by = decision.by, .amount = *amount, .order = task.order, .at = now,
                                                      .policy_hash = procedure.content_hash}}};
}

Events decide_resolve(const CaseState& state, const procedure::Procedure& procedure, const Task& task, const TaskDecision& decision, Instant now) {
    if (decision.verb != TaskDecision::Verb::resolve)
        return fail("task.wrong_verb", ErrorKind::invalid, "this task is resolved with a reply: task resolve ID --reply TEXT");
    if (!decision.reply.empty()) {
        if (state.trust == Trust::failed || !mail::is_safe_recipient(state.sender))
            return fail("task.cannot_reply", ErrorKind::refused,
                        "this customer is not written to: their address is unusable or their authentication failed. Resolve without a reply, "
                        "and say in the note how they were reached");
        const json::Value draft = json::Value().set("text", decision.reply);
        const auto violations = check_outgoing(state, procedure, "mail.send_reply", draft, now);
        if (!violations.empty()) return fail(violations.front().code, ErrorKind::refused, violations.front().detail);
    }
    return std::vector<EventBody>{closed(task, TaskState::done, decision)};
}

Events decide_held(const CaseState& state, const procedure::Procedure& procedure, const Task& task, const TaskDecision& decision) {
    const auto effect = task.effect ? state.effects.find(*task.effect) : state.effects.end();
    if (effect == state.effects.end()) return std::vector<EventBody>{closed(task, TaskState::done, decision)};
    std::vector<EventBody> events{closed(task, TaskState::done, decision), EffectDecided{*task.effect, decision.went_out, decision.by}};
    if (decision.went_out) {
        const auto& outcomes = procedure.tool(effect->second.tool).outcomes;
        events.emplace_back(EffectSucceeded{*task.effect, outcomes.empty() ? std::string("done") : outcomes.front(), {}});
    }
    return events;
}

Events admit_task(const CaseState& state, const procedure::Procedure& procedure, const TaskDecision& decision, Instant now) {
    const Task* task = find_task(state, decision.task);
    if (task == nullptr) return fail("task.not_found", ErrorKind::not_found, fmt::format("there is no task {}", decision.task.value()));
    if (task->state != TaskState::open)
        return fail("task.not_open", ErrorKind::conflict,
                    fmt::format("task {} is {} already, by {} at {}", task->id.value(), to_string(task->state), task->decided_by,
                                format_instant(task->closed_at)));
    // The clock decides it, not the moment at which the program comes to look at the clock.
    if (task->due && *task->due <= now)
        return fail("task.not_open", ErrorKind::conflict,
                    fmt::format("task {} expired at {}: nobody decided in time", task->id.value(), format_instant(*task->due)));
    if (is_for_managers(task->kind) && !decision.by_manager)
        return fail("task.no_right", ErrorKind::refused, fmt::format("{} is no manager; this task is for one", decision.by));
    if (decision.verb == TaskDecision::Verb::assign) {
        if (decision.note.empty()) return fail("task.wrong_verb", ErrorKind::invalid, "say to whom the task goes");
        return std::vector<EventBody>{TaskAssigned{task->id, decision.note}};
    }
    switch (task->kind) {
        case TaskKind::approve: return decide_approval(state, procedure, *task, decision, now);
        case TaskKind::resolve: return decide_resolve(state, procedure, *task, decision, now);
        case TaskKind::review:
            if (decision.verb == TaskDecision::Verb::resolve)
                return fail("task.wrong_verb", ErrorKind::invalid, "a review is approved or denied");
            return std::vector<EventBody>{
                closed(*task, decision.verb == TaskDecision::Verb::approve ? TaskState::approved : TaskState::denied, decision)};
        case TaskKind::held_effect: return decide_held(state, procedure, *task, decision);
        case TaskKind::manager_review:
        case TaskKind::manager_escalation:
        case TaskKind::technical_support: {
            std::vector<EventBody> events{closed(*task, TaskState::done, decision)};
            if (state.is_quarantined && task->kind == TaskKind::technical_support) events.emplace_back(CaseReleased{decision.by});
            return events;
        }
    }
    return fail("task.not_found", ErrorKind::not_found, "unknown kind of task");
}

struct Admit {
    const CaseState& state;
    const procedure::Procedure& procedure;
    Instant now;

    Events operator()(const CaseOpened& opened) const {
        if (state.version != 0) return fail("case.exists", ErrorKind::conflict, "this mail has its case already");
        CaseOpened event = opened;
        event.procedure_hash = procedure.content_hash;
        return std::vector<EventBody>{std::move(event)};
    }
    Events operator()(const MailArrived& arrived) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        MailAppended event = arrived.mail;
        event.trust = arrived.trust;
        return std::vector<EventBody>{std::move(event)};
    }
    Events operator()(const TaskDecision& decision) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        return admit_task(state, procedure, decision, now);
    }
    Events operator()(const CustomerRating& rating) const {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, "there is no such case");
        if (rating.score < 1 || rating.score > 5) return fail("rating.out_of_range", ErrorKind::invalid, "a rating is a number from 1 to 5");
        return std::vector<EventBody>{CustomerRated{rating.score, rating.by}};
    }
};

}  // namespace

Result<std::vector<EventBody>> admit(const CaseState& state, const procedure::Procedure& procedure, const Signal& signal, Instant now) {
    if (state.is_erased) return fail("case.erased", ErrorKind::refused, "what this case held was erased on request: nothing more happens in it");
    return std::visit(Admit{state, procedure, now}, signal);
}

}  // namespace resolute::casework
