// SPDX-License-Identifier: Apache-2.0
// Mail through a server that breaks off where it is told to. Its ledger is the truth; what we say must agree with it.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>

#include <fmt/format.h>

#include "tests/mail_servers/smtp_breaks.h"

namespace resolute::connectors {
namespace {

using testkit::BreakingSmtpServer;
using testkit::SmtpFault;
using At = SmtpFault::At;
using Act = SmtpFault::Act;
using std::chrono::milliseconds;
using std::chrono::seconds;

SmtpFault answer(At at, std::string text) {
    return {.at = at, .act = Act::answer, .text = std::move(text)};
}

struct Row {
    std::string_view name;
    SmtpFault fault;
    std::set<EffectState> allowed;  ///< empty: sent
    bool is_stored = false;
    std::string_view code = {};  ///< where only one makes sense
};

std::vector<Row> rows() {
    using enum EffectState;
    std::vector<Row> all{
        {"greeting drop", {.at = At::greeting}, {not_sent}},
        {"greeting 554", answer(At::greeting, "554 go away"), {not_sent}},
        {"ehlo drop", {.at = At::ehlo}, {not_sent}},
        {"ehlo again drop", {.at = At::ehlo_again}, {not_sent}},
        {"ehlo again 550", answer(At::ehlo_again, "550 5.7.1 not you"), {not_sent}, false, "smtp.refused"},
        {"ehlo again nonsense", answer(At::ehlo_again, "hello"), {not_sent}, false, "smtp.bad_reply"},
        {"ehlo again endless line",
         answer(At::ehlo_again, "250-" + std::string(100'000, 'x')),
         {not_sent},
         false,
         "smtp.bad_reply"},
        {"data and a reply too many", answer(At::data, "354 go on\r\n250 2.0.0 stored"), {not_sent}, false, "smtp.bad_reply"},
        {"in the body drop", {.at = At::in_body}, {not_sent, unknown}},
        {"in the body 421", answer(At::in_body, "421 4.3.2 closing"), {not_sent, unknown}},
        {"before the end drop", {.at = At::before_end}, {not_sent, unknown}},
        {"after the end drop", {.at = At::after_end}, {unknown}, false, "mail.delivery_unknown"},
        {"after the end 451", answer(At::after_end, "451 4.3.0 trouble"), {not_sent}, false, "smtp.try_later"},
        {"after the end 421", answer(At::after_end, "421 4.3.2 closing"), {not_sent}, false, "smtp.try_later"},
        {"after the end 554", answer(At::after_end, "554-5.6.0 no\r\n554 5.6.0 such"), {refused}, false, "smtp.refused"},
        {"after the end 552", answer(At::after_end, "552 5.3.4 too much"), {refused}, false, "smtp.too_large"},
        {"after the end nonsense", answer(At::after_end, "ok"), {unknown}, false, "mail.delivery_unknown"},
        {"after the end 354", answer(At::after_end, "354 go on"), {unknown}, false, "mail.delivery_unknown"},
        {"stored drop", {.at = At::stored}, {unknown}, true, "mail.delivery_unknown"},
        {"stored nonsense", answer(At::stored, "stored it"), {unknown}, true, "mail.delivery_unknown"},
        {"stored half a reply", answer(At::stored, "250-ok\r\n"), {unknown}, true, "mail.delivery_unknown"},
        {"stored delay", {.at = At::stored, .act = Act::delay, .time = milliseconds(50)}, {}, true},
        {"idle drop", {.at = At::idle}, {}, true},
        {"idle 421", answer(At::idle, "421 4.4.2 bored"), {}, true},
    };
    for (const auto& [at, name, refusal] : {std::tuple{At::sender, "sender", "smtp.refused"},
                                            {At::recipient, "recipient", "smtp.recipient_refused"},
                                            {At::data, "data", "smtp.refused"}}) {
        all.push_back({name, {.at = at}, {not_sent}});
        all.push_back({name, answer(at, "451 4.3.0 trouble"), {not_sent}, false, "smtp.try_later"});
        all.push_back({name, answer(at, "421 4.3.2 closing"), {not_sent}, false, "smtp.try_later"});
        all.push_back({name, answer(at, "550 5.7.1 no"), {refused}, false, refusal});
        all.push_back({name, answer(at, "nonsense"), {not_sent}, false, "smtp.bad_reply"});
        all.push_back({name, answer(at, "250 ok\r\n250 ok"), {not_sent}, false, "smtp.bad_reply"});
        all.push_back({name, {.at = at, .act = Act::delay, .time = milliseconds(20)}, {}, true});
    }
    return all;
}

TEST(SmtpBreaks, EachAnswerAgreesWithTheLedger) {
    for (const Row& row : rows()) {
        for (const bool is_pipelining : {true, false}) {
            SCOPED_TRACE(fmt::format("{} {} {}", row.name, row.fault.text.substr(0, 40), is_pipelining ? "pipelining" : ""));
            BreakingSmtpServer::Options options{.on_connection = [&](std::size_t) { return row.fault; },
                                                .on_mail = [&](const std::string&) { return row.fault; }};
            if (!is_pipelining) std::erase(options.offers, "PIPELINING");
            const auto server = must_start(std::move(options));
            SmtpSender sender(options_for(*server), kClock);
            const Status status = sender.send(mail("k"), soon());
            EXPECT_EQ(status.has_value(), row.allowed.empty()) << shown(status);
            if (!status) {
                EXPECT_TRUE(row.allowed.contains(status.error().effect)) << shown(status);
                EXPECT_TRUE(row.code.empty() || status.error().code == row.code) << shown(status);
            }
            EXPECT_EQ(server->times_stored("k"), row.is_stored ? 1U : 0U) << shown(status);
            EXPECT_EQ(server->connections(), 1U) << "a fault on a new connection is for the engine to judge";
        }
    }
}

TEST(SmtpBreaks, ABreakInTheMidstOfALargeMailIsCertain) {
    // More than the system holds between two programs: the client is still writing.
    std::string body;
    while (body.size() < (24u << 20)) body += std::string(990, 'x') + "\r\n";
    for (const SmtpFault& fault : {SmtpFault{.at = At::in_body}, answer(At::in_body, "552 5.3.4 too much")}) {
        const auto server = must_start({.on_mail = [&](const std::string&) { return fault; }, .offers = {"SIZE"}});
        SmtpSender sender(options_for(*server), kClock);
        ports::FrozenMail large = mail("k", body);
        const Status status = sender.send(large, soon());
        ASSERT_FALSE(status.has_value());
        EXPECT_NE(status.error().effect, EffectState::unknown) << shown(status);
        EXPECT_EQ(status.error().code, fault.act == Act::answer ? "smtp.too_large" : "mail.unreachable") << shown(status);
        EXPECT_TRUE(server->stored().empty());
    }
}

TEST(SmtpBreaks, ASilentServerIsWaitedForNoLongerThanTheDeadline) {
    struct Silence {
        At at;
        EffectState effect;
        std::size_t stored;
    };
    for (const Silence& silence : {Silence{At::ehlo_again, EffectState::not_sent, 0},
                                   {At::sender, EffectState::not_sent, 0},
                                   {At::data, EffectState::not_sent, 0},
                                   {At::after_end, EffectState::unknown, 0},
                                   {At::stored, EffectState::unknown, 1}}) {
        const SmtpFault fault{.at = silence.at, .act = Act::stay_silent};
        const auto server = must_start(
            {.on_connection = [&](std::size_t) { return fault; }, .on_mail = [&](const std::string&) { return fault; }});
        SmtpSender sender(options_for(*server), kClock);
        const Status status = sender.send(mail("k"), Deadline::in(milliseconds(150)));
        ASSERT_FALSE(status.has_value());
        EXPECT_EQ(status.error().effect, silence.effect) << shown(status);
        EXPECT_EQ(status.error().kind, ErrorKind::timed_out) << shown(status);
        EXPECT_EQ(server->times_stored("k"), silence.stored);
    }
}

/// Time that ends at the n-th look at it.
class EndingClock final : public Clock {
public:
    explicit EndingClock(int looks) : looks_(looks) {}
    [[nodiscard]] Instant now() const override { return Instant{}; }
    [[nodiscard]] Duration monotonic() const override { return looks_-- > 0 ? Duration(1) : Duration(std::chrono::hours(1)); }

private:
    mutable std::atomic<int> looks_;
};

/// One mail after the other, the first with a lease that ends at the first look, and so on until one is sent.
std::map<EffectState, int> end_leases(const BreakingSmtpServer& server, int round) {
    const std::atomic<std::int64_t> lease = Duration(std::chrono::minutes(1)).count();
    std::map<EffectState, int> ends;
    for (int looks = 1; looks < 1'000; ++looks) {
        const EndingClock clock(looks);
        SmtpSender sender(options_for(server), kClock);
        const std::string key = fmt::format("k{}-{}", round, looks);
        const Status status = sender.send(mail(key), Deadline::in(std::chrono::minutes(1), clock, lease));
        if (status) {
            EXPECT_EQ(server.times_stored(key), 1U);
            return ends;
        }
        ++ends[status.error().effect];
        EXPECT_TRUE(status.error().effect == EffectState::unknown || server.times_stored(key) == 0) << shown(status);
    }
    ADD_FAILURE() << "no mail was ever sent";
    return ends;
}

TEST(SmtpBreaks, ALeaseThatEndsAtAnyMomentLeavesNoDoubt) {
    const auto server = must_start({});
    // How often a reply must be waited for differs from time to time, so a round may pass over the look that matters: the one
    // between the mail and its end. Without that look no round meets it.
    const Deadline enough = Deadline::in(seconds(20));
    for (int round = 0; server->left_without_end() == 0 && !enough.has_passed(); ++round) {
        std::map<EffectState, int> ends = end_leases(*server, round);
        EXPECT_GT(ends[EffectState::not_sent], 3);
        EXPECT_EQ(ends[EffectState::refused], 0);
    }
    EXPECT_GT(server->left_without_end(), 0U);
}

TEST(SmtpBreaks, AConnectionClosedWhileIdleCostsNothing) {
    for (const Act act : {Act::drop, Act::answer}) {
        const auto server = must_start(
            {.on_mail = [&](const std::string&) { return SmtpFault{.at = At::idle, .act = act, .text = "421 4.4.2 bored"}; }});
        SmtpSender sender(options_for(*server), kClock);
        for (int i = 0; i < 5; ++i) {
            const std::string key = fmt::format("k{}", i);
            const Status status = sender.send(mail(key), soon());
            ASSERT_TRUE(status.has_value()) << shown(status);
            EXPECT_EQ(server->times_stored(key), 1U);
        }
        EXPECT_EQ(server->connections(), 5U);
    }
}

TEST(SmtpBreaks, AConnectionIsUsedAgainUntilItIsOld) {
    const auto server = must_start({.on_mail = [](const std::string& key) {
        return key == "refused" ? answer(At::recipient, "550 5.1.1 nobody") : SmtpFault{};
    }});
    VirtualClock clock(from_unix_ms(1'790'000'000'000));
    SmtpSender sender(options_for(*server), clock);
    ASSERT_TRUE(sender.send(mail("a"), soon()).has_value());
    clock.advance(seconds(59));
    EXPECT_EQ(sender.send(mail("refused"), soon()).error().code, "smtp.recipient_refused");
    ASSERT_TRUE(sender.send(mail("b"), soon()).has_value());
    EXPECT_EQ(server->connections(), 1U);
    clock.advance(seconds(60));
    ASSERT_TRUE(sender.send(mail("c"), soon()).has_value());
    EXPECT_EQ(server->connections(), 2U);
    EXPECT_EQ(server->stored().size(), 3U);
}

TEST(SmtpBreaks, TheEnvelopeIsWhatWasAskedFor) {
    const auto server = must_start({});
    SmtpSender sender(options_for(*server), kClock);
    const ports::FrozenMail sent = mail("abc");
    ASSERT_TRUE(sender.send(sent, soon()).has_value());
    ASSERT_EQ(server->stored().size(), 1U);
    const testkit::StoredMail stored = server->stored().front();
    EXPECT_EQ(stored.bytes, sent.bytes);
    EXPECT_EQ(stored.sender_command, fmt::format("MAIL FROM:<help@shop.example> SIZE={} RET=HDRS ENVID=abc", sent.bytes.size()));
    EXPECT_EQ(stored.recipient_command, "RCPT TO:<ann@customer.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann@customer.example");
}

TEST(SmtpBreaks, AServerThatAsksForAPauseGetsOne) {
    for (const std::string text : {"421 4.3.2 too many", "451 4.7.0 too fast"}) {
        std::atomic<bool> is_busy = true;
        const auto server =
            must_start({.on_mail = [&](const std::string&) { return is_busy ? answer(At::sender, text) : SmtpFault{}; }});
        VirtualClock clock(from_unix_ms(1'790'000'000'000));
        SmtpSender sender(options_for(*server), clock);
        EXPECT_EQ(sender.send(mail("a"), soon()).error().code, "smtp.try_later");
        is_busy = false;
        const Status paused = sender.send(mail("a"), soon());
        ASSERT_FALSE(paused.has_value());
        EXPECT_EQ(paused.error().code, "smtp.paced");
        EXPECT_EQ(paused.error().effect, EffectState::not_sent);
        EXPECT_EQ(paused.error().retry_after, Duration(seconds(30)));
        EXPECT_EQ(server->connections(), 1U);
        clock.advance(seconds(30));
        EXPECT_TRUE(sender.send(mail("a"), soon()).has_value());
        EXPECT_EQ(server->times_stored("a"), 1U);
    }
}

TEST(SmtpBreaks, AHostileReplyDoesNotReachTheLogAsItIs) {
    const auto server =
        must_start({.on_mail = [](const std::string&) { return answer(At::sender, "550 \x1B[2J" + std::string(1'500, 'x')); }});
    SmtpSender sender(options_for(*server), kClock);
    const std::string detail = sender.send(mail("a"), soon()).error().detail;
    EXPECT_EQ(detail.find('\x1B'), std::string::npos);
    EXPECT_LT(detail.size(), 400U);
}

}  // namespace
}  // namespace resolute::connectors
