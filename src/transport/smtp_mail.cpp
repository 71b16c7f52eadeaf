// SPDX-License-Identifier: Apache-2.0
#include "transport/smtp_mail.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "transport/smtp_limits.h"

namespace resolute::transport {
namespace {

namespace limits = smtp_limits;

bool is_ascii(std::string_view bytes) {
    return std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::unexpected<Error> malformed(std::string_view what) {
    return fail("smtp.malformed", ErrorKind::invalid, fmt::format("the mail was not sent: {}", what));
}

/// The address stands between angle brackets in a command: nothing in it may end the brackets or the line. A leading "-" would be
/// an option to programs that some servers start. The address itself is not shown: errors go into logs.
Status check_address(std::string_view address, std::string_view whose) {
    if (address.size() > limits::address_bytes_max)
        return malformed(fmt::format("the {}'s address has more than {} bytes", whose, limits::address_bytes_max));
    for (const char c : address) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F || c == '<' || c == '>')
            return malformed(fmt::format("the {}'s address holds a space, a control character or an angle bracket", whose));
    }
    if (address.starts_with('-')) return malformed(fmt::format("the {}'s address begins with \"-\"", whose));
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size())
        return malformed(fmt::format("the {}'s address is no \"name@domain\"", whose));
    if (!text::is_utf8(address)) return malformed(fmt::format("the {}'s address is not UTF-8", whose));
    return {};
}

Status check_bytes(std::string_view bytes) {
    if (bytes.empty()) return malformed("it is empty");
    std::size_t line_begin = 0;
    std::size_t line = 1;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\0') return malformed(fmt::format("line {} holds a NUL", line));
        if (c == '\n') return malformed(fmt::format("line {} ends with LF alone", line));
        if (c != '\r') {
            if (i - line_begin >= limits::line_bytes_max)
                return malformed(fmt::format("line {} has more than {} bytes", line, limits::line_bytes_max));
            continue;
        }
        if (i + 1 == bytes.size() || bytes[i + 1] != '\n') return malformed(fmt::format("line {} holds a CR alone", line));
        line_begin = ++i + 1;
        ++line;
    }
    return {};
}

std::string dots_doubled(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + 64);
    std::size_t begin = 0;
    while (begin < bytes.size()) {
        std::size_t end = bytes.find('\n', begin);
        end = end == std::string_view::npos ? bytes.size() : end + 1;
        if (bytes[begin] == '.') out += '.';
        out += bytes.substr(begin, end - begin);
        begin = end;
    }
    return out;
}

}  // namespace

std::string xtext(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        if (c >= '!' && c <= '~' && c != '+' && c != '=')
            out += c;
        else
            out += fmt::format("+{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

Result<SmtpMail> SmtpMail::prepare(const Parts& parts) {
    if (!parts.from.empty()) TRY_STATUS(check_address(parts.from, "sender"));
    TRY_STATUS(check_address(parts.to, "recipient"));
    TRY_STATUS(check_bytes(parts.bytes));
    SmtpMail mail;
    mail.from_ = parts.from;
    mail.to_ = parts.to;
    mail.envelope_id_ = parts.envelope_id;
    mail.stuffed_ = dots_doubled(parts.bytes);
    mail.size_ = parts.bytes.size();
    if (!parts.bytes.ends_with('\n')) {
        mail.stuffed_ += "\r\n";
        mail.size_ += 2;
    }
    mail.is_8bit_ = !is_ascii(parts.bytes);
    mail.has_utf8_address_ = !is_ascii(parts.from) || !is_ascii(parts.to);
    return mail;
}

Status SmtpMail::check_against(const SmtpOffers& offers, std::string_view where) const {
    if (has_utf8_address_ && !offers.has_smtputf8)
        return fail("smtp.not_offered", ErrorKind::refused,
                    fmt::format("the mail has an address that is not ASCII, and {} takes no such (it has no SMTPUTF8)", where));
    // RFC 6152 §3: not to be sent then; a relay further on might cut the eighth bit off.
    if (is_8bit_ && !offers.has_8bitmime)
        return fail("smtp.not_offered", ErrorKind::refused,
                    fmt::format("the mail holds bytes that are not ASCII, and {} takes no such (it has no 8BITMIME)", where));
    if (offers.size_max != 0 && size_ > offers.size_max)
        return fail("smtp.too_large", ErrorKind::invalid,
                    fmt::format("the mail has {} bytes, and {} takes at most {}", size_, where, offers.size_max));
    return {};
}

std::string SmtpMail::sender_command(const SmtpOffers& offers) const {
    std::string command = fmt::format("MAIL FROM:<{}>", from_);
    if (offers.has_size) command += fmt::format(" SIZE={}", size_);
    if (is_8bit_ && offers.has_8bitmime) command += " BODY=8BITMIME";
    if (has_utf8_address_ && offers.has_smtputf8) command += " SMTPUTF8";
    if (offers.has_dsn) {
        command += " RET=HDRS";
        const std::string id = xtext(envelope_id_);
        if (!id.empty() && id.size() <= limits::envelope_id_bytes_max) command += " ENVID=" + id;
    }
    return command + "\r\n";
}

std::string SmtpMail::recipient_command(const SmtpOffers& offers) const {
    std::string command = fmt::format("RCPT TO:<{}>", to_);
    if (offers.has_dsn) {
        command += " NOTIFY=FAILURE,DELAY";
        // The type rfc822 is for ASCII (RFC 6533 §3); without it the server takes the address above.
        const std::string original = "rfc822;" + xtext(to_);
        if (is_ascii(to_) && original.size() <= limits::orcpt_bytes_max) command += " ORCPT=" + original;
    }
    return command + "\r\n";
}

}  // namespace resolute::transport
