// SPDX-License-Identifier: Apache-2.0
// Mail through a real Exim.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "connectors/smtp/smtp_sender.h"
#include "testkit/dovecot_server.h"
#include "testkit/exim_server.h"

namespace resolute::connectors {
namespace {

using std::chrono::seconds;
using testkit::DeliveredMail;
using testkit::EximServer;

const SystemClock kClock;

EximServer must_start(testkit::EximOptions options = {}) {
    auto server = EximServer::start(std::move(options));
    if (!server) {
        ADD_FAILURE() << server.error().detail;
        std::abort();
    }
    return *std::move(server);
}

ports::FrozenMail mail(const std::string& key, const std::string& body = "Hello\r\n") {
    return {
        .key = EffectId(key),
        .from = "help@shop.test",
        .to = "ann@customer.example",
        .message_id = key + "@shop.test",
        .bytes = fmt::format(
            "From: help@shop.test\r\nTo: ann@customer.example\r\nMessage-ID: <{}@shop.test>\r\nSubject: x\r\n\r\n{}", key, body)};
}

SmtpSenderOptions options_for(const EximServer& server, const std::string& password = "secret") {
    return {.server = {.host = "127.0.0.1",
                       .port = server.port(),
                       .protection = transport::Protection::starttls,
                       .ca_file = server.certificate()},
            .login = [password](Deadline) -> Result<transport::MailLogin> {
                return transport::MailLogin{.user = "agent", .password = password, .bearer = ""};
            }};
}

Deadline soon() {
    return Deadline::in(seconds(30));
}

std::string shown(const Status& status) {
    return status ? "sent" : describe(status.error());
}

TEST(SmtpWithExim, ProtectsSignsInAndKeepsEveryByte) {
    const EximServer server = must_start();
    SmtpSender sender(options_for(server), kClock);
    std::string body =
        ".\r\n..\r\n.a\r\nb\r\n.\r\n\r\n8 bit: \xC3\xA4 \xFF \x80\r\nFrom here\r\n" + std::string(998, 'x') + "\r\n.\r\n";
    const Status sent = sender.send(mail("plain", body), soon());
    ASSERT_TRUE(sent.has_value()) << shown(sent);
    ports::FrozenMail foreign = mail("foreign");
    foreign.from.clear();
    foreign.to = "j\xC3\xBCrgen@customer.example";
    const Status sent_foreign = sender.send(foreign, soon());
    ASSERT_TRUE(sent_foreign.has_value()) << shown(sent_foreign);

    std::map<std::string, DeliveredMail> by_recipient;
    for (DeliveredMail& arrived : server.wait_for_delivered(2)) by_recipient[arrived.to] = std::move(arrived);
    ASSERT_EQ(by_recipient.size(), 2U);
    EXPECT_EQ(by_recipient["ann@customer.example"].bytes, mail("plain", body).bytes);
    EXPECT_EQ(by_recipient["ann@customer.example"].from, "help@shop.test");
    EXPECT_EQ(by_recipient[foreign.to].bytes, foreign.bytes);
    EXPECT_EQ(by_recipient[foreign.to].from, "");
}

TEST(SmtpWithExim, AWrongPasswordIsALoginAndNoMail) {
    const EximServer server = must_start();
    int refusals = 0;
    SmtpSenderOptions options = options_for(server, "guess");
    options.login_was_refused = [&] { ++refusals; };
    SmtpSender sender(options, kClock);
    const Status status = sender.send(mail("a"), soon());
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, "mail.login") << shown(status);
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_EQ(status.error().detail.find("guess"), std::string::npos);
    EXPECT_EQ(refusals, 1);
    EXPECT_TRUE(server.delivered().empty());
}

TEST(SmtpWithExim, ACertificateThatIsNotTheServersIsRefusedBeforeThePassword) {
    const EximServer server = must_start();
    const EximServer other_name = must_start({.certificate_names = "DNS:other.test"});
    SmtpSenderOptions not_trusted = options_for(server);
    not_trusted.server.ca_file = other_name.certificate();
    for (const SmtpSenderOptions& options : {not_trusted, options_for(other_name)}) {
        SmtpSender sender(options, kClock);
        const Status status = sender.send(mail("a"), soon());
        ASSERT_FALSE(status.has_value());
        EXPECT_EQ(status.error().code, "mail.tls") << shown(status);
        EXPECT_EQ(status.error().effect, EffectState::not_sent);
    }
    EXPECT_TRUE(server.delivered().empty());
    EXPECT_TRUE(other_name.delivered().empty());
    // TLS from the first byte, to a server that waits for plain text: no hanging, no plain text.
    SmtpSenderOptions from_the_first_byte = options_for(server);
    from_the_first_byte.server.protection = transport::Protection::tls;
    EXPECT_EQ(SmtpSender(from_the_first_byte, kClock).send(mail("a"), soon()).error().effect, EffectState::not_sent);
}

TEST(SmtpWithExim, ItsRefusalsAreTold) {
    const EximServer server = must_start({.size_max = 10'000});
    SmtpSender sender(options_for(server), kClock);
    ports::FrozenMail to_nobody = mail("a");
    to_nobody.to = "nobody@customer.example";
    ports::FrozenMail to_elsewhere = mail("b");
    to_elsewhere.to = "ann@elsewhere.org";
    for (const ports::FrozenMail& refused : {to_nobody, to_elsewhere}) {
        const Status status = sender.send(refused, soon());
        ASSERT_FALSE(status.has_value());
        EXPECT_EQ(status.error().code, "smtp.recipient_refused") << shown(status);
        EXPECT_EQ(status.error().effect, EffectState::refused);
    }
    ports::FrozenMail later = mail("c");
    later.to = "later@customer.example";
    const Status not_yet = sender.send(later, soon());
    ASSERT_FALSE(not_yet.has_value());
    EXPECT_EQ(not_yet.error().code, "smtp.try_later") << shown(not_yet);
    EXPECT_EQ(not_yet.error().effect, EffectState::not_sent);
    EXPECT_TRUE(not_yet.error().retry_after.has_value());
    std::string large;
    for (int i = 0; i < 200; ++i) large += std::string(70, 'x') + "\r\n";
    EXPECT_EQ(sender.send(mail("d", large), soon()).error().code, "smtp.too_large");
    const Status sent = sender.send(mail("e"), soon());
    EXPECT_TRUE(sent.has_value()) << "the connection is as good as before: " << shown(sent);
    EXPECT_EQ(server.wait_for_delivered(1).size(), 1U);
}

TEST(SmtpWithExim, TwoHundredMailsOfFourThreadsArriveOnceEach) {
    const EximServer server = must_start();
    SmtpSenderOptions options = options_for(server);
    options.idle_connections_max = 4;
    SmtpSender sender(options, kClock);
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 50; ++i) {
                    const Status sent = sender.send(mail(fmt::format("{}-{}", thread, i)), soon());
                    ASSERT_TRUE(sent.has_value()) << shown(sent);
                }
            });
        }
    }
    std::map<std::string, int> times;
    for (const DeliveredMail& arrived : server.wait_for_delivered(200)) ++times[arrived.bytes];
    EXPECT_EQ(times.size(), 200U);
    for (int thread = 0; thread < 4; ++thread)
        for (int i = 0; i < 50; ++i) EXPECT_EQ(times[mail(fmt::format("{}-{}", thread, i)).bytes], 1);
}

TEST(SmtpWithExim, WhatItTakesCanArriveInAMailboxOfDovecot) {
    const auto dovecot = testkit::DovecotServer::start({.users = {{"ann@customer.example", "secret"}}});
    ASSERT_TRUE(dovecot.has_value()) << dovecot.error().detail;
    const EximServer server = must_start({.lmtp_port = dovecot->lmtp_port()});
    SmtpSender sender(options_for(server), kClock);
    const Status sent = sender.send(mail("a"), soon());
    ASSERT_TRUE(sent.has_value()) << shown(sent);
    // LMTP knows the user by the whole address; the home is named after the part before the "@".
    const std::filesystem::path inbox = dovecot->maildir("ann") / "new";
    std::error_code none_yet;
    EXPECT_TRUE(testkit::wait_until(
        [&] { return std::filesystem::directory_iterator(inbox, none_yet) != std::filesystem::directory_iterator(); },
        seconds(20)));
    EXPECT_TRUE(server.delivered().empty());
}

TEST(SmtpWithExim, AKilledServerAndWhatWeSaidOfEachAttemptAgree) {
    // What it took stays in its queue until the end: a delivery that is killed may be made twice, which is not what we look at.
    EximServer server = must_start({.only_queues = true});
    SmtpSender sender(options_for(server), kClock);
    constexpr int kThreads = 3;
    std::atomic<bool> is_over = false;
    std::atomic<bool> is_up = true;
    std::atomic<int> sent = 0;
    std::vector<std::map<std::string, Status>> said(kThreads);
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; !is_over; ++i) {
                    const std::string key = fmt::format("k{}-{}", thread, i);
                    const Status status = sender.send(mail(key), soon());
                    if (status) ++sent;
                    said[static_cast<std::size_t>(thread)].emplace(key, status);
                    // While it is down each try fails at once; so many are not needed.
                    if (!status) is_up.wait(false);
                }
            });
        }
        for (int kill = 1; kill <= 8; ++kill) {
            const int before = sent;
            EXPECT_TRUE(testkit::wait_until([&] { return sent >= before + 4 + kill; })) << "kill " << kill;
            is_up = false;
            EXPECT_TRUE(server.kill_9().has_value());
            const Status restarted = server.restart();
            is_up = true;
            is_up.notify_all();
            EXPECT_TRUE(restarted.has_value()) << shown(restarted);
        }
        const int before = sent;
        EXPECT_TRUE(testkit::wait_until([&] { return sent >= before + 10; }));
        is_over = true;
    }
    const Status delivered = server.deliver_queue();
    ASSERT_TRUE(delivered.has_value()) << shown(delivered);
    std::map<std::string, int> times;
    for (const DeliveredMail& arrived : server.wait_for_delivered(static_cast<std::size_t>(sent.load()))) ++times[arrived.bytes];
    int failed = 0;
    for (const auto& answers : said) {
        for (const auto& [key, status] : answers) {
            const int arrived = times[mail(key).bytes];
            if (status) {
                EXPECT_EQ(arrived, 1) << key;
                continue;
            }
            ++failed;
            if (status.error().effect == EffectState::unknown)
                EXPECT_LE(arrived, 1) << key;
            else
                EXPECT_EQ(arrived, 0) << key << ": " << shown(status);
        }
    }
    EXPECT_GT(failed, 0) << "no kill hit anything";
}

}  // namespace
}  // namespace resolute::connectors
