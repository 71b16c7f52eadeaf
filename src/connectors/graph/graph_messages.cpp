// SPDX-License-Identifier: Apache-2.0
#include "connectors/graph/graph_messages.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "json/json.h"
#include "mail/address.h"

namespace resolute::connectors {
namespace {

constexpr std::size_t kWordsMax = 200;
constexpr Duration kPauseUnsaid = std::chrono::seconds(30);  ///< where the service asks for a pause and does not say how long
constexpr Duration kPauseMax = std::chrono::hours(1);
/// A name of our own in a namespace of our own (a GUID made for this).
constexpr std::string_view kMarker = "String {7d6a3c1e-52f0-4b8e-9c57-0e9f6a21b4d3} Name ResoluteEffect";

std::unexpected<Error> malformed(std::string_view what) {
    return fail("graph.malformed", ErrorKind::unavailable, fmt::format("Graph's answer is not of the form that it has announced: {}", what), EffectState::unknown);
}

Result<json::Value> decode(std::string_view body) {
    auto read = json::parse(body);
    if (read && read->is_object()) return read;
    return malformed("it is no JSON object");
}

std::optional<Instant> moment(const json::Value& value) {
    const auto read = parse_instant(value.as_string());
    return read ? std::optional(*read) : std::nullopt;
}

GraphMessage message_of(const json::Value& value) {
    GraphMessage message{.id = value["id"].as_string(),
                         .received_at = moment(value["receivedDateTime"]),
                         .sent_at = moment(value["sentDateTime"]),
                         .is_draft = value["isDraft"].as_bool(),
                         .internet_message_id = mail::without_brackets(value["internetMessageId"].as_string()),
                         .effect = {}};
    for (const json::Value& property : value["singleValueExtendedProperties"].as_array())
        // The GUID comes back in the case that the service likes.
        if (text::equals_ignore_case(property["id"].as_string(), kMarker)) message.effect = property["value"].as_string();
    return message;
}

}  // namespace

Result<GraphMessage> decode_graph_message(std::string_view body) {
    TRY(const json::Value read, decode(body));
    GraphMessage message = message_of(read);
    if (message.id.empty()) return malformed("a message has no id");
    return message;
}

Result<GraphPage> decode_graph_page(std::string_view body) {
    TRY(const json::Value read, decode(body));
    GraphPage page{.messages = {}, .removed = {}, .next_link = read["@odata.nextLink"].as_string(), .delta_link = read["@odata.deltaLink"].as_string()};
    for (const json::Value& one : read["value"].as_array()) {
        const std::string& id = one["id"].as_string();
        if (id.empty()) continue;
        if (one.contains("@removed")) page.removed.push_back(id);
        else page.messages.push_back(message_of(one));
    }
    return page;
}

Result<GraphFolder> decode_graph_folder(std::string_view body) {
    TRY(const json::Value read, decode(body));
    if (read["id"].as_string().empty()) return malformed("a folder has no id");
    return GraphFolder{.id = read["id"].as_string(), .name = read["displayName"].as_string()};
}

Result<GraphFolders> decode_graph_folders(std::string_view body) {
    TRY(const json::Value read, decode(body));
    GraphFolders folders{.folders = {}, .next_link = read["@odata.nextLink"].as_string()};
    for (const json::Value& one : read["value"].as_array())
        if (!one["id"].as_string().empty()) folders.folders.push_back({.id = one["id"].as_string(), .name = one["displayName"].as_string()});
    return folders;
}

std::string encode_graph_marker(std::string_view effect) {
    const json::Value marker = json::Object{{"id", kMarker}, {"value", effect}};
    return json::dump(json::Object{{"singleValueExtendedProperties", json::Array{marker}}});
}

std::string graph_filter_for_effect(std::string_view effect) {
    if (!text::is_plain(effect)) return {};
    return fmt::format("singleValueExtendedProperties/Any(ep: ep/id eq '{}' and ep/value eq '{}')", kMarker, effect);
}

std::string graph_expand_marker() { return fmt::format("singleValueExtendedProperties($filter=id eq '{}')", kMarker); }

std::string graph_filter_for_message_id(std::string_view message_id) {
    // Anything else could end the word, and ask for something else.
    if (!text::is_plain(message_id, "@._-+=/$")) return {};
    return fmt::format("internetMessageId eq '<{}>'", message_id);
}

Error graph_error_of(const transport::HttpAnswer& answer, Instant now) {
    const auto read = json::parse(answer.body);
    const json::Value& said = read ? (*read)["error"] : json::Value();
    const std::string& code = said["code"].as_string();
    const std::string detail = fmt::format("Graph answers {} {}: {}{}", answer.status, text::shorten(code, kWordsMax), text::shorten(said["message"].as_string(), kWordsMax),
                                           answer.header("request-id").empty() ? "" : fmt::format(" (request-id {})", text::shorten(answer.header("request-id"), kWordsMax)));
    const auto make = [&](const char* name, ErrorKind kind, EffectState effect) { return Error{.code = name, .kind = kind, .effect = effect, .detail = detail}; };
    const auto asked = transport::retry_after(answer, now);
    if (answer.status == 429) {
        Error error = make("graph.rate_limited", ErrorKind::rate_limited, EffectState::not_sent);
        error.retry_after = std::min(asked.value_or(kPauseUnsaid), kPauseMax);
        return error;
    }
    switch (answer.status) {
        case 401: return make("graph.unauthorized", ErrorKind::refused, EffectState::not_sent);
        case 403: return make("graph.forbidden", ErrorKind::refused, EffectState::refused);
        case 404: return make("graph.not_found", ErrorKind::not_found, EffectState::refused);
        case 410: return make("graph.resync", ErrorKind::conflict, EffectState::not_sent);
        default: break;
    }
    if (answer.status >= 400 && answer.status < 500) return make("graph.refused", ErrorKind::invalid, EffectState::refused);
    // With a 5xx, and what no client expects, it may have been carried out.
    Error error = make("graph.unavailable", ErrorKind::unavailable, EffectState::unknown);
    if (asked) error.retry_after = std::min(*asked, kPauseMax);
    return error;
}

}  // namespace resolute::connectors
