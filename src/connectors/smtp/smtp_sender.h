// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/interrupt.h"
#include "connectors/smtp/pace.h"
#include "ports/mail_sender.h"
#include "transport/mail_stream.h"
#include "transport/smtp_client.h"

namespace resolute::connectors {

struct SmtpSenderOptions {
    transport::MailServer server;
    /// Asked for each new connection. Threads: any.
    std::function<Result<transport::MailLogin>(Deadline)> login;
    /// The server did not take what `login` gave; may be empty. For a token that must be fetched anew.
    std::function<void()> login_was_refused = {};
    /// Where the mail can be found if it went out (a folder "Sent"); may be empty. `absent` only with proof. Threads: any.
    std::function<Result<ports::Delivery>(const ports::FrozenMail&, Deadline)> look_in_sent = {};
    std::string own_name = {};             ///< told to the server with EHLO; empty: the machine's name
    std::size_t idle_connections_max = 2;  ///< kept open for the next mail
    Duration idle_at_most = std::chrono::seconds(60);
    std::size_t mails_a_minute_max = 0;  ///< evenly; 0: no limit
    Duration turn_wait_max{};            ///< a send waits so long for its turn, within its deadline; then it is `smtp.paced`
    const Interrupt* stop = nullptr;     ///< ends that wait; outlives the sender. Needed where there is a wait
};

/// Hands mail to a submission server (RFC 6409). One effect may be handed over once: SMTP knows no key that would make a second
/// time harmless, so an attempt without an answer is `unknown` and is not repeated by anybody but the engine, after a look.
///
/// Errors of `send`: those of transport::SmtpClient, and `smtp.paced` (rate_limited, not_sent, with retry_after): it is not this mail's
/// turn yet, or the server asked for a pause. `look_up` without `look_in_sent` answers `unknown`: a person decides, nobody guesses.
/// An idle connection is looked at when the next mail goes out, not by a thread of its own; one that the server closed meanwhile
/// costs nothing: the mail goes over a new one, once.
/// Threads: any; sends run side by side, each on a connection of its own. No lock is held while a server is spoken to.
class SmtpSender final : public ports::MailSender {
public:
    /// The clock outlives it.
    SmtpSender(SmtpSenderOptions options, const Clock& clock);
    ~SmtpSender() override;
    SmtpSender(const SmtpSender&) = delete;
    SmtpSender& operator=(const SmtpSender&) = delete;

    Status send(const ports::FrozenMail& mail, Deadline deadline) override;
    Result<ports::Delivery> look_up(const ports::FrozenMail& mail, Deadline deadline) override;

private:
    using Client = std::unique_ptr<transport::SmtpClient>;
    struct Idle {
        Client client;
        Duration since;  // By the monotonic clock.
    };

    Status admit(Deadline deadline);
    Duration take_turn(bool& is_paused);
    Client take_idle();
    Result<Client> connect(Deadline deadline);
    Status finish(Client client, Status status);

    const SmtpSenderOptions options_;
    const Clock& clock_;
    std::mutex mutex_;
    Pace pace_;               // Guarded by the mutex, as the next.
    std::vector<Idle> idle_;  // The one used last stands last.
};

}  // namespace resolute::connectors
