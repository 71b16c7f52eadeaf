// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/api_parts.h"
#include "app/api_values.h"

namespace resolute::app {
namespace {

using console::json_response;
using console::Request;
using console::Response;
using Verb = casework::TaskDecision::Verb;

Result<Response> list_tasks(Runtime& runtime, const Request& request) {
    const std::string_view open = request.query_param("open");
    TRY(const auto tasks, runtime.cases().list_tasks(open == "1" || open == "true"));
    json::Array all;
    for (const ports::OpenTask& task : tasks) all.push_back(to_json(task));
    return json_response(std::move(all));
}

std::optional<Verb> parse_verb(std::string_view text) {
    if (text == "approve") return Verb::approve;
    if (text == "deny") return Verb::deny;
    if (text == "resolve") return Verb::resolve;
    if (text == "assign") return Verb::assign;
    return std::nullopt;
}

/// By id, or an unambiguous beginning of it.
Result<TaskId> find_task_named(Runtime& runtime, std::string_view name) {
    TRY(const auto exact, runtime.cases().find_task(TaskId(std::string(name))));
    if (exact) return exact->task.id;
    TRY(const auto tasks, runtime.cases().list_tasks(false));
    std::optional<TaskId> found;
    for (const ports::OpenTask& task : tasks) {
        if (name.empty() || !task.task.id.value().starts_with(name)) continue;
        if (found) return fail("task.ambiguous", ErrorKind::invalid, fmt::format("several tasks begin with \"{}\"; give more of the id", name));
        found = task.task.id;
    }
    if (!found) return fail("task.not_found", ErrorKind::not_found, fmt::format("there is no task \"{}\"; \"resolute task list\" shows them", name));
    return *found;
}

Result<casework::TaskDecision> read_decision(Runtime& runtime, const json::Value& body) {
    casework::TaskDecision decision;
    const auto verb = parse_verb(body["verb"].as_string());
    if (!verb)
        return fail("api.bad_value", ErrorKind::invalid, fmt::format("\"{}\" is no verb; known are: approve, deny, resolve, assign", body["verb"].as_string()));
    decision.verb = *verb;
    decision.by = body["by"].as_string();
    decision.note = body["note"].as_string();
    decision.reply = body["reply"].as_string();
    decision.articles = json::to_strings(body["articles"]);
    decision.went_out = body["went_out"].as_bool();
    if (!body["amount"].is_null()) {
        TRY(decision.amount, read_money(body["amount"]));
    }
    if (decision.verb == Verb::assign) {
        decision.note = body["to"].as_string_or(decision.note);
        TRY(const auto agent, runtime.people().find_agent(AgentId(decision.note)));
        if (!agent) return fail("task.unknown_person", ErrorKind::invalid, fmt::format("nobody here is called \"{}\"; give an agent's id", decision.note));
    }
    return decision;
}

Result<Response> decide_task(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    TRY(casework::TaskDecision decision, read_decision(runtime, body));
    TRY(decision.task, find_task_named(runtime, request.path_param("id")));
    TRY_STATUS(runtime.decide_task(decision));
    TRY(const auto task, runtime.cases().find_task(decision.task));
    if (!task) return fail("task.not_found", ErrorKind::not_found, fmt::format("there is no task {}", decision.task.value()));
    return json_response(to_json(*task));
}

}  // namespace

void add_task_routes(console::Router& router, Runtime& runtime) {
    router.add("GET", "/api/tasks", [&runtime](const Request& request) { return list_tasks(runtime, request); });
    router.add("POST", "/api/tasks/{id}", [&runtime](const Request& request) { return decide_task(runtime, request); });
}

}  // namespace resolute::app
