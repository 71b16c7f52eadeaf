// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "casework/casework.h"

namespace resolute::casework {
namespace {

constexpr std::size_t kConversationMailsMax = 20;  ///< The newest; older ones are in the ticket.

json::Value conversation_of(const CaseState& state) {
    json::Array conversation;
    const std::size_t skip = state.mails.size() > kConversationMailsMax ? state.mails.size() - kConversationMailsMax : 0;
    for (std::size_t i = skip; i < state.mails.size(); ++i) {
        const ConversationMail& mail = state.mails[i];
        json::Value entry;
        entry.set("from", mail.is_inbound ? "customer" : "us").set("at", format_instant(mail.at)).set("subject", mail.subject);
        entry.set("text", mail.text);
        if (!mail.tool.empty()) entry.set("tool", mail.tool);
        conversation.push_back(std::move(entry));
    }
    return conversation;
}

/// Since when nobody owes anybody anything but an answer of the customer.
Duration quiet_for(const CaseState& state, Instant now) {
    const bool has_open_task =
        std::any_of(state.tasks.begin(), state.tasks.end(), [](const Task& task) { return task.state == TaskState::open; });
    if (!state.quiet_since || has_open_task || !state.effects.empty() || state.phase == Phase::closed) return Duration::zero();
    return std::max(Duration::zero(), now - *state.quiet_since);
}

/// The procedure's own words for the guard that sent the case to people: "(needs approval)".
std::string remark_of_guard(const CaseState& state, const procedure::Procedure& procedure) {
    if (state.stopped_by_guard.empty()) return {};  // Nearly always, and this runs at every move.
    for (const procedure::Step& step : procedure.steps)
        for (const procedure::Branch& branch : step.branches)
            if (branch.when && !branch.remark.empty() && "when " + branch.when->text() == state.stopped_by_guard) return branch.remark;
    return state.stopped_by_guard;
}

json::Value case_of(const CaseState& state, const procedure::Procedure& procedure, Instant now) {
    json::Value value;
    value.set("id", state.id.value());
    value.set("now", json::from_instant(now));
    value.set("opened_at", json::from_instant(state.opened_at));
    value.set("subject", state.subject);
    value.set("escalated", state.escalated);
    value.set("is_closed", state.closed_at.has_value());
    value.set("closed_reason", state.closed_reason);
    value.set("resolution", state.resolution);
    value.set("automatic_answers", state.automatic_answers);
    value.set("follow_ups_sent", state.follow_ups_sent);
    value.set("reopened", state.reopened);
    value.set("failed_attempts", state.failed_attempts);
    value.set("failing_integration", state.failing_tool.empty() ? std::string() : procedure.tool(state.failing_tool).integration);
    value.set("quiet_for", json::from_duration(quiet_for(state, now)));
    value.set("intake_problem", state.intake_problem);
    value.set("stopped_by_guard", state.stopped_by_guard);
    value.set("stopped_because", remark_of_guard(state, procedure));
    if (!state.mails.empty()) value.set("mail_id", state.mails.front().mail_id.value());
    return value;
}

}  // namespace

json::Value context_of(const CaseState& state, const procedure::Procedure& procedure, Instant now) {
    json::Value context = state.facts.is_null() ? json::Value(json::Object{}) : state.facts;
    context.set("policy", procedure.policy);
    context.set("case", case_of(state, procedure, now));
    context.set("conversation", conversation_of(state));
    const auto reply = std::find_if(state.mails.rbegin(), state.mails.rend(), [](const auto& mail) { return mail.is_inbound; });
    if (reply != state.mails.rend()) {
        context.set("reply", json::Value()
                                 .set("mail_id", reply->mail_id.value())
                                 .set("subject", reply->subject)
                                 .set("text", reply->text)
                                 .set("at", json::from_instant(reply->at)));
    }
    if (!state.grants.empty()) {
        const Grant& grant = state.grants.back();
        context.set("grant", json::Value().set("amount", json::from_money(grant.amount)).set("order", grant.order).set("by", grant.by));
    }
    if (state.satisfaction) context.set("satisfaction", json::Value().set("score", *state.satisfaction));
    return context;
}

const Task* find_task(const CaseState& state, const TaskId& id) {
    const auto found = std::find_if(state.tasks.begin(), state.tasks.end(), [&](const Task& task) { return task.id == id; });
    return found == state.tasks.end() ? nullptr : &*found;
}

bool has_open_task(const CaseState& state, procedure::TaskKind kind) {
    return std::any_of(state.tasks.begin(), state.tasks.end(),
                       [&](const Task& task) { return task.kind == kind && task.state == TaskState::open; });
}

std::optional<Instant> next_wake(const CaseState& state) {
    if (state.is_quarantined) return std::nullopt;
    std::optional<Instant> earliest;
    for (const auto& [name, due] : state.timers) {
        // A step's timers count while it waits. Otherwise one that comes due during its chain would wake the case for nothing, for ever.
        const bool is_of_step = name.starts_with("after:") || name.starts_with("at:");
        if (is_of_step && state.phase != Phase::waiting) continue;
        if (!earliest || due < *earliest) earliest = due;
    }
    return earliest;
}

}  // namespace resolute::casework
