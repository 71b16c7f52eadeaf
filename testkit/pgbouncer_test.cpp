// SPDX-License-Identifier: Apache-2.0
#include "testkit/pgbouncer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "testkit/cutting_proxy.h"
#include "testkit/postgres_test_client.h"

namespace resolute::testkit {
namespace {

TEST(PgBouncer, GivesTwoClientsTheSameServerConnectionByTurns) {
    const PostgresServer* server = must(shared_postgres());
    must(server->create_database("pooled"));
    const PgBouncer bouncer = must(PgBouncer::start(*server, {.pool_size = 1}));
    const Client first(bouncer.url("pooled"));
    const Client second(bouncer.url("pooled"));
    ASSERT_TRUE(first.is_connected()) << first.error();
    ASSERT_TRUE(second.is_connected()) << second.error();
    const std::string backend = first.value("SELECT pg_backend_pid()");
    for (int turn = 0; turn < 3; ++turn) {
        EXPECT_EQ(first.value("SELECT pg_backend_pid()"), backend);
        EXPECT_EQ(second.value("SELECT pg_backend_pid()"), backend);
    }
    EXPECT_EQ(must(server->psql("SELECT count(*) FROM pg_stat_activity WHERE datname = 'pooled'")), "1");

    // While the first is in a transaction the only connection is taken; the second's question waits and is then answered.
    ASSERT_TRUE(first.run("BEGIN"));
    ASSERT_EQ(::PQsendQuery(second.get(), "SELECT 1"), 1);
    const Client console(bouncer.url("pgbouncer"));
    EXPECT_TRUE(wait_until([&] {
        PGresult* pools = ::PQexec(console.get(), "SHOW POOLS");
        const int waiting = ::PQfnumber(pools, "cl_waiting");
        bool is_waiting = false;
        for (int row = 0; row < ::PQntuples(pools); ++row)
            is_waiting = is_waiting || (std::string(::PQgetvalue(pools, row, 0)) == "pooled" &&
                                        std::string(::PQgetvalue(pools, row, waiting)) == "1");
        ::PQclear(pools);
        return is_waiting;
    }));
    ASSERT_TRUE(first.run("COMMIT"));
    PGresult* result = ::PQgetResult(second.get());
    EXPECT_EQ(::PQresultStatus(result), PGRES_TUPLES_OK);
    ::PQclear(result);
}

TEST(PgBouncer, StopsStartsAgainAndWantsThePassword) {
    const PostgresServer* server = must(shared_postgres());
    PgBouncer bouncer = must(PgBouncer::start(*server));
    const std::string url = bouncer.url();
    EXPECT_TRUE(Client(url).run("SELECT 1"));
    EXPECT_FALSE(Client(fmt::format("postgresql://app:guess@127.0.0.1:{}/postgres", bouncer.port())).is_connected());
    must(bouncer.stop());
    EXPECT_FALSE(bouncer.is_up());
    EXPECT_FALSE(Client(url).is_connected());
    must(bouncer.restart());
    EXPECT_TRUE(Client(url).run("SELECT 1"));
}

TEST(PgBouncer, FindsAServerAgainThatWasKilled) {
    PostgresServer server = must(PostgresServer::start());
    const PgBouncer bouncer = must(PgBouncer::start(server));
    EXPECT_TRUE(Client(bouncer.url()).run("SELECT 1"));
    must(server.kill_9());
    must(server.restart());
    EXPECT_TRUE(wait_until([&] { return Client(bouncer.url()).run("SELECT 1"); }));
}

TEST(PgBouncer, SaysWhyItDoesNotStart) {
    const auto bouncer = PgBouncer::start(*must(shared_postgres()), {.settings = {{"pool_mode", "no_such_mode"}}});
    ASSERT_FALSE(bouncer);
    EXPECT_NE(bouncer.error().detail.find("no_such_mode"), std::string::npos) << bouncer.error().detail;
}

TEST(PgBouncer, ACutCommitBehindItLooksLikeOneWithoutIt) {
    const PostgresServer* server = must(shared_postgres());
    must(server->create_database("cut_pooled"));
    must(server->psql("CREATE TABLE t (n int)", "cut_pooled"));
    const PgBouncer bouncer = must(PgBouncer::start(*server));
    const auto proxy = must(CuttingProxy::start(bouncer.port()));
    proxy->cut_at_commits({.after = 1});
    EXPECT_FALSE(Client(server->url_through(proxy->port(), "cut_pooled")).run("BEGIN; INSERT INTO t VALUES (1); COMMIT"));
    EXPECT_EQ(must(server->psql("SELECT count(*) FROM t", "cut_pooled")), "1");
}

}  // namespace
}  // namespace resolute::testkit
