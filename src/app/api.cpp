// SPDX-License-Identifier: Apache-2.0
#include "app/api.h"

#include <charconv>

#include <fmt/format.h>

#include "app/api_parts.h"
#include "app/api_values.h"
#include "app/standing.h"
#include "app/summary.h"
#include "app/verification.h"
#include "base/text.h"

namespace resolute::app {
namespace {

using console::json_response;
using console::Request;
using console::Response;

Result<Response> list_mails(Runtime& runtime, const Request& request) {
    ports::MailFilter filter;
    TRY(filter.limit, limit_of(request));
    if (const std::string_view outcome = request.query_param("outcome"); !outcome.empty()) {
        filter.outcome = ports::parse_mail_outcome(outcome);
        if (!filter.outcome) return fail("api.bad_value", ErrorKind::invalid, fmt::format("\"{}\" is no outcome of a mail", outcome));
    }
    TRY(const auto mails, runtime.storage().intake().list(filter));
    json::Array all;
    for (const ports::MailRecord& mail : mails) all.push_back(to_json(mail));
    return json_response(std::move(all));
}

Result<Response> submit_mail(Runtime& runtime, const Request& request) {
    mail::RawMail mail;
    mail.received_at = runtime.clock().now();
    mail.bytes = request.body;
    TRY(const ports::MailRecord record, runtime.submit(std::move(mail)));
    return json_response(to_json(record), 201);
}

Result<Response> search_articles(Runtime& runtime, const Request& request) {
    ports::SearchQuery query;
    query.text = request.query_param("q");
    query.category = request.query_param("category");
    query.language = request.query_param("language");
    TRY(query.limit, limit_of(request, 5));
    if (text::trim(query.text).empty()) return fail("api.bad_value", ErrorKind::invalid, "what to look for is missing: ?q=…");
    TRY_STATUS(runtime.knowledge().refresh());
    TRY(const auto hits, runtime.knowledge().search(query, Deadline::in(std::chrono::seconds(10))));
    json::Array all;
    for (const ports::SearchHit& hit : hits) all.push_back(to_json(hit));
    return json_response(std::move(all));
}

Result<Response> add_article(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    ports::Article article;
    article.id = ArticleId(body["id"].as_string());
    article.title = body["title"].as_string();
    article.text = body["text"].as_string();
    article.url = body["url"].as_string();
    article.category = body["category"].as_string();
    article.language = body["language"].as_string_or("en");
    article.is_public = body["public"].as_bool(true);
    article.questions = json::to_strings(body["questions"]);
    TRY_STATUS(runtime.knowledge().add(article));
    return json_response(json::Object{{"id", article.id.value()}, {"title", article.title}}, 201);
}

Result<Response> describe_knowledge(Runtime& runtime, const Request&) {
    TRY_STATUS(runtime.knowledge().refresh());
    TRY(const std::size_t size, runtime.knowledge().size());
    json::Array folders;
    for (const auto& folder : runtime.config().knowledge) folders.push_back(folder.string());
    json::Array defects;
    for (const auto& defect : runtime.knowledge().defects())
        defects.push_back(json::Object{{"code", defect.code}, {"file", defect.file}, {"detail", defect.detail}});
    return json_response(json::Object{{"articles", size}, {"folders", std::move(folders)}, {"defects", std::move(defects)}});
}

Result<Response> list_notifications(Runtime& runtime, const Request& request) {
    TRY(const std::size_t limit, limit_of(request, 1'000));
    TRY(const auto notifications, runtime.storage().desk().notifications(limit));
    json::Array all;
    for (const ports::Notification& one : notifications) all.push_back(to_json(one));
    return json_response(std::move(all));
}

Result<Response> list_agents(Runtime& runtime, const Request&) {
    TRY(const auto agents, runtime.people().agents());
    TRY(const auto load, runtime.cases().open_tasks_by_assignee());
    json::Array all;
    for (const ports::Agent& agent : agents) {
        const auto open = load.find(agent.id.value());
        all.push_back(json::Object{{"id", agent.id.value()},
                                   {"name", agent.name},
                                   {"email", agent.email},
                                   {"skills", json::from_strings(agent.skills)},
                                   {"available", agent.is_available},
                                   {"capacity", agent.capacity},
                                   {"manager", agent.is_manager},
                                   {"open_tasks", open == load.end() ? 0 : open->second}});
    }
    return json_response(std::move(all));
}

Result<Response> describe_status(Runtime& runtime, const Request&) {
    TRY(const auto outages, runtime.storage().desk().outages());
    TRY(const auto next_wake, runtime.engine().next_wake());
    json::Array all;
    for (const ports::Outage& outage : outages) all.push_back(to_json(outage));
    const std::string problem = runtime.problem();
    const mailroom::IntakeRound totals = runtime.totals();
    TRY(json::Value status, describe_standing(runtime));
    TRY(json::Value inventory, runtime.mail_watch().describe());
    const json::Value work(json::Object{{"problem", problem.empty() ? json::Value() : json::Value(problem)},
                                      {"warnings", json::from_strings(runtime.warnings())},
                                      {"is_idle", runtime.is_idle()},
                                      {"unsettled_effects", runtime.engine().unsettled()},
                                      {"next_wake", next_wake ? json::Value(format_instant(*next_wake)) : json::Value()},
                                      {"now", format_instant(runtime.clock().now())},
                                      {"owner", runtime.engine().lease().owner},
                                      {"epoch", runtime.engine().lease().epoch},
                                      {"mails_since_start", totals.kept},
                                      {"inventory", std::move(inventory)},
                                      {"silent", json::from_strings(runtime.mail_watch().silences())},
                                      {"procedure", runtime.procedure().content_hash},
                                      {"outages", std::move(all)}});
    for (const auto& [name, value] : work.as_object()) status.set(name, value);
    return json_response(status);
}

}  // namespace

Result<std::size_t> limit_of(const Request& request, std::size_t fallback) {
    const std::string_view text = request.query_param("limit");
    if (text.empty()) return fallback;
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc() || end != text.data() + text.size())
        return fail("api.bad_value", ErrorKind::invalid, fmt::format("limit is a number, not \"{}\"", text));
    return limit;
}

void add_api(console::Router& router, Runtime& runtime) {
    const auto add = [&](const char* method, const char* pattern, Result<Response> (*handler)(Runtime&, const Request&)) {
        router.add(method, pattern, [&runtime, handler](const Request& request) { return handler(runtime, request); });
    };
    add_case_routes(router, runtime);
    add_conversation_routes(router, runtime);
    add_task_routes(router, runtime);
    add("GET", "/api/mails", list_mails);
    add("POST", "/api/mails", submit_mail);
    add("GET", "/api/articles", describe_knowledge);
    add("POST", "/api/articles", add_article);
    add("GET", "/api/articles/search", search_articles);
    add("GET", "/api/agents", list_agents);
    add("GET", "/api/notifications", list_notifications);
    add("GET", "/api/status", describe_status);
    add("GET", "/api/summary", [](Runtime& of, const Request&) -> Result<Response> {
        TRY(const RunSummary summary, collect_summary(of, 0));
        return json_response(to_json(summary));
    });
    add("GET", "/api/verify", [](Runtime& of, const Request&) -> Result<Response> {
        TRY(json::Value report, verify_everything(of));
        return json_response(report);
    });
}

}  // namespace resolute::app
