// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testkit/cutting_proxy.h"
#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;
using testkit::PostgresServer;
using testkit::Replication;

constexpr std::size_t kMails = 150;
constexpr Duration kStillFor = std::chrono::seconds(4);

/// Two programs that reach whichever server is the first through one address.
class Failover : public testing::TestWithParam<std::int64_t> {
protected:
    void begin(Replication replication) {
        standby_.emplace(must(primary_.make_standby("standby", replication)));
        must(primary_.create_database("resolute"));
        proxy_ = must(testkit::CuttingProxy::start(primary_.port()));
        fleet_.emplace(primary_, "resolute", primary_.url_through(proxy_->port(), "resolute"));
        fleet_->feed(kMails);
        start_programs();
    }
    void start_programs() {
        for (const char* name : {"w0", "w1"}) programs_.push_back(fleet_->start(name));
    }
    /// From now on the standby learns nothing, and nobody waits for it.
    void cut_off_standby() {
        must(standby_->psql("ALTER SYSTEM SET primary_conninfo = ''"));
        must(standby_->psql("SELECT pg_reload_conf()"));
        ASSERT_TRUE(testkit::wait_until([&] {
            return standby_->psql("SELECT count(*) FROM pg_stat_wal_receiver").value_or("") == "0";
        }));
    }
    void wait_for_mails(std::size_t count) {
        const std::size_t enough = fleet_->arrivals().count() + count;
        ASSERT_TRUE(eventually([&] { return fleet_->arrivals().count() >= enough; })) << programs_[0].err();
    }
    void fail_over() {
        must(primary_.kill_9());
        must(standby_->promote());
        proxy_->retarget(standby_->port());
        proxy_->cut_all();
        fleet_->look_at(*standby_);
    }
    void expect_frozen_until_released(std::string_view name) {
        ASSERT_TRUE(eventually([&] { return fleet_->number("SELECT count(*) FROM resolute.freezes WHERE released_at IS NULL") == 1; }))
            << programs_[0].err();
        // Each worker learns of it with its next renewal, a second later at most.
        pause(std::chrono::seconds(2));
        const std::size_t frozen_at = fleet_->arrivals().count();
        pause(kStillFor);
        EXPECT_EQ(fleet_->arrivals().count(), frozen_at) << "mails left while the sending was frozen";
        EXPECT_GT(fleet_->number("SELECT count(*) FROM resolute.effects WHERE class = 'mails'"), 0) << "there was nothing to hold back";
        const Ended released = fleet_->run("w0", {"release", "--by", "agent-0"});
        ASSERT_EQ(released.exit_code, 0) << describe(released);
        finish(name, {{"sent_before_freeze", static_cast<double>(frozen_at)}});
    }
    void finish(std::string_view name, std::map<std::string, double> figures) {
        EXPECT_TRUE(fleet_->settle(std::chrono::seconds(120)));
        for (Process& program : programs_) {
            EXPECT_FALSE(program.has_ended()) << program.err();
            EXPECT_EQ(program.stop().exit_code, 0);
        }
        const Verdict verdict = judge(*fleet_);
        fmt::print("{}", to_line(name, verdict, figures));
        expect_all_once(verdict);
        expect_sound(*fleet_, "w0");
    }

    PostgresServer primary_ = must(PostgresServer::start());
    std::optional<PostgresServer> standby_;
    std::unique_ptr<testkit::CuttingProxy> proxy_;
    std::optional<Fleet> fleet_;
    std::vector<Process> programs_;
};

TEST_P(Failover, ToASynchronousStandbyLosesNothingAndSendsNothingTwice) {
    begin(Replication::synchronous);
    wait_for_mails(30);
    const double died = monotonic_seconds();
    fail_over();
    wait_for_mails(1);
    const double back = monotonic_seconds();
    EXPECT_EQ(fleet_->number("SELECT count(*) FROM resolute.freezes"), 0) << "nothing that was confirmed was lost";
    finish("failover_synchronous", {{"outage_ms", (back - died) * 1000}});
}

TEST_P(Failover, ToAStandbyThatLostTheLastCommitsFreezesTheSendingUntilAPersonReleasesIt) {
    begin(Replication::asynchronous);
    wait_for_mails(10);
    cut_off_standby();
    wait_for_mails(30);
    fail_over();
    expect_frozen_until_released("failover_asynchronous");
}

TEST_P(Failover, ToAStandbyThatDoesNotEvenKnowTheWorkersFreezesTheSendingUntilAPersonReleasesIt) {
    begin(Replication::asynchronous);
    wait_for_mails(10);
    cut_off_standby();
    for (Process& program : programs_) EXPECT_EQ(program.stop().exit_code, 0);
    programs_.clear();
    start_programs();
    wait_for_mails(30);
    fail_over();
    expect_frozen_until_released("failover_to_strangers");
}

INSTANTIATE_TEST_SUITE_P(Again, Failover, testing::Range<std::int64_t>(0, number_from_environment("RESOLUTE_FAILOVERS", 1)));

}  // namespace
}  // namespace resolute::e2e
