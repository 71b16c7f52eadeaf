// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <fstream>
#include <sys/resource.h>

#include "engine/verify.h"
#include "storage/sqlite/sqlite_storage.h"
#include "tests/conformance/storage_under_test.h"

/// No room on the disk: nothing is lost, nothing is half there, and the same program goes on when there is room again.
namespace resolute::conformance {

namespace {

using storage::SqliteStorage;
using storage::sqlite::Mode;

/// The kernel refuses to let any file grow beyond this; SIGXFSZ is ignored, so that write() says EFBIG.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit tight = before_;
        tight.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

engine::CaseCommit large_commit(CaseWriter& writer, const std::string& effect_id, std::size_t bytes) {
    auto commit = writer.commit();
    auto record = effect(writer.id(), effect_id);
    record.effect.payload.assign(bytes, 'x');
    commit.new_effects.push_back(record);
    return commit;
}

void expect_goes_on(SqliteStorage& storage, const engine::Lease& lease, CaseWriter& writer, const engine::CaseCommit& refused) {
    auto& store = storage.engine_store();
    const auto rows = store.journal(writer.id());
    ASSERT_OK(rows);
    EXPECT_EQ(rows->size(), refused.expected_version) << "nothing of the refused commit";
    EXPECT_FALSE(store.find_effect(refused.new_effects[0].effect.id)->has_value());
    ASSERT_OK(commit_one(store, lease, refused));
    const auto report = engine::verify(store, must(storage.queries().all_case_ids()));
    ASSERT_OK(report);
    EXPECT_TRUE(report->is_sound());
}

}  // namespace

TEST(SqliteFullDisk, TheFilesystemRefusesAndTheSameConnectionGoesOnWhenThereIsRoom) {
    const TempFolder folder;
    auto storage = SqliteStorage::open(folder / "resolute.db", Mode::owner);
    ASSERT_OK(storage);
    auto& store = (*storage)->engine_store();
    const auto lease = *store.acquire("test", at(0), engine::kJournalFormat);
    CaseWriter writer("ca");
    engine::CaseCommit refused;
    {
        const FileSizeLimit limit(1 << 20);
        for (int i = 0;; ++i) {
            ASSERT_LT(i, 100) << "the limit never came";
            refused = large_commit(writer, "e" + std::to_string(i), 100'000);
            const auto status = commit_one(store, lease, refused);
            if (status) continue;
            EXPECT_EQ(status.error().code, "store.disk_full") << status.error().detail;
            EXPECT_EQ(status.error().kind, ErrorKind::exhausted);
            break;
        }
        EXPECT_CODE("store.disk_full", commit_one(store, lease, refused));
        EXPECT_TRUE(store.load(writer.id())->has_value()) << "reading goes on";
    }
    expect_goes_on(**storage, lease, writer, refused);
}

TEST(SqliteFullDisk, AChangeThatDoesNotFitDoesNotHinderASmallOne) {
    const TempFolder folder;
    auto storage = SqliteStorage::open(folder / "resolute.db", Mode::owner);
    ASSERT_OK(storage);
    auto& store = (*storage)->engine_store();
    auto& database = (*storage)->database();
    const auto lease = *store.acquire("test", at(0), engine::kJournalFormat);
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store, lease, writer.commit()));
    ASSERT_OK(database.write([](auto& connection) { return connection.execute("PRAGMA max_page_count = 200"); }));
    CaseWriter large("cb");
    const auto refused = large_commit(large, "e1", 2'000'000);
    EXPECT_CODE("store.disk_full", commit_one(store, lease, refused));
    ASSERT_OK(commit_one(store, lease, writer.commit()));
    ASSERT_OK(database.write([](auto& connection) { return connection.execute("PRAGMA max_page_count = 1000000"); }));
    expect_goes_on(**storage, lease, large, refused);
}

}  // namespace resolute::conformance
