// SPDX-License-Identifier: Apache-2.0
#include "engine/verify.h"
#include "storage/sqlite/sqlite_storage.h"
#include "tests/conformance/storage_under_test.h"

/// Databases that earlier versions of the program left open, are read, and go on.
namespace resolute::conformance {

namespace {

using storage::SqliteStorage;
using storage::sqlite::Mode;

class SqliteUpgrade : public ::testing::Test {
protected:
    void SetUp() override {
        std::filesystem::copy_file(std::filesystem::path(RESOLUTE_SOURCE_DIR) / "tests/corpus/journals/version-0.1.0.db", file());
        std::filesystem::permissions(file(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        auto opened = SqliteStorage::open(file(), Mode::owner);
        ASSERT_OK(opened);
        storage_ = *std::move(opened);
    }
    [[nodiscard]] std::filesystem::path file() const { return folder_ / "resolute.db"; }
    engine::Store& store() { return storage_->engine_store(); }
    engine::Lease lease() {
        auto lease = store().acquire("new", at(0), engine::kJournalFormat);
        EXPECT_TRUE(lease.has_value());
        return lease ? *lease : engine::Lease{};
    }
    /// One event more, in the format of now, as the engine would go on.
    static engine::CaseCommit next_of(const CaseId& id, const engine::LoadedCase& loaded) {
        engine::CaseCommit commit;
        commit.case_id = id;
        commit.expected_version = loaded.version;
        commit.expected_head = loaded.head_hash;
        commit.version = loaded.version + 1;
        const std::string events = R"([{"kind":"StepEntered"}])";
        commit.rows = {{.number = commit.version, .count = 1, .events = events, .sealed = "s",
                        .hash = engine::chain_hash(loaded.head_hash, events, "s")}};
        commit.lifecycle = loaded.lifecycle;
        return commit;
    }

    TempFolder folder_;
    std::unique_ptr<SqliteStorage> storage_;
};

}  // namespace

TEST_F(SqliteUpgrade, EveryCaseIsThereAndItsJournalHolds) {
    const auto ids = must(storage_->queries().all_case_ids());
    EXPECT_EQ(ids.size(), 2u);
    const auto report = engine::verify(store(), ids);
    ASSERT_OK(report);
    EXPECT_TRUE(report->is_sound());
    EXPECT_EQ(report->events, 119u);
    for (const CaseId& id : ids) {
        const auto loaded = must(store().load(id));
        ASSERT_TRUE(loaded.has_value());
        EXPECT_FALSE(loaded->snapshot.empty()) << "in plain text, as it was written";
        EXPECT_EQ(loaded->snapshot.front(), '{');
        EXPECT_EQ(loaded->data_subject, "");
        EXPECT_TRUE(must(storage_->queries().find_case(id)).has_value());
        for (const auto& row : must(store().journal(id))) EXPECT_EQ(row.events.front(), '{');
    }
}

TEST_F(SqliteUpgrade, ItsCasesGoOnInTheFormatOfNow) {
    const auto owner = lease();
    EXPECT_GT(owner.epoch, 1u) << "larger than any before";
    const auto ids = must(storage_->queries().all_case_ids());
    for (const CaseId& id : ids) {
        auto commit = next_of(id, *must(store().load(id)));
        commit.snapshot = "sealed";
        ASSERT_OK(commit_one(store(), owner, commit));
        EXPECT_EQ(must(store().load(id))->snapshot, "sealed");
        EXPECT_TRUE(must(store().load(id))->tail.empty());
    }
    const auto report = engine::verify(store(), ids);
    ASSERT_OK(report);
    EXPECT_TRUE(report->is_sound());
    EXPECT_EQ(report->events, 121u);
}

TEST_F(SqliteUpgrade, WhatItSentIsKnownForEver) {
    const auto owner = lease();
    std::int64_t sent = 0;
    for (const auto& count : must(storage_->queries().count_effects())) sent += count.count;
    EXPECT_EQ(sent, 3) << "its mails; of what may be repeated nothing is left";
    std::string known;
    ASSERT_OK(storage_->database().read([&](auto& connection) -> Status {
        TRY(auto query, connection.query("SELECT effect_id, case_id FROM sent LIMIT 1"));
        TRY_STATUS(query.expect_row());
        known = query.text(0);
        return {};
    }));
    const auto record = must(store().find_effect(EffectId(known)));
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->status, engine::EffectStatus::confirmed);
    const CaseId id = record->effect.case_id;
    auto again = next_of(id, *must(store().load(id)));
    again.new_effects = {effect(id, known)};
    again.new_effects[0].effect.effect_class = procedure::EffectClass::mails;
    EXPECT_CODE("store.effect_known", commit_one(store(), owner, again));
}

}  // namespace resolute::conformance
