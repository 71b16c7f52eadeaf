// SPDX-License-Identifier: Apache-2.0
// The parts of the sender that need no server; the conversations are in tests/mail_servers.
#include "connectors/smtp/smtp_sender.h"

#include <gtest/gtest.h>

namespace resolute::connectors {
namespace {

using std::chrono::seconds;

ports::FrozenMail mail(const std::string& to = "ann@customer.example") {
    return {.key = EffectId("abc"),
            .from = "help@shop.example",
            .to = to,
            .message_id = "1@shop.example",
            .bytes = "Subject: x\r\n\r\nHello\r\n"};
}

Duration at(int second) {
    return seconds(second);
}

TEST(Pace, LetsThemGoEvenly) {
    Pace pace(3);
    EXPECT_EQ(pace.take(at(0)), Duration::zero());
    EXPECT_EQ(pace.take(at(5)), seconds(15));
    EXPECT_EQ(pace.take(at(19)), seconds(1)) << "the one that had to wait was not counted";
    EXPECT_EQ(pace.take(at(20)), Duration::zero());
    EXPECT_EQ(pace.take(at(100)), Duration::zero());
    EXPECT_EQ(pace.take(at(101)), seconds(19)) << "what was not used is not saved up";
}

TEST(Pace, ZeroIsNoLimit) {
    Pace pace(0);
    for (int i = 0; i < 1'000; ++i) ASSERT_EQ(pace.take(at(0)), Duration::zero());
}

TEST(Pace, APauseHoldsAllAndAShorterOneDoesNotEndIt) {
    Pace pace(0);
    pace.pause_until(at(30));
    pace.pause_until(at(10));
    EXPECT_TRUE(pace.is_paused(at(29)));
    EXPECT_EQ(pace.take(at(20)), seconds(10));
    EXPECT_FALSE(pace.is_paused(at(30)));
    EXPECT_EQ(pace.take(at(30)), Duration::zero());
}

class SmtpSenderTest : public testing::Test {
protected:
    /// The login fails, so that nothing is connected; it counts how often somebody wanted to.
    SmtpSenderOptions options(std::size_t a_minute_max = 0) {
        return {.server = {.host = "smtp.invalid", .port = 587},
                .login = [this](Deadline) -> Result<transport::MailLogin> {
                    ++logins_;
                    // A token service may well have an unknown end; no mail has.
                    return fail("oauth.unavailable", ErrorKind::unavailable, "no token", EffectState::unknown);
                },
                .mails_a_minute_max = a_minute_max};
    }

    VirtualClock clock_{from_unix_ms(1'790'000'000'000)};
    int logins_ = 0;
};

TEST_F(SmtpSenderTest, AMailThatCannotBeSentNeedsNoServerAndNoPlaceInTheMinute) {
    SmtpSender sender(options(1), clock_);
    const Status status = sender.send(mail("ann\r\nDATA@customer.example"), Deadline::never());
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, "smtp.malformed");
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_EQ(logins_, 0);
    EXPECT_EQ(sender.send(mail(), Deadline::never()).error().code, "oauth.unavailable") << "the place was still free";
}

TEST_F(SmtpSenderTest, WithoutALoginNoMailWasSent) {
    SmtpSender sender(options(), clock_);
    const Status status = sender.send(mail(), Deadline::never());
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
}

TEST_F(SmtpSenderTest, AWithdrawnPasswordIsNoFaultOfTheMailWhichIsTriedAgain) {
    SmtpSenderOptions refused = options();
    refused.login = [](Deadline) -> Result<transport::MailLogin> { return fail("oauth.refused", ErrorKind::refused, "connect again"); };
    SmtpSender sender(refused, clock_);
    const Status status = sender.send(mail(), Deadline::never());
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, "oauth.refused");
    EXPECT_EQ(status.error().kind, ErrorKind::unavailable);
}

TEST_F(SmtpSenderTest, AboveTheMinutesMailsItSaysWhenToComeBack) {
    SmtpSender sender(options(2), clock_);
    EXPECT_EQ(sender.send(mail(), Deadline::never()).error().code, "oauth.unavailable");
    clock_.advance(seconds(30));
    EXPECT_EQ(sender.send(mail(), Deadline::never()).error().code, "oauth.unavailable");
    const Status third = sender.send(mail(), Deadline::never());
    ASSERT_FALSE(third.has_value());
    EXPECT_EQ(third.error().code, "smtp.paced");
    EXPECT_EQ(third.error().kind, ErrorKind::rate_limited);
    EXPECT_EQ(third.error().effect, EffectState::not_sent);
    EXPECT_EQ(third.error().retry_after, Duration(seconds(30)));
    EXPECT_EQ(logins_, 2);
    clock_.jump(std::chrono::hours(1));
    EXPECT_EQ(sender.send(mail(), Deadline::never()).error().code, "smtp.paced") << "a wall clock that was set changes nothing";
    clock_.advance(seconds(30));
    EXPECT_EQ(sender.send(mail(), Deadline::never()).error().code, "oauth.unavailable");
}

TEST_F(SmtpSenderTest, WhoMayWaitGetsItsTurnAndWhoIsStoppedDoesNotWait) {
    const SystemClock real;
    const Interrupt stop;
    SmtpSenderOptions patient = options(1'200);  // One in 50 ms.
    patient.turn_wait_max = std::chrono::seconds(20);
    patient.stop = &stop;
    SmtpSender sender(patient, real);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(sender.send(mail(), Deadline::never()).error().code, "oauth.unavailable") << i;
    stop.raise();
    static_cast<void>(sender.send(mail(), Deadline::never()));
    EXPECT_EQ(sender.send(mail(), Deadline::never()).error().code, "smtp.paced");
}

TEST_F(SmtpSenderTest, WithoutAPlaceToLookAtNobodyGuesses) {
    SmtpSender sender(options(), clock_);
    EXPECT_EQ(*sender.look_up(mail(), Deadline::never()), ports::Delivery::unknown);
    SmtpSenderOptions with_sent = options();
    with_sent.look_in_sent = [](const ports::FrozenMail& asked, Deadline) -> Result<ports::Delivery> {
        return asked.message_id == "1@shop.example" ? ports::Delivery::sent : ports::Delivery::absent;
    };
    SmtpSender other(with_sent, clock_);
    EXPECT_EQ(*other.look_up(mail(), Deadline::never()), ports::Delivery::sent);
    EXPECT_EQ(logins_, 0);
}

}  // namespace
}  // namespace resolute::connectors
