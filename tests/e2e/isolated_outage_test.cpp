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
constexpr std::size_t kMailsEach = 10;

struct Latency {
    double kept_p50 = 0;    ///< from the mail's arrival until its case is durable
    double ticket_p50 = 0;  ///< … until its ticket is made
    double ticket_p99 = 0;
    std::size_t sent = 0;
};

/// Mails come one after the other; where `is_down`, no mail can be sent for the whole run.
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
    for (std::size_t i = 0; i < mails; i += kMailsEach) {
        fleet.feed(std::min(kMailsEach, mails - i));
        EXPECT_TRUE(eventually([&] {
            return fleet.number("SELECT count(*) FROM resolute.tickets") == static_cast<std::int64_t>(fleet.mails().size());
        })) << program.err().substr(0, 2000);
    }
    std::vector<double> kept;
    std::vector<double> ticket;
    for (const auto& row : fleet.sql("SELECT l.opened_at - m.received_at, t.created_at - m.received_at FROM resolute.mails m "
                                     "JOIN resolute.case_list l ON l.id = m.case_id JOIN resolute.tickets t ON t.case_id = m.case_id")) {
        kept.push_back(std::stod(row[0]));
        ticket.push_back(std::stod(row[1]));
    }
    EXPECT_EQ(fleet.arrivals().count() == 0, is_down);
    EXPECT_EQ(ticket.size(), mails);
    return {.kept_p50 = percentile(kept, 0.5),
            .ticket_p50 = percentile(ticket, 0.5),
            .ticket_p99 = percentile(ticket, 0.99),
            .sent = fleet.arrivals().count()};
}

TEST(IsolatedOutage, WhileNoMailCanBeSentCasesAndTicketsAreMadeAsFastAsEver) {
    const auto mails = static_cast<std::size_t>(number_from_environment("RESOLUTE_OUTAGE_MAILS", 60));
    const auto server = must(testkit::PostgresServer::start());
    const Latency sound = measure(server, "sound", false, mails);
    const Latency down = measure(server, "down", true, mails);
    fmt::print(R"({{"test":"isolated_outage","mails":{},"case_p50_ms":{:.0f},"case_p50_ms_while_down":{:.0f},"ticket_p50_ms":{:.0f},)"
               R"("ticket_p50_ms_while_down":{:.0f},"ticket_p99_ms":{:.0f},"ticket_p99_ms_while_down":{:.0f}}})"
               "\n",
               mails, sound.kept_p50, down.kept_p50, sound.ticket_p50, down.ticket_p50, sound.ticket_p99, down.ticket_p99);
    EXPECT_GT(sound.sent, 0U);
    EXPECT_LE(down.kept_p50, sound.kept_p50 * kWorseAtMost + kNoise_ms);
    EXPECT_LE(down.ticket_p50, sound.ticket_p50 * kWorseAtMost + kNoise_ms);
}

}  // namespace
}  // namespace resolute::e2e
