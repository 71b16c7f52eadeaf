// SPDX-License-Identifier: Apache-2.0
// Writes mail by itself: the bytes of an effect are part of its identity, so no library's habits may change them.
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/hash.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/outgoing_email.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kLineBytes = 76;        // RFC 2045 §6.7, RFC 2047 §2
constexpr std::size_t kWordTextBytes = 42;    // of UTF-8 in one encoded word: 56 characters of base64, 68 with its frame
constexpr std::size_t kFieldBytesMax = 20'000;

bool is_ascii(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    }
    return true;
}

/// CR, LF, NUL and the other controls: each could end the header or hide in it.
bool has_control(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
    }
    return false;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto at = [&](std::size_t k) { return i + k < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[i + k])) : 0U; };
        const unsigned group = (at(0) << 16U) | (at(1) << 8U) | at(2);
        out += kDigits[(group >> 18U) & 63U];
        out += kDigits[(group >> 12U) & 63U];
        out += i + 1 < bytes.size() ? kDigits[(group >> 6U) & 63U] : '=';
        out += i + 2 < bytes.size() ? kDigits[group & 63U] : '=';
    }
    return out;
}

/// RFC 2047: base64 words, each whole in its characters, one a line.
std::string encoded_words(std::string_view utf8) {
    std::string out;
    while (!utf8.empty()) {
        std::string_view chunk = cut_utf8(utf8, kWordTextBytes);
        if (chunk.empty()) chunk = utf8.substr(0, 1);
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + base64(chunk) + "?=";
        utf8.remove_prefix(chunk.size());
    }
    return out;
}

/// A word that looks encoded would be decoded by the reader; leading, trailing and double spaces would not survive folding.
bool needs_encoding(std::string_view text) {
    return !is_ascii(text) || text.find("=?") != std::string_view::npos || text.starts_with(' ') || text.ends_with(' ') ||
           text.find("  ") != std::string_view::npos;
}

/// RFC 5322 §2.2.3: folds at spaces; a word longer than the line stays whole where the 998 of §2.1.1 allow it.
std::string folded(std::string_view name, std::string_view value) {
    std::string out = std::string(name) + ":";
    std::size_t column = out.size();
    for (const std::string_view word : text::split(value, ' ')) {
        if (column + 1 + word.size() > kLineBytes && column > 1) {
            out += "\r\n";
            column = 0;
        }
        out += ' ';
        out += word;
        column += 1 + word.size();
    }
    return out + "\r\n";
}

std::string text_field(std::string_view name, std::string_view value) {
    const bool has_long_word = [&] {
        for (const std::string_view word : text::split(value, ' ')) {
            if (word.size() > kLineBytes) return true;
        }
        return false;
    }();
    if (needs_encoding(value) || has_long_word) return std::string(name) + ": " + encoded_words(value) + "\r\n";
    return folded(name, value);
}

std::string address_field(std::string_view name, const Address& address) {
    const std::string angle = "<" + address.address + ">";
    if (address.name.empty()) return std::string(name) + ": " + address.address + "\r\n";
    if (needs_encoding(address.name) || address.name.size() > kLineBytes - 20) {
        return std::string(name) + ": " + encoded_words(address.name) + "\r\n " + angle + "\r\n";
    }
    std::string quoted;
    for (const char c : address.name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return std::string(name) + ": \"" + quoted + "\"\r\n " + angle + "\r\n";
}

std::string date_field(Instant at) {
    constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
    return fmt::format("Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} +0000\r\n", kDays[std::chrono::weekday(day).c_encoding()],
                       static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

/// RFC 2045 §6.7. "." and "From " at the start of a line are encoded too: relays have been known to touch them.
std::string quoted_printable_line(std::string_view line) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool is_last = i + 1 == line.size();
        const bool is_printable = c >= 33 && c <= 126 && c != '=';
        const bool is_space = (c == ' ' || c == '\t') && !is_last;
        const bool is_risky = column == 0 && (c == '.' || (c == 'F' && line.substr(i).starts_with("From ")));
        const bool is_plain = (is_printable || is_space) && !is_risky;
        const std::size_t width = is_plain ? 1 : 3;
        if (column + width > kLineBytes - 1) {
            out += "=\r\n";
            column = 0;
            --i;  // The same character again: at the start of a line it may be risky.
            continue;
        }
        if (is_plain) out += c;
        else out += fmt::format("={:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        column += width;
    }
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    for (const std::string_view line : text::split(text, '\n')) out += quoted_printable_line(line) + "\r\n";
    return out;
}

std::string text_part(std::string_view type, std::string_view text) {
    const std::string valid = text::to_valid_utf8(text::replace_all(std::string(text), "\r\n", "\n"));
    std::string_view body = valid;
    if (body.ends_with('\n')) body.remove_suffix(1);  // The line end that closes the last line is written anyway.
    return fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", type) +
           quoted_printable(body);
}

bool is_valid_id(std::string_view id) {
    if (id.empty() || id.size() > 900) return false;
    for (const char c : id) {
        if (c <= ' ' || c > '~' || c == '<' || c == '>') return false;
    }
    return true;
}

Status check_field(std::string_view name, std::string_view value) {
    if (has_control(value)) {
        return fail("out.header_line_break", ErrorKind::invalid, fmt::format("the field {} holds a line break or control character; the mail was not written", name));
    }
    if (value.size() > kFieldBytesMax) {
        return fail("out.header_too_long", ErrorKind::invalid, fmt::format("the field {} has {} bytes, {} are allowed", name, value.size(), kFieldBytesMax));
    }
    return {};
}

Status check_id(std::string_view name, std::string_view id) {
    TRY_STATUS(check_field(name, id));
    if (!is_valid_id(id)) return fail("out.invalid_id", ErrorKind::invalid, fmt::format("the field {} holds no message id; give it without brackets and spaces", name));
    return {};
}

Status check(const OutgoingEmail& mail) {
    TRY_STATUS(check_field("From", mail.from.name));
    TRY_STATUS(check_field("From", mail.from.address));
    TRY_STATUS(check_field("To", mail.to.name));
    TRY_STATUS(check_field("To", mail.to.address));
    TRY_STATUS(check_field("Subject", mail.subject));
    TRY_STATUS(check_field("Auto-Submitted", mail.auto_submitted));
    TRY_STATUS(check_field("X-Resolute-Effect", mail.effect_key));
    TRY_STATUS(check_field("X-Resolute-Case", mail.case_id));
    TRY_STATUS(check_field("X-Resolute-Token", mail.token));
    TRY_STATUS(check_field("Reply-To", mail.reply_to));
    if (!mail.reply_to.empty() && !is_safe_recipient(mail.reply_to))
        return fail("out.no_sender", ErrorKind::invalid, "the address for replies is unusable; look at the sender's address in the configuration");
    TRY_STATUS(check_id("Message-ID", mail.message_id));
    if (!mail.in_reply_to.empty()) TRY_STATUS(check_id("In-Reply-To", mail.in_reply_to));
    for (const std::string& reference : mail.references) TRY_STATUS(check_id("References", reference));
    if (!is_safe_recipient(mail.from.address)) return fail("out.no_sender", ErrorKind::invalid, "the sender's address is missing or unusable; set it in the configuration");
    if (!is_safe_recipient(mail.to.address)) return fail("out.unsafe_recipient", ErrorKind::invalid, "the recipient's address is not one that we write to; choose another address");
    for (const std::string_view value : {std::string_view(mail.auto_submitted), std::string_view(mail.effect_key), std::string_view(mail.case_id),
                                         std::string_view(mail.token)}) {
        if (!is_ascii(value)) return fail("out.invalid_id", ErrorKind::invalid, "an identifier in the header is not ASCII");
    }
    return {};
}

std::string header_of(const OutgoingEmail& mail) {
    std::string out = address_field("From", mail.from) + address_field("To", mail.to);
    if (!mail.reply_to.empty()) out += "Reply-To: " + mail.reply_to + "\r\n";
    out += text_field("Subject", text::to_valid_utf8(mail.subject));
    out += date_field(mail.date);
    out += "Message-ID: <" + mail.message_id + ">\r\n";
    if (!mail.in_reply_to.empty()) out += "In-Reply-To: <" + mail.in_reply_to + ">\r\n";
    if (!mail.references.empty()) {
        std::vector<std::string> bracketed;
        for (const std::string& reference : mail.references) bracketed.push_back("<" + reference + ">");
        out += folded("References", text::join(bracketed, " "));
    }
    if (!mail.auto_submitted.empty()) out += "Auto-Submitted: " + mail.auto_submitted + "\r\n";
    // Exchange and Outlook honour this one; without it two programs may answer each other.
    if (mail.auto_submitted.starts_with("auto-")) out += "X-Auto-Response-Suppress: All\r\n";
    if (!mail.effect_key.empty()) out += "X-Resolute-Effect: " + mail.effect_key + "\r\n";
    if (!mail.case_id.empty()) out += "X-Resolute-Case: " + mail.case_id + "\r\n";
    if (!mail.token.empty()) out += "X-Resolute-Token: " + mail.token + "\r\n";
    return out + "MIME-Version: 1.0\r\n";
}

}  // namespace

Result<std::string> render(const OutgoingEmail& mail) {
    TRY_STATUS(check(mail));
    std::string out = header_of(mail);
    if (mail.html.empty()) return out + text_part("text/plain", mail.text);
    // "=_" never occurs in quoted-printable (RFC 2045 §6.7), so the boundary cannot occur in a part.
    const std::string boundary = "=_resolute_" + short_hash({mail.effect_key, mail.message_id}, 26);
    out += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
    out += "--" + boundary + "\r\n" + text_part("text/plain", mail.text);
    out += "--" + boundary + "\r\n" + text_part("text/html", mail.html);
    return out + "--" + boundary + "--\r\n";
}

bool goes_only_to(std::string_view mail, std::string_view address) {
    const ParsedEmail email = parse(mail);
    return email.to.size() == 1 && email.cc.empty() && text::equals_ignore_case(email.to.front().address, address);
}

}  // namespace resolute::mail
