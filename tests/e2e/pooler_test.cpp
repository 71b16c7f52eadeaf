// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testkit/pgbouncer.h"
#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;

TEST(Pooler, WorkersThatAreKilledBehindAPoolerInTransactionModeLoseAndDoubleNothing) {
    const auto mails = static_cast<std::size_t>(number_from_environment("RESOLUTE_POOLER_MAILS", 150));
    const auto kills = static_cast<std::size_t>(number_from_environment("RESOLUTE_POOLER_KILLS", 4));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_POOLER_MAILS={} RESOLUTE_POOLER_KILLS={} RESOLUTE_SEED={} e2e_pooler_test", mails, kills, seed));
    const auto server = must(testkit::PostgresServer::start());
    must(server.create_database("resolute"));
    auto pooler = must(testkit::PgBouncer::start(server));
    Fleet fleet(server, "resolute", pooler.url("resolute"));
    fleet.feed(mails);
    Storm storm(fleet, {"w0", "w1"}, {"all"}, seed);
    storm.start_all();
    while (storm.kills() < kills && storm.strike(std::chrono::seconds(1)))
        if (storm.kills() == kills / 2) must(pooler.restart());
    EXPECT_TRUE(fleet.settle(std::chrono::seconds(60) + std::chrono::milliseconds(mails * 100)));
    storm.stop_all();
    const Verdict verdict = judge(fleet);
    fmt::print("{}", to_line("pooler", verdict, {{"kills", static_cast<double>(storm.kills())}, {"seed", static_cast<double>(seed)}}));
    EXPECT_GT(storm.kills(), 0U);
    expect_all_once(verdict);
    expect_sound(fleet, "w0");
}

}  // namespace
}  // namespace resolute::e2e
