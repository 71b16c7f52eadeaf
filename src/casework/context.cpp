// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "casework/context.h"

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

/// The procedure's own words for the guard that sent the case to people: "(needs approval)".
std::string remark_of_guard(const CaseState& state, const procedure::Procedure& procedure) {
    if (state.stopped_by_guard.empty()) return {};  // Nearly always, and this runs at nearly every move.
    for (const procedure::Step& step : procedure.steps)
        for (const procedure::Branch& branch : step.branches)
            if (branch.when && !branch.remark.empty() && "when " + branch.when->text() == state.stopped_by_guard) return branch.remark;
    return state.stopped_by_guard;
}

/// In the order of the names: so each member is appended, none is moved.
json::Value case_of(const CaseState& state, const procedure::Procedure& procedure, Instant now) {
    constexpr std::size_t kMembersMax = 18;
    json::Object value;
    value.reserve(kMembersMax);
    value["automatic_answers"] = state.automatic_answers;
    value["closed_reason"] = state.closed_reason;
    value["escalated"] = state.escalated;
    value["failed_attempts"] = state.failed_attempts;
    value["failing_integration"] = state.failing_tool.empty() ? std::string() : procedure.tool(state.failing_tool).integration;
    value["follow_ups_sent"] = state.follow_ups_sent;
    value["id"] = state.id.value();
    value["intake_problem"] = state.intake_problem;
    value["is_closed"] = state.closed_at.has_value();
    if (!state.mails.empty()) value["mail_id"] = state.mails.front().mail_id.value();
    value["now"] = json::from_instant(now);
    value["opened_at"] = json::from_instant(state.opened_at);
    value["quiet_for"] = json::from_duration(quiet_for(state, now));
    value["reopened"] = state.reopened;
    value["resolution"] = state.resolution;
    value["stopped_because"] = remark_of_guard(state, procedure);
    value["stopped_by_guard"] = state.stopped_by_guard;
    value["subject"] = state.subject;
    return value;
}

/// The latest mail of the customer, or nothing.
const ConversationMail* last_reply(const CaseState& state) {
    const auto reply = std::find_if(state.mails.rbegin(), state.mails.rend(), [](const auto& mail) { return mail.is_inbound; });
    return reply == state.mails.rend() ? nullptr : &*reply;
}

}  // namespace

Duration quiet_for(const CaseState& state, Instant now) {
    const bool has_open_task =
        std::any_of(state.tasks.begin(), state.tasks.end(), [](const Task& task) { return task.state == TaskState::open; });
    if (!state.quiet_since || has_open_task || !state.effects.empty() || state.phase == Phase::closed) return Duration::zero();
    return std::max(Duration::zero(), now - *state.quiet_since);
}

const json::Value* Context::find_fact(std::string_view name) const {
    if (name == "policy") return &procedure_.policy;
    if (name == "case") {
        if (!case_) case_ = case_of(state_, procedure_, now_);
        return &*case_;
    }
    if (name == "conversation") {
        if (!conversation_) conversation_ = conversation_of(state_);
        return &*conversation_;
    }
    const json::Value* found = nullptr;
    if (name == "reply") found = find_reply();
    if (name == "grant") found = find_grant();
    if (name == "satisfaction" && state_.satisfaction) {
        if (!satisfaction_) satisfaction_ = json::Value().set("score", *state_.satisfaction);
        found = &*satisfaction_;
    }
    return found != nullptr ? found : state_.facts.find(name);
}

const json::Value* Context::find_reply() const {
    const ConversationMail* reply = last_reply(state_);
    if (reply == nullptr) return nullptr;
    if (!reply_) {
        reply_ = json::Value()
                     .set("at", json::from_instant(reply->at))
                     .set("mail_id", reply->mail_id.value())
                     .set("subject", reply->subject)
                     .set("text", reply->text);
    }
    return &*reply_;
}

const json::Value* Context::find_grant() const {
    if (state_.grants.empty()) return nullptr;
    if (!grant_) {
        const Grant& grant = state_.grants.back();
        grant_ = json::Value().set("amount", json::from_money(grant.amount)).set("by", grant.by).set("order", grant.order);
    }
    return &*grant_;
}

const json::Value* Context::find_path(std::string_view path) const {
    const std::size_t dot = path.find('.');
    const json::Value* value = find_fact(path.substr(0, dot));
    return value != nullptr && dot != std::string_view::npos ? value->find_path(path.substr(dot + 1)) : value;
}

const json::Value& Context::operator[](std::string_view name) const {
    static const json::Value kNull;
    const json::Value* value = find_fact(name);
    return value != nullptr ? *value : kNull;
}

json::Value context_of(const CaseState& state, const procedure::Procedure& procedure, Instant now) {
    const Context context(state, procedure, now);
    json::Value all = state.facts.is_null() ? json::Value(json::Object{}) : state.facts;
    for (const std::string_view name : {"policy", "case", "conversation", "reply", "grant", "satisfaction"})
        if (const json::Value* value = context.find_fact(name)) all.set(name, *value);
    return all;
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
