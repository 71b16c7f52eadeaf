// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <deque>
#include <latch>
#include <sys/stat.h>
#include <thread>

#include "engine/verify.h"
#include "storage/sqlite/owner_lock.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/sqlite_storage.h"
#include "tests/conformance/storage_under_test.h"

/// What is SQLite's own business: group commit, migrations, plans, damage, ownership.
namespace resolute::conformance {

namespace {

using storage::SqliteStorage;
using storage::sqlite::Connection;
using storage::sqlite::Mode;

class SqliteDatabase : public ::testing::Test {
protected:
    void SetUp() override { open(); }
    void open() {
        storage_.reset();
        auto opened = SqliteStorage::open(file(), Mode::owner);
        ASSERT_OK(opened);
        storage_ = *std::move(opened);
    }
    [[nodiscard]] std::filesystem::path file() const { return folder_ / "resolute.db"; }
    engine::Store& store() { return storage_->engine_store(); }
    storage::sqlite::Database& database() { return storage_->database(); }
    void damage(const char* sql) {
        ASSERT_OK(database().write([&](Connection& connection) { return connection.execute(sql); }));
    }
    std::string plan(const char* sql) {
        std::string text;
        // Kept as long as the program: the statement cache knows a text by its address.
        static std::deque<std::string> explained;
        const std::string& explain = explained.emplace_back(std::string("EXPLAIN QUERY PLAN ") + sql);
        const auto status = database().read([&](Connection& connection) -> Status {
            TRY(auto query, connection.query(explain.c_str()));
            query.bind_missing();
            while (true) {
                TRY(const bool has_row, query.step());
                if (!has_row) return {};
                text += query.text(3) + "; ";
            }
        });
        EXPECT_TRUE(status.has_value()) << describe(status.error());
        return text;
    }

    TempFolder folder_;
    std::unique_ptr<SqliteStorage> storage_;
};

}  // namespace

TEST_F(SqliteDatabase, CommitsOfManyThreadsAllEndAsTheyWereTold) {
    const auto lease = *store().acquire("test", at(0), engine::kJournalFormat);
    constexpr int kThreads = 16;
    constexpr int kCommits = 30;
    std::latch start(kThreads);
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread)
        threads.emplace_back([&, thread] {
            CaseWriter writer("c" + std::to_string(thread));
            start.arrive_and_wait();
            for (int i = 0; i < kCommits; ++i) {
                EXPECT_TRUE(commit_one(store(), lease, writer.commit()).has_value());
                auto stale = CaseWriter(writer.id().value()).commit();
                if (!commit_one(store(), lease, stale)) ++refused;
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(refused, kThreads * kCommits);
    const auto report = engine::verify(store(), must(storage_->queries().all_case_ids()));
    ASSERT_OK(report);
    EXPECT_TRUE(report->is_sound());
    EXPECT_EQ(report->events, static_cast<std::uint64_t>(kThreads * kCommits));
}

TEST_F(SqliteDatabase, AChangeThatFailsLeavesNothingAndDoesNotHinderItsCompany) {
    std::latch start(8);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            const auto status = database().write([&](Connection& connection) -> Status {
                TRY_STATUS(connection.run("INSERT INTO procedures (content_hash, document) VALUES (?, 'x')", std::to_string(i)));
                if (i % 2 == 1) return fail("test.refused", ErrorKind::refused);
                return {};
            });
            EXPECT_EQ(status.has_value(), i % 2 == 0);
        });
    for (auto& thread : threads) thread.join();
    for (int i = 0; i < 8; ++i) EXPECT_EQ(store().load_procedure(std::to_string(i))->has_value(), i % 2 == 0) << i;
}

TEST_F(SqliteDatabase, WhatWasWrittenIsThereAfterAReopen) {
    const auto lease = *store().acquire("test", at(0), engine::kJournalFormat);
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store(), lease, writer.commit(3)));
    open();
    EXPECT_EQ((*store().load(writer.id()))->version, 3u);
    EXPECT_GT(store().acquire("next", at(1), engine::kJournalFormat)->epoch, lease.epoch);
}

TEST_F(SqliteDatabase, TheFileIsForItsOwnerAlone) {
    struct stat info {};
    ASSERT_EQ(stat(file().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(SqliteDatabase, ASchemaOfALaterProgramIsRefused) {
    damage("INSERT INTO schema_migrations (version, name) VALUES (99, '099_later')");
    storage_.reset();
    EXPECT_CODE("store.schema_newer", SqliteStorage::open(file(), Mode::owner));
    EXPECT_CODE("store.schema_newer", SqliteStorage::open(file(), Mode::read_only));
}

TEST_F(SqliteDatabase, ReadingOnlySeesWhatTheOwnerWritesAndChangesNothing) {
    auto reader = SqliteStorage::open(file(), Mode::read_only);
    ASSERT_OK(reader);
    const auto lease = *store().acquire("test", at(0), engine::kJournalFormat);
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store(), lease, writer.commit(2)));
    EXPECT_EQ((*(*reader)->engine_store().load(writer.id()))->version, 2u);
    EXPECT_CODE("store.read_only", commit_one((*reader)->engine_store(), lease, writer.commit()));
    EXPECT_CODE("store.unavailable", SqliteStorage::open(folder_ / "none.db", Mode::read_only));
}

TEST_F(SqliteDatabase, AFileThatIsNoDatabaseIsCorrupt) {
    storage_.reset();
    std::filesystem::resize_file(file(), 0);
    FILE* out = fopen(file().c_str(), "w");
    ASSERT_NE(out, nullptr);
    fputs(std::string(8192, 'z').c_str(), out);
    fclose(out);
    EXPECT_CODE("store.corrupt", SqliteStorage::open(file(), Mode::owner));
}

TEST_F(SqliteDatabase, ATamperedJournalIsFoundWithItsPlace) {
    const auto lease = *store().acquire("test", at(0), engine::kJournalFormat);
    for (const char* id : {"ca", "cb", "cc", "cd", "ce"}) {
        CaseWriter writer(id);
        for (int row = 0; row < 4; ++row) ASSERT_OK(commit_one(store(), lease, writer.commit(2)));
    }
    damage("UPDATE journal SET events = replace(events, 'step', 'stop') WHERE case_id = 'ca' AND number = 5");
    damage("DELETE FROM journal WHERE case_id = 'cb' AND number = 3");
    damage("DELETE FROM journal WHERE case_id = 'cd' AND number = 7");
    damage("UPDATE journal SET sealed = x'00' WHERE case_id = 'ce' AND number = 3");
    const auto report = engine::verify(store(), must(storage_->queries().all_case_ids()));
    ASSERT_OK(report);
    ASSERT_EQ(report->broken.size(), 4u);
    EXPECT_EQ(report->broken[0].case_id, CaseId("ca"));
    EXPECT_EQ(report->broken[0].number, 5u);
    EXPECT_EQ(report->broken[1].case_id, CaseId("cb"));
    EXPECT_EQ(report->broken[1].number, 3u);
    EXPECT_EQ(report->broken[2].case_id, CaseId("cd"));
    EXPECT_EQ(report->broken[2].number, 0u) << "the case's own row knows of more";
    EXPECT_EQ(report->broken[3].case_id, CaseId("ce"));
    EXPECT_EQ(report->broken[3].number, 3u);
}

TEST_F(SqliteDatabase, ABlobThatChangedIsFoundWhenItIsRead) {
    const auto hash = must(storage_->intake().keep_blob("the bytes"));
    damage("UPDATE blobs SET bytes = x'00'");
    EXPECT_CODE("store.blob_corrupt", storage_->intake().load_blob(hash));
}

TEST_F(SqliteDatabase, TheHotQueriesGoByTheirPartialIndexes) {
    namespace sql = storage::sqlite::sql;
    const auto expect = [&](const char* query, const std::string& part) {
        const std::string text = plan(query);
        EXPECT_NE(text.find(part), std::string::npos) << query << "\n" << text;
    };
    const auto expect_no_sort = [&](const char* query) { EXPECT_EQ(plan(query).find("TEMP B-TREE"), std::string::npos) << query; };
    expect(sql::kClaimable, "USING COVERING INDEX effects_claimable");
    expect_no_sort(sql::kClaimable);
    expect(sql::kSuspects, "USING COVERING INDEX effects_suspect");
    expect_no_sort(sql::kSuspects);
    expect(sql::kDueCases, "SEARCH cases USING COVERING INDEX cases_due (wake_at>? AND wake_at<?)");
    expect(sql::kNextCaseWake, "SEARCH cases USING COVERING INDEX cases_due");
    expect(sql::kNextEffectWake, "SEARCH effects USING COVERING INDEX effects_wake");
    expect(sql::kHasRunningSuspect, "SEARCH effects USING COVERING INDEX effects_running_suspect (crashes>?)");
    expect(sql::kJournalAfter, "SEARCH journal USING INDEX journal_by_case (case_id=? AND number>?)");
    expect(sql::kJournalAfter, "SEARCH events USING PRIMARY KEY (case_id=? AND number>?)");
    expect_no_sort(sql::kJournalAfter);
    expect(sql::kLivingSubject, "subjects_living (blind_name=?)");
    expect(sql::kPendingMails, "mails_pending");
    expect_no_sort(sql::kPendingMails);
    expect(sql::kOtherByContent, "mails_by_content (content_key=?)");
    expect(sql::kIsKept, "mails_by_position (account=? AND folder=? AND uid=?)");
    expect(sql::kClaims, "claims_by_customer (customer=? AND at>?)");
    expect(sql::kListOpenTasks, "tasks_open");
    expect(sql::kOpenTasksByAssignee, "tasks_open");
    expect(sql::kCaseByTicket, "cases_by_ticket (ticket=?)");
    expect(sql::kCasesByPrefix, "(id>? AND id<?)");
    expect(sql::kListCases, "cases_by_age");
}

TEST_F(SqliteDatabase, OneOwnerHasTheFolderAndIsNamedToTheOthers) {
    auto first = storage::OwnerLock::acquire(folder_.path());
    ASSERT_OK(first);
    EXPECT_NE(first->owner().find("process "), std::string::npos);
    const auto second = storage::OwnerLock::acquire(folder_.path());
    EXPECT_CODE("store.locked", second);
    EXPECT_NE(second.error().detail.find(first->owner()), std::string::npos) << second.error().detail;
    {
        const auto released = *std::move(first);
    }
    EXPECT_TRUE(storage::OwnerLock::acquire(folder_.path()).has_value());
    EXPECT_CODE("store.unavailable", storage::OwnerLock::acquire(folder_ / "none"));
}

}  // namespace resolute::conformance
