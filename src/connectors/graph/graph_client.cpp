// SPDX-License-Identifier: Apache-2.0
#include "connectors/graph/graph_client.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "mail/limits.h"

namespace resolute::connectors {
namespace {

constexpr int kPageSize = 100;
constexpr int kFoundMax = 20;          ///< of one effect there are few
constexpr std::size_t kFoldersMax = 5'000;
constexpr const char* kFields = "id,receivedDateTime,sentDateTime,isDraft,internetMessageId";

std::string segment(std::string_view id) { return transport::percent_encoded(id); }

}  // namespace

GraphClient::GraphClient(Options options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      http_(transport::HttpClient::Options{.ca_file = options_.ca_file, .answer_bytes_max = mail::limits::raw_bytes_max + (1u << 20), .stop = options_.stop}) {}

// --- One request -------------------------------------------------------------------------------------------------------------

Result<transport::HttpAnswer> GraphClient::ask_once(const Call& call, Deadline deadline) const {
    TRY(const std::string token, options_.token(deadline));
    transport::HttpRequest request{.method = call.method,
                                   .url = call.url.empty() ? fmt::format("{}/v1.0/users/{}{}{}", options_.base_url, segment(options_.user), call.path.empty() ? "" : "/", call.path) : call.url,
                                   .headers = {{"Authorization", "Bearer " + token},
                                               {"Prefer", call.is_list ? fmt::format("IdType=\"ImmutableId\", odata.maxpagesize={}", kPageSize) : std::string("IdType=\"ImmutableId\"")}},
                                   .body = call.body,
                                   .cut_after = call.cut_after};
    if (!call.query.empty()) request.url += "?" + transport::form(call.query);
    if (!call.type.empty()) request.headers.emplace_back("Content-Type", call.type);
    return http_.send(request, deadline);
}

Result<std::string> GraphClient::ask(const Call& call, Deadline deadline) const {
    TRY(const GraphGate::Turn turn, options_.gate->enter(options_.sends, deadline));
    TRY(transport::HttpAnswer answer, ask_once(call, deadline));
    if (answer.status == 401 && options_.token_was_refused) {
        options_.token_was_refused();
        TRY(answer, ask_once(call, deadline));
    }
    if (answer.status >= 200 && answer.status < 300) return std::move(answer.body);
    Error error = graph_error_of(answer, clock_.now());
    // Also a 503 or 504 that says when to come back (learn.microsoft.com/graph/throttling).
    if (error.retry_after) options_.gate->pause_until(clock_.monotonic() + *error.retry_after);
    return std::unexpected(std::move(error));
}

bool GraphClient::is_ours(std::string_view link) const { return link.starts_with(options_.base_url + "/v1.0/"); }

// --- Reading -----------------------------------------------------------------------------------------------------------------

Result<GraphFolder> GraphClient::folder(std::string_view name_or_id, Deadline deadline) const {
    TRY(const std::string body, ask({.path = "mailFolders/" + segment(name_or_id), .query = {{"$select", "id,displayName"}}}, deadline));
    return decode_graph_folder(body);
}

Result<std::vector<GraphFolder>> GraphClient::folders_in(std::string_view parent_id, Deadline deadline) const {
    Call call{.path = parent_id.empty() ? std::string("mailFolders") : fmt::format("mailFolders/{}/childFolders", segment(parent_id)),
              .query = {{"$select", "id,displayName"}, {"includeHiddenFolders", "true"}, {"$top", fmt::format("{}", kPageSize)}}, .is_list = true};
    std::vector<GraphFolder> all;
    while (true) {
        TRY(const std::string body, ask(call, deadline));
        TRY(GraphFolders page, decode_graph_folders(body));
        std::move(page.folders.begin(), page.folders.end(), std::back_inserter(all));
        if (page.next_link.empty() || all.size() >= kFoldersMax) return all;
        if (!is_ours(page.next_link)) return fail("graph.malformed", ErrorKind::unavailable, "Graph's next page stands at another address than Graph");
        call.url = page.next_link;
        call.query.clear();
    }
}

Result<GraphPage> GraphClient::delta(std::string_view folder_id, const std::string& link, Deadline deadline) const {
    Call call{.path = fmt::format("mailFolders/{}/messages/delta", segment(folder_id)), .is_list = true};
    call.query = {{"$select", "id,receivedDateTime,isDraft"}, {"changeType", "created"}};
    if (!link.empty()) {
        if (!is_ours(link)) return fail("graph.malformed", ErrorKind::unavailable, "Graph's next page stands at another address than Graph");
        call.url = link;
        call.query.clear();
    }
    TRY(const std::string body, ask(call, deadline));
    return decode_graph_page(body);
}

Result<std::string> GraphClient::mime(const std::string& id, std::size_t cut_after, Deadline deadline) const {
    return ask({.path = fmt::format("messages/{}/$value", segment(id)), .cut_after = cut_after}, deadline);
}

Result<GraphMessage> GraphClient::message(const std::string& id, Deadline deadline) const {
    const Query query{{"$select", kFields}, {"$expand", graph_expand_marker()}};
    TRY(const std::string body, ask({.path = "messages/" + segment(id), .query = query}, deadline));
    return decode_graph_message(body);
}

Result<std::vector<GraphMessage>> GraphClient::find(const std::string& filter, Deadline deadline) const {
    const Query query{{"$filter", filter}, {"$select", kFields}, {"$expand", graph_expand_marker()}, {"$top", fmt::format("{}", kFoundMax)}};
    TRY(const std::string body, ask({.path = "messages", .query = query}, deadline));
    TRY(GraphPage page, decode_graph_page(body));
    return std::move(page.messages);
}

Result<std::vector<GraphMessage>> GraphClient::last_sent(Deadline deadline) const {
    const Query query{{"$orderby", "sentDateTime desc"}, {"$select", kFields}, {"$expand", graph_expand_marker()}, {"$top", fmt::format("{}", kFoundMax)}};
    TRY(const std::string body, ask({.path = "mailFolders/sentitems/messages", .query = query}, deadline));
    TRY(GraphPage page, decode_graph_page(body));
    return std::move(page.messages);
}

// --- Drafts ------------------------------------------------------------------------------------------------------------------

Result<GraphMessage> GraphClient::create_draft(std::string_view mime, Deadline deadline) const {
    TRY(const std::string body, ask({.method = "POST", .path = "messages", .body = to_base64(mime), .type = "text/plain"}, deadline));
    return decode_graph_message(body);
}

Status GraphClient::mark(const std::string& id, std::string_view effect, Deadline deadline) const {
    TRY_STATUS(ask({.method = "PATCH", .path = "messages/" + segment(id), .body = encode_graph_marker(effect), .type = "application/json"}, deadline));
    return {};
}

Status GraphClient::send_draft(const std::string& id, Deadline deadline) const {
    TRY_STATUS(ask({.method = "POST", .path = fmt::format("messages/{}/send", segment(id))}, deadline));
    return {};
}

Status GraphClient::remove(const std::string& id, Deadline deadline) const {
    TRY_STATUS(ask({.method = "DELETE", .path = "messages/" + segment(id)}, deadline));
    return {};
}

}  // namespace resolute::connectors
