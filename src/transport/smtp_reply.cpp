// SPDX-License-Identifier: Apache-2.0
#include "transport/smtp_reply.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "transport/smtp_limits.h"

namespace resolute::transport {
namespace {

namespace limits = smtp_limits;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::unexpected<Error> bad_reply(std::string_view what) {
    // Unavailable: what sits there is no mail server at the moment, or not one that is well.
    return fail("smtp.bad_reply", ErrorKind::unavailable, fmt::format("the server's answer is no SMTP: {}", what));
}

/// Foreign bytes, for an error's text: no line ends, no escapes for terminals, no half characters.
std::string printable(std::string_view bytes) {
    std::string clean = text::to_valid_utf8(bytes.substr(0, limits::server_text_bytes_max + 4));
    for (char& c : clean)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    // U+0080 to U+009F are controls, too.
    for (std::size_t at = clean.find('\xC2'); at != std::string::npos; at = clean.find('\xC2', at + 1))
        if (at + 1 < clean.size() && static_cast<unsigned char>(clean[at + 1]) < 0xA0) clean.replace(at, 2, "  ");
    return text::shorten(clean, limits::server_text_bytes_max);
}

/// RFC 2034 §4: "class.subject.detail" and a space, at the start of each line; the class is the code's first digit.
std::string status_in(std::string_view text, int code) {
    std::size_t at = 0;
    for (int part = 0; part < 3; ++part) {
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        const std::size_t digits = at - begin;
        if (digits == 0 || digits > (part == 0 ? 1U : 3U)) return {};
        if (part < 2 && (at >= text.size() || text[at++] != '.')) return {};
    }
    if (at < text.size() && text[at] != ' ') return {};
    if (text.front() - '0' != code / 100) return {};
    return std::string(text.substr(0, at));
}

bool is_about_size(const SmtpReply& reply) {
    if (reply.status == "5.3.4" || reply.status == "5.2.3") return true;
    // 552 also tells of a full mailbox (5.2.2), or of a forbidden attachment (5.7.0).
    return reply.code == 552 && reply.status != "5.2.2" && !reply.status.starts_with("5.7.");
}

struct Patience {
    ErrorKind kind;
    Duration retry_after;
};

/// RFC 5321 §4.5.4.1 asks for half an hour between two attempts, which is for relays; to a customer who waits that is long.
Patience patience_for(const SmtpReply& reply) {
    using std::chrono::minutes;
    if (reply.status.starts_with("4.7.")) return {ErrorKind::rate_limited, minutes(5)};  // Policy: too much, or greylisted.
    if (reply.status == "4.2.2") return {ErrorKind::unavailable, minutes(30)};           // A full mailbox: somebody must tidy up.
    switch (reply.code) {
        case 421:
            return {ErrorKind::unavailable, minutes(1)};
        case 450:
            return {ErrorKind::unavailable, minutes(5)};
        case 452:
            return {ErrorKind::unavailable, minutes(10)};  // No room on the server.
        default:
            return {ErrorKind::unavailable, minutes(3)};
    }
}

std::string_view answer_to(SmtpStage stage) {
    switch (stage) {
        case SmtpStage::ehlo:
            return "the greeting";
        case SmtpStage::reset:
            return "a new beginning";
        case SmtpStage::sender:
            return "the sender";
        case SmtpStage::recipient:
            return "the recipient";
        case SmtpStage::data:
            return "the wish to hand over the mail";
        case SmtpStage::body:
            return "the mail, before its end";
        case SmtpStage::message:
            return "the mail";
    }
    return "";
}

}  // namespace

std::string SmtpReply::shown() const {
    std::string all;
    for (std::string_view line : lines) {
        if (!status.empty() && line.starts_with(status)) line = text::trim(line.substr(status.size()));
        if (!all.empty()) all += ' ';
        all += line;
        if (all.size() > limits::server_text_bytes_max) break;
    }
    return fmt::format("{}{}{} {}", code, status.empty() ? "" : " ", status, printable(all));
}

Result<bool> SmtpReplyReader::add(std::string_view line) {
    if (line.size() > limits::reply_line_bytes_max)
        return bad_reply(fmt::format("a line of more than {} bytes", limits::reply_line_bytes_max));
    if (reply_.lines.size() == limits::reply_lines_max)
        return bad_reply(fmt::format("more than {} lines", limits::reply_lines_max));
    if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
        return bad_reply(fmt::format("\"{}\"", printable(line)));
    // RFC 5321 §4.2: a lone code ends the reply, too.
    const char separator = line.size() == 3 ? ' ' : line[3];
    if (separator != ' ' && separator != '-') return bad_reply(fmt::format("\"{}\"", printable(line)));
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (!reply_.lines.empty() && code != reply_.code) return bad_reply(fmt::format("{} and {} in one reply", reply_.code, code));
    const std::string_view said = line.substr(std::min<std::size_t>(4, line.size()));
    if (reply_.lines.empty()) {
        reply_.code = code;
        reply_.status = status_in(said, code);
    }
    reply_.lines.emplace_back(said);
    return separator == ' ';
}

SmtpOffers offers_in(const SmtpReply& ehlo) {
    SmtpOffers offers;
    // The first line is the server's name.
    for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {
        const std::string_view line = text::trim(ehlo.lines[i]);
        const std::size_t end = std::min(line.find(' '), line.size());
        const std::string_view keyword = line.substr(0, end);
        const auto is = [&](std::string_view name) { return text::equals_ignore_case(keyword, name); };
        if (is("8BITMIME")) offers.has_8bitmime = true;
        if (is("SMTPUTF8")) offers.has_smtputf8 = true;
        if (is("DSN")) offers.has_dsn = true;
        if (is("PIPELINING")) offers.has_pipelining = true;
        if (is("ENHANCEDSTATUSCODES")) offers.has_status_codes = true;
        if (!is("SIZE")) continue;
        offers.has_size = true;
        const std::string_view number = text::trim(line.substr(end));
        const auto parsed = std::from_chars(number.data(), number.data() + number.size(), offers.size_max);
        if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) offers.size_max = 0;
    }
    return offers;
}

Error error_of(const SmtpReply& reply, SmtpStage stage, std::string_view where) {
    Error error{.code = "smtp.bad_reply", .kind = ErrorKind::unavailable, .effect = EffectState::not_sent};
    error.detail = fmt::format("{} answered to {}: {}", where, answer_to(stage), reply.shown());
    if (reply.code / 100 == 4) {
        const Patience patience = patience_for(reply);
        error.code = "smtp.try_later";
        error.kind = patience.kind;
        error.retry_after = patience.retry_after;
    } else if (reply.code / 100 == 5) {
        error.effect = EffectState::refused;
        error.kind = ErrorKind::refused;
        error.code = "smtp.refused";
        if (is_about_size(reply)) {
            error.code = "smtp.too_large";
            error.kind = ErrorKind::invalid;
        } else if (stage == SmtpStage::recipient) {
            error.code = "smtp.recipient_refused";
        }
    }
    return error;
}

}  // namespace resolute::transport
