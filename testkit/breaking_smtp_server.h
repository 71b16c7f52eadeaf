// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace resolute::testkit {

/// What goes wrong, once: at `at`, `act`. The default: nothing.
struct SmtpFault {
    enum class At {
        nowhere,
        greeting,
        ehlo,        ///< the first of a connection
        ehlo_again,  ///< the second
        sender,
        recipient,
        data,
        in_body,     ///< half of the size that MAIL told is there
        before_end,  ///< all of it is there, its end is not looked at
        after_end,   ///< ".CRLF" has come, nothing is stored
        stored,      ///< it is stored, nothing is answered
        idle,        ///< it is stored and answered
    };
    enum class Act {
        drop,         ///< close the connection
        answer,       ///< `text` instead of what is usual; after 421, and within a body, the connection ends
        stay_silent,  ///< nothing more, until the client hangs up
        delay,        ///< go on as usual after `time`
    };
    At at = At::nowhere;
    Act act = Act::drop;
    std::string text = {};  ///< without its last CRLF
    Duration time = Duration::zero();
};

struct StoredMail {
    std::string envelope_id;        ///< of ENVID
    std::string sender_command;     ///< "MAIL FROM:<…> …"
    std::string recipient_command;  ///< "RCPT TO:<…> …"
    std::string bytes;              ///< without doubled dots
};

/// An SMTP server that does what a real one does on no command: breaks off exactly where it is told to. Its ledger says what it
/// truly stored. On 127.0.0.1, without TLS and sign-in. Threads: any; it has one for each connection.
class BreakingSmtpServer {
public:
    struct Options {
        std::function<SmtpFault(std::size_t connection)> on_connection = {};    ///< at its begin; for the first three stages
        std::function<SmtpFault(const std::string& envelope_id)> on_mail = {};  ///< at MAIL; for all others. Threads: many.
        std::vector<std::string> offers = {"SIZE 1000000", "8BITMIME", "SMTPUTF8", "DSN", "PIPELINING", "ENHANCEDSTATUSCODES"};
    };
    static Result<std::unique_ptr<BreakingSmtpServer>> start(Options options);
    ~BreakingSmtpServer();
    BreakingSmtpServer(const BreakingSmtpServer&) = delete;
    BreakingSmtpServer& operator=(const BreakingSmtpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::vector<StoredMail> stored() const;
    /// How often a mail of this ENVID was stored.
    [[nodiscard]] std::size_t times_stored(const std::string& envelope_id) const;
    [[nodiscard]] std::size_t connections() const;
    /// Mails that came whole, but for their end, before the client hung up.
    [[nodiscard]] std::size_t left_without_end() const;

private:
    class Impl;
    explicit BreakingSmtpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace resolute::testkit
