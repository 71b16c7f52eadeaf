// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;

constexpr Duration kPauseOver = std::chrono::seconds(2);  ///< past the moment when it was fenced

TEST(PausedWorker, WokenAfterItsLeaseItIsFencedAndComesBackWithANewOneAndSendsNothingTwice) {
    const auto pauses = number_from_environment("RESOLUTE_PAUSES", 1);
    const auto server = must(testkit::PostgresServer::start());
    Fleet fleet(server, "resolute", must(server.create_database("resolute")));
    Process paused = fleet.start("w0");
    Process other = fleet.start("w1", "worker");
    for (std::int64_t i = 0; i < pauses; ++i) {
        fleet.feed(120);
        const auto epoch_of = [&](const char* owner) {
            return fleet.number(fmt::format("SELECT coalesce(max(epoch), 0) FROM resolute.workers WHERE owner = '{}'", owner));
        };
        const auto held_by = [&](std::int64_t epoch) {
            return fleet.number(fmt::format("SELECT count(*) FROM resolute.effects WHERE epoch = {}", epoch));
        };
        ASSERT_TRUE(eventually([&] { return epoch_of("w0") > 0 && held_by(epoch_of("w0")) >= 5; })) << paused.err();
        paused.signal(SIGSTOP);
        const std::int64_t epoch = epoch_of("w0");
        const std::int64_t held = held_by(epoch);
        const auto of_epoch = [&](const char* what) {
            return fleet.number(fmt::format("SELECT {} FROM resolute.workers WHERE epoch = {}", what, epoch));
        };
        ASSERT_TRUE(eventually([&] { return of_epoch("(fenced AND is_freed)::int") == 1; })) << other.err();
        EXPECT_EQ(held_by(epoch), 0) << "what it held is the others' now";
        const std::int64_t writes = of_epoch("writes");
        const std::size_t arrived = fleet.arrivals().count();
        pause(kPauseOver);
        fmt::print("paused with {} effects in hand; {} mails left while it was\n", held, fleet.arrivals().count() - arrived);
        paused.signal(SIGCONT);
        ASSERT_TRUE(eventually([&] {
            return epoch_of("w0") > epoch &&
                   fleet.number(fmt::format("SELECT (NOT fenced)::int FROM resolute.workers WHERE epoch = {}", epoch_of("w0"))) == 1;
        })) << paused.err();
        EXPECT_EQ(of_epoch("writes"), writes) << "it wrote under the lease that it had lost";
        fleet.feed(20);
        EXPECT_TRUE(fleet.settle(std::chrono::seconds(90)));
        EXPECT_FALSE(paused.has_ended()) << paused.err();
    }
    EXPECT_EQ(paused.stop().exit_code, 0);
    EXPECT_EQ(other.stop().exit_code, 0);
    const Verdict verdict = judge(fleet);
    fmt::print("{}", to_line("paused_worker", verdict, {{"pauses", static_cast<double>(pauses)}}));
    expect_all_once(verdict);
    expect_sound(fleet, "w0");
}

}  // namespace
}  // namespace resolute::e2e
