// SPDX-License-Identifier: Apache-2.0
#include "transport/smtp_client.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "transport/smtp_limits.h"

namespace resolute::transport {
namespace {

namespace limits = smtp_limits;

constexpr std::string_view kEndOfMail = ".\r\n";

/// For EHLO: letters, digits, hyphens and dots, which is also what a log of the server can hold without harm.
bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > 253) return false;
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

std::string name_for_greeting(std::string_view own_name) {
    if (is_host_name(own_name)) return std::string(own_name);
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0 && is_host_name(name.data())) return name.data();
    return "localhost";
}

Deadline at_most(Duration time, Deadline deadline) {
    return Deadline::in(std::min(time, deadline.remaining()));
}

Status unknown_end(const Error& why, std::string_view where) {
    const std::string_view what = why.kind == ErrorKind::timed_out ? "no answer came in time" : "no answer came";
    return fail("mail.delivery_unknown", why.kind,
                fmt::format("the mail was handed over to {}, and {} whether it was taken ({})", where, what, why.detail),
                EffectState::unknown);
}

}  // namespace

SmtpClient::~SmtpClient() = default;

Result<std::unique_ptr<SmtpClient>> SmtpClient::open(const MailServer& server, const MailLogin& login, std::string_view own_name,
                                                     Deadline deadline) {
    TRY(auto stream, MailStream::open(MailStream::Protocol::smtp, server, login, deadline));
    std::unique_ptr<SmtpClient> client(new SmtpClient(std::move(stream), fmt::format("{}:{}", server.host, server.port)));
    TRY_STATUS(client->greet(own_name, deadline));
    return client;
}

/// RFC 3207 §4.2 and 4954 §4: what was offered before protection and sign-in counts no more, and libcurl keeps its list to
/// itself.
Status SmtpClient::greet(std::string_view own_name, Deadline deadline) {
    TRY_STATUS(stream_->write(fmt::format("EHLO {}\r\n", name_for_greeting(own_name)), deadline));
    TRY(const SmtpReply reply, read_reply(deadline));
    if (reply.is_positive()) {
        offers_ = offers_in(reply);
        return {};
    }
    Error error = error_of(reply, SmtpStage::ehlo, where_);
    error.effect = EffectState::not_sent;  // It says no to us, not to a mail.
    return std::unexpected(std::move(error));
}

Status SmtpClient::send(const SmtpMail& mail, Deadline deadline) {
    had_ended_while_idle_ = false;
    asked_for_pause_ = false;
    if (stream_ == nullptr)
        return fail("mail.unreachable", ErrorKind::unavailable, fmt::format("{}: the connection is closed", where_));
    TRY_STATUS(mail.check_against(offers_, where_));
    if (deadline.has_passed())
        return fail("mail.timed_out", ErrorKind::timed_out, fmt::format("no time was left to send a mail to {}", where_));
    is_answered_ = false;
    Status status = converse(mail, deadline);
    had_ended_while_idle_ = was_used_ && !is_answered_;
    was_used_ = true;
    return status;
}

Status SmtpClient::converse(const SmtpMail& mail, Deadline deadline) {
    const Status named = name_sender_and_recipient(mail, was_used_ ? at_most(limits::idle_probe_at_most, deadline) : deadline);
    if (!named) return named;
    if (Status written = stream_->write("DATA\r\n", deadline); !written) {
        stream_.reset();
        return written;
    }
    TRY_STATUS(expect(3, SmtpStage::data, deadline));
    TRY_STATUS(hand_over(mail, deadline));
    return end_message(deadline);
}

Status SmtpClient::name_sender_and_recipient(const SmtpMail& mail, Deadline deadline) {
    const auto say = [&](const std::string& command) -> Status {
        Status written = stream_->write(command, deadline);
        if (!written) stream_.reset();
        return written;
    };
    if (needs_reset_) {
        TRY_STATUS(say("RSET\r\n"));
        TRY_STATUS(expect(2, SmtpStage::reset, deadline));
        needs_reset_ = false;
    }
    const std::string sender = mail.sender_command(offers_);
    const std::string recipient = mail.recipient_command(offers_);
    if (!offers_.has_pipelining) {
        TRY_STATUS(say(sender));
        TRY_STATUS(expect(2, SmtpStage::sender, deadline));
        TRY_STATUS(say(recipient));
        return expect(2, SmtpStage::recipient, deadline);
    }
    // RFC 2920: both at once. DATA waits, or a refused recipient would leave us with a mail that must be ended empty.
    TRY_STATUS(say(sender + recipient));
    const Status sender_taken = expect(2, SmtpStage::sender, deadline);
    if (stream_ == nullptr) return sender_taken;
    const Status recipient_taken = expect(2, SmtpStage::recipient, deadline);
    return sender_taken ? recipient_taken : sender_taken;
}

Status SmtpClient::hand_over(const SmtpMail& mail, Deadline deadline) {
    const Status written = stream_->write(mail.stuffed(), deadline);
    // A server that speaks now, or hangs up, takes this mail no more; had we ended it, we could not tell.
    if (has_input()) return spoken_before_the_end(deadline);
    if (!written || deadline.has_passed()) {
        // Without its end it is no mail: the server throws it away (RFC 5321 §4.1.1.4).
        stream_.reset();
        if (!written) return written;
        return fail("mail.timed_out", ErrorKind::timed_out,
                    fmt::format("the time was over before the mail to {} was ended; it was broken off", where_));
    }
    return {};
}

Status SmtpClient::end_message(Deadline deadline) {
    // From here on it is unknown until the reply: also a failed write may have gone out in part.
    if (const Status written = stream_->write(kEndOfMail, deadline); !written) {
        stream_.reset();
        return unknown_end(written.error(), where_);
    }
    const Result<SmtpReply> reply = read_reply(deadline);
    if (!reply) return unknown_end(reply.error(), where_);
    if (reply->is_positive()) return {};
    if (reply->code / 100 == 3) {
        stream_.reset();
        return unknown_end(error_of(*reply, SmtpStage::message, where_), where_);
    }
    return refusal(*reply, SmtpStage::message);
}

Status SmtpClient::spoken_before_the_end(Deadline deadline) {
    const Result<SmtpReply> reply = read_reply(deadline);
    Status status = !reply ? Status(std::unexpected(reply.error())) : refusal(*reply, SmtpStage::body);
    stream_.reset();
    return status;
}

bool SmtpClient::has_input() const {
    // Raised: it looks, and does not wait.
    static const Interrupt* const at_once = [] {
        static const Interrupt raised;
        raised.raise();
        return &raised;
    }();
    return stream_->wait_for_input(Duration(1), *at_once);
}

Result<SmtpReply> SmtpClient::read_reply(Deadline deadline) {
    SmtpReplyReader reader;
    while (true) {
        const Result<std::string> line = stream_->read_line(limits::reply_line_bytes_max, deadline);
        const Result<bool> is_last = line ? reader.add(*line) : Result<bool>(std::unexpected(line.error()));
        if (!is_last) {
            stream_.reset();
            Error error = is_last.error();
            // A line without end is as little SMTP as any other nonsense.
            if (error.code == "mail.line_too_long")
                error = {.code = "smtp.bad_reply", .kind = ErrorKind::unavailable, .detail = error.detail};
            return std::unexpected(std::move(error));
        }
        if (*is_last) return reader.take();
    }
}

Status SmtpClient::expect(int reply_class, SmtpStage stage, Deadline deadline) {
    TRY(const SmtpReply reply, read_reply(deadline));
    if (reply.code / 100 != reply_class) return refusal(reply, stage);
    is_answered_ = true;
    return {};
}

Status SmtpClient::refusal(const SmtpReply& reply, SmtpStage stage) {
    // 421 says what a closed connection says: it is over, whatever we asked.
    is_answered_ = is_answered_ || !reply.ends_connection();
    asked_for_pause_ = asked_for_pause_ || reply.ends_connection() || reply.status.starts_with("4.7.");
    needs_reset_ = true;
    // 2xx where a "go on" was due, or the other way round: nobody knows what it takes the next line for.
    if (reply.ends_connection() || reply.code / 100 < 4) stream_.reset();
    return std::unexpected(error_of(reply, stage, where_));
}

void SmtpClient::quit() {
    if (stream_ == nullptr) return;
    ignore_error(stream_->write("QUIT\r\n", Deadline::in(limits::goodbye_at_most)), "the connection ends anyway");
    stream_.reset();
}

}  // namespace resolute::transport
