// SPDX-License-Identifier: Apache-2.0
#include "connectors/gmail/gmail_messages.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "json/json.h"

namespace resolute::connectors {
namespace {

// As the service's description and its guides show them.
constexpr const char* kMessage = R"({
  "id": "18f000000000a001", "threadId": "18f000000000a001", "labelIds": ["INBOX", "UNREAD"], "snippet": "Hello", "sizeEstimate": 1234,
  "historyId": "987654321987654321", "internalDate": "1700000000123", "raw": "RnJvbTogYQ0KDQo_Pj4-"
})";
constexpr const char* kHistory = R"({
  "history": [
    {"id": "101", "messages": [{"id": "a", "threadId": "a"}], "messagesAdded": [{"message": {"id": "a", "threadId": "a", "labelIds": ["INBOX"]}}]},
    {"id": "102", "messages": [{"id": "b", "threadId": "b"}], "labelsAdded": [{"message": {"id": "b", "threadId": "b", "labelIds": ["INBOX", "Label_1"]}, "labelIds": ["INBOX"]}]},
    {"id": "103", "messages": [{"id": "c", "threadId": "c"}], "messagesDeleted": [{"message": {"id": "c", "threadId": "c"}}]},
    {"id": "104", "messagesAdded": [{"message": {"id": "d", "threadId": "d"}}]}
  ],
  "historyId": "18446744073709551615", "nextPageToken": "p2"
})";

transport::HttpAnswer refusal(int status, const std::string& reason, const std::string& words = "m") {
    return {.status = status,
            .content_type = "application/json",
            .body = json::dump(json::Object{
                {"error", json::Object{{"code", status},
                                       {"message", words},
                                       {"status", "S"},
                                       {"errors", json::Array{json::Object{{"domain", "usageLimits"}, {"reason", reason}, {"message", words}}}}}}})};
}

TEST(GmailMessages, AMessagesBytesDateAndLabelsAreRead) {
    const auto message = decode_message(kMessage);
    ASSERT_TRUE(message) << describe(message.error());
    EXPECT_EQ(message->id, "18f000000000a001");
    EXPECT_EQ(message->raw, "From: a\r\n\r\n?>>>") << "base64 of the URL's alphabet";
    EXPECT_EQ(message->received_at, from_unix_ms(1'700'000'000'123));
    EXPECT_TRUE(message->has_label("INBOX"));
    EXPECT_FALSE(message->has_label("SENT"));
}

TEST(GmailMessages, OurFieldsAreFoundInMetadata) {
    const auto message = decode_message(
        R"({"id":"x","payload":{"headers":[{"name":"x-resolute-EFFECT","value":" e1 "},{"name":"Message-Id","value":"<e1.c@acme.example>"}]}})");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->effect, "e1");
    EXPECT_EQ(message->message_id, "e1.c@acme.example");
    EXPECT_FALSE(message->received_at);
}

TEST(GmailMessages, WhatHasNotTheAnnouncedFormIsAnErrorOfUnknownEffect) {
    for (const char* body : {"", "[]", "<html>", R"({"threadId":"x"})", R"({"id":"x","raw":"$$$"})"}) {
        const auto message = decode_message(body);
        ASSERT_FALSE(message) << body;
        EXPECT_EQ(message.error().code, "gmail.malformed");
        EXPECT_EQ(message.error().effect, EffectState::unknown);
    }
    EXPECT_FALSE(decode_draft(R"({"message":{"id":"x"}})"));
    EXPECT_EQ(decode_message(R"({"id":"x","internalDate":"-5","labelIds":"INBOX"})")->received_at, std::nullopt);
}

TEST(GmailMessages, TheHistoryTellsWhatCameAndWhatCameToALabel) {
    const auto history = decode_history(kHistory);
    ASSERT_TRUE(history);
    ASSERT_EQ(history->arrivals.size(), 3U);
    EXPECT_EQ(history->arrivals[0].id, "a");
    EXPECT_EQ(history->arrivals[1].id, "b");
    EXPECT_EQ(history->arrivals[1].label_ids, (std::vector<std::string>{"INBOX", "Label_1"}));
    EXPECT_FALSE(history->arrivals[2].label_ids) << "not said";
    EXPECT_EQ(history->history_id, 18446744073709551615U) << "an unsigned number of 64 bits, as text";
    EXPECT_EQ(history->next_page, "p2");
    const auto nothing = decode_history(R"({"historyId":"7"})");
    ASSERT_TRUE(nothing);
    EXPECT_TRUE(nothing->arrivals.empty());
}

TEST(GmailMessages, PagesOfIdsAndAnEmptyMailbox) {
    const auto page = decode_messages(R"({"messages":[{"id":"a","threadId":"t"},{"id":"b","threadId":"t"}],"nextPageToken":"n","resultSizeEstimate":2})");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->ids, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(page->next_page, "n");
    EXPECT_TRUE(decode_messages(R"({"resultSizeEstimate":0})")->ids.empty());
    EXPECT_EQ(decode_drafts(R"({"drafts":[{"id":"r-1","message":{"id":"a"}}]})")->ids, std::vector<std::string>{"r-1"});
}

TEST(GmailMessages, ADraftIsWrittenWithTheBytesOfTheMail) {
    EXPECT_EQ(encode_draft("To: b\r\n\r\n?\?\?>"), R"({"message":{"raw":"VG86IGINCg0KPz8_Pg"}})");
    EXPECT_EQ(encode_draft("To: b\r\n\r\n?\?\?>", "r-1"), R"({"id":"r-1","message":{"raw":"VG86IGINCg0KPz8_Pg"}})");
}

TEST(GmailMessages, OfACutAnswerTheBytesAreReadAsFarAsTheyGo) {
    EXPECT_EQ(decode_cut_raw("{\n  \"raw\": \"" + to_base64url("Subject: long") .substr(0, 15)), "Subject: ");
    EXPECT_EQ(decode_cut_raw(R"({"raw":"Zm9v"})"), "foo");
    EXPECT_FALSE(decode_cut_raw(R"({"id":"x")"));
    EXPECT_FALSE(decode_cut_raw(R"({"raw)"));
}

TEST(GmailMessages, AMessageIdThatCouldAskForSomethingElseIsNoQuestion) {
    EXPECT_EQ(question_for("abc.m1@acme.example"), "rfc822msgid:abc.m1@acme.example");
    for (const char* wrong : {"", "a b@c", "a@b OR in:inbox", "a\"@b", "a(b)@c", "a:b@c"}) EXPECT_EQ(question_for(wrong), "") << wrong;
}

TEST(GmailMessages, EachRefusalSaysWhatHappenedAndWhatToDoNext) {
    const Instant now = from_unix_ms(1'000'000'000'000);  // 2001-09-09T01:46:40Z
    struct Row {
        transport::HttpAnswer answer;
        const char* code;
        ErrorKind kind;
        EffectState effect;
    };
    const Row rows[] = {
        {refusal(401, "authError"), "gmail.unauthorized", ErrorKind::refused, EffectState::not_sent},
        {refusal(403, "insufficientPermissions"), "gmail.forbidden", ErrorKind::refused, EffectState::refused},
        {refusal(403, "domainPolicy"), "gmail.forbidden", ErrorKind::refused, EffectState::refused},
        {refusal(403, "rateLimitExceeded"), "gmail.rate_limited", ErrorKind::rate_limited, EffectState::not_sent},
        {refusal(403, "userRateLimitExceeded"), "gmail.rate_limited", ErrorKind::rate_limited, EffectState::not_sent},
        {refusal(429, "anything"), "gmail.rate_limited", ErrorKind::rate_limited, EffectState::not_sent},
        {refusal(404, "notFound"), "gmail.not_found", ErrorKind::not_found, EffectState::refused},
        {refusal(400, "invalidArgument"), "gmail.refused", ErrorKind::invalid, EffectState::refused},
        {refusal(413, "uploadTooLarge"), "gmail.refused", ErrorKind::invalid, EffectState::refused},
        {refusal(500, "backendError"), "gmail.unavailable", ErrorKind::unavailable, EffectState::unknown},
        {{.status = 502, .content_type = "text/html", .body = "<html>"}, "gmail.unavailable", ErrorKind::unavailable, EffectState::unknown},
        {{.status = 302, .content_type = {}, .body = {}}, "gmail.unavailable", ErrorKind::unavailable, EffectState::unknown},
    };
    for (const Row& row : rows) {
        const Error error = error_of(row.answer, now);
        EXPECT_EQ(error.code, row.code) << row.answer.status;
        EXPECT_EQ(error.kind, row.kind) << row.answer.status;
        EXPECT_EQ(error.effect, row.effect) << row.answer.status;
    }
    EXPECT_EQ(error_of(refusal(429, "r"), now).retry_after, std::chrono::seconds(30)) << "not said";
    auto said = refusal(429, "rateLimitExceeded");
    said.headers = {{"Retry-After", "7"}};
    EXPECT_EQ(error_of(said, now).retry_after, std::chrono::seconds(7));
    EXPECT_EQ(error_of(refusal(429, "userRateLimitExceeded", "User-rate limit exceeded.  Retry after 2001-09-09T01:48:10.500Z (Mail sending)"), now).retry_after,
              std::chrono::milliseconds(90'500));
    EXPECT_EQ(error_of(refusal(429, "r", "Retry after 2001-09-10T00:00:00Z"), now).retry_after, std::chrono::hours(1)) << "it is looked at now and then";
}

}  // namespace
}  // namespace resolute::connectors
