// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testkit/postgres_test_client.h"
#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {

using testkit::must;

constexpr std::size_t kMails = 60;
constexpr std::size_t kMailsAtOnce = 4;

class RollingUpgrade : public testing::Test {
protected:
    [[nodiscard]] std::int64_t rows_that_begin_with(const char* first) const {
        return fleet_.number(fmt::format("SELECT count(*) FROM resolute.journal WHERE left(events, 1) = '{}'", first));
    }
    /// Ends at once, and says this code.
    void expect_refused(const std::string& code) const {
        const Ended refused = fleet_.run("w0", {"serve"});
        EXPECT_NE(refused.exit_code, 0);
        EXPECT_NE(refused.err.find(code), std::string::npos) << describe(refused);
    }

    testkit::PostgresServer server_ = must(testkit::PostgresServer::start());
    Fleet fleet_{server_, "resolute", must(server_.create_database("resolute"))};
};

TEST_F(RollingUpgrade, ProgramsThatWriteTheOldAndTheNewJournalWorkSideBySide) {
    fleet_.configure("w0", {.more = ", journal_format: 1"});
    fleet_.configure("w1", {.more = ", journal_format: 2"});
    std::optional<Process> old_one(fleet_.start("w0"));
    Process new_one = fleet_.start("w1");
    // Whoever looks first takes what is there: a few at a time, until both have had some.
    ASSERT_TRUE(eventually([&] {
        fleet_.feed(kMailsAtOnce);
        pause(std::chrono::milliseconds(500));
        return rows_that_begin_with("{") > 20 && rows_that_begin_with("[") > 20;
    })) << old_one->err() << new_one.err();
    // The last of the old ones is upgraded in the middle of the work.
    EXPECT_EQ(old_one->stop().exit_code, 0);
    fleet_.configure("w0", {.more = ", journal_format: 2"});
    old_one.reset();
    old_one.emplace(fleet_.start("w0"));
    const std::int64_t old_rows = rows_that_begin_with("{");
    fleet_.feed(kMails);
    EXPECT_TRUE(fleet_.settle(std::chrono::seconds(90)));
    EXPECT_EQ(rows_that_begin_with("{"), old_rows) << "nobody writes the old format any more";
    EXPECT_EQ(fleet_.number("SELECT journal_format FROM resolute.meta"), 2);
    const std::int64_t mixed = fleet_.number("SELECT count(*) FROM (SELECT case_id FROM resolute.journal GROUP BY case_id "
                                             "HAVING count(DISTINCT left(events, 1)) = 2) both_in_one");
    EXPECT_EQ(old_one->stop().exit_code, 0);
    EXPECT_EQ(new_one.stop().exit_code, 0);
    const Verdict verdict = judge(fleet_);
    fmt::print("{}", to_line("rolling_upgrade", verdict, {{"old_rows", static_cast<double>(old_rows)}, {"mixed_cases", static_cast<double>(mixed)}}));
    expect_all_once(verdict);
    expect_sound(fleet_, "w0");
}

TEST_F(RollingUpgrade, ADatabaseOfALaterProgramIsRefusedAndLeftAlone) {
    EXPECT_EQ(fleet_.run("w0", {"run", "--until-idle"}).exit_code, 0);
    static_cast<void>(fleet_.sql("INSERT INTO resolute.schema_migrations (version, name) VALUES (999, '999_of_a_later_program')"));
    const std::int64_t workers = fleet_.number("SELECT count(*) FROM resolute.workers");
    expect_refused("store.schema_newer");
    EXPECT_EQ(fleet_.number("SELECT count(*) FROM resolute.workers"), workers);
}

TEST_F(RollingUpgrade, AJournalInAFormatOfALaterProgramIsRefusedAndLeftAlone) {
    EXPECT_EQ(fleet_.run("w0", {"run", "--until-idle"}).exit_code, 0);
    static_cast<void>(fleet_.sql("UPDATE resolute.meta SET journal_format = 3"));
    const std::int64_t workers = fleet_.number("SELECT count(*) FROM resolute.workers");
    expect_refused("store.format_newer");
    EXPECT_EQ(fleet_.number("SELECT count(*) FROM resolute.workers"), workers);
}

}  // namespace
}  // namespace resolute::e2e
