// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/hash.h"
#include "tests/conformance/storage_under_test.h"

/// What holds for every ports::IntakeStore.
namespace resolute::conformance {

using ports::MailOutcome;
using ports::MailRecord;

class IntakeStoreSuite : public StorageTest {
protected:
    static mail::RawMail raw(const std::string& uid, const std::string& bytes, int received = 0) {
        return {.position = {.account = "maildir:inbox", .folder = "new", .uid = uid}, .received_at = at(received), .bytes = bytes};
    }
    MailId keep(const mail::RawMail& mail) {
        EXPECT_EQ(*intake().keep({mail}, {mail.bytes.size()}), std::vector{true});
        return mail::id_of(mail);
    }
    MailRecord conclusion(const MailId& id, MailOutcome outcome, const std::string& case_id = "ca") {
        MailRecord record;
        record.id = id;
        record.outcome = outcome;
        record.reason = "mail.new";
        record.case_id = CaseId(case_id);
        record.from = "ann@example.com";
        record.subject = "Hello";
        record.message_id = "1@x";
        record.content_key = "key";
        return record;
    }
};

TEST_P(IntakeStoreSuite, AMailIsKeptOnceAndItsBytesUnchanged) {
    const std::string bytes("From: a\r\n\r\n\0\xff tail", 19);
    const auto mail = raw("u1", bytes, 5);
    const std::vector positions{mail.position, raw("u3", "").position};
    EXPECT_EQ(*intake().are_kept(positions), (std::vector{false, false}));
    EXPECT_EQ(*intake().are_kept({}), std::vector<bool>{});
    EXPECT_EQ(*intake().keep({mail, raw("u2", "other"), mail}, {19, 5, 19}), (std::vector{true, true, false}));
    EXPECT_EQ(*intake().keep({mail}, {19}), std::vector{false});
    EXPECT_EQ(*intake().are_kept(positions), (std::vector{true, false}));
    const auto record = intake().find(mail::id_of(mail));
    ASSERT_OK(record);
    ASSERT_TRUE(record->has_value());
    EXPECT_EQ((*record)->position, mail.position);
    EXPECT_EQ((*record)->received_at, at(5));
    EXPECT_EQ((*record)->size, 19u);
    EXPECT_FALSE((*record)->is_truncated);
    EXPECT_EQ((*record)->outcome, MailOutcome::pending);
    EXPECT_EQ((*record)->blob, sha256_hex(bytes));
    EXPECT_EQ(*intake().load_blob((*record)->blob), bytes);
    EXPECT_FALSE(intake().find(MailId("mnone"))->has_value());
}

TEST_P(IntakeStoreSuite, OfAMailThatIsTooLargeTheHeadIsKeptWithTheWholeSize) {
    const auto mail = raw("u1", "head");
    ASSERT_OK(intake().keep({mail}, {5000}));
    const auto record = **intake().find(mail::id_of(mail));
    EXPECT_TRUE(record.is_truncated);
    EXPECT_EQ(record.size, 5000u);
}

TEST_P(IntakeStoreSuite, PendingMailsComeOldestFirstAndAreTheirTakersForAWhile) {
    const auto young = keep(raw("u1", "b", 20));
    const auto old = keep(raw("u2", "a", 10));
    const auto take = [&](int now, std::size_t limit) {
        std::vector<MailId> found;
        for (const auto& record : must(intake().claim_pending(at(now), limit, std::chrono::seconds(15)))) found.push_back(record.id);
        return found;
    };
    EXPECT_EQ(take(30, 1), std::vector{old});
    EXPECT_EQ(take(30, 10), std::vector{young}) << "what one took is not another's";
    EXPECT_TRUE(take(44, 10).empty());
    EXPECT_EQ(take(45, 10), (std::vector{old, young})) << "nobody dealt with them";
    ASSERT_OK(intake().conclude(conclusion(old, MailOutcome::new_case)));
    EXPECT_EQ(take(100, 10), std::vector{young});
}

TEST_P(IntakeStoreSuite, CertainMailsAreHandedOutWhereTheyArePendingAndNobodyHoldsThem) {
    const auto young = keep(raw("u1", "c", 30));
    const auto held = keep(raw("u2", "a", 10));
    const auto done = keep(raw("u3", "b", 20));
    const auto old = keep(raw("u4", "d", 25));
    const auto other = keep(raw("u5", "e", 5));
    const auto hold = std::chrono::seconds(15);
    ASSERT_EQ(must(intake().claim_mails({held}, at(40), hold)).size(), 1u);
    ASSERT_OK(intake().conclude(conclusion(done, MailOutcome::new_case)));
    std::vector<MailId> found;
    for (const auto& record : must(intake().claim_mails({young, held, done, MailId("mnone"), old}, at(41), hold)))
        found.push_back(record.id);
    EXPECT_EQ(found, (std::vector{old, young})) << "the oldest first";
    EXPECT_TRUE(must(intake().claim_mails({old}, at(55), hold)).empty());
    EXPECT_EQ(must(intake().claim_pending(at(55), 10, hold)).size(), 2u)
        << "the one that nobody named, and the one whose hold is over";
    EXPECT_TRUE(must(intake().claim_mails({other}, at(56), hold)).empty());
    EXPECT_EQ(must(intake().claim_mails({old}, at(56), hold)).size(), 1u);
}

TEST_P(IntakeStoreSuite, EveryMailEndsInExactlyOneOutcome) {
    const auto id = keep(raw("u1", "a"));
    const auto first = conclusion(id, MailOutcome::new_case);
    ASSERT_OK(intake().conclude(first));
    ASSERT_OK(intake().conclude(first));
    EXPECT_CODE("intake.outcome_known", intake().conclude(conclusion(id, MailOutcome::ignored)));
    EXPECT_CODE("intake.outcome_known", intake().conclude(conclusion(id, MailOutcome::new_case, "cb")));
    const auto record = **intake().find(id);
    EXPECT_EQ(record.outcome, MailOutcome::new_case);
    EXPECT_EQ(record.case_id, CaseId("ca"));
    EXPECT_EQ(record.reason, "mail.new");
    EXPECT_EQ(record.from, "ann@example.com");
    EXPECT_EQ(record.subject, "Hello");
    EXPECT_EQ(record.message_id, "1@x");
    EXPECT_EQ(record.size, 1u) << "what was kept stays";
    EXPECT_CODE("intake.mail_unknown", intake().conclude(conclusion(MailId("mnone"), MailOutcome::ignored)));
}

TEST_P(IntakeStoreSuite, AttemptsAreCounted) {
    const auto id = keep(raw("u1", "a"));
    EXPECT_EQ(*intake().count_attempt(id), 1);
    EXPECT_EQ(*intake().count_attempt(id), 2);
    EXPECT_EQ((*intake().find(id))->attempts, 2);
    EXPECT_CODE("intake.mail_unknown", intake().count_attempt(MailId("mnone")));
}

TEST_P(IntakeStoreSuite, OfMailsWithTheSameContentOneIsWorkedOnAndTheOthersWait) {
    const auto first = keep(raw("u1", "a", 50));
    const auto second = keep(raw("u2", "a", 10));
    const auto third = keep(raw("u3", "a", 20));
    EXPECT_FALSE(intake().hold_content(first, "")->has_value());
    EXPECT_FALSE(intake().hold_content(second, "")->has_value()) << "without content nothing is the same";
    EXPECT_FALSE(intake().hold_content(first, "key")->has_value());
    EXPECT_FALSE(intake().hold_content(first, "key")->has_value()) << "after a crash the same mail goes on";
    EXPECT_EQ((*intake().hold_content(second, "key"))->id, first) << "it waits";
    EXPECT_EQ((*intake().hold_content(second, "key"))->outcome, MailOutcome::pending);
    EXPECT_FALSE(intake().hold_content(first, "key")->has_value()) << "who waits holds nothing";
    ASSERT_OK(intake().conclude(conclusion(first, MailOutcome::new_case)));
    EXPECT_EQ((*intake().hold_content(second, "key"))->id, first);
    EXPECT_EQ((*intake().hold_content(third, "key"))->id, second) << "now the second is being worked on";
    ASSERT_OK(intake().conclude(conclusion(second, MailOutcome::ignored)));
    EXPECT_EQ((*intake().hold_content(third, "key"))->id, first) << "the earliest that has ended";
}

TEST_P(IntakeStoreSuite, MailsAreListedByOutcomeAndByCase) {
    const auto a = keep(raw("u1", "a", 10));
    const auto b = keep(raw("u2", "b", 20));
    const auto c = keep(raw("u3", "c", 30));
    ASSERT_OK(intake().conclude(conclusion(a, MailOutcome::new_case, "ca")));
    ASSERT_OK(intake().conclude(conclusion(b, MailOutcome::appended, "ca")));
    ASSERT_OK(intake().conclude(conclusion(c, MailOutcome::ignored, "")));
    const auto ids = [&](const ports::MailFilter& filter) {
        std::vector<MailId> found;
        for (const auto& record : must(intake().list(filter))) found.push_back(record.id);
        return found;
    };
    EXPECT_EQ(ids({}), (std::vector{a, b, c}));
    EXPECT_EQ(ids({.outcome = MailOutcome::ignored}), std::vector{c});
    EXPECT_EQ(ids({.case_id = CaseId("ca")}), (std::vector{a, b}));
    EXPECT_EQ(ids({.outcome = MailOutcome::appended, .case_id = CaseId("ca")}), std::vector{b});
    EXPECT_EQ(ids({.limit = 2}), (std::vector{a, b}));
}

TEST_P(IntakeStoreSuite, BlobsAreKeptByContentOnce) {
    const auto hash = intake().keep_blob("bytes");
    ASSERT_OK(hash);
    EXPECT_EQ(*hash, sha256_hex("bytes"));
    EXPECT_EQ(*intake().keep_blob("bytes"), *hash);
    EXPECT_EQ(*intake().load_blob(*hash), "bytes");
    EXPECT_EQ(*intake().load_blob(*intake().keep_blob("")), "");
    EXPECT_CODE("store.blob_not_found", intake().load_blob(sha256_hex("never")));
}

}  // namespace resolute::conformance
