// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/rules.h"
#include "tests/conformance/storage_under_test.h"

namespace resolute::conformance {

class MaintenanceSuite : public StorageTest {
protected:
    storage::Maintenance& maintenance() { return under_test().storage().maintenance(); }

    MailId keep_mail(const std::string& uid, const std::string& bytes, const std::string& from, const CaseId& case_id) {
        mail::RawMail mail;
        mail.position = {.account = "a", .folder = "f", .uid = uid};
        mail.received_at = at(0);
        mail.bytes = bytes;
        EXPECT_TRUE(intake().keep({mail}, {bytes.size()}));
        ports::MailRecord record;
        record.id = mail::id_of(mail);
        record.outcome = case_id.is_empty() ? ports::MailOutcome::ignored : ports::MailOutcome::new_case;
        record.reason = case_id.is_empty() ? "mail.bulk: from Ann" : "";
        record.case_id = case_id;
        record.from = from;
        record.subject = "a secret subject";
        record.message_id = uid + "@ann";
        record.content_key = "k" + uid;
        EXPECT_TRUE(intake().conclude(record));
        return record.id;
    }
    void keep_customer(const std::string& id, const std::string& email) {
        ports::Customer customer;
        customer.id = CustomerId(id);
        customer.name = "Name of " + id;
        customer.emails = {email};
        ASSERT_OK(desk().upsert_customers({customer}));
    }
    ports::TicketRef keep_ticket(const CaseId& case_id, const std::string& requester) {
        ports::NewTicket ticket;
        ticket.key = EffectId("ticket-" + case_id.value());
        ticket.case_id = case_id;
        ticket.requester = requester;
        ticket.subject = "a secret subject";
        ticket.description = "secret words";
        ticket.at = at(0);
        const auto ref = must(desk().insert_ticket(ticket));
        ports::TicketComment comment;
        comment.key = EffectId("comment-" + case_id.value());
        comment.ticket = ref.id;
        comment.author = "customer";
        comment.text = "secret words";
        comment.at = at(1);
        EXPECT_TRUE(desk().insert_comment(comment));
        return ref;
    }
};

TEST_P(MaintenanceSuite, AScrubEmptiesWhatIsTheirsAndNothingElse) {
    const auto lease = acquire("w", at(0));
    CaseWriter theirs("ca"), others("cb");
    engine::CaseCommit commit = theirs.commit();
    commit.message_ids = {"m1@ann"};
    commit.claim = casework::Claim{.state = casework::Claim::State::pending, .amount = Money{.minor = 500, .currency = "USD"}, .customer = "C-1", .order = "1001", .at = at(0)};
    commit.snapshot = "sealed state";
    ASSERT_OK(commit_one(store(), lease, commit));
    ASSERT_OK(commit_one(store(), lease, others.commit()));
    const MailId mail = keep_mail("1", "raw of ann", "ann@x.example", theirs.id());
    const MailId bulk = keep_mail("2", "shared bytes", "ann@x.example", CaseId());
    const MailId other = keep_mail("3", "shared bytes", "bob@x.example", others.id());
    keep_customer("C-1", "ann@x.example");
    keep_customer("C-2", "bob@x.example");
    const auto ticket = keep_ticket(theirs.id(), "ann@x.example");
    const auto other_ticket = keep_ticket(others.id(), "bob@x.example");
    const std::string raw = must(intake().find(mail))->blob;

    const storage::ScrubOrder order{.cases = {theirs.id()}, .addresses = {"ann@x.example"}, .customers = {CustomerId("C-1")}, .spared = {}, .pseudonym = "5f0c"};
    const auto done = must(maintenance().scrub(order));
    EXPECT_EQ(done.mails, 2);
    EXPECT_EQ(done.blobs, 1) << "bytes that another's mail has too stay";
    EXPECT_EQ(done.tickets, 1);
    EXPECT_EQ(done.comments, 1);
    EXPECT_EQ(done.customers, 1);

    for (const MailId& id : {mail, bulk}) {
        const auto record = must(intake().find(id));
        ASSERT_TRUE(record);
        EXPECT_EQ(record->from + record->subject + record->message_id + record->content_key, "");
        EXPECT_EQ(must(intake().load_blob(record->blob)), "") << "a mail without bytes still reads";
    }
    EXPECT_EQ(must(intake().find(bulk))->reason, "mail.bulk");
    EXPECT_CODE("store.blob_not_found", intake().load_blob(raw));
    EXPECT_EQ(must(intake().find(other))->from, "bob@x.example");
    EXPECT_EQ(must(intake().load_blob(must(intake().find(other))->blob)), "shared bytes");
    const auto emptied = must(desk().find_ticket(ticket.id));
    EXPECT_EQ(emptied->requester + emptied->subject + emptied->description + emptied->comments.at(0).text, "");
    EXPECT_EQ(must(desk().find_ticket(other_ticket.id))->subject, "a secret subject");
    EXPECT_TRUE(must(desk().find_customers_by_email("ann@x.example")).empty());
    EXPECT_EQ(must(desk().find_customers_by_email("bob@x.example")).size(), 1U);
    EXPECT_FALSE(must(queries().find_case_by_message_id("m1@ann")));
    EXPECT_EQ(must(store().load(theirs.id()))->snapshot, "");
    const auto claims = must(queries().claims("5f0c", "", at(-10), CaseId()));
    ASSERT_EQ(claims.size(), 1U) << "the amount stays in the ledger";
    EXPECT_EQ(claims[0].claim.amount, (Money{.minor = 500, .currency = "USD"}));
    EXPECT_EQ(must(maintenance().scrub(order)), storage::Scrubbed{}) << "again it finds nothing";
    ASSERT_OK(maintenance().compact());
    EXPECT_TRUE(must(maintenance().broken_blobs()).empty());
}

TEST_P(MaintenanceSuite, WhatWasOpenedSinceIsSpared) {
    const auto lease = acquire("w", at(0));
    CaseWriter fresh("cb");
    ASSERT_OK(commit_one(store(), lease, fresh.commit()));
    const MailId mail = keep_mail("1", "new words", "ann@x.example", fresh.id());
    const auto ticket = keep_ticket(fresh.id(), "ann@x.example");
    const auto done = must(maintenance().scrub({.cases = {}, .addresses = {"ann@x.example"}, .customers = {}, .spared = {fresh.id()}, .pseudonym = "p"}));
    EXPECT_EQ(done, storage::Scrubbed{});
    EXPECT_EQ(must(intake().find(mail))->from, "ann@x.example");
    EXPECT_EQ(must(desk().find_ticket(ticket.id))->requester, "ann@x.example");
}

TEST_P(MaintenanceSuite, RowsOfTheOldFormatAreBlankedAndSealedOnesOnlyWhereAsked) {
    const auto lease = acquire("w", at(0));
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store(), lease, writer.commit_format_1(2)));
    ASSERT_OK(commit_one(store(), lease, writer.commit()));
    EXPECT_EQ(must(maintenance().scrub({.cases = {writer.id()}, .addresses = {}, .customers = {}, .spared = {}, .pseudonym = "p"})).journal_rows, 2);
    auto rows = must(store().journal(writer.id()));
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].events + rows[1].events, "");
    EXPECT_FALSE(rows[0].hash.empty());
    EXPECT_FALSE(rows[2].sealed.empty());
    storage::ScrubOrder all{.cases = {writer.id()}, .addresses = {}, .customers = {}, .spared = {}, .pseudonym = "p", .blanks_journals = true};
    EXPECT_EQ(must(maintenance().scrub(all)).journal_rows, 1);
    rows = must(store().journal(writer.id()));
    EXPECT_EQ(rows[2].events + rows[2].sealed, "");
}

TEST_P(MaintenanceSuite, APersonIsFoundByAddressAndByKey) {
    const auto lease = acquire("w", at(0));
    CaseWriter a("ca"), b("cb");
    ASSERT_OK(commit_one(store(), lease, a.commit()));
    engine::CaseCommit commit = b.commit();
    commit.data_subject = "beef:2";
    ASSERT_OK(commit_one(store(), lease, commit));
    keep_customer("C-1", "ann@x.example");
    EXPECT_EQ(must(maintenance().cases_of({"ca@example.com"}, {})), std::vector{a.id()});
    EXPECT_EQ(must(maintenance().cases_of({}, {"beef"})), std::vector{b.id()});
    EXPECT_TRUE(must(maintenance().cases_of({}, {""})).empty());
    const auto addresses = must(maintenance().addresses());
    EXPECT_EQ(addresses.size(), 3U);
    EXPECT_EQ(must(maintenance().find_customer(CustomerId("C-1")))->name, "Name of C-1");
    EXPECT_FALSE(must(maintenance().find_customer(CustomerId("C-9"))));
    ASSERT_OK(store().keep_subject("beef", "key"));
    ASSERT_OK(store().end_subject("beef:1", true));
    const auto subjects = must(maintenance().subjects("beef"));
    ASSERT_EQ(subjects.size(), 1U);
    EXPECT_FALSE(subjects[0].has_key || subjects[0].is_living);
}

TEST_P(MaintenanceSuite, OldRawMailsGoButNotThoseOfOpenCases) {
    const auto lease = acquire("w", at(0));
    CaseWriter open("ca"), closed("cb");
    ASSERT_OK(commit_one(store(), lease, open.commit()));
    engine::CaseCommit commit = closed.commit();
    commit.lifecycle = engine::Lifecycle::closed;
    ASSERT_OK(commit_one(store(), lease, commit));
    keep_mail("1", "one", "ann@x.example", open.id());
    const MailId of_closed = keep_mail("2", "two", "ann@x.example", closed.id());
    const MailId of_none = keep_mail("3", "three", "ann@x.example", CaseId());
    EXPECT_TRUE(must(maintenance().old_mails(at(0), 10)).empty()) << "received at that very moment";
    const auto old = must(maintenance().old_mails(at(1), 10));
    EXPECT_EQ(old, (std::vector{of_closed, of_none}));
    ASSERT_OK(maintenance().drop_raw(old));
    EXPECT_TRUE(must(maintenance().old_mails(at(1), 10)).empty());
    EXPECT_EQ(must(intake().find(of_closed))->from, "ann@x.example") << "only the raw bytes go";
}

TEST_P(MaintenanceSuite, AHoldStandsUntilItIsReleasedAndIsKnownForEver) {
    const storage::Hold hold{.blind_name = "beef", .why = "court", .by = "dana", .since = at(1), .released_at = {}, .released_by = {}};
    EXPECT_CODE("care.not_held", maintenance().release_hold("beef", "dana", at(2)));
    ASSERT_OK(maintenance().hold(hold));
    EXPECT_CODE("care.held_already", maintenance().hold(hold));
    ASSERT_OK(maintenance().release_hold("beef", "erik", at(3)));
    ASSERT_OK(maintenance().hold(hold));
    const auto holds = must(maintenance().holds());
    ASSERT_EQ(holds.size(), 2U);
    EXPECT_EQ(holds[0].released_at, at(3));
    EXPECT_EQ(holds[0].released_by, "erik");
    EXPECT_FALSE(holds[1].released_at);
}

TEST_P(MaintenanceSuite, TheQueueTellsWhatIsDue) {
    const auto lease = acquire("w", at(0));
    CaseWriter writer("ca");
    engine::CaseCommit commit = writer.commit();
    commit.new_effects = {effect(writer.id(), "e1"), effect(writer.id(), "e2"), effect(writer.id(), "e3", engine::EffectStatus::intended)};
    commit.new_effects[1].next_at = at(100);
    ASSERT_OK(commit_one(store(), lease, commit));
    const auto queue = must(maintenance().queue(at(10)));
    EXPECT_EQ(queue.effects.at("waiting"), 2);
    EXPECT_EQ(queue.effects.at("intended"), 1);
    EXPECT_EQ(queue.due, 1);
    EXPECT_EQ(queue.oldest_due, at(0));
}

}  // namespace resolute::conformance
