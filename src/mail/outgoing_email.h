// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mail/parsed_email.h"

namespace resolute::mail {

/// Everything that decides the bytes of one mail to one recipient. Same value, same bytes.
struct OutgoingEmail {
    Address from;
    Address to;                           ///< one recipient, one transaction
    std::string reply_to = {};            ///< an address of ours that marks the conversation; empty: answers go to `from`
    std::string subject;                  ///< UTF-8, one line
    std::string text;                     ///< UTF-8, '\n' line ends
    std::string html;                     ///< UTF-8 document body; empty: text only
    std::string message_id;               ///< without brackets; deterministic, from the effect's key
    std::string in_reply_to;              ///< without brackets, may be empty
    std::vector<std::string> references;  ///< oldest first
    Instant date;
    std::string auto_submitted;           ///< "auto-replied", "auto-generated"; "no" for a person's words
    std::string effect_key;               ///< goes out as X-Resolute-Effect, to find the mail again
    std::string case_id;                  ///< goes out as X-Resolute-Case
    std::string token = {};               ///< of the Message-ID (thread_token.h); goes out as X-Resolute-Token, may be empty
};

/// The bytes to send: CRLF, lines of at most 998 bytes (quoted-printable or base64), multipart/alternative where there is
/// HTML, boundary derived from the key, `X-Auto-Response-Suppress: All` on automatic mail. Fails rather than sends something
/// odd: `out.header_line_break` (CR, LF or NUL in a header), `out.unsafe_recipient`, `out.no_sender`. Pure.
Result<std::string> render(const OutgoingEmail& mail);

/// The plain text as simple HTML: paragraphs, numbered lists, links to http and https made clickable, everything escaped.
std::string html_from_text(std::string_view text);

/// Whether the fields of a mail name this recipient and no other: services that take the recipients from there send it nowhere else.
bool goes_only_to(std::string_view mail, std::string_view address);

}  // namespace resolute::mail
