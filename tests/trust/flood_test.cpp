// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/trust/shop.h"

/// Forged mails by the thousand: our answers must be no weapon.
namespace resolute::trust_test {
namespace {

constexpr int kMails = 10'000;
constexpr int kVictims = 1'000;
constexpr int kDomains = 8;

std::string victim(int number) { return fmt::format("victim{}@d{}.example", number, number % kDomains); }

/// A third failed, a third said nothing, a third passed for the attacker's own domain, which is as good as nothing.
Letter forged(int number) {
    const int who = number % kVictims;
    const std::string domain = fmt::format("d{}.example", who % kDomains);
    Letter letter{.from = fmt::format("XMARKERX <{}>", victim(who)), .subject = fmt::format("XMARKERX {}", number),
                  .text = fmt::format("XMARKERX click http://XMARKERX.example/{} my printer is offline", number),
                  .message_id = fmt::format("XMARKERX{}@XMARKERX.example", number), .above = {},
                  .below = {"Reply-To: XMARKERX@evil.example", "References: <XMARKERX@evil.example>"}};
    const int kind = who % 3;
    if (kind == 0) letter.above.push_back(fmt::format("Authentication-Results: {}; dmarc=fail header.from={}", kOurServer, domain));
    if (kind == 2) letter.above.push_back(fmt::format("Authentication-Results: {}; dkim=pass header.d=evil.example", kOurServer));
    return letter;
}

TEST(Flood, OfTenThousandForgedMailsEachVictimHearsOfOneADayAndNobodyWhereItFailed) {
    Shop shop;
    std::set<CaseId> cases;
    for (int i = 0; i < kMails; ++i) {
        const ports::MailRecord record = shop.take_in(forged(i));
        ASSERT_EQ(record.outcome, ports::MailOutcome::new_case) << record.reason;
        cases.insert(record.case_id);
        if (i % 100 == 99) shop.work();
    }
    shop.work();
    EXPECT_EQ(cases.size(), static_cast<std::size_t>(kMails)) << "nothing is lost, whoever wrote it";
    std::map<std::string, int> acknowledgments;
    std::map<std::string, int> to_domain;
    for (const ports::FrozenMail& mail : shop.sent()) {
        EXPECT_EQ(mail.bytes.find("XMARKERX"), std::string::npos) << mail.bytes;
        if (mail.bytes.find("We have received") != std::string::npos || mail.bytes.find("received your") != std::string::npos) ++acknowledgments[mail.to];
        ++to_domain[mail.to.substr(mail.to.rfind('@'))];
    }
    std::size_t failed = 0;
    for (int who = 0; who < kVictims; ++who) {
        const int count = acknowledgments.contains(victim(who)) ? acknowledgments.at(victim(who)) : 0;
        EXPECT_LE(count, 1) << victim(who);
        if (who % 3 == 0) failed += static_cast<std::size_t>(count);
    }
    EXPECT_EQ(failed, 0U);
    EXPECT_GT(acknowledgments.size(), 100U) << "those who may be real are acknowledged";
    for (const auto& [domain, count] : to_domain) EXPECT_LE(count, ports::MailCaps{}.unverified_per_domain_hour) << domain;
}

TEST(Flood, AVictimUnderManyTagsIsOneVictim) {
    Shop shop;
    for (int i = 0; i < 20; ++i)
        shop.receive({.from = fmt::format("ann+{}@d1.example", i), .subject = fmt::format("Printer {}", i), .message_id = fmt::format("{}@x.example", i),
                      .above = {}, .below = {}});
    std::set<std::string> recipients;
    for (const ports::FrozenMail& mail : shop.sent()) recipients.insert(mail.to);
    EXPECT_EQ(recipients.size(), 1U);
}

TEST(Flood, TheBreakerHoldsAutomaticMailTellsPeopleAndLetsItGoLater) {
    Shop shop({.hold_above_per_hour = 2});
    const auto letter = [](int i) {
        const std::string domain = fmt::format("d{}.example", i);
        return Letter{.from = "ann@" + domain, .message_id = fmt::format("{}@{}", i, domain),
                      .above = {fmt::format("Authentication-Results: {}; dmarc=pass header.from={}", kOurServer, domain)}, .below = {}};
    };
    for (int i = 0; i < 5; ++i) shop.receive(letter(i));
    EXPECT_EQ(shop.sent().size(), 2U);
    const auto notices = shop.storage().desk().notifications(100);
    ASSERT_TRUE(notices);
    EXPECT_EQ(std::ranges::count_if(*notices, [](const auto& notice) { return notice.key.starts_with("mail.held/"); }), 1) << "once an hour";
    shop.clock.advance(std::chrono::hours(1));
    shop.work();
    EXPECT_GT(shop.sent().size(), 2U) << "held, not lost";
}

}  // namespace
}  // namespace resolute::trust_test
