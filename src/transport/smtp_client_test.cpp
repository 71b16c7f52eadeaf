// SPDX-License-Identifier: Apache-2.0
// The parts of the SMTP client that need no server; the conversations are in tests/mail_servers.
#include "transport/smtp_client.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "transport/smtp_limits.h"

namespace resolute::transport {
namespace {

namespace limits = smtp_limits;
using std::chrono::minutes;

constexpr std::string_view kBytes = "Subject: x\r\n\r\nHello\r\n";

SmtpMail must_prepare(std::string_view bytes, std::string_view from = "help@shop.example",
                      std::string_view to = "ann@customer.example", std::string_view id = "abc") {
    auto mail = SmtpMail::prepare({.from = from, .to = to, .envelope_id = id, .bytes = bytes});
    EXPECT_TRUE(mail.has_value()) << (mail ? "" : mail.error().detail);
    return *std::move(mail);
}

std::string why_malformed(const SmtpMail::Parts& parts) {
    const auto mail = SmtpMail::prepare(parts);
    if (mail) return "";
    EXPECT_EQ(mail.error().code, "smtp.malformed");
    EXPECT_EQ(mail.error().kind, ErrorKind::invalid);
    EXPECT_EQ(mail.error().effect, EffectState::not_sent);
    return mail.error().detail;
}

std::string why_bad_address(std::string_view address) {
    const std::string as_recipient =
        why_malformed({.from = "help@shop.example", .to = address, .envelope_id = "a", .bytes = kBytes});
    if (address.empty()) return as_recipient;
    const std::string as_sender =
        why_malformed({.from = address, .to = "ann@customer.example", .envelope_id = "a", .bytes = kBytes});
    EXPECT_EQ(as_recipient.empty(), as_sender.empty());
    return as_recipient;
}

std::string why_bad_bytes(std::string_view bytes) {
    return why_malformed({.from = "help@shop.example", .to = "ann@customer.example", .envelope_id = "a", .bytes = bytes});
}

SmtpReply reply_of(std::string_view bytes) {
    SmtpReplyReader reader;
    for (const std::string_view line : text::split(bytes, '\n')) {
        const auto is_last = reader.add(line);
        EXPECT_TRUE(is_last.has_value()) << line;
        if (!is_last || *is_last) break;
    }
    return reader.take();
}

TEST(SmtpMail, AnAddressCannotSayMoreThanAnAddress) {
    using namespace std::string_view_literals;
    for (const std::string_view bad :
         {"a\r\nRCPT TO:<b@c.example"sv, "a@b.example\n"sv, "a@b.example\r"sv, "a\0@b.example"sv, "a b@c.example"sv,
          "a@b.example> SIZE=1"sv, "<a@b.example"sv, "a@b\t.example"sv, "a\x7F@b.example"sv, "-a@b.example"sv,
          "-oQ/tmp@b.example"sv, "a"sv, "@b.example"sv, "a@"sv, ""sv, "\xFF@b.example"sv}) {
        EXPECT_NE(why_bad_address(bad), "") << bad;
    }
    EXPECT_EQ(why_bad_address("ann+tag-1@customer.example"), "");
    EXPECT_EQ(why_bad_address("j\xC3\xBCrgen@b\xC3\xBC"
                              "cher.example"),
              "");
    EXPECT_EQ(why_malformed({.from = "", .to = "ann@customer.example", .envelope_id = "a", .bytes = kBytes}), "")
        << "the null sender is one";
}

TEST(SmtpMail, AnErrorDoesNotShowTheAddress) {
    EXPECT_EQ(why_bad_address("ann secret@customer.example").find("ann"), std::string::npos);
}

TEST(SmtpMail, AnAddressHasAtMost254Bytes) {
    const std::string domain = "@customer.example";
    EXPECT_EQ(why_bad_address(std::string(limits::address_bytes_max - domain.size(), 'a') + domain), "");
    EXPECT_NE(why_bad_address(std::string(limits::address_bytes_max - domain.size() + 1, 'a') + domain), "");
}

TEST(SmtpMail, ALoneCrOrLfIsRefusedForServersDisagreeAboutIt) {
    for (const std::string_view bad : {"a\nb\r\n", "a\rb\r\n", "a\r\r\n", "a\r\n.\n", "a\n.\r\n",
                                       "a\r\n.\rMAIL FROM:<x@y.example>\r\n", "a\r", "\n", "\ra\r\n"}) {
        EXPECT_NE(why_bad_bytes(bad), "") << bad;
    }
    EXPECT_NE(why_bad_bytes(std::string_view("a\0b\r\n", 5)), "");
    EXPECT_NE(why_bad_bytes(""), "");
    EXPECT_EQ(why_bad_bytes("a\r\n\r\n.\r\n"), "");
    EXPECT_EQ(why_bad_bytes("a\r\nb\nc\r\n"), "the mail was not sent: line 2 ends with LF alone");
}

TEST(SmtpMail, ALineHasAtMost998Bytes) {
    const std::string line(limits::line_bytes_max, 'x');
    EXPECT_EQ(why_bad_bytes("a\r\n" + line + "\r\nb\r\n"), "");
    EXPECT_EQ(why_bad_bytes(line), "");
    EXPECT_NE(why_bad_bytes("a\r\n" + line + "x\r\nb\r\n"), "");
    EXPECT_NE(why_bad_bytes(line + "x"), "");
}

TEST(SmtpMail, DotsAtTheBeginOfALineAreDoubledRfc5321Section452) {
    const SmtpMail mail = must_prepare(".a\r\n..\r\n.\r\nb.\r\n\r\n.c");
    EXPECT_EQ(mail.stuffed(), "..a\r\n...\r\n..\r\nb.\r\n\r\n..c\r\n");
    EXPECT_EQ(mail.size(), std::string_view(".a\r\n..\r\n.\r\nb.\r\n\r\n.c\r\n").size()) << "as it will be stored";
    EXPECT_EQ(must_prepare(kBytes).stuffed(), kBytes);
}

TEST(SmtpMail, CommandsSayWhatTheServerOffersToHear) {
    const SmtpOffers all{.has_size = true, .has_8bitmime = true, .has_smtputf8 = true, .has_dsn = true};
    const SmtpMail plain = must_prepare(kBytes, "help@shop.example", "ann+x@customer.example", "key=1");
    EXPECT_EQ(plain.sender_command({}), "MAIL FROM:<help@shop.example>\r\n");
    EXPECT_EQ(plain.recipient_command({}), "RCPT TO:<ann+x@customer.example>\r\n");
    EXPECT_EQ(plain.sender_command(all), "MAIL FROM:<help@shop.example> SIZE=21 RET=HDRS ENVID=key+3D1\r\n");
    EXPECT_EQ(plain.recipient_command(all),
              "RCPT TO:<ann+x@customer.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann+2Bx@customer.example\r\n");
    const SmtpMail foreign = must_prepare("Subject: x\r\n\r\n\xC3\xA4\r\n", "", "j\xC3\xBCrgen@customer.example", "");
    EXPECT_EQ(foreign.sender_command(all), "MAIL FROM:<> SIZE=18 BODY=8BITMIME SMTPUTF8 RET=HDRS\r\n");
    EXPECT_EQ(foreign.recipient_command(all), "RCPT TO:<j\xC3\xBCrgen@customer.example> NOTIFY=FAILURE,DELAY\r\n");
    EXPECT_EQ(must_prepare(kBytes, "a@b.example", "c@d.example", std::string(101, 'x')).sender_command(all),
              "MAIL FROM:<a@b.example> SIZE=21 RET=HDRS\r\n")
        << "RFC 3461 §4.4: 100 at most";
}

TEST(SmtpMail, WhatTheServerCannotTakeIsNotSentToIt) {
    const SmtpMail plain = must_prepare(kBytes);
    EXPECT_TRUE(plain.check_against({}, "s").has_value());
    EXPECT_TRUE(plain.check_against({.has_size = true, .size_max = 21}, "s").has_value());
    const Status too_large = plain.check_against({.has_size = true, .size_max = 20}, "s");
    ASSERT_FALSE(too_large.has_value());
    EXPECT_EQ(too_large.error().code, "smtp.too_large");
    EXPECT_EQ(too_large.error().kind, ErrorKind::invalid);
    EXPECT_EQ(too_large.error().effect, EffectState::not_sent);
    const Status eight_bit = must_prepare("\xC3\xA4\r\n").check_against({.has_smtputf8 = true}, "s");
    ASSERT_FALSE(eight_bit.has_value());
    EXPECT_EQ(eight_bit.error().code, "smtp.not_offered");
    EXPECT_EQ(eight_bit.error().effect, EffectState::not_sent);
    const Status utf8 =
        must_prepare(kBytes, "help@shop.example", "\xC3\xA4@b.example").check_against({.has_8bitmime = true}, "s");
    ASSERT_FALSE(utf8.has_value());
    EXPECT_EQ(utf8.error().code, "smtp.not_offered");
}

TEST(Xtext, FollowsRfc3461Section4) {
    EXPECT_EQ(xtext("abc123!~"), "abc123!~");
    EXPECT_EQ(xtext("a+b=c d"), "a+2Bb+3Dc+20d");
    EXPECT_EQ(xtext("\xC3\xA4\r\n"), "+C3+A4+0D+0A");
    EXPECT_EQ(xtext(""), "");
}

TEST(SmtpReply, PutsSeveralLinesTogether) {
    SmtpReplyReader reader;
    EXPECT_FALSE(*reader.add("550-5.1.1 nobody of"));
    EXPECT_FALSE(*reader.add("550-"));
    EXPECT_TRUE(*reader.add("550 5.1.1 this name"));
    const SmtpReply reply = reader.take();
    EXPECT_EQ(reply.code, 550);
    EXPECT_EQ(reply.status, "5.1.1");
    EXPECT_EQ(reply.shown(), "550 5.1.1 nobody of  this name");
    EXPECT_EQ(reply_of("250").code, 250);
    EXPECT_EQ(reply_of("250 ").shown(), "250 ");
}

TEST(SmtpReply, AStatusThatDoesNotFitIsNone) {
    EXPECT_EQ(reply_of("250 2.0.0 ok").status, "2.0.0");
    EXPECT_EQ(reply_of("550 5.7.123").status, "5.7.123");
    for (const std::string_view none : {"550 4.1.1 x", "550 5.1 x", "550 5.1.1x", "550 5.1.1234 x", "550 55.1.1 x", "550 .1.1",
                                        "550 5..1", "550 5.1.", "550 5"})
        EXPECT_EQ(reply_of(none).status, "") << none;
}

TEST(SmtpReply, NonsenseIsNoReply) {
    for (const std::string_view bad :
         {"", "2", "25", "2x0 ok", "150 hm", "650 hm", "250_ok", "250\tok", "HTTP/1.1 400 Bad Request", "+OK", " 250 ok"}) {
        SmtpReplyReader reader;
        const auto outcome = reader.add(bad);
        ASSERT_FALSE(outcome.has_value()) << bad;
        EXPECT_EQ(outcome.error().code, "smtp.bad_reply");
        EXPECT_EQ(outcome.error().effect, EffectState::not_sent);
    }
    SmtpReplyReader reader;
    EXPECT_TRUE(reader.add("250-a").has_value());
    EXPECT_FALSE(reader.add("550 b").has_value()) << "two codes in one reply";
}

TEST(SmtpReply, HasLimits) {
    SmtpReplyReader lines;
    for (std::size_t i = 0; i < limits::reply_lines_max; ++i) ASSERT_TRUE(lines.add("250-x").has_value());
    EXPECT_FALSE(lines.add("250 x").has_value());
    SmtpReplyReader line;
    EXPECT_TRUE(line.add("250 " + std::string(limits::reply_line_bytes_max - 4, 'x')).has_value());
    SmtpReplyReader longer;
    EXPECT_FALSE(longer.add("250 " + std::string(limits::reply_line_bytes_max - 3, 'x')).has_value());
}

TEST(SmtpReply, WhatTheServerSaysIsShownShortAndPrintable) {
    EXPECT_EQ(reply_of("550 a\x1B[31mb\x07\rc\x7F").shown(), "550 a [31mb  c ");
    EXPECT_EQ(reply_of("550 a\xC2\x9B"
                       "31mb")
                  .shown(),
              "550 a  31mb")
        << "a control of one character, in UTF-8";
    EXPECT_TRUE(text::is_utf8(reply_of("550 \xFF\xC3(").shown()));
    const std::string shown = reply_of("550 " + std::string(1'000, 'x')).shown();
    EXPECT_LE(shown.size(), limits::server_text_bytes_max + 10);
    EXPECT_TRUE(shown.ends_with("…"));
}

TEST(SmtpOffers, AreReadFromTheReplyToEhlo) {
    const SmtpOffers offers = offers_in(
        reply_of("250-DSN 8BITMIME\n250-size 1000\n250-8bitmime\n250-SMTPUTF8\n250-PIPELINING\n250 ENHANCEDSTATUSCODES"));
    EXPECT_EQ(offers, (SmtpOffers{.has_size = true,
                                  .size_max = 1000,
                                  .has_8bitmime = true,
                                  .has_smtputf8 = true,
                                  .has_pipelining = true,
                                  .has_status_codes = true}))
        << "the first line is a name";
    EXPECT_TRUE(offers_in(reply_of("250-x\n250 DSN")).has_dsn);
    EXPECT_TRUE(offers_in(reply_of("250-x\n250 SIZE")).has_size);
    EXPECT_EQ(offers_in(reply_of("250-x\n250 SIZE 12x")).size_max, 0U);
    EXPECT_EQ(offers_in(reply_of("250-x\n250 SIZE 99999999999999999999999")).size_max, 0U);
    EXPECT_EQ(offers_in(reply_of("250 x")), SmtpOffers{});
}

TEST(SmtpError, TellsWhatHappenedToTheMail) {
    struct Row {
        std::string_view reply;
        SmtpStage stage;
        std::string_view code;
        ErrorKind kind;
        EffectState effect;
        std::optional<Duration> retry_after;
    };
    using enum EffectState;
    const std::vector<Row> rows{
        {"421 closing", SmtpStage::sender, "smtp.try_later", ErrorKind::unavailable, not_sent, minutes(1)},
        {"450 4.2.1 busy", SmtpStage::recipient, "smtp.try_later", ErrorKind::unavailable, not_sent, minutes(5)},
        {"451 4.3.0 trouble", SmtpStage::message, "smtp.try_later", ErrorKind::unavailable, not_sent, minutes(3)},
        {"452 4.3.1 full", SmtpStage::message, "smtp.try_later", ErrorKind::unavailable, not_sent, minutes(10)},
        {"452 4.2.2 mailbox full", SmtpStage::recipient, "smtp.try_later", ErrorKind::unavailable, not_sent, minutes(30)},
        {"451 4.7.1 greylisted", SmtpStage::recipient, "smtp.try_later", ErrorKind::rate_limited, not_sent, minutes(5)},
        {"550 5.1.1 nobody", SmtpStage::recipient, "smtp.recipient_refused", ErrorKind::refused, refused, std::nullopt},
        {"550 5.7.1 spam", SmtpStage::message, "smtp.refused", ErrorKind::refused, refused, std::nullopt},
        {"553 5.1.8 not you", SmtpStage::sender, "smtp.refused", ErrorKind::refused, refused, std::nullopt},
        {"552 too much", SmtpStage::sender, "smtp.too_large", ErrorKind::invalid, refused, std::nullopt},
        {"552 5.3.4 too much", SmtpStage::message, "smtp.too_large", ErrorKind::invalid, refused, std::nullopt},
        {"554 5.2.3 too much", SmtpStage::message, "smtp.too_large", ErrorKind::invalid, refused, std::nullopt},
        {"552 5.2.2 mailbox full", SmtpStage::recipient, "smtp.recipient_refused", ErrorKind::refused, refused, std::nullopt},
        {"552 5.7.0 no programs", SmtpStage::message, "smtp.refused", ErrorKind::refused, refused, std::nullopt},
        {"354 go on", SmtpStage::sender, "smtp.bad_reply", ErrorKind::unavailable, not_sent, std::nullopt},
    };
    for (const Row& row : rows) {
        const Error error = error_of(reply_of(row.reply), row.stage, "smtp.example:587");
        EXPECT_EQ(error.code, row.code) << row.reply;
        EXPECT_EQ(error.kind, row.kind) << row.reply;
        EXPECT_EQ(error.effect, row.effect) << row.reply;
        EXPECT_EQ(error.retry_after, row.retry_after) << row.reply;
        EXPECT_NE(error.detail.find(row.reply.substr(0, 3)), std::string::npos) << error.detail;
    }
}

}  // namespace
}  // namespace resolute::transport
