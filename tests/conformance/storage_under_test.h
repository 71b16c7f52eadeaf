// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "ports/automatic_mail_ledger.h"
#include "storage/storage.h"

/// One suite holds for every database: each test runs on each of them.
namespace resolute::conformance {

/// One database of its own, with what the suite must do to it behind the stores' back.
class StorageUnderTest {
public:
    virtual ~StorageUnderTest() = default;
    virtual storage::Storage& storage() = 0;
    /// As if the owner of this lease had been silent for longer than it lasts. A store with one owner needs nothing for that.
    virtual void let_lease_run_out(const engine::Lease& lease) = 0;
};

struct StorageKind {
    std::string name;
    std::unique_ptr<StorageUnderTest> (*make)();
};
inline std::string name_of(const ::testing::TestParamInfo<StorageKind>& info) { return info.param.name; }

/// A folder of its own that is gone with the test.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class StorageTest : public ::testing::TestWithParam<StorageKind> {
protected:
    void SetUp() override { storage_ = GetParam().make(); }
    StorageUnderTest& under_test() { return *storage_; }
    bool is_shared() { return storage_->storage().is_shared(); }
    engine::Store& store() { return storage_->storage().engine_store(); }
    ports::IntakeStore& intake() { return storage_->storage().intake(); }
    ports::MailLedger& ledger() { return storage_->storage().ledger(); }
    ports::DeskStore& desk() { return storage_->storage().desk(); }
    ports::CaseQueries& queries() { return storage_->storage().queries(); }
    ports::ArticleStore& articles() { return storage_->storage().articles(); }
    ports::AutomaticMailLedger& automatic_mail_ledger() { return storage_->storage().automatic_mail_ledger(); }

    engine::Lease acquire(const std::string& owner, Instant now);
    /// A new owner after the last one died: its lease ran out before.
    engine::Lease succeed(const engine::Lease& dead, Instant now);

private:
    std::unique_ptr<StorageUnderTest> storage_;
};

/// A moment of the tests' day.
Instant at(int seconds);

/// Builds linked commits for one case, as the engine would.
class CaseWriter {
public:
    explicit CaseWriter(std::string id);
    /// One row of `events` more events; the commit goes on from the last one that was made. The first carries a summary.
    engine::CaseCommit commit(int events = 1);
    /// The same as the program before wrote it: one row for each event, nothing sealed.
    engine::CaseCommit commit_format_1(int events = 1);
    /// The next commit goes on from here: what a refused one leaves.
    void rewind(const engine::CaseCommit& refused);
    [[nodiscard]] const CaseId& id() const { return id_; }

private:
    engine::CaseCommit begin();

    CaseId id_;
    std::string hash_;
    std::uint64_t version_ = 0;
    std::string hash_before_;
};

casework::CaseSummary summary(const CaseId& id);
engine::EffectRecord effect(const CaseId& case_id, const std::string& id, engine::EffectStatus status = engine::EffectStatus::waiting);
casework::Task task(const std::string& id, Instant opened_at);

/// The status of a commit that stands alone.
Status commit_one(engine::Store& store, const engine::Lease& lease, const engine::CaseCommit& commit);

/// The value, owned: fit for a range-for, whose range must outlive the call that made it.
template <class T>
T must(Result<T> result) {
    EXPECT_TRUE(result.has_value());
    return result ? *std::move(result) : T{};
}

#define ASSERT_OK(...)                                                                 \
    do {                                                                               \
        const auto& assert_ok_result = (__VA_ARGS__);                                  \
        ASSERT_TRUE(assert_ok_result.has_value()) << describe(assert_ok_result.error()); \
    } while (false)
#define EXPECT_CODE(expected, ...)                                     \
    do {                                                               \
        const auto& expect_code_result = (__VA_ARGS__);                \
        ASSERT_FALSE(expect_code_result.has_value());                  \
        EXPECT_EQ(expect_code_result.error().code, expected);          \
    } while (false)

}  // namespace resolute::conformance
