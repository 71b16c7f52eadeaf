// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "transport/smtp_reply.h"

namespace resolute::transport {

/// A mail that is fit to be sent: checked, and in the form that goes over the connection. Pure. Source: RFC 5321 §4.1 and §4.5.2.
class SmtpMail {
public:
    struct Parts {
        std::string_view from;         ///< envelope sender; empty: the null sender "<>"
        std::string_view to;           ///< envelope recipient, one
        std::string_view envelope_id;  ///< comes back in reports of delivery (RFC 3461 §4.4); may be empty
        std::string_view bytes;        ///< RFC 5322 with CRLF; where the last one is missing it is added
    };

    /// `smtp.malformed`, invalid, not_sent: a bare CR or LF (two servers may disagree where such a mail ends, and the second half
    /// of one becomes a mail of its own), a NUL, a line above 998 bytes, an address that could say more than an address.
    static Result<SmtpMail> prepare(const Parts& parts);

    /// `smtp.not_offered` (refused, not_sent): the mail needs 8BITMIME or SMTPUTF8, and this server has it not; bytes are frozen,
    /// so nothing is written in another way. `smtp.too_large` (invalid, not_sent): above the size that the server told.
    [[nodiscard]] Status check_against(const SmtpOffers& offers, std::string_view where) const;

    /// "MAIL FROM:<…> …" and "RCPT TO:<…> …", each with its CRLF.
    [[nodiscard]] std::string sender_command(const SmtpOffers& offers) const;
    [[nodiscard]] std::string recipient_command(const SmtpOffers& offers) const;
    /// Dots doubled (RFC 5321 §4.5.2), ends with CRLF; all but the ".CRLF" that ends it.
    [[nodiscard]] const std::string& stuffed() const { return stuffed_; }
    /// As the server will count it: without the doubled dots.
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    SmtpMail() = default;

    std::string from_;
    std::string to_;
    std::string envelope_id_;
    std::string stuffed_;
    std::uint64_t size_ = 0;
    bool is_8bit_ = false;
    bool has_utf8_address_ = false;
};

/// RFC 3461 §4: printable ASCII stays, "+" and "=" and all else become "+" and two hexadecimal digits.
std::string xtext(std::string_view bytes);

}  // namespace resolute::transport
