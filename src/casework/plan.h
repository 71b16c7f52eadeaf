// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "casework/context.h"

/// How decide() plans an operation on the world. Internal to casework.
namespace resolute::casework {

/// One decision in the making: the state and procedure it looks at, and what it yields.
struct Planner {
    const CaseState& state;
    const procedure::Procedure& procedure;
    Instant now;
    const mail::ThreadTokens* tokens;
    Context context;
    Decision decision;

    Planner(const CaseState& s, const procedure::Procedure& p, Instant n, const mail::ThreadTokens* t = nullptr)
        : state(s), procedure(p), now(n), tokens(t), context(s, p, n) {}

    void say(EventBody event) { decision.events.push_back(std::move(event)); }
};

/// What a call is for, and which of several equal ones of its case it is.
struct Call {
    std::string tool;
    Purpose purpose = Purpose::step;
    std::string occurrence;  ///< "v12", "v12.a0", "exit:VIP escalation:v12", of mails "n1.w0.m2" (occurrence_of), a task's or mail's id
    std::string recipient;   ///< notifications: role; task.assign: the task; ticket.note: the mail
    json::Value extra;       ///< members added to the arguments
};

/// Plans the call and records it: the event and the effect travel together. `step` gives timeout, retry and required context;
/// a call beside the flow takes what its tool's signature names.
void plan_call(Planner& planner, const Call& call, const procedure::Step* step);

/// Why a mail of this tool must not go out at all; nothing: it may.
std::optional<std::string> reason_to_withhold(const Planner& planner, std::string_view tool);

/// The draft that a mailing tool sends; null where there is none.
const json::Value& draft_of(const Planner& planner, std::string_view tool);

Task make_task(const Planner& planner, procedure::TaskKind kind, std::string role, std::string reason);

/// The exit conditions, timers, due tasks and bookkeeping that hold in every state. True: something was decided.
bool watch(Planner& planner);

/// Plans the actions of an exit condition beside the flow.
void act_beside(Planner& planner, const procedure::Action& action, const std::string& occasion);

}  // namespace resolute::casework
