// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

#include "tests/conformance/storage_under_test.h"

/// What holds for every ports::MailLedger.
namespace resolute::conformance {

using ports::MailOutcome;
using ports::MailRecord;

class MailLedgerSuite : public StorageTest {
protected:
    MailId keep(const std::string& uid, int received = 0, const std::string& account = "imap:a", const std::string& folder = "INBOX") {
        const mail::RawMail mail{
            .position = {.account = account, .folder = folder, .uid = uid}, .received_at = at(received), .bytes = "mail " + uid};
        EXPECT_EQ(*intake().keep({mail}, {mail.bytes.size()}), std::vector{true});
        return mail::id_of(mail);
    }
    void conclude(const MailId& id, MailOutcome outcome, bool is_to_put_away, const std::string& reason = "mail.list: a newsletter") {
        MailRecord record;
        record.id = id;
        record.outcome = outcome;
        record.reason = reason;
        if (outcome == MailOutcome::new_case) record.case_id = CaseId("ca");
        record.content_key = "key " + id.value();
        record.is_to_put_away = is_to_put_away;
        ASSERT_OK(intake().conclude(record));
    }
    std::vector<MailId> to_put_away(std::size_t limit = 100) {
        std::vector<MailId> ids;
        for (const MailRecord& mail : must(ledger().to_put_away("imap:a", "INBOX", limit))) ids.push_back(mail.id);
        return ids;
    }
};

TEST_P(MailLedgerSuite, WhatIsToBePutAwayIsListedAfterItsConclusionAndUntilItIsDone) {
    const MailId first = keep("7/1"), second = keep("7/2"), third = keep("7/3"), pending = keep("7/4");
    const MailId elsewhere = keep("7/1", 0, "imap:a", "Orders"), other = keep("7/1", 0, "imap:b");
    for (const MailId& id : {second, first, elsewhere, other}) conclude(id, MailOutcome::ignored, true);
    conclude(third, MailOutcome::new_case, false);
    EXPECT_EQ(to_put_away(), (std::vector{first, second}));
    EXPECT_EQ(to_put_away(1), std::vector{first});
    ASSERT_OK(ledger().mark_put_away({first}));
    EXPECT_EQ(to_put_away(), std::vector{second});
    ASSERT_OK(ledger().mark_put_away({first, second, MailId("mnone")}));
    EXPECT_EQ(to_put_away(), std::vector<MailId>{});
    EXPECT_EQ(must(ledger().to_put_away("imap:b", "INBOX", 10)).size(), 1u);
    EXPECT_EQ((*intake().find(pending))->outcome, MailOutcome::pending);
}

TEST_P(MailLedgerSuite, AReopenedMailIsPendingAsIfItHadJustBeenKeptAndItIsKnownWhoDidIt) {
    const MailId id = keep("7/1");
    for (int i = 0; i < 4; ++i) ASSERT_OK(intake().count_attempt(id));
    conclude(id, MailOutcome::quarantined, true, "mail.poison: the program ended 3 times");
    ASSERT_OK(ledger().reopen(id, "dana", at(100), std::chrono::seconds(5)));
    const auto mail = **intake().find(id);
    EXPECT_EQ(mail.outcome, MailOutcome::pending);
    EXPECT_EQ(mail.attempts, 0);
    EXPECT_EQ(mail.reason, "");
    EXPECT_EQ(mail.content_key, "");
    EXPECT_EQ(to_put_away(), std::vector<MailId>{});
    // Its opener works it off; were he to die, another one does.
    EXPECT_EQ(must(intake().claim_pending(at(104), 10, std::chrono::seconds(5))).size(), 0u);
    EXPECT_EQ(must(intake().claim_pending(at(105), 10, std::chrono::seconds(5))).size(), 1u);
    const ports::Reopening once{.mail = id, .at = at(100), .by = "dana", .was = MailOutcome::quarantined, .reason_code = "mail.poison"};
    EXPECT_EQ(must(ledger().reopenings(id)), std::vector{once});
    conclude(id, MailOutcome::ignored, false);
    ASSERT_OK(ledger().reopen(id, "mara", at(200), std::chrono::seconds(5)));
    EXPECT_EQ(must(ledger().reopenings(id)).size(), 2u);
    EXPECT_EQ(must(ledger().reopenings(id)).back().by, "mara");
    EXPECT_EQ(must(ledger().reopenings(MailId("mnone"))).size(), 0u);
}

TEST_P(MailLedgerSuite, WhatACaseHasTakenOrNobodyHasReadYetIsNotReopened) {
    const MailId taken = keep("7/1"), pending = keep("7/2");
    conclude(taken, MailOutcome::new_case, false, "");
    EXPECT_CODE("mail.not_reopened", ledger().reopen(taken, "dana", at(1), std::chrono::seconds(5)));
    EXPECT_CODE("mail.not_reopened", ledger().reopen(pending, "dana", at(1), std::chrono::seconds(5)));
    EXPECT_CODE("intake.mail_unknown", ledger().reopen(MailId("mnone"), "dana", at(1), std::chrono::seconds(5)));
    EXPECT_EQ((*intake().find(taken))->outcome, MailOutcome::new_case);
    EXPECT_EQ(must(ledger().reopenings(taken)).size(), 0u);
}

TEST_P(MailLedgerSuite, OfTwoWhoReopenAMailAtOnceOneDoes) {
    const MailId id = keep("7/1");
    conclude(id, MailOutcome::ignored, false);
    std::atomic<int> done{0};
    {
        std::vector<std::jthread> people;
        for (int i = 0; i < 4; ++i)
            people.emplace_back([&] {
                if (ledger().reopen(id, "dana", at(1), std::chrono::seconds(5))) ++done;
            });
    }
    EXPECT_EQ(done, 1);
    EXPECT_EQ(must(ledger().reopenings(id)).size(), 1u);
}

TEST_P(MailLedgerSuite, ArrivalsAreMinutesOfOneAccount) {
    const int start = 3600 + static_cast<int>((60'000 - to_unix_ms(at(0)) % 60'000) % 60'000 / 1000);  // Of a minute.
    keep("7/1", start);
    keep("7/2", start + 30);
    keep("7/3", 7300);
    keep("7/4", 100);
    keep("7/5", 5000, "imap:b");
    const auto minute = [](int seconds) { return from_unix_ms(to_unix_ms(at(seconds)) / 60'000 * 60'000); };
    EXPECT_EQ(must(ledger().arrivals("imap:a", at(start))), (std::vector{minute(start), minute(7300)}));
    EXPECT_EQ(must(ledger().arrivals("imap:none", at(0))).size(), 0u);
}

TEST_P(MailLedgerSuite, OfANoteTheLastWordCounts) {
    ASSERT_OK(ledger().put_note("inventory/imap:a/INBOX", "1"));
    ASSERT_OK(ledger().put_note("inventory/imap:b/INBOX", "2"));
    ASSERT_OK(ledger().put_note("silence/imap:a", "3"));
    ASSERT_OK(ledger().put_note("inventory/imap:a/INBOX", R"({"unaccounted":0,"odd":"é%_'"})"));
    EXPECT_EQ(must(ledger().notes("inventory/")),
              (std::map<std::string, std::string>{{"inventory/imap:a/INBOX", R"({"unaccounted":0,"odd":"é%_'"})"},
                                                  {"inventory/imap:b/INBOX", "2"}}));
    EXPECT_EQ(must(ledger().notes("")).size(), 3u);
    EXPECT_EQ(must(ledger().notes("alarm/")).size(), 0u);
}

}  // namespace resolute::conformance
