// SPDX-License-Identifier: Apache-2.0
#include "mailroom/bounce.h"

#include <gtest/gtest.h>

#include "mailroom/test_fakes.h"

namespace resolute::mailroom {
namespace {

using test::World;

class ReportsOfDelivery : public testing::Test {
protected:
    ReportsOfDelivery() {
        world.options.rules.tokens = &tokens;
        world.cases.add("c1", "ann@shop.example", {"e0.c1@us.example"});
    }

    /// A bounce as Postfix writes it: about the mail `id`, with `more` in the returned header.
    static std::string bounce(const std::string& id, const std::string& action = "failed", const std::string& status = "5.1.1", const std::string& envelope = {},
                              const std::string& more = {}) {
        return "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.us.example\r\nTo: support@us.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
               "Message-ID: <b" + id.substr(0, 3) + action + "@mx.us.example>\r\nMIME-Version: 1.0\r\n"
               "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
               "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.us.example\r\n" + (envelope.empty() ? "" : "Original-Envelope-Id: " + envelope + "\r\n") +
               "\r\nFinal-Recipient: rfc822; ann@shop.example\r\nAction: " + action + "\r\nStatus: " + status +
               "\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: support@us.example\r\n"
               "To: ann@shop.example\r\nMessage-ID: <" + id + ">\r\n" + more + "\r\n--x--\r\n";
    }
    ports::MailRecord submit(const std::string& bytes) {
        auto record = world.intake().submit({.position = {}, .received_at = test::kNoon, .bytes = bytes});
        EXPECT_TRUE(record) << describe(record.error());
        return record.value_or(ports::MailRecord{});
    }
    const casework::MailBounced* told() {
        if (world.inbox.signals.empty()) return nullptr;
        const auto* arrived = std::get_if<casework::BounceArrived>(&world.inbox.signals.back().second);
        return arrived ? &arrived->bounce : nullptr;
    }
    [[nodiscard]] std::string marked(std::string_view recipient = "ann@shop.example") const {
        return tokens.message_id(CaseId("c1"), EffectId("e7"), recipient, "us.example");
    }

    const mail::ThreadTokens tokens{{seal::Key{1}}};
    World world;
};

TEST_F(ReportsOfDelivery, AFailureThatReturnsOurMarkIsASignalToItsCase) {
    const ports::MailRecord record = submit(bounce(marked()));
    EXPECT_EQ(record.outcome, ports::MailOutcome::appended);
    EXPECT_EQ(record.case_id, CaseId("c1"));
    EXPECT_EQ(record.reason, "mail.bounce: failed 5.1.1; our mail e7 came back");
    ASSERT_NE(told(), nullptr);
    EXPECT_EQ(world.inbox.signals.back().first, CaseId("c1"));
    EXPECT_EQ(told()->effect, EffectId("e7"));
    EXPECT_TRUE(told()->is_permanent);
    EXPECT_EQ(told()->status, "5.1.1");
    EXPECT_EQ(told()->diagnostic, "550 5.1.1 User unknown");
}

TEST_F(ReportsOfDelivery, TheEnvelopeIdIsEnoughAndSoIsTheHeaderBesideAReplacedId) {
    const std::string id = marked();
    submit(bounce("replaced@email.relay.example", "failed", "5.1.1", id.substr(0, id.find('@'))));
    ASSERT_NE(told(), nullptr);
    world.inbox.signals.clear();
    submit(bounce("other@email.relay.example", "failed", "5.2.1", {},
                  "X-Resolute-Effect: e7\r\nX-Resolute-Case: c1\r\nX-Resolute-Token: " + tokens.mac_of(CaseId("c1"), EffectId("e7"), "ann@shop.example") + "\r\n"));
    ASSERT_NE(told(), nullptr);
    EXPECT_EQ(told()->status, "5.2.1");
}

TEST_F(ReportsOfDelivery, GivingUpForNowSaysNothingAgainstTheAddress) {
    submit(bounce(marked(), "failed", "4.4.7"));
    ASSERT_NE(told(), nullptr);
    EXPECT_FALSE(told()->is_permanent);
}

TEST_F(ReportsOfDelivery, ADelayIsNotedAndChangesNothing) {
    for (const std::string action : {"delayed", "delivered", "relayed"}) {
        const ports::MailRecord record = submit(bounce(marked(), action, "4.0.0"));
        EXPECT_EQ(record.outcome, ports::MailOutcome::ignored);
        EXPECT_EQ(record.case_id, CaseId("c1"));
        EXPECT_TRUE(record.reason.starts_with("mail.bounce: " + action)) << record.reason;
    }
    EXPECT_TRUE(world.inbox.signals.empty());
}

TEST_F(ReportsOfDelivery, WithoutOurMarkNothingIsBelieved) {
    const std::string forged = "e7.c1." + std::string(32, 'a') + "@us.example";
    for (const std::string& id : {forged, std::string("e0.c1@us.example"), marked("bob@other.example"), std::string("x@elsewhere.example")}) {
        const ports::MailRecord record = submit(bounce(id));
        EXPECT_EQ(record.outcome, ports::MailOutcome::ignored) << id;
        EXPECT_NE(record.reason.find("it returns no mark of ours"), std::string::npos) << record.reason;
    }
    submit(bounce("y@elsewhere.example", "failed", "5.1.1", "e7", "X-Resolute-Effect: e7\r\nX-Resolute-Case: c1\r\n"));
    EXPECT_TRUE(world.inbox.signals.empty());
}

TEST_F(ReportsOfDelivery, ACaseThatTakesNothingMoreLeavesTheBounceIgnored) {
    world.inbox.refuse = [](const CaseId&, const casework::Signal&) { return Error{.code = "case.erased", .kind = ErrorKind::refused}; };
    const ports::MailRecord record = submit(bounce(marked()));
    EXPECT_EQ(record.outcome, ports::MailOutcome::ignored);
    EXPECT_NE(record.reason.find("case.erased"), std::string::npos);
}

}  // namespace
}  // namespace resolute::mailroom
