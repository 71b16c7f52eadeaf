// SPDX-License-Identifier: Apache-2.0
// The public form of a case's summary and its tasks: what lists, the API and `resolute case list --json` show.

#include <fmt/format.h>

#include "casework/state.h"

namespace resolute::casework {

namespace {

json::Value text_or_null(const std::string& text) { return text.empty() ? json::Value() : json::Value(text); }

json::Value moment_or_null(const std::optional<Instant>& at) { return at ? json::Value(format_instant(*at)) : json::Value(); }

std::unexpected<Error> malformed(std::string_view what) {
    return fail("store.summary_malformed", ErrorKind::corrupt, fmt::format("a stored summary has no valid {}", what));
}

Result<Instant> required_moment(const json::Value& value, std::string_view name) {
    if (const auto at = parse_instant(value[name].as_string())) return *at;
    return malformed(name);
}

Result<std::optional<Instant>> optional_moment(const json::Value& value, std::string_view name) {
    if (value[name].is_null()) return std::nullopt;
    TRY(const Instant at, required_moment(value, name));
    return at;
}

}  // namespace

std::optional<TaskState> parse_task_state(std::string_view text) {
    for (const TaskState state :
         {TaskState::open, TaskState::approved, TaskState::denied, TaskState::done, TaskState::expired, TaskState::cancelled})
        if (to_string(state) == text) return state;
    return std::nullopt;
}

json::Value to_json(const Task& task) {
    json::Value value;
    value.set("id", task.id.value());
    value.set("kind", procedure::to_string(task.kind));
    value.set("state", to_string(task.state));
    value.set("role", task.role);
    value.set("assignee", text_or_null(task.assignee));
    value.set("reason", task.reason);
    value.set("opened_at", format_instant(task.opened_at));
    value.set("due", moment_or_null(task.due));
    value.set("amount", task.amount ? json::from_money(*task.amount) : json::Value());
    value.set("order", text_or_null(task.order));
    value.set("note", text_or_null(task.note));
    value.set("decided_by", text_or_null(task.decided_by));
    value.set("bound_hash", text_or_null(task.bound_hash));
    value.set("closed_at", task.state == TaskState::open ? json::Value() : json::Value(format_instant(task.closed_at)));
    value.set("effect", task.effect ? json::Value(task.effect->value()) : json::Value());
    value.set("step", task.step);
    return value;
}

Result<Task> task_from_json(const json::Value& value) {
    Task task;
    const auto kind = procedure::parse_task_kind(value["kind"].as_string());
    const auto state = parse_task_state(value["state"].as_string());
    if (!kind) return malformed("task kind");
    if (!state) return malformed("task state");
    task.id = TaskId(value["id"].as_string());
    task.kind = *kind;
    task.state = *state;
    task.role = value["role"].as_string();
    task.assignee = value["assignee"].as_string();
    task.reason = value["reason"].as_string();
    TRY(task.opened_at, required_moment(value, "opened_at"));
    TRY(task.due, optional_moment(value, "due"));
    TRY(const auto closed_at, optional_moment(value, "closed_at"));
    task.closed_at = closed_at.value_or(Instant{});
    if (!value["amount"].is_null()) {
        task.amount = json::to_money(value["amount"]);
        if (!task.amount) return malformed("task amount");
    }
    task.order = value["order"].as_string();
    task.note = value["note"].as_string();
    task.decided_by = value["decided_by"].as_string();
    task.bound_hash = value["bound_hash"].as_string();
    if (value["effect"].is_string()) task.effect = EffectId(value["effect"].as_string());
    task.step = static_cast<int>(value["step"].as_int());
    return task;
}

json::Value to_json(const CaseSummary& summary) {
    json::Value value;
    value.set("id", summary.id.value());
    value.set("ticket", text_or_null(summary.ticket));
    value.set("from", summary.from);
    value.set("subject", summary.subject);
    value.set("category", text_or_null(summary.category));
    value.set("priority", text_or_null(summary.priority));
    value.set("tier", text_or_null(summary.tier));
    value.set("status", summary.status);
    value.set("resolution", text_or_null(summary.resolution));
    value.set("articles", json::from_strings(summary.articles));
    json::Array tasks;
    for (const Task& task : summary.tasks) tasks.push_back(to_json(task));
    value.set("tasks", std::move(tasks));
    value.set("step", summary.step);
    value.set("held", summary.is_held);
    value.set("stopped_by_guard", text_or_null(summary.stopped_by_guard));
    value.set("escalated", summary.is_escalated);
    value.set("opened_at", format_instant(summary.opened_at));
    value.set("closed_at", moment_or_null(summary.closed_at));
    if (!summary.parties.empty()) value.set("parties", json::from_strings(summary.parties));
    if (!summary.merged_into.is_empty()) value.set("merged_into", summary.merged_into.value());
    return value;
}

Result<CaseSummary> summary_from_json(const json::Value& value) {
    CaseSummary summary;
    summary.id = CaseId(value["id"].as_string());
    if (summary.id.is_empty()) return malformed("case id");
    summary.ticket = value["ticket"].as_string();
    summary.from = value["from"].as_string();
    summary.subject = value["subject"].as_string();
    summary.category = value["category"].as_string();
    summary.priority = value["priority"].as_string();
    summary.tier = value["tier"].as_string();
    summary.status = value["status"].as_string();
    summary.resolution = value["resolution"].as_string();
    summary.articles = json::to_strings(value["articles"]);
    for (const json::Value& entry : value["tasks"].as_array()) {
        TRY(Task task, task_from_json(entry));
        summary.tasks.push_back(std::move(task));
    }
    summary.step = static_cast<int>(value["step"].as_int());
    summary.is_held = value["held"].as_bool();
    summary.stopped_by_guard = value["stopped_by_guard"].as_string();
    summary.is_escalated = value["escalated"].as_bool();
    TRY(summary.opened_at, required_moment(value, "opened_at"));
    TRY(summary.closed_at, optional_moment(value, "closed_at"));
    summary.parties = json::to_strings(value["parties"]);
    summary.merged_into = CaseId(value["merged_into"].as_string());
    return summary;
}

}  // namespace resolute::casework
