// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "mail/parsed_email.h"
#include "mail/raw_mail.h"

namespace resolute::mail {
namespace {

TEST(Parse, ContentKeyIsEqualForTheSameMailDeliveredTwice) {
    const std::string body = "Subject: Where is  my order?\n\nIt never\ncame.\n";
    const ParsedEmail one = parse("Received: a\nFrom: Ann <Ann@Customer.example>\nMessage-ID: <1@x>\n" + body);
    const ParsedEmail two = parse("Received: b\nFrom: ann@customer.example\nMessage-ID: <2@x>\nSubject: where is my order?\n\nIt never came.  \n");
    EXPECT_EQ(one.content_key, two.content_key);
    EXPECT_EQ(one.content_key.size(), 64U);
    EXPECT_NE(one.content_key, parse("From: bob@customer.example\n" + body).content_key);
    EXPECT_NE(one.content_key, parse("From: ann@customer.example\n" + body + "Really.\n").content_key);
}

TEST(Parse, ContentKeyTellsAttachmentsApart) {
    const auto raw = [](std::string_view bytes) {
        return "From: a@b.example\nContent-Type: multipart/mixed; boundary=p\n\n--p\n\nSee the file.\n--p\nContent-Type: image/png\n"
               "Content-Transfer-Encoding: base64\n\n" + std::string(bytes) + "\n--p--\n";
    };
    EXPECT_NE(parse(raw("QUFB")).content_key, parse(raw("QUFC")).content_key);
    EXPECT_EQ(parse(raw("QUFB")).attachments.front().bytes, "AAA");
}

TEST(Parse, IdsAreReadWithoutBracketsEvenWhenFolded) {
    const ParsedEmail mail = parse("Message-ID:\n <a@\n b>\nIn-Reply-To: Your message <x@y> of Monday\nReferences: <1@x>\n\t<2@x><3@x>\n\nt\n");
    EXPECT_EQ(mail.message_id, "a@b");
    EXPECT_EQ(mail.in_reply_to, "x@y");
    EXPECT_EQ(mail.references, (std::vector<std::string>{"1@x", "2@x", "3@x"}));
}

TEST(Parse, ReplyToIsShownOnlyWhereItDiffers) {
    EXPECT_FALSE(parse("From: a@b.example\nReply-To: A <a@b.example>\n\nt\n").reply_to.has_value());
    EXPECT_EQ(parse("From: a@b.example\nReply-To: c@d.example\n\nt\n").reply_to->address, "c@d.example");
}

TEST(Parse, ReturnPathNullAndMissingAreToldApart) {
    EXPECT_TRUE(parse("Return-Path: <>\n\nt\n").has_null_return_path);
    EXPECT_FALSE(parse("From: a@b.example\n\nt\n").has_null_return_path);
    EXPECT_EQ(parse("Return-Path: <a@B.example>\n\nt\n").return_path, "a@b.example");
}

TEST(Parse, SubjectIsCutAtItsLimit) {
    EXPECT_EQ(parse("Subject: " + std::string(998, 's') + "\n\nt\n").subject.size(), 998U);
    EXPECT_EQ(parse("Subject: " + std::string(999, 's') + "\n\nt\n").subject.size(), 998U);
}

TEST(Parse, HeadersAreKeptInOrderAndFoundInAnyCase) {
    const ParsedEmail mail = parse("X-B: 1\nx-a: 2\n folded\nX-B: 3\n\nt\n");
    ASSERT_EQ(mail.headers.size(), 3U);
    EXPECT_EQ(header(mail, "x-b"), "1");
    EXPECT_EQ(header(mail, "X-A"), "2 folded");
    EXPECT_EQ(header(mail, "X-C"), "");
}

TEST(Parse, BareReturnsAreLineEndsWhereThereIsNoLineFeed) {
    const ParsedEmail mail = parse("From: a@b.example\rSubject: Old\r\rOne\rTwo\r");
    EXPECT_EQ(mail.subject, "Old");
    EXPECT_EQ(mail.text, "One\nTwo");
}

TEST(Parse, TextAttachmentsAreNoPartOfTheText) {
    const ParsedEmail mail = parse("From: a@b.example\nContent-Type: multipart/mixed; boundary=p\n\n--p\n\nSee the log.\n--p\n"
                                   "Content-Type: text/plain; name=log.txt\nContent-Disposition: attachment; filename=log.txt\n\nrefund 1\n--p--\n");
    EXPECT_EQ(mail.text, "See the log.");
    ASSERT_EQ(mail.attachments.size(), 1U);
    EXPECT_EQ(mail.attachments.front().file_name, "log.txt");
}

TEST(Parse, JsonNamesAttachmentsByHashAndNeverByContent) {
    const ParsedEmail mail = parse("From: a@b.example\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nU0VDUkVU\n");
    const json::Value value = to_json(mail);
    EXPECT_EQ(value["attachments"].as_array().front()["size"].as_int(), 6);
    EXPECT_EQ(json::dump(value).find("SECRET"), std::string::npos);
    EXPECT_EQ(value["from"]["address"].as_string(), "a@b.example");
}

TEST(IdOf, DependsOnPositionAndBytesOnly) {
    const RawMail mail{.position = {"maildir:inbox", "new", "1.a"}, .received_at = {}, .bytes = "x"};
    RawMail same = mail;
    same.received_at = from_unix_ms(5);
    EXPECT_EQ(id_of(mail), id_of(same));
    EXPECT_EQ(id_of(mail).value().size(), 16U);
    EXPECT_TRUE(id_of(mail).value().starts_with('m'));
    for (RawMail other : {RawMail{{"maildir:inbo", "xnew", "1.a"}, {}, "x"}, RawMail{{"maildir:inbox", "cur", "1.a"}, {}, "x"},
                          RawMail{{"maildir:inbox", "new", "1.b"}, {}, "x"}, RawMail{{"maildir:inbox", "new", "1.a"}, {}, "y"}}) {
        EXPECT_NE(id_of(other), id_of(mail));
    }
}

}  // namespace
}  // namespace resolute::mail
