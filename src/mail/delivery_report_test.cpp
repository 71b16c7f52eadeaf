// SPDX-License-Identifier: Apache-2.0
#include "mail/delivery_report.h"

#include <gtest/gtest.h>

#include "mail/limits.h"

namespace resolute::mail {
namespace {

std::string bounce(const std::string& status,
                   const std::string& returned = "Message-ID: <m1@shop.example>\nX-Resolute-Effect: c-1.send.1\n") {
    return "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; "
           "boundary=b\n\n"
           "--b\n\nIt could not be delivered.\n--b\nContent-Type: message/delivery-status\n\n" +
           status + "\n--b\nContent-Type: text/rfc822-headers\n\n" + returned + "\n--b--\n";
}

DeliveryReport report_of(const std::string& raw) {
    const ParsedEmail mail = parse(raw);
    EXPECT_EQ(mail.kind, MailKind::bounce);
    return mail.delivery_report.value_or(DeliveryReport{});
}

TEST(DeliveryReportOf, Rfc3464FieldsAndTheReturnedHeaderAreValues) {
    const DeliveryReport report = report_of(bounce(
        "Reporting-MTA: dns; mx.shop.example\nOriginal-Envelope-Id: c-1+2Bx+3D\n\nOriginal-Recipient: "
        "rfc822;ann@Customer.example\n"
        "Final-Recipient: RFC822; a.n@relay.example\nAction: failed (really)\nStatus: 5.0.0\nRemote-MTA: dns; relay.example\n"
        "Diagnostic-Code: smtp; 550 5.1.1\n <a.n@relay.example>: no such user\n"));
    EXPECT_TRUE(report.is_standard);
    EXPECT_EQ(report.original_envelope_id, "c-1+x=");
    EXPECT_EQ(report.reporting_mta, "mx.shop.example");
    ASSERT_EQ(report.recipients.size(), 1U);
    const DeliveryStatus& status = report.recipients.front();
    EXPECT_EQ(status.recipient, "a.n@relay.example");
    EXPECT_EQ(status.original_recipient, "ann@customer.example");
    EXPECT_EQ(status.action, "failed");
    EXPECT_EQ(status.status, "5.1.1");
    EXPECT_EQ(status.diagnostic, "550 5.1.1 <a.n@relay.example>: no such user");
    EXPECT_EQ(status.remote_mta, "relay.example");
    EXPECT_EQ(report.returned_message_id, "m1@shop.example");
    EXPECT_EQ(report.returned_effect, "c-1.send.1");
}

TEST(DeliveryReportOf, ADelayIsADelayAndSeveralRecipientsAreSeveral) {
    const DeliveryReport report =
        report_of(bounce("Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.4.7\n\n"
                         "Final-Recipient: rfc822; b@x.example\nStatus: 5.2.2\n"));
    ASSERT_EQ(report.recipients.size(), 2U);
    EXPECT_EQ(report.recipients[0].action, "delayed");
    EXPECT_EQ(report.recipients[1].action, "failed");
}

TEST(DeliveryReportOf, EximAndQmailWriteForPeople) {
    const DeliveryReport exim = report_of(
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: ann@customer.example\nReturn-Path: <>\n\n"
        "A message that you sent could not be delivered.\n\n  ann@customer.example\n    SMTP error: 550 5.1.1 unknown\n\n"
        "------ This is a copy of the message's headers. ------\n\nMessage-ID: <m2@shop.example>\nX-Resolute-Effect: "
        "c-2.send.1\n");
    EXPECT_FALSE(exim.is_standard);
    ASSERT_EQ(exim.recipients.size(), 1U);
    EXPECT_EQ(exim.recipients[0].recipient, "ann@customer.example");
    EXPECT_EQ(exim.recipients[0].status, "5.1.1");
    EXPECT_EQ(exim.recipients[0].action, "failed");
    EXPECT_EQ(exim.returned_effect, "c-2.send.1");

    const DeliveryReport qmail = report_of(
        "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: failure notice\n\nHi. This is the qmail-send program at "
        "mx.example.\n\n"
        "<ann@customer.example>:\n192.0.2.5 does not like recipient. (#5.1.1)\n\n--- Below this line is a copy of the "
        "message.\n\nMessage-ID: <m3@x>\n");
    ASSERT_EQ(qmail.recipients.size(), 1U);
    EXPECT_EQ(qmail.recipients[0].recipient, "ann@customer.example");
    EXPECT_EQ(qmail.recipients[0].status, "5.1.1");
    EXPECT_EQ(qmail.returned_message_id, "m3@x");
}

TEST(DeliveryReportOf, AVersionOrAnAddressIsNoStatus) {
    const DeliveryReport report =
        report_of(bounce("\nFinal-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.0.0\n"
                         "Diagnostic-Code: smtp; 554 from 5.1.10.7, agent/4.5.6.7, 15.2.3\n"));
    ASSERT_EQ(report.recipients.size(), 1U);
    EXPECT_EQ(report.recipients[0].status, "5.0.0");
}

TEST(DeliveryReportOf, RecipientsAreBounded) {
    std::string status = "Reporting-MTA: dns; mx\n\n";
    for (int i = 0; i < 5'000; ++i) status += "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n";
    EXPECT_EQ(report_of(bounce(status)).recipients.size(), limits::delivery_statuses_max);
    EXPECT_FALSE(parse("From: a@b.example\n\nHello\n").delivery_report.has_value());
}

}  // namespace
}  // namespace resolute::mail
