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
    EXPECT_EQ(kind_of("Subject: Re: Automatic reply: your ticket\nIn-Reply-To: <a@b>\nX-Auto-Response-Suppress: All\n"),
              MailKind::person);
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
          "Subject: =?utf-8?Q?R=C3=A9ponse_automatique?=\nPrecedence: bulk\n",
          "Subject: Abwesenheitsnotiz: x\nIn-Reply-To: <a@b>\n"}) {
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

TEST(Classify, VerificationMailNeedsASubjectAndAProgram) {
    EXPECT_EQ(kind_of("Subject: Your verification code is 123456\n", "no-reply@service.example"), MailKind::verification);
    EXPECT_EQ(kind_of("Subject: Passwort zurücksetzen\nAuto-Submitted: auto-generated\n", "konto@service.example"),
              MailKind::verification);
    EXPECT_EQ(kind_of("Subject: Confirm your email\nFeedback-ID: 1:x\n", "hello@service.example"), MailKind::verification);
    EXPECT_EQ(
        parse("From: hi@service.example\nSubject: Your login code\n\nCode 1. If you did not request it, ignore this email.\n")
            .kind,
        MailKind::verification);
    EXPECT_EQ(kind_of("Subject: I got no verification code\n"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Re: Confirm your email\n", "no-reply@service.example"), MailKind::auto_reply);
}

TEST(Classify, NobodyReadsBehindANoReplyAddressUnlessAnotherWriterIsNamed) {
    EXPECT_EQ(kind_of("Subject: Your parcel\n", "no-reply@carrier.example"), MailKind::auto_reply);
    EXPECT_EQ(kind_of("Subject: Ihre Bestellung\n", "shop.do_not_reply@carrier.example"), MailKind::auto_reply);
    EXPECT_EQ(kind_of("Subject: Contact form\nReply-To: ann@customer.example\n", "noreply@shop.example"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Contact form\nReply-To: no-reply@other.example\n", "noreply@shop.example"), MailKind::auto_reply);
    EXPECT_EQ(kind_of("Subject: Contact form\nTo: help@shop.example\n", "noreply@www.shop.example"), MailKind::person);
    EXPECT_EQ(kind_of("Subject: Contact form\nTo: help@shop.example\n", "noreply@workshop.example"), MailKind::auto_reply);
}

TEST(Classify, AnAwayMessageWithoutHeadersHasTwoWitnesses) {
    EXPECT_EQ(parse("From: a@b.example\nSubject: Abwesenheit: Anfrage\n\nIch bin bis Freitag nicht im Büro.\n").kind,
              MailKind::auto_reply);
    EXPECT_EQ(parse("From: a@b.example\nSubject: Abwesenheit melden: wie?\n\nWo trage ich meinen Urlaub ein?\n").kind,
              MailKind::person);
}

TEST(Classify, ANewsletterWithoutAListIdIsAListWhereABulkSenderShows) {
    EXPECT_EQ(kind_of("Subject: Our spring sale\nList-Unsubscribe: <mailto:x@y.example>\nFeedback-ID: 1:2\n"), MailKind::list);
    EXPECT_EQ(
        kind_of("Subject: Sale\nList-Unsubscribe: <https://y.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"),
        MailKind::list);
}

TEST(Classify, TheReasonNamesTheHeader) {
    EXPECT_EQ(parse("From: a@b.example\nAuto-Submitted: auto-replied\n\nx\n").kind_reason, "Auto-Submitted: auto-replied");
    EXPECT_EQ(parse("From: a@b.example\n\nx\n").kind_reason, "");
}

}  // namespace
}  // namespace resolute::mail
