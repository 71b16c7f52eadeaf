// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include <limits>

#include <gtest/gtest.h>

namespace resolute {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::string code_of(std::string_view decimal, std::string_view currency = "USD") {
    const auto money = parse_money(decimal, currency);
    return money ? "" : money.error().code;
}

TEST(MoneyText, IsExactInEveryCurrency) {
    EXPECT_EQ(parse_money("129.00", "USD"), (Money{12'900, "USD"}));
    EXPECT_EQ(parse_money("129", "USD"), (Money{12'900, "USD"}));
    EXPECT_EQ(parse_money("0.5", "USD"), (Money{50, "USD"}));
    EXPECT_EQ(parse_money("1500", "JPY"), (Money{1'500, "JPY"}));
    EXPECT_EQ(parse_money("1.234", "KWD"), (Money{1'234, "KWD"}));
    EXPECT_EQ(decimal_text({12'905, "USD"}), "129.05");
    EXPECT_EQ(decimal_text({-5, "USD"}), "-0.05");
    EXPECT_EQ(decimal_text({1'500, "JPY"}), "1500");
    EXPECT_EQ(decimal_text({5, "KWD"}), "0.005");
    EXPECT_EQ(decimal_text({std::numeric_limits<std::int64_t>::min(), "USD"}), "-92233720368547758.08");
    EXPECT_EQ(display_text({48'000, "EUR"}), "€480.00");
    EXPECT_EQ(display_text({12'900, "CHF"}), "129.00 CHF");
}

TEST(MoneyText, RefusesWhatIsNoAmount) {
    for (const char* text : {"", ".", "5.", "-5", "+5", "1,000.00", "1e3", "1.234", "1.2.3", " 5", "5 ", "0x5", "99999999999999999999", "92233720368547758.08"})
        EXPECT_EQ(code_of(text), "money.bad_amount") << text;
    EXPECT_EQ(code_of("1.5", "JPY"), "money.bad_amount");
    EXPECT_EQ(code_of("1.00", "XXQ"), "money.unknown_currency");
    EXPECT_EQ(code_of("1.00", "usd"), "money.unknown_currency");
    EXPECT_EQ(code_of("92233720368547757.99"), "");
}

TEST(MoneySums, NeverMixCurrenciesAndNeverOverflow) {
    EXPECT_EQ(add({1, "USD"}, {2, "USD"}), (Money{3, "USD"}));
    EXPECT_EQ(add({1, "USD"}, {2, "EUR"}).error().code, "money.currencies_differ");
    EXPECT_EQ(add({kMost, "USD"}, {1, "USD"}).error().code, "money.overflow");
    EXPECT_FALSE(compare({1, "USD"}, {1, "EUR"}));
    EXPECT_EQ(compare({50'001, "USD"}, {50'000, "USD"}), std::strong_ordering::greater);
}

TEST(ExchangeRate, RoundsUpSoThatALimitIsNeverMissed) {
    ExchangeRates rates;
    ASSERT_TRUE(rates.set("EUR", "1.08"));
    ASSERT_TRUE(rates.set("JPY", "0.0067"));
    ASSERT_TRUE(rates.set("KWD", "3.25"));
    EXPECT_EQ(rates.to_base({10'000, "EUR"}), (Money{10'800, "USD"}));
    EXPECT_EQ(rates.to_base({1, "EUR"}), (Money{2, "USD"}));
    EXPECT_EQ(rates.to_base({100, "JPY"}), (Money{67, "USD"}));
    EXPECT_EQ(rates.to_base({1'000, "KWD"}), (Money{325, "USD"}));
    EXPECT_EQ(rates.to_base({5, "USD"}), (Money{5, "USD"}));
    EXPECT_EQ(rates.to_base({0, "EUR"}), (Money{0, "USD"}));
    EXPECT_EQ(rates.to_base({46'297, "EUR"})->minor, 50'001);  // 500.0076: over the limit, not on it.
    EXPECT_EQ(rates.to_base({1, "CHF"}).error().code, "money.no_rate");
    EXPECT_EQ(rates.to_base({kMost, "EUR"}).error().code, "money.overflow");
}

TEST(ExchangeRate, IsAPositiveDecimal) {
    ExchangeRates rates;
    for (const char* rate : {"", "0", "-1", "1e2", "0.0000000001", "x"}) EXPECT_EQ(rates.set("EUR", rate).error().code, "money.bad_rate") << rate;
    EXPECT_EQ(rates.set("XXQ", "1").error().code, "money.unknown_currency");
}

}  // namespace
}  // namespace resolute
