// SPDX-License-Identifier: Apache-2.0
#include "connectors/smtp/smtp_sender.h"

#include <fmt/format.h>

#include "base/time.h"
#include "mail/thread_token.h"

namespace resolute::connectors {
namespace {

/// After "too much" or "closing down": long enough to matter, short enough that nobody waits for nothing.
constexpr Duration kPause = std::chrono::seconds(30);

/// What fails before the mail was spoken of says nothing against it: once that is mended, a wrong password too, it goes.
void clear_the_mail(Error& error) {
    error.effect = EffectState::not_sent;
    if (error.kind != ErrorKind::timed_out && error.kind != ErrorKind::rate_limited) error.kind = ErrorKind::unavailable;
}

/// What a bounce gives back (RFC 3461 §4.4): the marked id where there is one, since nobody else can make it up.
std::string envelope_id_of(const ports::FrozenMail& mail) {
    return mail::read_thread_claim(mail.message_id) ? mail.message_id.substr(0, mail.message_id.find('@')) : mail.key.value();
}

}  // namespace

SmtpSender::SmtpSender(SmtpSenderOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), pace_(options_.mails_a_minute_max) {}

SmtpSender::~SmtpSender() {
    for (Idle& idle : idle_) idle.client->quit();
}

Status SmtpSender::send(const ports::FrozenMail& mail, Deadline deadline) {
    // First what needs no server: a mail that cannot be sent takes no place in the minute.
    TRY(const transport::SmtpMail prepared,
        transport::SmtpMail::prepare({.from = mail.from, .to = mail.to, .envelope_id = envelope_id_of(mail), .bytes = mail.bytes}));
    TRY_STATUS(admit(deadline));
    if (Client client = take_idle()) {
        Status status = client->send(prepared, deadline);
        if (status || !client->had_ended_while_idle()) return finish(std::move(client), std::move(status));
    }
    TRY(Client client, connect(deadline));
    Status status = client->send(prepared, deadline);
    return finish(std::move(client), std::move(status));
}

Result<ports::Delivery> SmtpSender::look_up(const ports::FrozenMail& mail, Deadline deadline) {
    if (!options_.look_in_sent) return ports::Delivery::unknown;
    return options_.look_in_sent(mail, deadline);
}

Duration SmtpSender::take_turn(bool& is_paused) {
    const Duration now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    is_paused = pace_.is_paused(now);
    return pace_.take(now);
}

Status SmtpSender::admit(Deadline deadline) {
    const Deadline patience = Deadline::in(std::min(options_.turn_wait_max, deadline.remaining() / 2));
    bool is_paused = false;
    Duration wait = take_turn(is_paused);
    while (wait > Duration::zero() && wait < patience.remaining() && !options_.stop->wait(wait)) wait = take_turn(is_paused);
    if (wait == Duration::zero()) return {};
    return std::unexpected(Error{.code = "smtp.paced",
                                 .kind = ErrorKind::rate_limited,
                                 .retry_after = wait,
                                 .detail = is_paused ? fmt::format("{} asked for a pause; it ends in {}", options_.server.host, format_duration(wait))
                                                     : fmt::format("{} mails may go out in a minute; this one's turn is in {}",
                                                                   options_.mails_a_minute_max, format_duration(wait))});
}

SmtpSender::Client SmtpSender::take_idle() {
    const Duration now = clock_.monotonic();
    std::vector<Idle> old;  // Ends after the lock: saying goodbye may wait.
    Client client;
    {
        const std::lock_guard lock(mutex_);
        const auto first_young =
            std::ranges::find_if(idle_, [&](const Idle& idle) { return now - idle.since < options_.idle_at_most; });
        std::move(idle_.begin(), first_young, std::back_inserter(old));
        idle_.erase(idle_.begin(), first_young);
        if (!idle_.empty()) {
            client = std::move(idle_.back().client);
            idle_.pop_back();
        }
    }
    for (Idle& idle : old) idle.client->quit();
    return client;
}

Result<SmtpSender::Client> SmtpSender::connect(Deadline deadline) {
    transport::MailLogin login;
    if (options_.login) {
        auto given = options_.login(deadline);
        if (!given) {
            clear_the_mail(given.error());
            return std::unexpected(std::move(given).error());
        }
        login = *std::move(given);
    }
    auto client = transport::SmtpClient::open(options_.server, login, options_.own_name, deadline);
    if (!client) {
        if (client.error().code == "mail.login" && options_.login_was_refused) options_.login_was_refused();
        clear_the_mail(client.error());
    }
    return client;
}

Status SmtpSender::finish(Client client, Status status) {
    const Duration now = clock_.monotonic();
    {
        const std::lock_guard lock(mutex_);
        if (client->asked_for_pause()) pace_.pause_until(now + kPause);
        if (client->is_usable() && idle_.size() < options_.idle_connections_max) {
            idle_.push_back({.client = std::move(client), .since = now});
            return status;
        }
    }
    client->quit();
    return status;
}

}  // namespace resolute::connectors
