// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sqlite3.h>

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

constexpr Duration kDelayMin = std::chrono::milliseconds(5);
constexpr Duration kDelayMaxAtFirst = std::chrono::milliseconds(200);
constexpr Duration kDelayMaxEver = std::chrono::seconds(6);
constexpr std::size_t kMoreMails = 40;  ///< when all was done before there were enough kills

std::vector<fs::path> example_mails() {
    std::vector<fs::path> mails;
    for (const auto& entry : fs::directory_iterator(fs::path(RESOLUTE_SOURCE_DIR) / "examples/inbox"))
        if (entry.path().extension() == ".eml") mails.push_back(entry.path());
    std::sort(mails.begin(), mails.end());
    return mails;
}

/// Events of all journals; 0 where there is no database yet. Nobody else has it open.
std::int64_t journal_length(const fs::path& database) {
    if (!fs::exists(database)) return 0;
    sqlite3* handle = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::int64_t length = 0;
    if (sqlite3_open_v2(database.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(handle, "SELECT count(*) FROM journal", -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        length = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return length;
}

/// Starts the program again and again and kills it at a random moment after it has opened its store. All mails are there from the
/// beginning. A kill counts only where the journal has grown since the last one: it hit a program at work.
class Storm {
public:
    Storm(const Company& company, std::size_t kills, std::uint64_t seed) : company_(company), kills_(kills), random_(seed) {
        for (const fs::path& mail : example_mails()) {
            company_.put_bytes(mail.filename().string(), read_file(mail));
            ++mails_;
        }
    }

    void rage() {
        for (std::size_t starts = 0; killed_ < kills_; ++starts) {
            ASSERT_LT(starts, kills_ * 6 + 20) << "only " << killed_ << " of " << kills_ << " kills hit it at work";
            start_and_kill();
            if (testing::Test::HasFatalFailure()) return;
        }
    }
    [[nodiscard]] std::size_t mails() const { return mails_; }
    [[nodiscard]] std::string report() const {
        return fmt::format(R"({{"test":"kill_storm","mails":{},"kills_at_work":{},"kills_before_work":{},"ended_by_themselves":{}}})", mails_,
                           killed_, fruitless_, ended_);
    }

private:
    void put_more() {
        for (std::size_t i = 0; i < kMoreMails; ++i, ++mails_)
            company_.put({.name = fmt::format("more-{:06}", mails_),
                          .from = fmt::format("Customer {0} <c{0}@shop{0}.example>", mails_),
                          .subject = fmt::format("Router {}", mails_),
                          .body = fmt::format("Hello,\n\nhow do I set up the Beacon R3 mesh router number {}?\n", mails_),
                          .in_reply_to = {}});
    }
    void start_and_kill() {
        Process process = company_.start({"run", "--until-idle", "--json"});
        ASSERT_TRUE(eventually([&] { return process.has_open("resolute.db") || process.has_ended(); })) << process.err();
        const auto spread = static_cast<std::uint64_t>((delay_max_ - kDelayMin).count());
        auto ended = process.wait(kDelayMin + Duration(static_cast<std::int64_t>(random_() % spread)));
        if (!ended) {
            process.signal(SIGKILL);
            ended = process.wait(std::chrono::seconds(30));
        }
        ASSERT_TRUE(ended.has_value());
        const std::int64_t length = journal_length(company_.path("state/resolute.db"));
        const std::int64_t grown = length - std::exchange(length_, length);
        ASSERT_GE(grown, 0) << "the journal is shorter than it was";
        if (ended->signal != SIGKILL) {  // All was done before the kill, or just as it came.
            ASSERT_EQ(ended->exit_code, 0) << describe(*ended);
            ++ended_;
            put_more();
            delay_max_ = std::max(delay_max_ * 3 / 4, kDelayMin * 4);
        } else if (grown > 0) {
            ++killed_;
        } else {  // Too early on this machine at this load.
            ++fruitless_;
            delay_max_ = std::min(delay_max_ * 5 / 4, kDelayMaxEver);
        }
    }

    const Company& company_;
    const std::size_t kills_;
    std::mt19937_64 random_;
    Duration delay_max_ = kDelayMaxAtFirst;
    std::int64_t length_ = 0;
    std::size_t mails_ = 0;
    std::size_t killed_ = 0;
    std::size_t fruitless_ = 0;
    std::size_t ended_ = 0;
};

TEST(KillStorm, NothingIsLostOrSentTwiceWhenTheProgramIsKilledAgainAndAgain) {
    const auto kills = static_cast<std::size_t>(number_from_environment("RESOLUTE_KILLS", 30));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_KILLS={} RESOLUTE_SEED={} e2e_kill_storm_test", kills, seed));
    Company company;
    company.become_the_example();
    Storm storm(company, kills, seed);
    storm.rage();
    ASSERT_FALSE(HasFatalFailure());
    fmt::print("{} seed {}\n", storm.report(), seed);
    // A mail whose sender died is looked up only when some time has passed.
    const Ended ended = company.run({"run", "--clock", "virtual", "--until", "1h", "--json"});
    ASSERT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_EQ(ended.json()["held"].as_int(-1), 0) << ended.out;
    expect_nothing_lost_or_doubled(company, storm.mails());
}

}  // namespace
}  // namespace resolute::e2e
