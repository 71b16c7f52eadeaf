// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;

constexpr Duration kKillEvery = std::chrono::seconds(1);

TEST(Workers, KilledAgainAndAgainTheyLoseNothingAndSendNothingTwice) {
    const auto workers = static_cast<std::size_t>(number_from_environment("RESOLUTE_WORKERS", 3));
    const auto mails = static_cast<std::size_t>(number_from_environment("RESOLUTE_MAILS", 300));
    const auto kills = static_cast<std::size_t>(number_from_environment("RESOLUTE_WORKER_KILLS", 10));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_WORKERS={} RESOLUTE_MAILS={} RESOLUTE_WORKER_KILLS={} RESOLUTE_SEED={} e2e_workers_test", workers,
                             mails, kills, seed));
    const auto server = must(testkit::PostgresServer::start());
    const std::string url = must(server.create_database("resolute"));
    Fleet fleet(server, "resolute", url);
    fleet.feed(mails);
    std::vector<std::string> names;
    std::vector<std::string> roles;
    for (std::size_t i = 0; i < workers; ++i) {
        names.push_back(fmt::format("w{}", i));
        roles.emplace_back(i % 4 == 3 ? "worker" : "all");
    }
    Storm storm(fleet, names, roles, seed);
    const double began = monotonic_seconds();
    storm.start_all();
    while (storm.kills() < kills && storm.strike(kKillEvery)) {}
    const double calm = monotonic_seconds();
    const auto taken_in = fleet.number("SELECT count(*) FROM resolute.mails WHERE outcome <> 'pending'");
    const auto unclear = fleet.number("SELECT count(*) FROM resolute.effects WHERE status = 'unclear'");
    const bool is_settled = fleet.settle(std::chrono::seconds(60) + std::chrono::milliseconds(mails * 100));
    const double settled = monotonic_seconds();
    storm.stop_all();
    const Verdict verdict = judge(fleet);
    fmt::print("{}", to_line("workers", verdict,
                             {{"workers", static_cast<double>(workers)},
                              {"seed", static_cast<double>(seed)},
                              {"kills", static_cast<double>(storm.kills())},
                              {"taken_in_under_kills", static_cast<double>(taken_in)},
                              {"unclear_after_kills", static_cast<double>(unclear)},
                              {"storm_ms", (calm - began) * 1000},
                              {"settle_ms", (settled - calm) * 1000},
                              {"ready_p50_ms", percentile(storm.ready(), 0.5)},
                              {"ready_p99_ms", percentile(storm.ready(), 0.99)},
                              {"first_work_p50_ms", percentile(storm.first_work(), 0.5)},
                              {"first_work_p99_ms", percentile(storm.first_work(), 0.99)},
                              {"first_commit_p50_ms", percentile(storm.first_commit(), 0.5)},
                              {"first_commit_p99_ms", percentile(storm.first_commit(), 0.99)}}));
    EXPECT_TRUE(is_settled);
    EXPECT_GT(storm.kills(), std::min<std::size_t>(kills, 5) - 1);
    expect_all_once(verdict);
    expect_sound(fleet, "w0");
}

}  // namespace
}  // namespace resolute::e2e
