// SPDX-License-Identifier: Apache-2.0
#include "mail/delivery_report.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "mail/address.h"
#include "mail/charset.h"
#include "mail/encoded_words.h"
#include "mail/limits.h"
#include "mail/structure.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kValueBytesMax = 998;
constexpr std::size_t kTextLinesMax = 2'000;  ///< of a bounce without standard parts

/// Decoded, unfolded, white space collapsed.
std::string one_line(std::string_view raw) {
    std::string out;
    for (const char c : clean_line(decode_header_text(raw))) {
        if (c != ' ' || !out.ends_with(' ')) out += c;
    }
    return std::string(cut_utf8(out, kValueBytesMax));
}

/// "smtp; 550 no" → "550 no": the type before the first semicolon (RFC 3464 §2.1.2) says nothing to us.
std::string without_type(std::string_view raw) {
    const std::string value = one_line(raw);
    const std::size_t semicolon = value.find(';');
    const bool is_type = semicolon != std::string::npos && value.find(' ') >= semicolon;
    return is_type ? std::string(text::trim(std::string_view(value).substr(semicolon + 1))) : value;
}

std::string address_of(std::string_view raw) {
    std::string value = without_type(raw);
    if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
    return usable_address(value);
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// RFC 3461 §4: "+" and two digits stand for an octet.
std::string from_xtext(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto high = value[i] == '+' && i + 2 < value.size() ? hex_digit(value[i + 1]) : std::nullopt;
        const auto low = high ? hex_digit(value[i + 2]) : std::nullopt;
        if (low) {
            out += static_cast<char>(*high * 16 + *low);
            i += 2;
        } else {
            out += value[i];
        }
    }
    return clean_line(text::to_valid_utf8(out));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// RFC 3463: the first "5.1.1" or "#4.4.7" in a text; not a part of a version or of an IP address.
std::string status_in(std::string_view text) {
    for (std::size_t i = 0; i + 4 < text.size(); ++i) {
        if (text[i] != '2' && text[i] != '4' && text[i] != '5') continue;
        if (text[i + 1] != '.' || (i > 0 && (is_digit(text[i - 1]) || text[i - 1] == '.'))) continue;
        std::size_t at = i + 2;
        std::size_t subject_digits = 0;
        while (at < text.size() && is_digit(text[at]) && subject_digits < 3) ++at, ++subject_digits;
        if (subject_digits == 0 || at >= text.size() || text[at] != '.') continue;
        std::size_t detail_digits = 0;
        ++at;
        while (at < text.size() && is_digit(text[at]) && detail_digits < 3) ++at, ++detail_digits;
        const bool goes_on =
            at < text.size() && (is_digit(text[at]) || (text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1])));
        if (detail_digits > 0 && !goes_on) return std::string(text.substr(i, at - i));
    }
    return {};
}

std::string known_action(std::string_view raw) {
    const std::string value = text::to_lower(one_line(raw));
    for (const std::string_view action : {"failed", "delayed", "delivered", "relayed", "expanded"}) {
        if (value.starts_with(action)) return std::string(action);
    }
    return {};
}

/// Where a server left the action out, the class of the status says as much (RFC 3463 §2).
std::string action_by_status(std::string_view status) {
    if (status.starts_with("5.")) return "failed";
    if (status.starts_with("4.")) return "delayed";
    return status.starts_with("2.") ? "delivered" : "";
}

void read_message_fields(const std::vector<RawField>& fields, DeliveryReport& report) {
    if (report.original_envelope_id.empty())
        report.original_envelope_id = from_xtext(one_line(find_field(fields, "Original-Envelope-Id")));
    if (report.reporting_mta.empty()) report.reporting_mta = without_type(find_field(fields, "Reporting-MTA"));
}

void read_recipient_fields(const std::vector<RawField>& fields, DeliveryReport& report) {
    const std::string_view final_recipient = find_field(fields, "Final-Recipient");
    const std::string_view original = find_field(fields, "Original-Recipient");
    if (final_recipient.empty() && original.empty() && find_field(fields, "Action").empty()) return;
    if (report.recipients.size() >= limits::delivery_statuses_max) return;
    DeliveryStatus status;
    status.original_recipient = address_of(original);
    status.recipient = address_of(final_recipient);
    if (status.recipient.empty()) status.recipient = status.original_recipient;
    status.action = known_action(find_field(fields, "Action"));
    status.diagnostic = without_type(find_field(fields, "Diagnostic-Code"));
    status.status = status_in(one_line(find_field(fields, "Status")));
    // "5.0.0" says only that it failed; the server's own words may say why.
    const std::string in_words = status_in(status.diagnostic);
    if (!in_words.empty() && (status.status.empty() || status.status.ends_with(".0.0"))) status.status = in_words;
    if (status.action.empty()) status.action = action_by_status(status.status);
    status.remote_mta = without_type(find_field(fields, "Remote-MTA"));
    report.recipients.push_back(std::move(status));
}

/// Groups of fields with blank lines between them. The first is about the mail, the others about one recipient each; some
/// servers leave the blank line out, so each group is asked for both.
void read_status_part(std::string_view bytes, DeliveryReport& report) {
    for (std::size_t at = 0; at < bytes.size();) {
        const RawHeader group = read_raw_header(bytes.substr(at));
        read_message_fields(group.fields, report);
        read_recipient_fields(group.fields, report);
        if (group.end == 0) break;  // A line that is no field.
        at += group.end;
        if (report.recipients.size() >= limits::delivery_statuses_max) break;
    }
}

std::string bare_id(std::string_view raw) {
    const std::string value = one_line(raw);
    const std::size_t begin = value.find('<');
    if (begin == std::string::npos) return value;
    return value.substr(begin + 1, std::min(value.find('>', begin), value.size()) - begin - 1);
}

void read_returned_header(const std::vector<RawField>& fields, DeliveryReport& report) {
    if (report.returned_message_id.empty()) report.returned_message_id = bare_id(find_field(fields, "Message-ID"));
    if (report.returned_effect.empty()) report.returned_effect = one_line(find_field(fields, "X-Resolute-Effect"));
    if (report.returned_case.empty()) report.returned_case = one_line(find_field(fields, "X-Resolute-Case"));
    if (report.returned_token.empty()) report.returned_token = one_line(find_field(fields, "X-Resolute-Token"));
}

bool is_returned_mail(std::string_view type) {
    return type == "message/rfc822" || type == "message/global" || type == "text/rfc822-headers" ||
           type == "message/rfc822-headers" || type == "message/global-headers" || type == "text/rfc822" ||
           type == "message/partial";
}

/// qmail: "<ann@example.com>:" on a line of its own; Exim: two spaces and the address; others: somewhere in a line.
std::string recipient_in(std::string_view line, const ParsedEmail& mail) {
    constexpr std::string_view kAround = "<>()[]{}:;,.'\"";
    for (std::string_view word : text::split(text::trim(line.substr(0, kValueBytesMax)), ' ')) {
        if (word.find('@') == std::string_view::npos) continue;
        const std::size_t prefix = text::to_lower(word).find("smtp:");
        if (prefix != std::string::npos) word.remove_prefix(prefix + 5);
        const std::size_t begin = word.find_first_not_of(kAround);
        if (begin == std::string_view::npos) continue;
        word = word.substr(begin, word.find_first_of("<>()[]{}:;,'\"", begin) - begin);
        std::string address = usable_address(word.substr(0, word.find_last_not_of('.') + 1));
        const bool is_ours =
            std::any_of(mail.to.begin(), mail.to.end(), [&](const Address& to) { return to.address == address; });
        if (!address.empty() && !is_ours && address != mail.from.address) return address;
    }
    return {};
}

bool begins_field(std::string_view line, std::string_view name) {
    return line.size() > name.size() && line[name.size()] == ':' && text::equals_ignore_case(line.substr(0, name.size()), name);
}

/// "550 no such user", "554: delivery error", "… said: 451 later": the class of the reply (RFC 5321 §4.2.1).
std::string action_by_reply(std::string_view line) {
    const std::size_t said = line.find("said: ");
    line = text::trim(said == std::string_view::npos ? line : line.substr(said + 6));
    const bool is_code = line.size() > 3 && is_digit(line[1]) && is_digit(line[2]) &&
                         std::string_view(" :-").find(line[3]) != std::string_view::npos;
    if (!is_code) return {};
    return line[0] == '5' ? "failed" : line[0] == '4' ? "delayed" : "";
}

bool is_delay(const ParsedEmail& mail) {
    return text::contains_ignore_case(mail.subject, "delay") || text::contains_ignore_case(mail.subject, "warning") ||
           text::contains_ignore_case(std::string_view(mail.text).substr(0, 2'000), "not yet been delivered");
}

/// What servers write for people. The returned mail's header stands at the end of the text.
void read_text(const ParsedEmail& mail, DeliveryReport& report) {
    std::vector<std::string_view> lines = text::split_lines(mail.text);
    if (lines.size() > kTextLinesMax) lines.resize(kTextLinesMax);
    const std::string_view failed = header(mail, "X-Failed-Recipients");
    DeliveryStatus status{.recipient = usable_address(text::trim(failed.substr(0, failed.find(','))))};
    bool is_returned = false;  // The addresses and numbers in the returned mail say nothing about its fate.
    for (const std::string_view line : lines) {
        if (begins_field(line, "Message-ID") && report.returned_message_id.empty())
            report.returned_message_id = bare_id(line.substr(11));
        if (begins_field(line, "X-Resolute-Effect") && report.returned_effect.empty())
            report.returned_effect = one_line(line.substr(18));
        if (begins_field(line, "X-Resolute-Case") && report.returned_case.empty())
            report.returned_case = one_line(line.substr(16));
        if (begins_field(line, "X-Resolute-Token") && report.returned_token.empty())
            report.returned_token = one_line(line.substr(17));
        is_returned =
            is_returned || begins_field(line, "Received") || begins_field(line, "Return-Path") || begins_field(line, "From");
        if (is_returned) continue;
        if (status.recipient.empty()) status.recipient = recipient_in(line, mail);
        if (status.action.empty()) status.action = action_by_reply(line);
        if (!status.status.empty()) continue;
        status.status = status_in(line);
        if (!status.status.empty() || (!status.action.empty() && status.diagnostic.empty())) status.diagnostic = one_line(line);
    }
    if (!status.status.empty()) status.action = action_by_status(status.status);
    if (status.action.empty() && is_delay(mail)) status.action = "delayed";
    if (report.recipients.empty() && (!status.recipient.empty() || !status.action.empty()))
        report.recipients.push_back(std::move(status));
}

}  // namespace

DeliveryReport read_delivery_report(const ParsedEmail& mail) {
    DeliveryReport report;
    for (const Attachment& part : mail.attachments) {
        if (part.content_type == "message/delivery-status" || part.content_type == "message/global-delivery-status") {
            report.is_standard = true;
            read_status_part(part.bytes, report);
        } else if (is_returned_mail(part.content_type)) {
            read_returned_header(read_raw_header(part.bytes).fields, report);
        }
    }
    if (!report.is_standard || report.returned_message_id.empty()) read_text(mail, report);
    return report;
}

}  // namespace resolute::mail
