// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "transport/http_client.h"

/// What is said to Gmail and what it says, as values. All of it is pure, and everything that came is data: what is missing is empty.
/// developers.google.com/workspace/gmail/api/reference/rest/v1
namespace resolute::connectors {

/// users.messages, as far as we read it.
struct GmailMessage {
    std::string id;
    std::vector<std::string> label_ids;
    std::optional<Instant> received_at;  ///< internalDate
    std::string raw;                     ///< decoded; with format=raw only
    std::string effect;                  ///< X-Resolute-Effect, as the next with format=metadata only
    std::string message_id;              ///< Message-ID, without brackets

    [[nodiscard]] bool has_label(std::string_view label) const;
};

/// A page of ids, of messages.list and drafts.list.
struct GmailIds {
    std::vector<std::string> ids;
    std::string next_page;  ///< empty: the last
};

/// A page of history.list: messages that came, or came to a label.
struct GmailHistory {
    struct Arrival {
        std::string id;
        std::optional<std::vector<std::string>> label_ids;  ///< nothing: not said
    };
    std::vector<Arrival> arrivals;  ///< oldest first, perhaps the same one twice
    std::optional<std::uint64_t> history_id;
    std::string next_page;
};

struct GmailProfile {
    std::string address;
    std::optional<std::uint64_t> history_id;
    std::int64_t messages = 0;
};

/// `gmail.malformed` (effect unknown) where it is no JSON of this form.
Result<GmailMessage> decode_message(std::string_view body);
Result<GmailIds> decode_messages(std::string_view body);
Result<GmailIds> decode_drafts(std::string_view body);
/// A draft: its own id, and its message.
struct GmailDraft {
    std::string id;
    GmailMessage message;
};
Result<GmailDraft> decode_draft(std::string_view body);
Result<GmailHistory> decode_history(std::string_view body);
Result<GmailProfile> decode_profile(std::string_view body);
/// Label ids by name: "Orders" → "Label_7"; the service's own ("INBOX") are both.
Result<std::vector<std::pair<std::string, std::string>>> decode_labels(std::string_view body);
/// The raw bytes of an answer that was cut, as far as they go; nothing where it holds none.
std::optional<std::string> decode_cut_raw(std::string_view body);

/// {"message":{"raw":…}}, and with the id of a draft that is sent in another form than it has there.
std::string encode_draft(std::string_view raw, std::string_view draft_id = {});

/// "rfc822msgid:<id>": finds a mail by its Message-ID. Empty where the id cannot stand in a question.
std::string question_for(std::string_view message_id);

/// What an answer other than 2xx means. `gmail.unauthorized` (the token is not taken), `gmail.rate_limited` (with retry_after),
/// `gmail.forbidden`, `gmail.not_found`, `gmail.refused`: nothing happened there. `gmail.unavailable` (5xx): unknown.
Error error_of(const transport::HttpAnswer& answer, Instant now);

}  // namespace resolute::connectors
