// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"

namespace resolute::transport {

enum class Protection {
    tls,       ///< from the first byte: ports 993 and 465 (RFC 8314)
    starttls,  ///< asked for in plain text, and nothing is said before it is granted: ports 143 and 587
    none,      ///< for servers on this machine, and tests
};

struct MailServer {
    std::string host;
    std::uint16_t port = 0;
    Protection protection = Protection::tls;
    std::filesystem::path ca_file;  ///< PEM; empty: what this machine trusts
    const Interrupt* stop = nullptr;  ///< raised, it ends what waits for this server, as `mail.unreachable`; outlives the stream. None: nothing does
};

/// What proves who we are. Secret: never in a log, an error's text or a file of ours.
struct MailLogin {
    std::string user;
    std::string password;
    std::string bearer;  ///< an OAuth 2.0 access token; instead of the password
};

/// A connection to a mail server, protected and signed in; above it go the lines of IMAP or SMTP. libcurl connects, checks the
/// certificate and the name in it, and does SASL: PLAIN, LOGIN; with a token OAUTHBEARER (RFC 7628) or XOAUTH2.
///
/// Errors: `mail.unreachable` (name, connection, a server that hangs up), `mail.tls` (no protection, or a certificate that is not the
/// server's), `mail.login` (refused), `mail.timed_out`. Whatever `open` fails with, no mail was touched.
/// Threads: one at a time.
class MailStream {
public:
    enum class Protocol { imap, smtp };

    static Result<std::unique_ptr<MailStream>> open(Protocol protocol, const MailServer& server, const MailLogin& login, Deadline deadline);
    ~MailStream();
    MailStream(const MailStream&) = delete;
    MailStream& operator=(const MailStream&) = delete;

    /// Without its CRLF (or LF). `mail.line_too_long` above `bytes_max`.
    Result<std::string> read_line(std::size_t bytes_max, Deadline deadline);
    /// Exactly so many bytes, an IMAP literal.
    Result<std::string> read_bytes(std::size_t count, Deadline deadline);
    /// All of it. Where it fails, a beginning of it may have gone out.
    Status write(std::string_view bytes, Deadline deadline);
    /// Until there is something to read, `stop` is raised, or the time is over. True: to be read.
    bool wait_for_input(Duration at_most, const Interrupt& stop);

private:
    struct Handle;
    explicit MailStream(std::unique_ptr<Handle> handle);
    Status fill(Deadline deadline);
    [[nodiscard]] std::unexpected<Error> broken(std::string_view what) const;

    std::unique_ptr<Handle> handle_;
    bool wait_for(short events, Deadline deadline) const;

    std::string where_;     // "imap.example:993", for errors.
    const Interrupt* stop_ = nullptr;
    std::string received_;  // Not yet taken.
};

}  // namespace resolute::transport
