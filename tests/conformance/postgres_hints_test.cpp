// SPDX-License-Identifier: Apache-2.0
// What programs tell each other over PostgreSQL, and that nothing rests on it.
#include <condition_variable>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "engine/engine.h"
#include "storage/postgres/postgres_storage.h"
#include "testkit/manual_world.h"
#include "testkit/pgbouncer.h"
#include "testkit/postgres_server.h"
#include "tools/tool.h"

namespace resolute::conformance {
namespace {

using storage::Hint;
using storage::PostgresStorage;

constexpr Duration kSoon = std::chrono::seconds(10);  ///< a test that waits so long has failed
constexpr Duration kNever = std::chrono::hours(1);
constexpr Duration kAWhile = std::chrono::milliseconds(600);
constexpr const char* kListeners = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN resolute' AND datname = current_database()";

/// One program: its storage, and an engine that looks by itself only as often as is said.
struct Program {
    Program(const std::string& url, const std::string& name, bool runs_effects, Duration poll_every)
        : storage(*PostgresStorage::open({.url = url, .accept_volatile = true})),
          book(storage->engine_store(), catalogue),
          vault(storage->engine_store()),
          engine(clock, storage->engine_store(), world, book, vault,
                 engine::Options{.owner = name, .runs_effects = runs_effects, .poll_every = poll_every}) {
        EXPECT_TRUE(book.set_current(testkit::shipped_procedure()));
        EXPECT_TRUE(engine.start());
    }
    ~Program() { storage->listen({}); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void listen() {
        storage->listen([this](const Hint& hint) {
            std::lock_guard lock(mutex);
            heard.push_back(hint);
            came.notify_all();
        });
    }
    std::optional<Hint> wait_for_hint(Duration at_most) {
        std::unique_lock lock(mutex);
        if (!came.wait_for(lock, at_most, [this] { return !heard.empty(); })) return std::nullopt;
        const Hint first = heard.front();
        heard.clear();
        return first;
    }
    std::size_t claim() { return engine.claim_due(clock.now()).value_or(0); }
    void open(const std::string& name) { ASSERT_TRUE(engine.receive(CaseId(name), testkit::opening(CaseId(name)), InputId("mail/" + name))); }

    const SystemClock clock;
    std::unique_ptr<PostgresStorage> storage;
    const procedure::ToolCatalogue catalogue = tools::catalogue();
    engine::ProcedureBook book;
    engine::Vault vault;
    testkit::ManualWorld world;
    engine::Engine engine;
    std::mutex mutex;
    std::condition_variable came;
    std::vector<Hint> heard;
};

class PostgresHints : public ::testing::Test {
protected:
    void SetUp() override {
        if (!testkit::shared_postgres()) GTEST_SKIP() << "no PostgreSQL";
        url_ = *testkit::fresh_database();
        database_ = url_.substr(url_.rfind('/') + 1);
    }
    static testkit::PostgresServer& server() { return **testkit::shared_postgres(); }
    std::string ask(const std::string& question) { return server().psql(question, database_).value_or("no answer"); }
    /// Another process's doing, which cannot wake us.
    static bool eventually(const std::function<bool()>& is_so) {
        const Deadline deadline = Deadline::in(kSoon);
        while (!is_so())
            if (deadline.has_passed()) return false;
        return true;
    }
    std::string url_;
    std::string database_;
};

TEST_F(PostgresHints, WhatAnIntakeLeavesIsTakenByAWorkerThatWouldNotLookForAnHour) {
    Program intake(url_, "intake", false, kNever);
    Program worker(url_, "worker", true, kNever);
    worker.listen();
    ASSERT_TRUE(eventually([&] { return ask(kListeners) == "1"; }));
    while (worker.claim() > 0) {}
    const double left = monotonic_seconds();
    intake.open("c1");
    EXPECT_EQ(worker.claim(), 0U) << "it does not look by itself";
    const auto hint = worker.wait_for_hint(kSoon);
    ASSERT_TRUE(hint) << "it was not told";
    EXPECT_EQ(hint->kind, Hint::Kind::work);
    EXPECT_EQ(hint->from_epoch, intake.engine.lease().epoch);
    worker.engine.look_at_once();
    EXPECT_EQ(worker.claim(), 1U);
    RecordProperty("taken_after_ms", static_cast<int>((monotonic_seconds() - left) * 1000));
    EXPECT_TRUE(worker.wait_for_hint(kSoon)) << "once more, for what was left unsaid meanwhile";
    EXPECT_FALSE(worker.wait_for_hint(kAWhile)) << "and then no more";
}

TEST_F(PostgresHints, WhoClaimsWhatItPlansTellsNobody) {
    Program one(url_, "one", true, kNever);
    Program two(url_, "two", true, kNever);
    two.listen();
    ASSERT_TRUE(eventually([&] { return ask(kListeners) == "1"; }));
    one.open("c1");
    ASSERT_TRUE(one.engine.run_once(one.clock.now()));
    EXPECT_FALSE(two.wait_for_hint(kAWhile));
}

TEST_F(PostgresHints, AFreezeAndItsReleaseAreKnownAtOnce) {
    Program one(url_, "one", true, kNever);
    Program two(url_, "two", true, kNever);
    two.listen();
    ASSERT_TRUE(eventually([&] { return ask(kListeners) == "1"; }));
    const auto heard = [&] {
        const auto hint = two.wait_for_hint(kSoon);
        two.engine.renew_at_once();
        two.claim();
        return hint && hint->kind == Hint::Kind::freeze;
    };
    ASSERT_TRUE(one.engine.freeze("a wrong article", "dana", one.clock.now()));
    EXPECT_TRUE(heard());
    EXPECT_TRUE(two.engine.is_frozen());
    ASSERT_TRUE(one.engine.release_freeze("dana", one.clock.now(), one.clock.now()));
    EXPECT_TRUE(heard());
    EXPECT_FALSE(two.engine.is_frozen());
}

TEST_F(PostgresHints, AListenerThatWasCutOffComesBack) {
    Program intake(url_, "intake", false, kNever);
    Program worker(url_, "worker", true, kNever);
    worker.listen();
    ASSERT_TRUE(eventually([&] { return ask(kListeners) == "1"; }));
    ASSERT_EQ(ask("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query = 'LISTEN resolute' AND datname = current_database()"), "t");
    ASSERT_TRUE(eventually([&] { return ask(kListeners) == "1"; }));
    intake.open("c1");
    EXPECT_TRUE(worker.wait_for_hint(kSoon));
}

TEST_F(PostgresHints, BehindAPoolerNobodyListensAndPollingIsEnough) {
    const auto pooler = testkit::PgBouncer::start(server());
    if (!pooler) GTEST_SKIP() << "no PgBouncer";
    Program intake(pooler->url(database_), "intake", false, kNever);
    Program worker(pooler->url(database_), "worker", true, std::chrono::milliseconds(50));
    worker.listen();
    intake.open("c1");
    EXPECT_FALSE(worker.wait_for_hint(kAWhile));
    EXPECT_EQ(ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"), "0");
    EXPECT_TRUE(eventually([&] { return worker.claim() == 1; }));
}

}  // namespace
}  // namespace resolute::conformance
