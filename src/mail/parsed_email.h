// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "json/json.h"

namespace resolute::mail {

struct Address {
    std::string name;     ///< display name, decoded UTF-8; a claim of the sender, never used as an address
    std::string address;  ///< "local@domain", domain in lower case; empty where the header holds no usable address

    friend bool operator==(const Address&, const Address&) = default;
};

/// One header field in its order; the value is unfolded and decoded (RFC 2047) UTF-8.
struct HeaderField {
    std::string name;  ///< as written
    std::string value;

    friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

struct Attachment {
    std::string file_name;     ///< safe to show and to store as text; never used as a path. "attachment-1" where unusable
    std::string content_type;  ///< "application/pdf", lower case, without parameters
    std::string content_id;    ///< of an inline part, else empty
    bool is_inline = false;
    std::string bytes;  ///< decoded
    std::string sha256_hex;

    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// Something odd about a mail. Oddities are values, never errors: parsing is total.
struct Defect {
    std::string code;    ///< "mail.no_message_id", "mail.mime_too_deep", …: each has a page under docs/errors/
    std::string detail;  ///< "200 levels > 20; shown as raw text"

    friend bool operator==(const Defect&, const Defect&) = default;
};

/// What became of a mail for one recipient (RFC 3464 §2.3): what the report claims. Anybody can write such a report.
struct DeliveryStatus {
    std::string recipient;           ///< "local@domain" of Final-Recipient (else Original-Recipient); empty where unusable
    std::string original_recipient;  ///< of Original-Recipient: what we gave as ORCPT; empty where absent
    std::string action;      ///< "failed", "delayed", "delivered", "relayed", "expanded"; empty where nothing known is said
    std::string status;      ///< "5.1.1" (RFC 3463), from Status or else from the diagnostic text; may be empty
    std::string diagnostic;  ///< one line, without its type: "550 5.1.1 User unknown"; for people
    std::string remote_mta;  ///< the server that said so, without its type; may be empty

    friend bool operator==(const DeliveryStatus&, const DeliveryStatus&) = default;
};

/// What a bounce says. Its ids are the sender's claim: act only where one of them is an unguessable one of ours.
struct DeliveryReport {
    bool is_standard = false;          ///< from a message/delivery-status part (RFC 3464); else read out of the text
    std::string original_envelope_id;  ///< what we sent as ENVID, decoded from xtext (RFC 3461 §4); empty where absent
    std::string reporting_mta;
    std::vector<DeliveryStatus> recipients;  ///< at most limits::delivery_statuses_max, in order
    std::string returned_message_id;         ///< of the returned mail or headers, without brackets; may be empty
    std::string returned_effect;             ///< its X-Resolute-Effect; may be empty
    std::string returned_case;               ///< its X-Resolute-Case; may be empty
    std::string returned_token;              ///< its X-Resolute-Token; may be empty

    friend bool operator==(const DeliveryReport&, const DeliveryReport&) = default;
};

/// What the headers say about how the mail came to be, by RFC 3834 and long practice.
/// verification: a service asks to confirm an address, or gives a code or a link to sign in; nobody outside may ever see it.
enum class MailKind { person, bounce, auto_reply, list, report, challenge, verification };
std::string_view to_string(MailKind kind);

struct ParsedEmail {
    Address from;                     ///< the one From address; empty address where there is none or several
    std::optional<Address> reply_to;  ///< where it differs from From; shown, never answered by itself
    std::vector<Address> to;
    std::vector<Address> cc;
    std::string subject;                  ///< decoded, one line, at most 998 bytes
    std::string message_id;               ///< without angle brackets; empty where missing
    std::string in_reply_to;              ///< the first id, without brackets
    std::vector<std::string> references;  ///< oldest first, without brackets
    std::optional<Instant> date;          ///< the Date header; nothing where absent or absurd
    std::string return_path;              ///< without brackets; "" may mean null or missing, see `has_null_return_path`
    bool has_null_return_path = false;    ///< "Return-Path: <>"
    std::vector<HeaderField> headers;     ///< all of them, in order, within the limits
    std::string text;                     ///< the whole readable text, valid UTF-8, '\n' line ends, from text/plain or HTML
    std::string visible_text;      ///< `text` without quoted mail, signature and client boilerplate: what the person wrote now
    std::string html;              ///< sanitised for display: allow-listed tags, no script, style, remote content; may be empty
    bool has_hidden_text = false;  ///< HTML text hidden by style was removed
    std::vector<Attachment> attachments;
    MailKind kind = MailKind::person;
    std::string kind_reason;                        ///< the header that decided, "Auto-Submitted: auto-replied"
    std::optional<DeliveryReport> delivery_report;  ///< of each mail of kind bounce; nothing for others
    std::vector<Defect> defects;
    std::string content_key;     ///< sha256 over sender, subject and text: equal for the same mail delivered twice
    bool is_over_limit = false;  ///< a limit of limits.h was passed: text may be missing, a person must look

    friend bool operator==(const ParsedEmail&, const ParsedEmail&) = default;
};

/// First value of the named field (any case), or empty.
std::string_view header(const ParsedEmail& mail, std::string_view name);

/// Reads any bytes into a ParsedEmail: total, bounded by limits.h, at most 2 s for any input, no I/O.
/// Sources: RFC 5322, 2045 to 2047, 2231, 3834, 6532. Threads: any (GMime is initialised once inside).
ParsedEmail parse(std::string_view raw);

/// For `resolute mail parse --json` and the golden corpus; attachments by name, type, size and hash.
json::Value to_json(const ParsedEmail& mail);

/// True for an address that we are willing to send to: dot-atom local part, at most 64 bytes, and a domain name with a dot
/// or in the test domains; no quotes, no controls, no encoded words (RFC 5321 §4.1.2, narrowed).
bool is_safe_recipient(std::string_view address);

}  // namespace resolute::mail
