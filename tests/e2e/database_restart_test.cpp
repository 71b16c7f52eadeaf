// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/text.h"
#include "testkit/cutting_proxy.h"
#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;

constexpr double kCutShare = 0.1;  ///< of commits before, and as many after
constexpr Duration kUpFor = std::chrono::seconds(3);
constexpr std::size_t kMailsEachRound = 80;

TEST(DatabaseRestart, WorkersGoOnByThemselvesAfterKillsOfTheDatabaseAndCutsAtCommits) {
    const auto restarts = number_from_environment("RESOLUTE_RESTARTS", 3);
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_RESTARTS={} RESOLUTE_SEED={} e2e_database_restart_test", restarts, seed));
    auto server = must(testkit::PostgresServer::start());
    must(server.create_database("resolute"));
    const auto proxy = must(testkit::CuttingProxy::start(server.port()));
    Fleet fleet(server, "resolute", server.url_through(proxy->port(), "resolute"));
    std::vector<Process> programs;
    for (const char* name : {"w0", "w1"}) {
        programs.push_back(fleet.start(name));
        ASSERT_TRUE(eventually([&] {
            return fleet.number(fmt::format("SELECT count(*) FROM resolute.workers WHERE owner = '{}'", name)) == 1;
        })) << programs.back().err();
    }
    proxy->cut_at_commits({.before = kCutShare, .after = kCutShare, .seed = seed});
    std::vector<double> back_ms;
    for (std::int64_t i = 0; i < restarts; ++i) {
        fleet.feed(kMailsEachRound);
        pause(kUpFor);
        must(server.kill_9());
        must(server.restart());
        const double up = monotonic_seconds();
        const std::int64_t events = fleet.number("SELECT count(*) FROM resolute.journal");
        ASSERT_TRUE(eventually([&] { return fleet.number("SELECT count(*) FROM resolute.journal") > events; })) << programs[0].err();
        back_ms.push_back((monotonic_seconds() - up) * 1000);
    }
    const testkit::ProxyCounters cut = proxy->counters();
    proxy->cut_at_commits({});
    EXPECT_TRUE(fleet.settle(std::chrono::seconds(120)));
    for (Process& program : programs) {
        EXPECT_FALSE(program.has_ended()) << program.err();
        EXPECT_EQ(program.stop().exit_code, 0);
    }
    const Verdict verdict = judge(fleet);
    fmt::print("{}", to_line("database_restart", verdict,
                             {{"restarts", static_cast<double>(restarts)},
                              {"seed", static_cast<double>(seed)},
                              {"commits_asked", static_cast<double>(cut.commits_asked)},
                              {"cut_before", static_cast<double>(cut.cut_before)},
                              {"cut_after", static_cast<double>(cut.cut_after)},
                              {"back_at_work_p50_ms", percentile(back_ms, 0.5)},
                              {"back_at_work_max_ms", percentile(back_ms, 1)}}));
    EXPECT_GT(cut.cut_before + cut.cut_after, 10U) << "the cuts hit nothing";
    expect_all_once(verdict);
    EXPECT_EQ(fleet.number("SELECT count(*) FROM resolute.freezes"), 0) << "nothing that was confirmed was lost";
    expect_sound(fleet, "w0");
}

/// What a program says while its database is away, and when it is there.
constexpr const char* kWaits = "; waits for the database";
constexpr const char* kGoesOn = "the database is there; goes on";

TEST(DatabaseStart, AProgramThatStartsBeforeItsDatabaseWaitsForItAndThenWorks) {
    auto server = must(testkit::PostgresServer::start());
    Fleet fleet(server, "resolute", must(server.create_database("resolute")));
    fleet.feed(3);
    must(server.stop());
    Process program = fleet.start("w0");
    ASSERT_TRUE(eventually([&] { return program.err().find(kWaits) != std::string::npos; })) << program.err();
    const Ended other = fleet.run("w1", {"case", "list"});
    EXPECT_EQ(other.exit_code, 3) << describe(other);
    EXPECT_NE(other.err.find("store.unavailable"), std::string::npos) << describe(other);
    must(server.restart());
    EXPECT_TRUE(fleet.settle(std::chrono::seconds(60))) << program.err();
    const Ended ended = program.stop();
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_EQ(ended.err.find(kWaits), ended.err.rfind(kWaits)) << "said once: " << ended.err;
    EXPECT_NE(ended.err.find(kGoesOn), std::string::npos) << ended.err;
    expect_all_once(judge(fleet));
}

TEST(DatabaseStart, ASignalEndsTheWaitForTheDatabase) {
    auto server = must(testkit::PostgresServer::start());
    const Fleet fleet(server, "resolute", must(server.create_database("resolute")));
    must(server.stop());
    Process program = fleet.start("w0");
    ASSERT_TRUE(eventually([&] { return program.err().find(kWaits) != std::string::npos; })) << program.err();
    const double asked = monotonic_seconds();
    const Ended ended = program.stop();
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_LT(monotonic_seconds() - asked, 3) << "not only when the next attempt is due";
}

TEST(DatabaseStart, WhatOnlyAPersonCanMendIsNotWaitedFor) {
    const auto server = must(testkit::PostgresServer::start());
    const std::string url = must(server.create_database("resolute"));
    const std::string wrong_password = text::replace_all(url, server.password(), "wrong");
    for (const std::string& refused : {wrong_password, server.url("not_there")}) {
        const Fleet fleet(server, "resolute", refused);
        const Ended ended = fleet.run("w0", {"serve"});
        EXPECT_EQ(ended.exit_code, 3) << describe(ended);
        EXPECT_NE(ended.err.find("store.login_refused"), std::string::npos) << describe(ended);
        EXPECT_EQ(ended.err.find(kWaits), std::string::npos) << describe(ended);
    }
}

}  // namespace
}  // namespace resolute::e2e
