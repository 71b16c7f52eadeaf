// SPDX-License-Identifier: Apache-2.0
#include "connectors/gmail/gmail_client.h"

#include <fmt/format.h>

#include "json/json.h"
#include "mail/limits.h"

namespace resolute::connectors {
namespace {

constexpr std::size_t kPageMax = 500;
constexpr std::size_t kFoundMax = 20;  ///< of one Message-ID there are few
/// A mail at the limit in base64, and what stands around it.
constexpr std::size_t kAnswerBytesMax = mail::limits::raw_bytes_max / 3 * 4 + (1u << 20);
constexpr std::size_t kAroundRaw = 1024;

std::string segment(std::string_view id) { return transport::percent_encoded(id); }

}  // namespace

GmailClient::GmailClient(Options options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      http_(transport::HttpClient::Options{.ca_file = options_.ca_file,
                                           .answer_bytes_max = kAnswerBytesMax,
                                           .stop = options_.stop_ends_requests ? options_.stop : nullptr}) {}

// --- One request -------------------------------------------------------------------------------------------------------------

Status GmailClient::take_turn(std::size_t units, Deadline deadline) const {
    const Interrupt nobody;
    const Interrupt& stop = options_.stop != nullptr ? *options_.stop : nobody;
    while (true) {
        const Duration wait = options_.quota->take(units, options_.what, clock_.monotonic());
        if (wait == Duration::zero()) return {};
        if (wait < deadline.remaining() && !stop.wait(wait)) continue;
        return std::unexpected(Error{.code = "gmail.paced",
                                     .kind = ErrorKind::rate_limited,
                                     .retry_after = wait,
                                     .detail = fmt::format("the mailbox {} has used up what it may ask of Gmail in a minute, or Gmail asked for a pause; its turn is in {}",
                                                           options_.user, format_duration(wait))});
    }
}

Result<transport::HttpAnswer> GmailClient::ask_once(const Call& call, Deadline deadline) const {
    TRY(const std::string token, options_.token(deadline));
    transport::HttpRequest request{.method = call.method,
                                   .url = fmt::format("{}/gmail/v1/users/{}/{}", options_.base_url, segment(options_.user), call.path),
                                   .headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}},
                                   .body = call.json,
                                   .cut_after = call.cut_after};
    if (!call.query.empty()) request.url += "?" + transport::form(call.query);
    if (!call.json.empty()) request.headers.emplace_back("Content-Type", "application/json");
    return http_.send(request, deadline);
}

Result<std::string> GmailClient::ask(const Call& call, Deadline deadline) const {
    TRY_STATUS(take_turn(call.units, deadline));
    TRY(transport::HttpAnswer answer, ask_once(call, deadline));
    if (answer.status == 401 && options_.token_was_refused) {
        options_.token_was_refused();
        TRY(answer, ask_once(call, deadline));
    }
    if (answer.status >= 200 && answer.status < 300) return std::move(answer.body);
    Error error = error_of(answer, clock_.now());
    if (error.kind == ErrorKind::rate_limited) options_.quota->pause_until(clock_.monotonic() + *error.retry_after);
    return std::unexpected(std::move(error));
}

// --- Reading -----------------------------------------------------------------------------------------------------------------

Result<GmailProfile> GmailClient::profile(Deadline deadline) const {
    TRY(const std::string body, ask({.path = "profile", .units = gmail_units::profile}, deadline));
    return decode_profile(body);
}

Result<std::vector<std::pair<std::string, std::string>>> GmailClient::labels(Deadline deadline) const {
    TRY(const std::string body, ask({.path = "labels", .units = gmail_units::labels}, deadline));
    return decode_labels(body);
}

Result<GmailIds> GmailClient::list_label(const std::string& label_id, const std::string& page, Deadline deadline) const {
    Query query{{"labelIds", label_id}, {"maxResults", fmt::format("{}", kPageMax)}};
    if (!page.empty()) query.emplace_back("pageToken", page);
    TRY(const std::string body, ask({.path = "messages", .query = std::move(query), .units = gmail_units::list}, deadline));
    return decode_messages(body);
}

Result<GmailIds> GmailClient::search(const std::string& question, Deadline deadline) const {
    const Query query{{"q", question}, {"includeSpamTrash", "true"}, {"maxResults", fmt::format("{}", kFoundMax)}};
    TRY(const std::string body, ask({.path = "messages", .query = query, .units = gmail_units::list}, deadline));
    return decode_messages(body);
}

Result<GmailMessage> GmailClient::message_raw(const std::string& id, Deadline deadline) const {
    TRY(const std::string body, ask({.path = "messages/" + segment(id), .query = {{"format", "raw"}}, .units = gmail_units::get}, deadline));
    return decode_message(body);
}

Result<GmailMessage> GmailClient::message_head(const std::string& id, std::size_t bytes_max, Deadline deadline) const {
    TRY(const std::string body, ask({.path = "messages/" + segment(id),
                                     .query = {{"format", "raw"}, {"fields", "raw"}},
                                     .units = gmail_units::get,
                                     .cut_after = bytes_max / 3 * 4 + kAroundRaw},
                                    deadline));
    auto raw = decode_cut_raw(body);
    if (!raw) return fail("gmail.malformed", ErrorKind::unavailable, "a message of Gmail has no bytes, or they are no base64", EffectState::unknown);
    if (raw->size() > bytes_max) raw->resize(bytes_max);
    return GmailMessage{.id = id, .label_ids = {}, .received_at = {}, .raw = *std::move(raw), .effect = {}, .message_id = {}};
}

Result<GmailMessage> GmailClient::message_fields(const std::string& id, Deadline deadline) const {
    const Query query{{"format", "metadata"}, {"metadataHeaders", "X-Resolute-Effect"}, {"metadataHeaders", "Message-ID"}};
    TRY(const std::string body, ask({.path = "messages/" + segment(id), .query = query, .units = gmail_units::get}, deadline));
    return decode_message(body);
}

Result<GmailHistory> GmailClient::history(std::uint64_t since, const std::string& page, Deadline deadline) const {
    Query query{{"startHistoryId", fmt::format("{}", since)},
                {"historyTypes", "messageAdded"},
                {"historyTypes", "labelAdded"},
                {"maxResults", fmt::format("{}", kPageMax)}};
    if (!page.empty()) query.emplace_back("pageToken", page);
    TRY(const std::string body, ask({.path = "history", .query = std::move(query), .units = gmail_units::history}, deadline));
    return decode_history(body);
}

// --- Drafts ------------------------------------------------------------------------------------------------------------------

Result<GmailIds> GmailClient::search_drafts(const std::string& question, Deadline deadline) const {
    const Query query{{"q", question}, {"maxResults", fmt::format("{}", kFoundMax)}};
    TRY(const std::string body, ask({.path = "drafts", .query = query, .units = gmail_units::list}, deadline));
    return decode_drafts(body);
}

Result<GmailDraft> GmailClient::draft(const std::string& id, Deadline deadline) const {
    TRY(const std::string body, ask({.path = "drafts/" + segment(id), .query = {{"format", "metadata"}}, .units = gmail_units::get}, deadline));
    return decode_draft(body);
}

Result<GmailDraft> GmailClient::create_draft(std::string_view raw, Deadline deadline) const {
    TRY(const std::string body, ask({.method = "POST", .path = "drafts", .json = encode_draft(raw), .units = gmail_units::create_draft}, deadline));
    return decode_draft(body);
}

Result<GmailMessage> GmailClient::send_draft(const std::string& id, std::string_view raw, Deadline deadline) const {
    const std::string draft = raw.empty() ? json::dump(json::Object{{"id", id}}) : encode_draft(raw, id);
    TRY(const std::string body, ask({.method = "POST", .path = "drafts/send", .json = draft, .units = gmail_units::send_draft}, deadline));
    return decode_message(body);
}

Status GmailClient::delete_draft(const std::string& id, Deadline deadline) const {
    TRY_STATUS(ask({.method = "DELETE", .path = "drafts/" + segment(id), .units = gmail_units::delete_draft}, deadline));
    return {};
}

}  // namespace resolute::connectors
