// SPDX-License-Identifier: Apache-2.0
#include "testkit/postgres_server.h"

#include <unistd.h>

#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "testkit/postgres_test_client.h"

namespace resolute::testkit {
namespace {

namespace fs = std::filesystem;

std::string process_file(pid_t pid, const char* name) {
    std::ifstream file(fmt::format("/proc/{}/{}", pid, name));
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PostgresServer, IsAPostgres15ThatWantsThePassword) {
    const PostgresServer server = must(PostgresServer::start());
    EXPECT_TRUE(server.is_up());
    const Client client(server.url());
    ASSERT_TRUE(client.is_connected()) << client.error();
    EXPECT_EQ(client.value("SELECT current_setting('server_version_num')::int / 10000"), "15");
    EXPECT_EQ(client.value("SELECT current_user || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user"), "app true");
    EXPECT_EQ(client.value("SHOW fsync"), "off");
    EXPECT_EQ(client.value("SHOW unix_socket_directories"), "");
    EXPECT_EQ(client.value("SHOW password_encryption"), "scram-sha-256");
    const Client stranger(fmt::format("postgresql://app:guess@127.0.0.1:{}/postgres", server.port()));
    EXPECT_FALSE(stranger.is_connected());
    EXPECT_EQ(process_file(server.pid(), "cmdline").find(server.password()), std::string::npos);
}

TEST(PostgresServer, IsNeverRoot) {
    const PostgresServer server = must(PostgresServer::start());
    const std::string status = process_file(server.pid(), "status");
    EXPECT_EQ(status.find("\nUid:\t0\t"), std::string::npos) << status;
    if (::geteuid() != 0) {
        EXPECT_NE(status.find(fmt::format("\nUid:\t{}\t", ::geteuid())), std::string::npos) << status;
    }
}

TEST(PostgresServer, LeavesNeitherProcessesNorFilesBehind) {
    fs::path folder;
    std::vector<pid_t> processes;
    {
        const PostgresServer server = must(PostgresServer::start());
        folder = server.data_dir().parent_path();
        processes = server.processes();
        EXPECT_TRUE(fs::exists(folder));
        EXPECT_GT(processes.size(), 3U);
    }
    EXPECT_FALSE(fs::exists(folder));
    for (const pid_t pid : processes)
        EXPECT_TRUE(wait_until([&] { return process_file(pid, "cmdline").find("postgres") == std::string::npos; })) << pid;
}

TEST(PostgresServer, TakesSettingsAtItsStartAndLater) {
    PostgresServer server = must(
        PostgresServer::start({.has_unix_socket = true,
                               .settings = {{"work_mem", "7MB"}, {"log_line_prefix", "it's \\ "}, {"max_connections", "33"}}}));
    EXPECT_EQ(must(server.psql("SHOW work_mem; SHOW log_line_prefix")), "it's \\ ");
    EXPECT_EQ(must(server.psql("SELECT current_setting('work_mem'), current_setting('max_connections') UNION SELECT 'b', NULL "
                               "ORDER BY 1")),
              "7MB|33\nb|");
    must(server.set("work_mem", "9MB"));
    EXPECT_EQ(must(server.psql("SHOW work_mem")), "9MB");
    const std::string folder = server.data_dir().parent_path().string();
    const Client local(fmt::format("postgresql://app:{}@/postgres?host={}&port={}", server.password(), folder, server.port()));
    EXPECT_EQ(local.value("SELECT inet_client_addr() IS NULL"), "t") << "not over TCP: " << local.error();
}

TEST(PostgresServer, RefusesSqlAndSettingsThatAreWrongWithAReason) {
    const PostgresServer server = must(PostgresServer::start());
    const auto answer = server.psql("SELEC 1");
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().detail.find("syntax error"), std::string::npos) << answer.error().detail;
    const auto other = PostgresServer::start({.settings = {{"no_such_setting", "1"}}});
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().detail.find("no_such_setting"), std::string::npos) << other.error().detail;
}

TEST(PostgresServer, ARestartKeepsDataAndPort) {
    PostgresServer server = must(PostgresServer::start({.is_durable = true}));
    EXPECT_EQ(must(server.psql("SHOW fsync")), "on");
    const std::string url = must(server.create_database("kept"));
    must(server.psql("CREATE TABLE t AS SELECT 42 AS n", "kept"));
    must(server.stop());
    EXPECT_FALSE(server.is_up());
    EXPECT_FALSE(server.psql("SELECT 1"));
    must(server.stop());
    must(server.restart());
    EXPECT_EQ(server.url("kept"), url);
    EXPECT_EQ(must(server.psql("SELECT n FROM t", "kept")), "42");
    must(server.restart());
    must(server.stop(StopMode::immediate));
    must(server.restart());
    EXPECT_EQ(must(server.psql("SELECT n FROM t", "kept")), "42");
    must(server.drop_database("kept"));
    EXPECT_FALSE(Client(url).is_connected());
}

TEST(PostgresServer, AfterKillNineItRecoversWhatWasCommitted) {
    for (const bool is_durable : {true, false}) {
        PostgresServer server = must(PostgresServer::start({.is_durable = is_durable}));
        must(server.psql("CREATE TABLE t (n int)"));
        const Client client(server.url());
        const Client open(server.url());
        ASSERT_TRUE(open.run("BEGIN; INSERT INTO t VALUES (-1)"));
        for (int n = 0; n < 100; ++n) ASSERT_TRUE(client.run(fmt::format("INSERT INTO t VALUES ({})", n)));
        const auto processes = server.processes();
        must(server.kill_9());
        EXPECT_FALSE(server.is_up());
        EXPECT_EQ(server.pid(), -1);
        for (const pid_t pid : processes) EXPECT_EQ(process_file(pid, "cmdline"), "") << pid;
        EXPECT_FALSE(client.run("SELECT 1"));
        must(server.restart());
        EXPECT_EQ(must(server.psql("SELECT count(*), min(n), max(n) FROM t")), "100|0|99");
        EXPECT_NE(tail(server.log(), 100'000).find("automatic recovery in progress"), std::string::npos)
            << "it was killed, not stopped";
    }
}

TEST(PostgresServer, ASynchronousStandbyShowsEachCommitAtOnceAndServesAfterItsPromotion) {
    PostgresServer primary = must(PostgresServer::start());
    must(primary.psql("CREATE TABLE t (n int)"));
    PostgresServer standby = must(primary.make_standby("second"));
    const Client writer(primary.url());
    const Client reader(standby.url());
    EXPECT_EQ(reader.value("SELECT pg_is_in_recovery()"), "t");
    for (int n = 1; n <= 50; ++n) {
        ASSERT_TRUE(writer.run(fmt::format("INSERT INTO t VALUES ({})", n)));
        ASSERT_EQ(reader.value("SELECT max(n) FROM t"), fmt::format("{}", n)) << "the commit did not wait";
    }
    EXPECT_FALSE(reader.run("INSERT INTO t VALUES (0)")) << "a standby only answers";
    must(primary.kill_9());
    must(standby.promote());
    EXPECT_EQ(must(standby.psql("SELECT count(*) FROM t")), "50");
    EXPECT_TRUE(Client(standby.url()).run("INSERT INTO t VALUES (51)"));
    must(standby.restart());
    EXPECT_EQ(must(standby.psql("SELECT max(n) FROM t")), "51");
}

TEST(PostgresServer, WhereASynchronousStandbyIsDownCommitsWaitForItUntilItIsReleased) {
    PostgresServer primary = must(PostgresServer::start());
    must(primary.psql("CREATE TABLE t (n int)"));
    PostgresServer standby = must(primary.make_standby("second"));
    must(standby.kill_9());
    const Client writer(primary.url());
    ASSERT_EQ(::PQsendQuery(writer.get(), "INSERT INTO t VALUES (1)"), 1);
    EXPECT_TRUE(wait_until(
        [&] { return must(primary.psql("SELECT wait_event FROM pg_stat_activity WHERE query LIKE 'INSERT%'")) == "SyncRep"; }));
    EXPECT_EQ(must(primary.psql("SELECT count(*) FROM t")), "0") << "nobody sees it before the standby has it";
    must(standby.restart());
    ::PQclear(::PQgetResult(writer.get()));
    EXPECT_EQ(must(standby.psql("SELECT n FROM t")), "1");
    must(primary.release_standby("second"));
    EXPECT_EQ(must(primary.psql("SELECT count(*) FROM pg_replication_slots")), "0");
    must(standby.stop());
    must(primary.psql("INSERT INTO t VALUES (2)"));
    EXPECT_EQ(must(primary.psql("SELECT count(*) FROM t")), "2");
}

TEST(PostgresServer, AnAsynchronousStandbyFollowsAndMayLoseTheLastCommits) {
    PostgresServer primary = must(PostgresServer::start());
    must(primary.psql("CREATE TABLE t (n int)"));
    PostgresServer standby = must(primary.make_standby("later", Replication::asynchronous));
    must(primary.psql("INSERT INTO t VALUES (1)"));
    EXPECT_TRUE(wait_until([&] { return must(standby.psql("SELECT count(*) FROM t")) == "1"; }));
    must(standby.stop());
    must(primary.psql("INSERT INTO t VALUES (2)"));
    must(primary.kill_9());
    must(standby.restart());
    must(standby.promote());
    EXPECT_EQ(must(standby.psql("SELECT count(*) FROM t")), "1") << "the second commit is lost";
}

TEST(SharedPostgres, GivesEachTestItsOwnDatabase) {
    const std::string first = must(fresh_database());
    const std::string second = must(fresh_database());
    EXPECT_NE(first, second);
    EXPECT_EQ(must(shared_postgres()), must(shared_postgres()));
    ASSERT_TRUE(Client(first).run("CREATE TABLE t (n int)"));
    EXPECT_TRUE(Client(second).run("CREATE TABLE t (n int)")) << "the other's table is not here";
    must(must(shared_postgres())->create_database("migrated"));
    must(must(shared_postgres())->psql("CREATE TABLE t AS SELECT 5 AS n", "migrated"));
    EXPECT_EQ(Client(must(fresh_database("migrated"))).value("SELECT n FROM t"), "5");
}

}  // namespace
}  // namespace resolute::testkit
