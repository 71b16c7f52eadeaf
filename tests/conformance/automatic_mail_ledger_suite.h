// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>
#include <vector>

#include "tests/conformance/storage_under_test.h"

/// What holds for every ports::AutomaticMailLedger.
namespace resolute::conformance {

using ports::Allowance;
using ports::MailCaps;

class AutomaticMailLedgerSuite : public StorageTest {
protected:
    static constexpr int kHour = 3'600;
    struct Mail {
        std::string key;
        std::string case_id = "c1";
        std::string address = "a1";
        int seconds = 0;
        bool is_verified = false;
        std::string domain = "d1";
    };
    Allowance ask(const Mail& mail, const MailCaps& caps = {}) {
        const auto allowance = automatic_mail_ledger().reserve({.key = EffectId(mail.key), .case_id = CaseId(mail.case_id), .address = mail.address,
                                                      .domain = mail.domain, .is_verified = mail.is_verified, .at = at(mail.seconds)},
                                                     caps);
        EXPECT_TRUE(allowance.has_value()) << describe(allowance.error());
        return allowance ? *allowance : Allowance::held;
    }
};

TEST_P(AutomaticMailLedgerSuite, AnAddressThatNobodyVouchedForHearsOfOneCaseADay) {
    EXPECT_EQ(ask({.key = "e1"}), Allowance::granted);
    EXPECT_EQ(ask({.key = "e2", .seconds = 5}), Allowance::granted) << "the same case";
    EXPECT_EQ(ask({.key = "e3", .case_id = "c2", .seconds = 10}), Allowance::other_case);
    EXPECT_EQ(ask({.key = "e3", .case_id = "c2", .address = "a2", .seconds = 10}), Allowance::granted) << "another address";
    EXPECT_EQ(ask({.key = "e4", .case_id = "c3", .seconds = 24 * kHour - 1}), Allowance::other_case);
    EXPECT_EQ(ask({.key = "e5", .case_id = "c3", .seconds = 24 * kHour + 5}), Allowance::granted);
    EXPECT_EQ(ask({.key = "e6", .case_id = "c1", .seconds = 24 * kHour + 6}), Allowance::other_case) << "c1 waits for c3 now";
}

TEST_P(AutomaticMailLedgerSuite, TheCaseThatBeganGoesOnWhereAVerifiedOneIsAnsweredMeanwhile) {
    EXPECT_EQ(ask({.key = "e1", .case_id = "c1"}), Allowance::granted);
    EXPECT_EQ(ask({.key = "e2", .case_id = "c2", .seconds = 5, .is_verified = true}), Allowance::granted);
    EXPECT_EQ(ask({.key = "e3", .case_id = "c1", .seconds = 10}), Allowance::granted);
    EXPECT_EQ(ask({.key = "e4", .case_id = "c3", .seconds = 15}), Allowance::other_case);
}

TEST_P(AutomaticMailLedgerSuite, TheSameMailIsCountedOnceAndStaysGranted) {
    const MailCaps one{.per_sender_day = 1};
    for (int attempt = 0; attempt < 3; ++attempt) EXPECT_EQ(ask({.key = "e1", .seconds = attempt}, one), Allowance::granted);
    EXPECT_EQ(ask({.key = "e2", .seconds = 4}, one), Allowance::sender_full);
    EXPECT_EQ(ask({.key = "e1", .seconds = 5}, one), Allowance::granted);
}

TEST_P(AutomaticMailLedgerSuite, WhoIsVerifiedHasSeveralCasesADayUpToTheCap) {
    const MailCaps caps{.per_sender_day = 3};
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(ask({.key = "e" + std::to_string(i), .case_id = "c" + std::to_string(i), .seconds = i, .is_verified = true}, caps), Allowance::granted);
    EXPECT_EQ(ask({.key = "e9", .case_id = "c9", .seconds = 9, .is_verified = true}, caps), Allowance::sender_full);
    EXPECT_EQ(ask({.key = "e9", .case_id = "c9", .seconds = 24 * kHour, .is_verified = true}, caps), Allowance::granted) << "the first is a day old";
}

TEST_P(AutomaticMailLedgerSuite, ACaseWritesSoManyMailsADay) {
    const MailCaps caps{.per_case_day = 2};
    EXPECT_EQ(ask({.key = "e1", .is_verified = true}, caps), Allowance::granted);
    EXPECT_EQ(ask({.key = "e2", .is_verified = true}, caps), Allowance::granted);
    EXPECT_EQ(ask({.key = "e3", .is_verified = true}, caps), Allowance::case_full);
}

TEST_P(AutomaticMailLedgerSuite, CapsOfADomainAndOfTheHourCountOnlyWhomNobodyVouchedFor) {
    const MailCaps caps{.unverified_per_domain_hour = 2, .unverified_per_hour = 3};
    const auto mail = [&](int number, const char* domain, bool is_verified = false, int seconds = 0) {
        return Mail{.key = "e" + std::to_string(number), .case_id = "c" + std::to_string(number), .address = "a" + std::to_string(number),
                    .seconds = seconds, .is_verified = is_verified, .domain = domain};
    };
    EXPECT_EQ(ask(mail(1, "d1", true), caps), Allowance::granted);
    EXPECT_EQ(ask(mail(2, "d1"), caps), Allowance::granted);
    EXPECT_EQ(ask(mail(3, "d1"), caps), Allowance::granted);
    EXPECT_EQ(ask(mail(4, "d1"), caps), Allowance::domain_full);
    EXPECT_EQ(ask(mail(5, "d1", true), caps), Allowance::granted);
    EXPECT_EQ(ask(mail(6, "d2"), caps), Allowance::granted);
    EXPECT_EQ(ask(mail(7, "d3"), caps), Allowance::hour_full);
    EXPECT_EQ(ask(mail(8, "d1", false, kHour), caps), Allowance::granted) << "another hour";
}

TEST_P(AutomaticMailLedgerSuite, TheBreakerHoldsWhatIsFarAboveTheWeekBefore) {
    const MailCaps caps{.hold_above_per_hour = 3};
    const auto mail = [](int number, int hours) {
        return Mail{.key = "e" + std::to_string(number), .case_id = "c" + std::to_string(number), .address = "a" + std::to_string(number),
                    .seconds = hours * kHour, .is_verified = true};
    };
    int number = 0;
    // 3 an hour for a week: 15 is five times the mean.
    for (int hour = 0; hour < 168; ++hour)
        for (int i = 0; i < 3; ++i) ASSERT_EQ(ask(mail(++number, hour), caps), Allowance::granted) << hour;
    for (int i = 0; i < 15; ++i) ASSERT_EQ(ask(mail(++number, 168), caps), Allowance::granted) << i;
    EXPECT_EQ(ask(mail(++number, 168), caps), Allowance::held);
    EXPECT_EQ(ask(mail(number, 169), caps), Allowance::granted) << "the same mail in the next hour";
}

TEST_P(AutomaticMailLedgerSuite, OfManyAtOnceOneGetsTheLastPlace) {
    constexpr int kThreads = 8;
    std::vector<Allowance> allowances(kThreads, Allowance::held);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&, i] { allowances[static_cast<std::size_t>(i)] = ask({.key = "e" + std::to_string(i), .case_id = "c" + std::to_string(i)}); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::count(allowances.begin(), allowances.end(), Allowance::granted), 1);
    EXPECT_EQ(std::count(allowances.begin(), allowances.end(), Allowance::other_case), kThreads - 1);
}

}  // namespace resolute::conformance
