// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// What an SMTP server answers. Pure: bytes in, values out. Source: RFC 5321 §4.2, RFC 2034 and 3463.
namespace resolute::transport {

struct SmtpReply {
    int code = 0;                    ///< 200 to 599
    std::string status;              ///< "5.1.1" (RFC 3463); empty where the server gives none that fits the code
    std::vector<std::string> lines;  ///< what stands after the code, as it came

    [[nodiscard]] bool is_positive() const { return code / 100 == 2; }
    /// The server hangs up after this one.
    [[nodiscard]] bool ends_connection() const { return code == 421; }
    /// "550 5.1.1 No such user", for an error's text: one line, printable, short.
    [[nodiscard]] std::string shown() const;
};

/// Puts a reply together from its lines, which come without their ends. `smtp.bad_reply` where it is none, or longer than it may
/// be.
class SmtpReplyReader {
public:
    /// True: that was the last line.
    Result<bool> add(std::string_view line);
    SmtpReply take() { return std::move(reply_); }

private:
    SmtpReply reply_;
};

/// What the server can do beyond RFC 821, from its reply to EHLO.
struct SmtpOffers {
    bool has_size = false;
    std::uint64_t size_max = 0;  ///< bytes of one mail; 0: not said
    bool has_8bitmime = false;
    bool has_smtputf8 = false;
    bool has_dsn = false;
    bool has_pipelining = false;
    bool has_status_codes = false;

    friend bool operator==(const SmtpOffers&, const SmtpOffers&) = default;
};
SmtpOffers offers_in(const SmtpReply& ehlo);

/// What was said when the reply came.
enum class SmtpStage { ehlo, reset, sender, recipient, data, body, message };

/// A reply that is not the one hoped for, as an error. It holds for every stage: the mail was not taken.
/// 4xx: `smtp.try_later`, not_sent, with a time after which it makes sense; 5xx: refused, as `smtp.too_large`,
/// `smtp.recipient_refused` or `smtp.refused`; all else: `smtp.bad_reply`, not_sent.
Error error_of(const SmtpReply& reply, SmtpStage stage, std::string_view where);

}  // namespace resolute::transport
