// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/api_parts.h"
#include "app/api_values.h"
#include "base/text.h"
#include "engine/rows.h"

namespace resolute::app {
namespace {

using console::json_response;
using console::Request;
using console::Response;

constexpr std::string_view kStatuses[] = {"open", "waiting_customer", "waiting_person", "escalated", "resolved", "closed"};

Result<Response> list_cases(Runtime& runtime, const Request& request) {
    ports::CaseFilter filter;
    filter.status = request.query_param("status");
    filter.category = request.query_param("category");
    filter.text = request.query_param("text");
    TRY(filter.limit, limit_of(request));
    if (!filter.status.empty() && std::find(std::begin(kStatuses), std::end(kStatuses), filter.status) == std::end(kStatuses))
        return fail("api.bad_value", ErrorKind::invalid, fmt::format("\"{}\" is no status; known are: {}", filter.status, fmt::join(kStatuses, ", ")));
    if (!filter.category.empty() && !ports::parse_category(filter.category))
        return fail("api.bad_value", ErrorKind::invalid,
                    fmt::format("\"{}\" is no category; known are: billing, technical, product_inquiry, refund_request, general_support", filter.category));
    TRY(const auto cases, runtime.cases().list_cases(filter));
    json::Array all;
    for (const casework::CaseSummary& one : cases) all.push_back(casework::to_json(one));
    return json_response(std::move(all));
}

/// Titles by step, of the procedure that the case is pinned to.
json::Value steps_of(Runtime& runtime, const std::string& procedure_hash) {
    const auto titles = [](const procedure::Procedure& procedure) {
        json::Object all;
        for (const procedure::Step& step : procedure.steps) all.emplace(std::to_string(step.number), step.title);
        return json::Value(std::move(all));
    };
    if (procedure_hash == runtime.procedure().content_hash) return titles(runtime.procedure());
    const auto document = runtime.storage().engine_store().load_procedure(procedure_hash);
    if (!document || !*document) return json::Object{};
    const procedure::ReadResult read = procedure::read(**document, tools::catalogue());
    return read.procedure ? titles(*read.procedure) : json::Value(json::Object{});
}

Result<Response> show_case(Runtime& runtime, const Request& request) {
    TRY(const CaseId id, find_case_named(runtime, request.path_param("id")));
    TRY(json::Value described, describe_case(runtime, id));
    return json_response(described);
}

Result<Response> show_journal(Runtime& runtime, const Request& request) {
    TRY(const CaseId id, find_case_named(runtime, request.path_param("id")));
    TRY(json::Value journal, journal_of(runtime, id));
    return json_response(journal);
}

/// All that there is on the case, the raw mails and the procedure included: enough to look into it anywhere else.
Result<Response> export_case(Runtime& runtime, const Request& request) {
    TRY(const CaseId id, find_case_named(runtime, request.path_param("id")));
    TRY(json::Value all, describe_case(runtime, id));
    TRY(json::Value journal, journal_of(runtime, id));
    TRY(const auto mails, runtime.storage().intake().list({.outcome = std::nullopt, .case_id = id}));
    json::Array raw;
    for (const ports::MailRecord& mail : mails) {
        TRY(const std::string bytes, runtime.storage().intake().load_blob(mail.blob));
        json::Value entry = to_json(mail);
        entry.set("raw_base64", base64(bytes));
        raw.push_back(std::move(entry));
    }
    const auto document = runtime.storage().engine_store().load_procedure(all["procedure"].as_string());
    all.set("journal", std::move(journal));
    all.set("mails", std::move(raw));
    all.set("procedure_document", document && *document ? json::Value(**document) : json::Value());
    all.set("exported_at", format_instant(runtime.clock().now()));
    return json_response(all);
}

Result<Response> rate_case(Runtime& runtime, const Request& request) {
    TRY(const CaseId id, find_case_named(runtime, request.path_param("id")));
    TRY(const json::Value body, json::parse(request.body));
    casework::CustomerRating rating{.score = static_cast<int>(body["score"].as_int()), .by = body["by"].as_string()};
    TRY(const engine::Received received, runtime.engine().receive(id, rating));
    return json_response(json::Object{{"case", id.value()}, {"version", received.version}});
}

}  // namespace

Result<json::Value> journal_of(Runtime& runtime, const CaseId& id) {
    engine::Store& store = runtime.storage().engine_store();
    TRY(const auto head, store.load(id));
    TRY(const auto rows, store.journal(id));
    json::Array all;
    for (const engine::JournalRow& row : rows) {
        TRY(const auto events, engine::read_row(runtime.vault(), id, head ? head->data_subject : std::string(), row));
        for (std::size_t i = 0; i < events.size(); ++i) all.push_back(to_json(events[i], row.number + i, row.hash));
    }
    return json::Value(std::move(all));
}

Result<json::Value> describe_case(Runtime& runtime, const CaseId& id) {
    TRY(const auto summary, runtime.cases().find_case(id));
    TRY(const auto state, runtime.engine().find_state(id));
    if (!summary || !state) return fail("case.not_found", ErrorKind::not_found, fmt::format("there is no case {}", id.value()));
    json::Array tasks;
    for (const casework::Task& task : state->tasks) tasks.push_back(casework::to_json(task));
    json::Array conversation;
    for (const casework::ConversationMail& mail : state->mails) conversation.push_back(to_json(mail));
    return json::Value(json::Object{{"summary", casework::to_json(*summary)},
                                    {"state", casework::to_json(*state)},
                                    {"tasks", std::move(tasks)},
                                    {"conversation", std::move(conversation)},
                                    {"procedure", state->procedure_hash},
                                    {"steps", steps_of(runtime, state->procedure_hash)}});
}

Result<CaseId> find_case_named(Runtime& runtime, std::string_view name) {
    TRY(const auto id, runtime.cases().resolve_case(name));
    if (!id) return fail("case.not_found", ErrorKind::not_found, fmt::format("there is no case \"{}\"; \"resolute case list\" shows them", name));
    return *id;
}

void add_case_routes(console::Router& router, Runtime& runtime) {
    const auto add = [&](const char* method, const char* pattern, Result<Response> (*handler)(Runtime&, const Request&)) {
        router.add(method, pattern, [&runtime, handler](const Request& request) { return handler(runtime, request); });
    };
    add("GET", "/api/cases", list_cases);
    add("GET", "/api/cases/{id}", show_case);
    add("GET", "/api/cases/{id}/journal", show_journal);
    add("GET", "/api/cases/{id}/export", export_case);
    add("POST", "/api/cases/{id}/rating", rate_case);
}

}  // namespace resolute::app
