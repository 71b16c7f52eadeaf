// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

constexpr Duration kDelayMin = std::chrono::milliseconds(20);
constexpr Duration kDelayMaxAtFirst = std::chrono::milliseconds(400);
constexpr Duration kDelayMaxEver = std::chrono::seconds(6);

std::int64_t number_from_environment(const char* name, std::int64_t fallback) {
    const char* text = std::getenv(name);
    if (text == nullptr) return fallback;
    const std::string_view digits = text;
    std::int64_t number = fallback;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::vector<fs::path> example_mails() {
    std::vector<fs::path> mails;
    for (const auto& entry : fs::directory_iterator(fs::path(RESOLUTE_SOURCE_DIR) / "examples/inbox"))
        if (entry.path().extension() == ".eml") mails.push_back(entry.path());
    std::sort(mails.begin(), mails.end());
    return mails;
}

/// Starts the program again and again and kills it at a random moment after it has opened its store. Mails come in bit by bit, so
/// that there is always something to break.
class Storm {
public:
    Storm(const Company& company, std::size_t kills, std::uint64_t seed)
        : company_(company), mails_(example_mails()), kills_(kills), random_(seed) {}

    void rage() {
        for (std::size_t starts = 0; killed_ < kills_; ++starts) {
            ASSERT_LT(starts, kills_ * 6 + 20) << "only " << killed_ << " of " << kills_ << " kills hit it at work";
            deliver(mails_.size() * (killed_ + 1) / kills_);
            start_and_kill();
            if (testing::Test::HasFatalFailure()) return;
        }
        deliver(mails_.size());
    }
    [[nodiscard]] std::size_t mails() const { return mails_.size(); }
    [[nodiscard]] std::string report() const {
        return fmt::format("{} kills, {} of them before it had come to work; {} runs ended by themselves", killed_, fruitless_,
                           ended_);
    }

private:
    void deliver(std::size_t count) {
        for (; delivered_ < std::min(count, mails_.size()); ++delivered_)
            company_.put_bytes(mails_[delivered_].filename().string(), read_file(mails_[delivered_]));
    }
    [[nodiscard]] std::size_t sent() const {
        const fs::path folder = company_.sent() / "new";
        return fs::exists(folder)
                   ? static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()))
                   : 0;
    }
    void start_and_kill() {
        const std::size_t sent_before = sent();
        Process process = company_.start({"run", "--until-idle", "--json"});
        ASSERT_TRUE(eventually([&] { return process.has_open("resolute.db") || process.has_ended(); })) << process.err();
        const auto spread = static_cast<std::uint64_t>((delay_max_ - kDelayMin).count());
        auto ended = process.wait(kDelayMin + Duration(static_cast<std::int64_t>(random_() % spread)));
        if (!ended) {
            process.signal(SIGKILL);
            ended = process.wait(std::chrono::seconds(30));
        }
        ASSERT_TRUE(ended.has_value());
        if (ended->signal != SIGKILL) {  // It was done before the kill, or just as it came. Sooner next time.
            ASSERT_EQ(ended->exit_code, 0) << describe(*ended);
            ++ended_;
            delay_max_ = std::max(delay_max_ * 3 / 4, kDelayMin * 3);
            return;
        }
        ++killed_;
        if (sent() > sent_before) return;
        // Too early on this machine at this load: nothing had gone out yet.
        ++fruitless_;
        delay_max_ = std::min(delay_max_ * 5 / 4, kDelayMaxEver);
    }

    const Company& company_;
    const std::vector<fs::path> mails_;
    const std::size_t kills_;
    std::mt19937_64 random_;
    Duration delay_max_ = kDelayMaxAtFirst;
    std::size_t delivered_ = 0;
    std::size_t killed_ = 0;
    std::size_t fruitless_ = 0;
    std::size_t ended_ = 0;
};

TEST(KillStorm, NothingIsLostOrSentTwiceWhenTheProgramIsKilledAgainAndAgain) {
    const auto kills = static_cast<std::size_t>(number_from_environment("RESOLUTE_KILLS", 40));
    const auto seed = static_cast<std::uint64_t>(number_from_environment("RESOLUTE_SEED", to_unix_ms(SystemClock{}.now())));
    SCOPED_TRACE(fmt::format("RESOLUTE_KILLS={} RESOLUTE_SEED={} e2e_kill_storm_test", kills, seed));
    fmt::print("seed {}, {} kills\n", seed, kills);
    Company company;
    company.become_the_example();
    Storm storm(company, kills, seed);
    storm.rage();
    ASSERT_FALSE(HasFatalFailure());
    fmt::print("{}\n", storm.report());
    const Ended ended = company.run({"run", "--until-idle", "--json"});
    ASSERT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_EQ(ended.json()["held"].as_int(-1), 0) << ended.out;
    expect_nothing_lost_or_doubled(company, storm.mails());
}

}  // namespace
}  // namespace resolute::e2e
