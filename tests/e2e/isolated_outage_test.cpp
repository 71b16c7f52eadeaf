// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;

constexpr double kWorseAtMost = 1.2;
constexpr double kNoise_ms = 150;  ///< of a machine that tests share
constexpr std::size_t kMailsEach = 5;

struct Latency {
    double p50 = 0;  ///< from the moment when some mails lie in the mailbox until each of them has its case, durably
    double p90 = 0;
    std::size_t sent = 0;
};

/// A few mails after the other; where `is_down`, no mail can be sent for the whole run.
Latency measure(const testkit::PostgresServer& server, const std::string& name, bool is_down, std::size_t mails) {
    Fleet fleet(server, name, must(server.create_database(name)));
    Process program = fleet.start("w0");
    EXPECT_TRUE(eventually([&] { return program.out().find("Ctrl-C stops it") != std::string::npos; })) << program.err();
    const fs::path part = fleet.company().path("sent/tmp");
    if (is_down) {
        fs::remove_all(part);
        write_file(fleet.company().path("in-the-way"), "no folder\n");
        fs::rename(fleet.company().path("in-the-way"), part);
    }
    std::vector<double> took;
    for (std::size_t i = 0; i < mails; i += kMailsEach) {
        fleet.feed(kMailsEach);
        const double fed = monotonic_seconds();
        EXPECT_TRUE(eventually([&] {
            return fleet.number("SELECT count(*) FROM resolute.mails WHERE outcome = 'new_case'") ==
                   static_cast<std::int64_t>(fleet.mails().size());
        })) << program.err().substr(0, 2000);
        took.push_back((monotonic_seconds() - fed) * 1000);
    }
    EXPECT_EQ(fleet.arrivals().count() == 0, is_down);
    return {.p50 = percentile(took, 0.5), .p90 = percentile(took, 0.9), .sent = fleet.arrivals().count()};
}

TEST(IsolatedOutage, WhileNoMailCanBeSentMailsAreTakenInAsFastAsEver) {
    const auto mails = static_cast<std::size_t>(number_from_environment("RESOLUTE_OUTAGE_MAILS", 100));
    const auto server = must(testkit::PostgresServer::start());
    const Latency sound = measure(server, "sound", false, mails);
    const Latency down = measure(server, "down", true, mails);
    fmt::print(R"({{"test":"isolated_outage","mails":{},"durable_p50_ms":{:.0f},"durable_p50_ms_while_down":{:.0f},"durable_p90_ms":{:.0f},)"
               R"("durable_p90_ms_while_down":{:.0f}}})"
               "\n",
               mails, sound.p50, down.p50, sound.p90, down.p90);
    EXPECT_GT(sound.sent, 0U);
    EXPECT_LE(down.p50, sound.p50 * kWorseAtMost + kNoise_ms);
}

}  // namespace
}  // namespace resolute::e2e
