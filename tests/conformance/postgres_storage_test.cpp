// SPDX-License-Identifier: Apache-2.0
// What only a server across a network shows.
#include <thread>

#include "storage/postgres/postgres_storage.h"
#include "testkit/cutting_proxy.h"
#include "testkit/postgres_server.h"
#include "tests/conformance/storage_under_test.h"

namespace resolute::conformance {

namespace {

using storage::PostgresStorage;

storage::postgres::Settings settings(std::string url) {
    storage::postgres::Settings settings{.url = std::move(url)};
    settings.accept_volatile = true;
    return settings;
}

class PostgresStorageTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!testkit::shared_postgres()) GTEST_SKIP() << "no PostgreSQL";
        url_ = *testkit::fresh_database();
    }
    std::string url_;
};

TEST_F(PostgresStorageTest, AServerThatCanLoseWhatItSaidItKeptIsRefused) {
    EXPECT_CODE("store.not_durable", PostgresStorage::open({.url = url_}));
}

TEST_F(PostgresStorageTest, WorkersThatStartAtOnceMakeTheSchemaOnce) {
    std::vector<std::thread> threads;
    std::vector<std::string> errors(6);
    for (std::string& error : errors)
        threads.emplace_back([&] {
            const auto opened = PostgresStorage::open(settings(url_));
            if (!opened) error = describe(opened.error());
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(errors, std::vector<std::string>(6));
}

TEST_F(PostgresStorageTest, ACommitWhoseAnswerIsLostIsUnknownAndThere) {
    auto proxy = testkit::CuttingProxy::start((*testkit::shared_postgres())->port());
    ASSERT_OK(proxy);
    const std::string database = url_.substr(url_.rfind('/') + 1);
    auto storage = PostgresStorage::open(settings((*testkit::shared_postgres())->url_through((*proxy)->port(), database)));
    ASSERT_OK(storage);
    auto& store = (*storage)->engine_store();
    const auto lease = store.acquire("test", at(0), engine::kJournalFormat);
    ASSERT_OK(lease);
    CaseWriter writer("ca");
    ASSERT_OK(commit_one(store, *lease, writer.commit()));
    (*proxy)->cut_at_commits({.before = 0, .after = 1, .seed = 1, .cuts_max = 1});
    EXPECT_CODE("store.commit_unknown", commit_one(store, *lease, writer.commit()));
    ASSERT_OK(commit_one(store, *lease, writer.commit()));  // What came before is there.
    EXPECT_EQ((*store.load(writer.id()))->version, 3u);
}

TEST_F(PostgresStorageTest, WhileTheServerIsAwayCallersLearnItAndAfterAllIsAsBefore) {
    auto proxy = testkit::CuttingProxy::start((*testkit::shared_postgres())->port());
    ASSERT_OK(proxy);
    const std::string database = url_.substr(url_.rfind('/') + 1);
    auto storage = PostgresStorage::open(settings((*testkit::shared_postgres())->url_through((*proxy)->port(), database)));
    ASSERT_OK(storage);
    auto& store = (*storage)->engine_store();
    const auto lease = store.acquire("test", at(0), engine::kJournalFormat);
    ASSERT_OK(lease);
    (*proxy)->cut_all();
    EXPECT_TRUE(store.store_id().has_value()) << "a look is repeated on a new connection";
    (*proxy)->refuse(true);
    (*proxy)->cut_all();
    CaseWriter writer("ca");
    const auto commit = writer.commit();
    EXPECT_CODE("store.unavailable", commit_one(store, *lease, commit));
    EXPECT_CODE("store.unavailable", store.store_id());
    (*proxy)->refuse(false);
    EXPECT_TRUE(testkit::wait_until([&] { return commit_one(store, *lease, commit).has_value(); }));
}

}  // namespace

}  // namespace resolute::conformance
