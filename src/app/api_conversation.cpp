// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/api_parts.h"
#include "base/hash.h"
#include "mail/parsed_email.h"
#include "mailroom/trust.h"

// What a person says about who belongs to a conversation, and which mails.
namespace resolute::app {
namespace {

using console::json_response;
using console::Request;
using console::Response;

constexpr std::size_t kCaseIdLength = 15;

/// Who acts must be known here: what they say stands in the journal under their name.
Result<std::string> person_in(Runtime& runtime, const json::Value& body) {
    const std::string& by = body["by"].as_string();
    TRY(const auto agent, runtime.people().find_agent(AgentId(by)));
    if (!agent) return fail("task.unknown_person", ErrorKind::invalid, fmt::format("nobody here is called \"{}\"; name an agent's id with --by", by));
    return by;
}

Result<casework::CaseState> state_of(Runtime& runtime, const CaseId& id) {
    TRY(auto state, runtime.engine().find_state(id));
    if (!state) return fail("case.not_found", ErrorKind::not_found, fmt::format("there is no case {}", id.value()));
    return *std::move(state);
}

Result<Response> name_party(Runtime& runtime, const Request& request) {
    TRY(const CaseId id, find_case_named(runtime, request.path_param("id")));
    TRY(const json::Value body, json::parse(request.body));
    TRY(const std::string by, person_in(runtime, body));
    TRY_STATUS(runtime.engine().receive(id, casework::PartyNamed{body["address"].as_string(), by}));
    TRY(const casework::CaseState state, state_of(runtime, id));
    return json_response(json::Object{{"case", id.value()}, {"parties", json::from_strings(state.parties)}});
}

/// First the case that ends, which may refuse; then the one that goes on. Whoever is interrupted in between says it again.
Result<Response> merge_cases(Runtime& runtime, const Request& request) {
    TRY(const CaseId id, find_case_named(runtime, request.path_param("id")));
    TRY(const json::Value body, json::parse(request.body));
    TRY(const CaseId into, find_case_named(runtime, body["into"].as_string()));
    TRY(const std::string by, person_in(runtime, body));
    TRY(const casework::CaseState ending, state_of(runtime, id));
    TRY(const casework::CaseState going_on, state_of(runtime, into));
    if (!going_on.merged_into.is_empty())
        return fail("case.cannot_merge", ErrorKind::conflict, fmt::format("{} goes on in {} itself; merge into that one", into.value(), going_on.merged_into.value()));
    TRY_STATUS(runtime.engine().receive(id, casework::MergeInto{into, by}));
    TRY_STATUS(runtime.engine().receive(into, casework::Absorb{id, ending.sender, by}, InputId(fmt::format("merge/{}/{}", id.value(), into.value()))));
    return json_response(json::Object{{"case", id.value()}, {"into", into.value()}});
}

/// The mail's own case is opened first: what fails after that is said again and finds it there.
Result<Response> split_case(Runtime& runtime, const Request& request) {
    TRY(const CaseId id, find_case_named(runtime, request.path_param("id")));
    TRY(const json::Value body, json::parse(request.body));
    TRY(const std::string by, person_in(runtime, body));
    const MailId mail_id(body["mail"].as_string());
    TRY(const casework::CaseState state, state_of(runtime, id));
    const CaseId into("c" + short_hash({"split", mail_id.value()}, kCaseIdLength));
    TRY_STATUS(casework::admit(state, runtime.procedure(), casework::SplitOff{mail_id, into, by}, runtime.clock().now()));
    TRY(const auto record, runtime.storage().intake().find(mail_id));
    if (!record) return fail("case.cannot_split", ErrorKind::not_found, fmt::format("there is no mail {}", mail_id.value()));
    TRY(const std::string bytes, runtime.storage().intake().load_blob(record->blob));
    const mail::ParsedEmail email = mail::parse(bytes);
    const auto found = std::ranges::find(state.mails, mail_id, &casework::ConversationMail::mail_id);
    casework::CaseOpened opened;
    opened.id = into;
    opened.mail_id = mail_id;
    opened.message_id = email.message_id;
    opened.sender = found->address;
    opened.trust = mailroom::judge_sender(email, runtime.config().authserv_id).trust;
    opened.subject = found->subject;
    opened.text = found->text;
    opened.linked_case = id.value();
    TRY_STATUS(runtime.engine().receive(into, opened, InputId("split/" + mail_id.value())));
    TRY_STATUS(runtime.engine().receive(id, casework::SplitOff{mail_id, into, by}, InputId(fmt::format("split/{}/{}", id.value(), mail_id.value()))));
    return json_response(json::Object{{"case", id.value()}, {"mail", mail_id.value()}, {"into", into.value()}});
}

}  // namespace

void add_conversation_routes(console::Router& router, Runtime& runtime) {
    const auto add = [&](const char* pattern, Result<Response> (*handler)(Runtime&, const Request&)) {
        router.add("POST", pattern, [&runtime, handler](const Request& request) { return handler(runtime, request); });
    };
    add("/api/cases/{id}/parties", name_party);
    add("/api/cases/{id}/merge", merge_cases);
    add("/api/cases/{id}/split", split_case);
}

}  // namespace resolute::app
