// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/api_parts.h"
#include "app/api_values.h"
#include "mail/parsed_email.h"

namespace resolute::app {
namespace {

using console::json_response;
using console::Request;
using console::Response;

Result<ports::MailRecord> mail_named(Runtime& runtime, const Request& request) {
    const MailId id{std::string(request.path_param("id"))};
    TRY(auto mail, runtime.storage().intake().find(id));
    if (!mail) return fail("intake.mail_unknown", ErrorKind::not_found, fmt::format("no mail {} is kept; \"resolute mail list\" names them", id.value()));
    return *std::move(mail);
}

json::Value describe_reopening(const ports::Reopening& reopening) {
    return json::Object{{"at", format_instant(reopening.at)},
                        {"by", reopening.by},
                        {"was", to_string(reopening.was)},
                        {"reason", reopening.reason_code}};
}

/// Its row, what today's parser makes of its bytes, and who had it read again.
Result<Response> show_mail(Runtime& runtime, const Request& request) {
    TRY(const ports::MailRecord mail, mail_named(runtime, request));
    TRY(const auto reopenings, runtime.storage().ledger().reopenings(mail.id));
    json::Value answer = to_json(mail);
    answer.set("attempts", mail.attempts);
    answer.set("is_truncated", mail.is_truncated);
    json::Array again;
    for (const ports::Reopening& one : reopenings) again.push_back(describe_reopening(one));
    answer.set("reprocessed", std::move(again));
    const auto bytes = runtime.storage().intake().load_blob(mail.blob);
    answer.set("parsed", bytes && (!bytes->empty() || mail.size == 0) ? mail::to_json(mail::parse(*bytes)) : json::Value());
    return json_response(answer);
}

Result<Response> reprocess_mail(Runtime& runtime, const Request& request) {
    TRY(const json::Value body, json::parse(request.body));
    const std::string by = body["by"].as_string();
    if (by.empty()) return fail("api.bad_value", ErrorKind::invalid, "\"by\" is missing: who has it read again");
    TRY(const ports::MailRecord mail, mail_named(runtime, request));
    TRY(const ports::MailRecord again, runtime.reprocess(mail.id, by));
    return json_response(to_json(again));
}

Result<Response> take_inventory(Runtime& runtime, const Request&) {
    TRY(const auto taken, runtime.mail_watch().take_inventory());
    json::Array all;
    for (const mailroom::Inventory& one : taken) all.push_back(to_json(one));
    return json_response(std::move(all));
}

}  // namespace

void add_mail_routes(console::Router& router, Runtime& runtime) {
    const auto add = [&](const char* method, const char* pattern, Result<Response> (*handler)(Runtime&, const Request&)) {
        router.add(method, pattern, [&runtime, handler](const Request& request) { return handler(runtime, request); });
    };
    add("GET", "/api/mails/{id}", show_mail);
    add("POST", "/api/mails/{id}/reprocess", reprocess_mail);
    add("POST", "/api/inventory", take_inventory);
}

}  // namespace resolute::app
