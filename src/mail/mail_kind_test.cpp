// SPDX-License-Identifier: Apache-2.0
#include "mail/mail_kind.h"

#include <gtest/gtest.h>

namespace resolute::mail {
namespace {

MailKind kind_of(const std::string& header, const std::string& from = "ann@customer.example") {
    return parse("From: " + from + "\n" + header + "\nHello.\n").kind;
}

TEST(Classify, PeopleStayPeople) {
    EXPECT_EQ(kind_of("Subject: Help\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Help\nAuto-Submitted: no\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Help\nAuto-Submitted: No (really)\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Automatic reply is broken\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Out of office plugin: how do I install it?\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Re: Automatic reply: your ticket\nIn-Reply-To: <a@b>\nX-Auto-Response-Suppress: All\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Undeliverable parcel\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Help\nX-Auto-Response-Suppress: DR, OOF, AutoReply\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Help\nList-Unsubscribe: <mailto:x@y.example>\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: My mail came back\n", "postmaster@customer.example"), MailKind::person);
}

TEST(Classify, AutomaticRepliesByRfc3834Section5AndPractice) {
    for (const std::string header :
         {"Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated; x=y\n", "Auto-Submitted: AUTO-REPLIED (vacation)\n",
          "X-Autoreply: yes\n", "X-Autorespond: 1\n", "Precedence: auto_reply\n",
          "Subject: Automatic reply: Help\nX-Auto-Response-Suppress: All\n", "Subject: Out of Office\nReturn-Path: <>\n",
          "Subject: =?utf-8?Q?R=C3=A9ponse_automatique?=\nPrecedence: bulk\n", "Subject: Abwesenheitsnotiz: x\nIn-Reply-To: <a@b>\n"}) {
        EXPECT_EQ(kind_of(header), MailKind::auto_reply) << header;
    }
}

TEST(Classify, BouncesByReportOrByDaemon) {
    EXPECT_EQ(kind_of("Content-Type: multipart/report; boundary=x;\n\treport-type=\"delivery-status\"\n"), MailKind::bounce);
    EXPECT_EQ(kind_of("X-Failed-Recipients: a@b.example\n"), MailKind::bounce);
    EXPECT_EQ(kind_of("Return-Path: <>\nSubject: x\n", "MAILER-DAEMON@mx.example"), MailKind::bounce);
    EXPECT_EQ(kind_of("Subject: Undelivered Mail Returned to Sender\n", "postmaster@mx.example"), MailKind::bounce);
    EXPECT_EQ(kind_of("Return-Path: <>\nSubject: Delivery Status Notification (Failure)\n"), MailKind::bounce);
}

TEST(Classify, ReportsListsAndChallenges) {
    EXPECT_EQ(kind_of("Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n"), MailKind::report);
    EXPECT_EQ(kind_of("Content-Type: multipart/report; report-type=feedback-report; boundary=x\n"), MailKind::report);
    EXPECT_EQ(kind_of("List-Id: <dev.example>\n"), MailKind::list);
    EXPECT_EQ(kind_of("List-Unsubscribe: <x>\nPrecedence: bulk\n"), MailKind::list);
    EXPECT_EQ(kind_of("Precedence: junk\n"), MailKind::list);
    EXPECT_EQ(kind_of("Subject: Please confirm your message\nAuto-Submitted: auto-replied\n"), MailKind::challenge);
    EXPECT_EQ(kind_of("Subject: Please confirm your message arrived\n"), MailKind::person);
}

TEST(Classify, TheReasonNamesTheHeader) {
    EXPECT_EQ(parse("From: a@b.example\nAuto-Submitted: auto-replied\n\nx\n").kind_reason, "Auto-Submitted: auto-replied");
    EXPECT_EQ(parse("From: a@b.example\n\nx\n").kind_reason, "");
}

}  // namespace
}  // namespace resolute::mail
