// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "transport/mail_stream.h"
#include "transport/smtp_mail.h"
#include "transport/smtp_reply.h"

namespace resolute::transport {

/// A session with a server that takes mail (RFC 6409), protected and signed in; one mail after the other goes over it.
///
///     MAIL ─ RCPT ─ DATA ─ the mail's bytes ─┬─ "." CRLF ─ reply
///      anything that fails here: not_sent    │   no reply: unknown
///                                            └ the deadline (and the lease in it) is looked at once more
///
/// What a failure means for the mail:
///   not_sent  the ".CRLF" was not begun, or the server answered 4xx: the mail may be sent again
///   refused   the server answered 5xx: this mail, as it is, will not be taken
///   unknown   `mail.delivery_unknown`: the ".CRLF" was begun and no reply came; the server may have it (RFC 5321 §6.1)
/// Errors: those of MailStream, of SmtpMail and of `error_of(SmtpReply)`.
/// Threads: one at a time.
class SmtpClient {
public:
    /// `own_name` is what the server is told with EHLO; empty: the machine's name. Nothing is sent yet, whatever it fails with.
    static Result<std::unique_ptr<SmtpClient>> open(const MailServer& server, const MailLogin& login, std::string_view own_name,
                                                    Deadline deadline);
    SmtpClient(const SmtpClient&) = delete;
    SmtpClient& operator=(const SmtpClient&) = delete;
    ~SmtpClient();

    /// Waits for each reply as long as the deadline allows; for the last one RFC 5321 §4.5.3.2.6 advises ten minutes.
    Status send(const SmtpMail& mail, Deadline deadline);

    /// Another mail may go over it.
    [[nodiscard]] bool is_usable() const { return stream_ != nullptr; }
    /// The last `send` failed because the server had ended the connection since the mail before: a new one may do.
    [[nodiscard]] bool had_ended_while_idle() const { return had_ended_while_idle_; }
    /// In the last `send` the server spoke of us, not of that mail: 421, or "policy, for now" (4.7.x of RFC 3463).
    [[nodiscard]] bool asked_for_pause() const { return asked_for_pause_; }
    [[nodiscard]] const SmtpOffers& offers() const { return offers_; }
    /// QUIT, and the connection is closed without waiting for the reply.
    void quit();

private:
    SmtpClient(std::unique_ptr<MailStream> stream, std::string where) : stream_(std::move(stream)), where_(std::move(where)) {}

    Status greet(std::string_view own_name, Deadline deadline);
    Status converse(const SmtpMail& mail, Deadline deadline);
    Status name_sender_and_recipient(const SmtpMail& mail, Deadline deadline);
    Status hand_over(const SmtpMail& mail, Deadline deadline);
    Status end_message(Deadline deadline);
    Result<SmtpReply> read_reply(Deadline deadline);
    /// The reply to a command, as an error where it is not of this class (2: done, 3: go on).
    Status expect(int reply_class, SmtpStage stage, Deadline deadline);
    Status refusal(const SmtpReply& reply, SmtpStage stage);
    Status spoken_before_the_end(Deadline deadline);
    [[nodiscard]] bool has_input() const;

    std::unique_ptr<MailStream> stream_;  // Nothing: closed.
    std::string where_;                   // "smtp.example:587", for errors.
    SmtpOffers offers_;
    bool was_used_ = false;     // A mail went over it before, or was tried.
    bool needs_reset_ = false;  // The server may still hold a sender or a recipient.
    bool is_answered_ = false;  // In this `send` the server has said something.
    bool had_ended_while_idle_ = false;
    bool asked_for_pause_ = false;
};

}  // namespace resolute::transport
