// SPDX-License-Identifier: Apache-2.0
#include "connectors/gmail/gmail_messages.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/text.h"
#include "json/json.h"
#include "mail/address.h"

namespace resolute::connectors {
namespace {

constexpr std::size_t kWordsMax = 200;
constexpr Duration kPauseUnsaid = std::chrono::seconds(30);  ///< where the service asks for a pause and does not say how long
constexpr Duration kPauseMax = std::chrono::hours(1);        ///< a daily limit is looked at again now and then

Result<json::Value> decode(std::string_view body) {
    auto read = json::parse(body);
    if (read && read->is_object()) return read;
    return fail("gmail.malformed", ErrorKind::unavailable, "Gmail's answer is not of the form that it has announced", EffectState::unknown);
}

/// int64 and uint64 are strings in Google's JSON.
template <class Number>
std::optional<Number> number(const json::Value& value) {
    const std::string& text = value.as_string();
    Number read = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return read;
}

GmailMessage message_of(const json::Value& value) {
    GmailMessage message{.id = value["id"].as_string(), .label_ids = json::to_strings(value["labelIds"])};
    constexpr std::int64_t kLatest = 253'402'300'799'999;  // Year 9999.
    if (const auto at = number<std::int64_t>(value["internalDate"]); at && *at >= 0 && *at <= kLatest) message.received_at = from_unix_ms(*at);
    for (const json::Value& header : value["payload"]["headers"].as_array()) {
        const std::string& name = header["name"].as_string();
        if (text::equals_ignore_case(name, "X-Resolute-Effect")) message.effect = text::trim(header["value"].as_string());
        if (text::equals_ignore_case(name, "Message-ID")) message.message_id = mail::without_brackets(header["value"].as_string());
    }
    return message;
}

Result<GmailIds> decode_ids(std::string_view body, const char* member) {
    TRY(const json::Value read, decode(body));
    GmailIds page{.ids = {}, .next_page = read["nextPageToken"].as_string()};
    for (const json::Value& one : read[member].as_array())
        if (const std::string& id = one["id"].as_string(); !id.empty()) page.ids.push_back(id);
    return page;
}

void add_arrivals(const json::Value& record, const char* member, GmailHistory& history) {
    for (const json::Value& added : record[member].as_array()) {
        const json::Value& message = added["message"];
        const std::string& id = message["id"].as_string();
        if (id.empty()) continue;
        GmailHistory::Arrival arrival{.id = id, .label_ids = {}};
        if (message.contains("labelIds")) arrival.label_ids = json::to_strings(message["labelIds"]);
        history.arrivals.push_back(std::move(arrival));
    }
}

/// "… Retry after 2026-11-22T18:05:00.000Z …": the limits of sending name the moment only in words.
std::optional<Duration> pause_in_words(std::string_view words, Instant now) {
    constexpr std::string_view kBefore = "Retry after ";
    const std::size_t at = words.find(kBefore);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view moment = words.substr(at + kBefore.size());
    moment = moment.substr(0, moment.find_first_of(" )"));
    const auto until = parse_instant(moment);
    if (!until) return std::nullopt;
    return std::max(*until - now, Duration::zero());
}

bool is_rate_reason(std::string_view reason) {
    return reason == "rateLimitExceeded" || reason == "userRateLimitExceeded" || reason == "dailyLimitExceeded" || reason == "quotaExceeded";
}

}  // namespace

bool GmailMessage::has_label(std::string_view label) const { return std::ranges::find(label_ids, label) != label_ids.end(); }

Result<GmailMessage> decode_message(std::string_view body) {
    TRY(const json::Value read, decode(body));
    GmailMessage message = message_of(read);
    auto raw = from_base64(read["raw"].as_string());
    if (message.id.empty() || !raw)
        return fail("gmail.malformed", ErrorKind::unavailable, "a message of Gmail has no id, or its bytes are no base64", EffectState::unknown);
    message.raw = *std::move(raw);
    return message;
}

Result<GmailIds> decode_messages(std::string_view body) { return decode_ids(body, "messages"); }
Result<GmailIds> decode_drafts(std::string_view body) { return decode_ids(body, "drafts"); }

Result<GmailDraft> decode_draft(std::string_view body) {
    TRY(const json::Value read, decode(body));
    GmailDraft draft{.id = read["id"].as_string(), .message = message_of(read["message"])};
    if (draft.id.empty()) return fail("gmail.malformed", ErrorKind::unavailable, "a draft of Gmail has no id", EffectState::unknown);
    return draft;
}

Result<GmailHistory> decode_history(std::string_view body) {
    TRY(const json::Value read, decode(body));
    GmailHistory history{.arrivals = {}, .history_id = number<std::uint64_t>(read["historyId"]), .next_page = read["nextPageToken"].as_string()};
    for (const json::Value& record : read["history"].as_array()) {
        add_arrivals(record, "messagesAdded", history);
        add_arrivals(record, "labelsAdded", history);
    }
    return history;
}

Result<GmailProfile> decode_profile(std::string_view body) {
    TRY(const json::Value read, decode(body));
    return GmailProfile{.address = read["emailAddress"].as_string(), .history_id = number<std::uint64_t>(read["historyId"]), .messages = read["messagesTotal"].as_int()};
}

Result<std::vector<std::pair<std::string, std::string>>> decode_labels(std::string_view body) {
    TRY(const json::Value read, decode(body));
    std::vector<std::pair<std::string, std::string>> labels;
    for (const json::Value& label : read["labels"].as_array()) labels.emplace_back(label["name"].as_string(), label["id"].as_string());
    return labels;
}

std::optional<std::string> decode_cut_raw(std::string_view body) {
    const std::size_t name = body.find("\"raw\"");
    if (name == std::string_view::npos) return std::nullopt;
    const std::size_t begin = body.find('"', name + 5);
    if (begin == std::string_view::npos) return std::nullopt;
    std::string_view digits = body.substr(begin + 1);
    digits = digits.substr(0, digits.find('"'));
    return from_base64(digits.substr(0, digits.size() / 4 * 4));
}

std::string encode_draft(std::string_view raw, std::string_view draft_id) {
    json::Value draft;
    if (!draft_id.empty()) draft.set("id", draft_id);
    draft.set("message", json::Object{{"raw", to_base64url(raw)}});
    return json::dump(draft);
}

std::string question_for(std::string_view message_id) {
    // Anything else could end the word, and ask for something else.
    return text::is_plain(message_id, "@._-+=/$") ? fmt::format("rfc822msgid:{}", message_id) : std::string();
}

Error error_of(const transport::HttpAnswer& answer, Instant now) {
    const auto read = json::parse(answer.body);
    const json::Value& said = read ? (*read)["error"] : json::Value();
    const auto& causes = said["errors"].as_array();
    const std::string reason = causes.empty() ? said["status"].as_string() : causes.front()["reason"].as_string();
    const std::string& words = said["message"].as_string();
    const std::string detail = fmt::format("Gmail answers {} {}: {}", answer.status, text::shorten(reason, kWordsMax), text::shorten(words, kWordsMax));
    const auto make = [&](const char* code, ErrorKind kind, EffectState effect) { return Error{.code = code, .kind = kind, .effect = effect, .detail = detail}; };
    if (answer.status == 429 || (answer.status == 403 && is_rate_reason(reason))) {
        Error error{.code = "gmail.rate_limited", .kind = ErrorKind::rate_limited, .detail = detail};
        const auto asked = transport::retry_after(answer, now);
        error.retry_after = std::min(asked ? *asked : pause_in_words(words, now).value_or(kPauseUnsaid), kPauseMax);
        return error;
    }
    switch (answer.status) {
        case 401: return make("gmail.unauthorized", ErrorKind::refused, EffectState::not_sent);
        case 403: return make("gmail.forbidden", ErrorKind::refused, EffectState::refused);
        case 404: return make("gmail.not_found", ErrorKind::not_found, EffectState::refused);
        default: break;
    }
    if (answer.status >= 400 && answer.status < 500) return make("gmail.refused", ErrorKind::invalid, EffectState::refused);
    // With a 5xx, and what no client expects, it may have been carried out.
    Error error = make("gmail.unavailable", ErrorKind::unavailable, EffectState::unknown);
    error.retry_after = transport::retry_after(answer, now);
    return error;
}

}  // namespace resolute::connectors
