// SPDX-License-Identifier: Apache-2.0
#include "testkit/cutting_proxy.h"

#include <poll.h>

#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testkit/postgres_server.h"
#include "testkit/postgres_test_client.h"

namespace resolute::testkit {
namespace {

/// A table of its own behind a proxy.
class CuttingProxyTest : public testing::Test {
protected:
    void SetUp() override {
        server_ = must(shared_postgres());
        database_ = fmt::format("proxy_{}", ++made);
        must(server_->create_database(database_));
        must(server_->psql("CREATE TABLE t (n int)", database_));
        proxy_ = must(CuttingProxy::start(server_->port()));
    }
    [[nodiscard]] Client connect() const { return Client(server_->url_through(proxy_->port(), database_)); }
    /// Once the server has no more connection to it: an undone transaction is undone then, a committed one is there.
    [[nodiscard]] std::string rows() const {
        EXPECT_TRUE(wait_until([&] {
            return must(server_->psql(fmt::format("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND pid <> "
                                                  "pg_backend_pid()",
                                                  database_))) == "0";
        }));
        return must(server_->psql("SELECT coalesce(string_agg(n::text, ',' ORDER BY n), '') FROM t", database_));
    }

    static inline int made = 0;
    PostgresServer* server_ = nullptr;
    std::string database_;
    std::unique_ptr<CuttingProxy> proxy_;
};

TEST_F(CuttingProxyTest, PassesEverythingWhereItIsToldNothing) {
    const Client client = connect();
    ASSERT_TRUE(client.is_connected()) << client.error();
    EXPECT_TRUE(client.run("BEGIN; INSERT INTO t VALUES (1); COMMIT"));
    EXPECT_TRUE(client.run_extended("INSERT INTO t VALUES (2)"));
    const std::string large(3'000'000, 'x');
    EXPECT_EQ(client.value("SELECT length('" + large + "')"), "3000000");
    EXPECT_EQ(client.value("SELECT repeat('y', 3000000)"), std::string(3'000'000, 'y'));
    const ProxyCounters counted = proxy_->counters();
    EXPECT_EQ(counted.accepted, 1U);
    EXPECT_EQ(counted.open, 1U);
    EXPECT_EQ(counted.commits_asked, 1U);
    EXPECT_EQ(counted.commits_replied, 2U) << "the second had no BEGIN";
    EXPECT_GT(counted.bytes_to_server, 3'000'000U);
    EXPECT_GT(counted.bytes_to_client, 3'000'000U);
}

TEST_F(CuttingProxyTest, ACutAtTheReplyOfCommitLeavesTheRowThoughTheClientSawAnError) {
    proxy_->cut_at_commits({.after = 1});
    // As one query, step by step, with prepared statements, and without BEGIN.
    EXPECT_FALSE(connect().run("BEGIN; INSERT INTO t VALUES (1); COMMIT"));
    {
        const Client client = connect();
        ASSERT_TRUE(client.run("BEGIN") && client.run("INSERT INTO t VALUES (2)"));
        EXPECT_FALSE(client.run("COMMIT"));
        EXPECT_FALSE(client.is_connected());
    }
    {
        const Client client = connect();
        ASSERT_TRUE(client.run_extended("BEGIN") && client.run_extended("INSERT INTO t VALUES (3)"));
        EXPECT_FALSE(client.run_extended("COMMIT"));
    }
    EXPECT_FALSE(connect().run("INSERT INTO t VALUES (4)"));
    EXPECT_FALSE(connect().run_extended("INSERT INTO t VALUES (5)"));
    EXPECT_EQ(rows(), "1,2,3,4,5");
    EXPECT_EQ(proxy_->counters().cut_after, 5U);
    EXPECT_EQ(proxy_->counters().cut_before, 0U);
}

TEST_F(CuttingProxyTest, ACutBeforeCommitLeavesNothing) {
    proxy_->cut_at_commits({.before = 1});
    EXPECT_FALSE(connect().run("BEGIN; INSERT INTO t VALUES (1); COMMIT"));
    {
        const Client client = connect();
        ASSERT_TRUE(client.run("BEGIN") && client.run("INSERT INTO t VALUES (2)"));
        EXPECT_FALSE(client.run("END"));
        EXPECT_FALSE(client.is_connected());
    }
    {
        const Client client = connect();
        ASSERT_TRUE(client.run_extended("BEGIN") && client.run_extended("INSERT INTO t VALUES (3)"));
        EXPECT_FALSE(client.run_extended("COMMIT"));
    }
    EXPECT_EQ(rows(), "");
    EXPECT_EQ(proxy_->counters().cut_before, 3U);
    EXPECT_EQ(proxy_->counters().commits_replied, 0U);
}

/// BEGIN, one row, COMMIT in one pipeline; whether the client learnt that all succeeded.
bool commit_in_a_pipeline(const Client& client, int n) {
    PGconn* connection = client.get();
    if (::PQenterPipelineMode(connection) != 1) return false;
    for (const std::string& sql : {std::string("BEGIN"), fmt::format("INSERT INTO t VALUES ({})", n), std::string("COMMIT")})
        if (::PQsendQueryParams(connection, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 1) return false;
    if (::PQpipelineSync(connection) != 1) return false;
    int good = 0;
    int nothing = 0;
    while (nothing < 2 && ::PQstatus(connection) == CONNECTION_OK) {
        PGresult* result = ::PQgetResult(connection);
        const ExecStatusType status = ::PQresultStatus(result);
        nothing = result == nullptr ? nothing + 1 : 0;
        ::PQclear(result);
        if (status == PGRES_COMMAND_OK) ++good;
        if (status == PGRES_PIPELINE_SYNC) break;
    }
    return good == 3 && ::PQstatus(connection) == CONNECTION_OK;
}

TEST_F(CuttingProxyTest, SeesTheCommitInAPipeline) {
    EXPECT_TRUE(commit_in_a_pipeline(connect(), 1));
    proxy_->cut_at_commits({.after = 1});
    EXPECT_FALSE(commit_in_a_pipeline(connect(), 2));
    proxy_->cut_at_commits({.before = 1});
    EXPECT_FALSE(commit_in_a_pipeline(connect(), 3));
    EXPECT_EQ(rows(), "1,2");
}

TEST_F(CuttingProxyTest, CutsSomeByTheSeedAndNoMoreThanAllowed) {
    std::vector<std::string> outcomes;
    for (int run = 0; run < 3; ++run) {
        proxy_->cut_at_commits({.before = 0.3, .after = 0.3, .seed = run < 2 ? 7U : 8U});
        outcomes.emplace_back();
        for (int n = 0; n < 40; ++n) {
            const Client client = connect();
            outcomes.back() += client.run("BEGIN; INSERT INTO t VALUES (1); COMMIT") ? 'c' : '-';
        }
    }
    EXPECT_EQ(outcomes[0], outcomes[1]);
    EXPECT_NE(outcomes[0], outcomes[2]);
    const ProxyCounters counted = proxy_->counters();
    EXPECT_GT(counted.cut_before, 10U);
    EXPECT_GT(counted.cut_after, 10U);
    EXPECT_EQ(counted.commits_asked, 120U);
    EXPECT_EQ(counted.commits_replied, 120U - counted.cut_before);
    EXPECT_EQ(must(server_->psql("SELECT count(*) FROM t", database_)), fmt::format("{}", counted.commits_replied))
        << "what the server told is there, and nothing else";
    proxy_->cut_at_commits({.after = 1, .cuts_max = 1});
    EXPECT_FALSE(connect().run("INSERT INTO t VALUES (1)"));
    EXPECT_TRUE(connect().run("INSERT INTO t VALUES (1)"));
}

TEST_F(CuttingProxyTest, CutsAllConnectionsNowAndRefusesNewOnes) {
    const Client first = connect();
    const Client second = connect();
    ASSERT_TRUE(first.run("BEGIN; INSERT INTO t VALUES (1)"));
    proxy_->refuse(true);
    EXPECT_TRUE(second.run("SELECT 1")) << "who is connected stays so";
    const Client refused = connect();
    EXPECT_FALSE(refused.is_connected());
    EXPECT_NE(refused.error().find("Connection refused"), std::string::npos) << refused.error();
    EXPECT_EQ(proxy_->cut_all(), 2U);
    EXPECT_FALSE(first.run("COMMIT"));
    EXPECT_FALSE(second.run("SELECT 1"));
    EXPECT_EQ(rows(), "");
    EXPECT_EQ(proxy_->counters().open, 0U);
    EXPECT_EQ(proxy_->counters().cut_by_hand, 2U);
    proxy_->refuse(false);
    EXPECT_TRUE(connect().run("SELECT 1"));
}

TEST_F(CuttingProxyTest, DelaysEachByte) {
    const Client client = connect();
    proxy_->delay(std::chrono::milliseconds(60));
    const double began = monotonic_seconds();
    EXPECT_EQ(client.value("SELECT 7"), "7");
    EXPECT_GE(monotonic_seconds() - began, 0.12) << "there and back";
    proxy_->delay(Duration::zero());
    EXPECT_EQ(client.value("SELECT 8"), "8");
}

TEST_F(CuttingProxyTest, HoldsEverythingWhilePausedAndClosesNothing) {
    const Client client = connect();
    proxy_->pause();
    ASSERT_EQ(::PQsendQuery(client.get(), "INSERT INTO t VALUES (1)"), 1);
    pollfd answer{.fd = ::PQsocket(client.get()), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&answer, 1, 150), 0) << "neither an answer nor an end";
    EXPECT_EQ(must(server_->psql("SELECT count(*) FROM t", database_)), "0");
    EXPECT_EQ(proxy_->counters().open, 1U) << "it still answers us";
    proxy_->resume();
    PGresult* result = ::PQgetResult(client.get());
    EXPECT_EQ(::PQresultStatus(result), PGRES_COMMAND_OK);
    ::PQclear(result);
}

TEST_F(CuttingProxyTest, AServerThatGoesEndsItsConnectionsAndOneThatIsDownTakesNone) {
    PostgresServer own = must(PostgresServer::start());
    proxy_->retarget(own.port());
    const Client client(own.url_through(proxy_->port()));
    ASSERT_TRUE(client.run("SELECT 1")) << client.error();
    must(own.kill_9());
    EXPECT_FALSE(client.run("SELECT 1"));
    EXPECT_FALSE(Client(own.url_through(proxy_->port())).is_connected());
    EXPECT_GE(proxy_->counters().unreachable, 1U);
    proxy_->retarget(server_->port());
    EXPECT_TRUE(connect().run("SELECT 1")) << "another server, the same port";
}

TEST_F(CuttingProxyTest, CarriesManyConnectionsAtOnceWhileItCuts) {
    proxy_->cut_at_commits({.before = 0.1, .after = 0.1, .seed = 3});
    std::atomic<int> told = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread)
        threads.emplace_back([&, thread] {
            for (int n = 0; n < 25; ++n)
                if (connect().run(fmt::format("BEGIN; INSERT INTO t VALUES ({}); COMMIT", thread * 100 + n))) ++told;
        });
    for (std::thread& thread : threads) thread.join();
    const ProxyCounters counted = proxy_->counters();
    EXPECT_EQ(static_cast<std::uint64_t>(told), 200 - counted.cut_before - counted.cut_after);
    EXPECT_GT(counted.cut_before, 0U);
    EXPECT_GT(counted.cut_after, 0U);
    EXPECT_EQ(must(server_->psql("SELECT count(*) FROM t", database_)), fmt::format("{}", 200 - counted.cut_before));
}

}  // namespace
}  // namespace resolute::testkit
