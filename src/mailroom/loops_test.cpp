// SPDX-License-Identifier: Apache-2.0
#include "mailroom/loops.h"

#include <gtest/gtest.h>

#include "mailroom/test_fakes.h"

namespace resolute::mailroom {
namespace {

using casework::Trust;
using test::kNoon;

std::string sign_of(const std::string& header) {
    return find_loop_sign(mail::parse(header + "To: support@us.example\r\nSubject: Hello\r\n\r\nHello\r\n"));
}

TEST(LoopSigns, APersonsMailHasNone) {
    EXPECT_EQ(sign_of("From: ann@shop.example\r\n"), "");
    EXPECT_EQ(sign_of("From: ann@shop.example\r\nX-Auto-Response-Suppress: DR, RN, NRN\r\n"), "") << "no receipts, please: that is not about answers";
    EXPECT_EQ(sign_of("From: ann@shop.example\r\nX-Auto-Response-Suppress: None\r\n"), "");
    EXPECT_EQ(sign_of("From: noreen@shop.example\r\n"), "");
    EXPECT_EQ(sign_of("From: bob.request@shop.example\r\n"), "");
}

TEST(LoopSigns, WhatShallOrCanNotBeAnsweredHasOne) {
    EXPECT_NE(sign_of("From: ann@shop.example\r\nX-Auto-Response-Suppress: All\r\n"), "");
    EXPECT_NE(sign_of("From: ann@shop.example\r\nx-auto-response-suppress: DR, oof, AutoReply\r\n"), "");
    EXPECT_NE(sign_of("From: ann@shop.example\r\nList-Unsubscribe: <mailto:leave@list.example>\r\n"), "");
    EXPECT_NE(sign_of("From: ann@shop.example\r\nX-Loop: support@us.example\r\n"), "");
    EXPECT_NE(sign_of("Return-Path: <>\r\nFrom: ann@shop.example\r\n"), "");
    for (const std::string local : {"no-reply", "NoReply", "donotreply", "mailer-daemon", "postmaster", "owner-news", "news-request", "news-bounces", "bounce+17"})
        EXPECT_NE(sign_of("From: " + local + "@shop.example\r\n"), "") << local;
}

class LoopsInTheMailroom : public testing::Test {
protected:
    LoopsInTheMailroom() {
        cases.add("c1", "ann@shop.example", {"t1@us.example"});
        cases.tickets["T-1042"] = CaseId("c1");
        record.id = MailId("m1");
        record.received_at = kNoon;
        record.size = 500;
    }
    Route routed(const std::string& header) {
        const mail::ParsedEmail email = mail::parse(header + "To: support@us.example\r\n\r\nHello there\r\n");
        const SenderTrust sender{Trust::verified, "dmarc=pass"};
        auto result = route({.record = record, .email = email, .sender = sender, .now = kNoon}, rules, store, cases);
        EXPECT_TRUE(result) << describe(result.error());
        return result.value_or(Route{Quarantined{"the call failed"}});
    }
    test::Faults faults;
    test::FakeStore store{faults};
    test::FakeCases cases{faults};
    RouteRules rules{.own_addresses = {"support@us.example"}};
    ports::MailRecord record;
};

TEST_F(LoopsInTheMailroom, ADoubtfulMailOpensACaseForAPerson) {
    const Route route = routed("From: ann@shop.example\r\nSubject: Your parcel\r\nX-Auto-Response-Suppress: All\r\n");
    ASSERT_TRUE(std::holds_alternative<NewCase>(route));
    EXPECT_TRUE(std::get<NewCase>(route).intake_problem.starts_with("mail.unattended: "));
}

TEST_F(LoopsInTheMailroom, ADoubtfulReplyJoinsItsCaseAndTellsSo) {
    const Route route = routed("From: ann@shop.example\r\nSubject: Re: x\r\nIn-Reply-To: <t1@us.example>\r\nX-Auto-Response-Suppress: All\r\n");
    ASSERT_TRUE(std::holds_alternative<ExistingCase>(route));
    EXPECT_EQ(std::get<ExistingCase>(route).unattended, "X-Auto-Response-Suppress: All");
}

TEST_F(LoopsInTheMailroom, AnAnswerByItsNumberAloneIsForAPerson) {
    const std::string subject = "Subject: Re: [T-1042] Your order\r\n";
    const Route route = routed("From: ann@shop.example\r\n" + subject);
    ASSERT_TRUE(std::holds_alternative<NewCase>(route)) << "a subject never joins a case";
    EXPECT_TRUE(std::get<NewCase>(route).intake_problem.starts_with("mail.unattended: its subject bears the number of T-1042"));
    EXPECT_EQ(routed("From: bob@other.example\r\n" + subject), Route(NewCase{})) << "another's number means nothing";
    EXPECT_EQ(routed("From: ann@shop.example\r\nSubject: [T-9999] x\r\n"), Route(NewCase{}));
    EXPECT_EQ(std::get<ExistingCase>(routed("From: ann@shop.example\r\n" + subject + "In-Reply-To: <t1@us.example>\r\n")).unattended, "");
}

TEST_F(LoopsInTheMailroom, ACaseThatWasMergedGoesOnInAnotherOne) {
    cases.add("c2", "bob@other.example", {"u1@us.example"});
    cases.merged[CaseId("c1")] = CaseId("c2");
    const std::string reply = "From: ann@shop.example\r\nSubject: Re: x\r\nIn-Reply-To: <t1@us.example>\r\n";
    EXPECT_EQ(routed(reply), Route(NewCase{.intake_problem = {}, .linked_case = "c2"}));
    cases.parties[CaseId("c2")] = {"ann@shop.example"};
    EXPECT_EQ(routed(reply), Route(ExistingCase{CaseId("c2"), Trust::verified}));
}

}  // namespace
}  // namespace resolute::mailroom
