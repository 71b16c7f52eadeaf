// SPDX-License-Identifier: Apache-2.0
#include "base/amounts.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

#include "base/clock.h"

namespace resolute {
namespace {

/// "USD 12.50; EUR 1.23|1234.00": the mentions in order, readings of an ambiguous one divided by a bar.
std::string describe_amounts(std::string_view text) {
    std::string out;
    for (const AmountMention& mention : find_amounts(text)) {
        if (!out.empty()) out += "; ";
        if (mention.money) {
            out += mention.money->currency + " " + decimal_text(*mention.money);
            continue;
        }
        for (std::size_t i = 0; i < mention.readings.size(); ++i) {
            out += (i == 0 ? mention.readings[i].currency + " " : "|") + decimal_text(mention.readings[i]);
        }
    }
    return out;
}

struct Case {
    const char* text;
    const char* expected;
};

TEST(FindAmounts, ReadsEachNotationExactly) {
    const Case cases[] = {
        {"$1499", "USD 1499.00"}, {"$1,499", "USD 1499.00"}, {"$1,499.00", "USD 1499.00"}, {"$1499.5", "USD 1499.50"}, {"$ 1499", "USD 1499.00"},
        {"US$ 500", "USD 500.00"}, {"US$500.25", "USD 500.25"}, {"USD 500", "USD 500.00"}, {"500 USD", "USD 500.00"}, {"USD500", "USD 500.00"},
        {"500USD", "USD 500.00"}, {"500 usd", "USD 500.00"}, {"USD $500", "USD 500.00"}, {"$500 USD", "USD 500.00"}, {"$0.99", "USD 0.99"},
        {"$.50", "USD 0.50"}, {"$12,345,678.90", "USD 12345678.90"}, {"12.50$", "USD 12.50"}, {"12,50 $", "USD 12.50"}, {"500 dollars", "USD 500.00"},
        {"500 bucks", "USD 500.00"}, {"one dollar or 2 dollars", "USD 2.00"}, {"1,200 dollars", "USD 1200.00"}, {"500 US dollars", "USD 500.00"},
        {"$1.2k", "USD 1200.00"}, {"$3K", "USD 3000.00"}, {"$1.25k", "USD 1250.00"}, {"$2 million", "USD 2000000.00"}, {"2k dollars", "USD 2000.00"},
        {"$2m", "USD 2000000.00"}, {"$1499.", "USD 1499.00"}, {"($49.99)", "USD 49.99"}, {"-$50", "USD 50.00"}, {"$49.99/month", "USD 49.99"},
        {"$49.99,", "USD 49.99"}, {"cost:$20", "USD 20.00"}, {"$20!", "USD 20.00"}, {"*$20*", "USD 20.00"}, {"$1,234", "USD 1234.00"},
        {"1,234 USD", "USD 1234.00"}, {"€480", "EUR 480.00"}, {"€ 480", "EUR 480.00"}, {"480€", "EUR 480.00"}, {"480 €", "EUR 480.00"},
        {"EUR 480", "EUR 480.00"}, {"480 EUR", "EUR 480.00"}, {"480EUR", "EUR 480.00"}, {"480 Euro", "EUR 480.00"}, {"480 euros", "EUR 480.00"},
        {"480 eur", "EUR 480.00"}, {"1.499,00 €", "EUR 1499.00"}, {"1.499,00€", "EUR 1499.00"}, {"€1.499,00", "EUR 1499.00"}, {"€1,499.00", "EUR 1499.00"},
        {"1 499,00 €", "EUR 1499.00"}, {"1\u00A0499,00\u00A0€", "EUR 1499.00"}, {"1\u202F499,00\u202F€", "EUR 1499.00"}, {"1\u2009499,00\u2009€", "EUR 1499.00"},
        {"12,5 €", "EUR 12.50"}, {"12,50 Euro", "EUR 12.50"}, {"500,- €", "EUR 500.00"}, {"500,-€", "EUR 500.00"}, {"500,– €", "EUR 500.00"},
        {"EUR 500,-", "EUR 500.00"}, {"1.234.567,89 €", "EUR 1234567.89"}, {"1.234.567 €", "EUR 1234567.00"}, {"EUR 1 499,00", "EUR 1499.00"},
        {"2 Mio. €", "EUR 2000000.00"}, {"2 mil euros", "EUR 2000.00"}, {"3 tausend Euro", "EUR 3000.00"}, {"€1 499", "EUR 1499.00"},
        {"£20", "GBP 20.00"}, {"£ 20.50", "GBP 20.50"}, {"£1,234", "GBP 1234.00"}, {"20 pounds", "GBP 20.00"}, {"20 quid", "GBP 20.00"},
        {"GBP 20", "GBP 20.00"}, {"20 gbp", "GBP 20.00"}, {"CHF 1'200.50", "CHF 1200.50"}, {"CHF 1’200.50", "CHF 1200.50"}, {"1'200 CHF", "CHF 1200.00"},
        {"CHF 20.-", "CHF 20.00"}, {"20.-- Fr.", "CHF 20.00"}, {"Fr. 20.50", "CHF 20.50"}, {"20 Franken", "CHF 20.00"}, {"20 francs", "CHF 20.00"},
        {"¥1500", "JPY 1500"}, {"¥1,500", "JPY 1500"}, {"1500 yen", "JPY 1500"}, {"1500円", "JPY 1500"}, {"JPY 15,000", "JPY 15000"},
        {"CA$ 500", "CAD 500.00"}, {"C$500", "CAD 500.00"}, {"$500 CAD", "CAD 500.00"}, {"CAD 500", "CAD 500.00"}, {"500 Canadian dollars", "CAD 500.00"},
        {"A$500", "AUD 500.00"}, {"AU$1,500", "AUD 1500.00"}, {"$500 AUD", "AUD 500.00"}, {"500 SEK", "SEK 500.00"}, {"SEK 1 500,00", "SEK 1500.00"},
        {"500 NOK", "NOK 500.00"}, {"DKK 500", "DKK 500.00"}, {"1.500,00 DKK", "DKK 1500.00"}, {"500 kronor", "SEK 500.00"}, {"120 zł", "PLN 120.00"},
        {"120,50 zł", "PLN 120.50"}, {"PLN 120", "PLN 120.00"}, {"120 złotych", "PLN 120.00"}, {"₹1,50,000", "INR 150000.00"}, {"₹ 500", "INR 500.00"},
        {"Rs. 500", "INR 500.00"}, {"Rs 1,500", "INR 1500.00"}, {"500 rupees", "INR 500.00"}, {"R$ 99,90", "BRL 99.90"}, {"R$1.234,56", "BRL 1234.56"},
        {"R$ 1.234", "BRL 1234.00"}, {"500 reais", "BRL 500.00"}, {"MX$500", "MXN 500.00"}, {"500 pesos", "MXN 500.00"}, {"MXN 1,500.00", "MXN 1500.00"},
        {"CNY 500", "CNY 500.00"}, {"500 yuan", "CNY 500.00"}, {"500 RMB", "CNY 500.00"}, {"500元", "CNY 500.00"}, {"KWD 1.250,500", "KWD 1250.500"},
        {"0.500 €", "EUR 0.50"}, {"12345.678 €", "EUR 12345.67"},
    };
    for (const Case& c : cases) EXPECT_EQ(describe_amounts(c.text), c.expected) << c.text;
    EXPECT_GE(std::size(cases), 120U);
}

TEST(FindAmounts, ReportsBothReadingsWhereTheDigitsDoNotDecide) {
    const Case cases[] = {
        {"1.234 €", "EUR 1.23|1234.00"}, {"1,234 €", "EUR 1.23|1234.00"}, {"$1.234", "USD 1.23|1234.00"}, {"€1.500", "EUR 1.50|1500.00"},
        {"Bitte 1.234 € zurück", "EUR 1.23|1234.00"}, {"£1.234", "GBP 1.23|1234.00"}, {"CHF 1.234", "CHF 1.23|1234.00"}, {"R$ 1,234", "BRL 1.23|1234.00"},
        {"500 kr", "SEK 500.00|500.00|500.00"}, {"500 kroner", "NOK 500.00|500.00"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(describe_amounts(c.text), c.expected) << c.text;
        const auto mentions = find_amounts(c.text);
        ASSERT_EQ(mentions.size(), 1U) << c.text;
        EXPECT_FALSE(mentions[0].money) << c.text;
    }
}

TEST(FindAmounts, LeavesOtherNumbersAlone) {
    for (const char* text : {
             "order #A-10234", "order 4711", "on 12.05.2024", "2024-05-12", "12/05/2024", "15%", "+1 555 123 4567", "5 stars", "call 030 1234567",
             "version 1.2.3", "I waited 30 days", "Fr. 12.05. geht nicht", "ORD-2026-00123", "SKU 500-200", "Euro", "dollars", "the $ sign", "$", "€ and £",
             "US 500", "room 12", "EURO2024", "A1000 dollars", "192.168.0.1", "20 pounder", "500 eurosceptics", "4111 1111 1111 1111", "try 500 times",
             "1234567890123456789 USD", "10:30", "iPhone 15", "500 krill", "12 rsvp", "USD", "price: TBD", "a 3.5 mm plug",
         }) {
        EXPECT_EQ(describe_amounts(text), "") << text;
    }
}

TEST(FindAmounts, FindsThemInSentences) {
    const Case cases[] = {
        {"I paid $1499 for order A-10234 on 05/12/2024 and want it back.", "USD 1499.00"},
        {"You charged me $49.99 twice, so $99.98 in total", "USD 49.99; USD 99.98"},
        {"Ich habe 1.499,00 € bezahlt, davon 20 € Versand.", "EUR 1499.00; EUR 20.00"},
        {"J'ai payé 1 499,00 € le 12/05/2024.", "EUR 1499.00"},
        {"refund of $400-600 please", "USD 400.00; USD 600.00"}, {"$400–$600", "USD 400.00; USD 600.00"}, {"between 100-200 €", "EUR 200.00"},
        {"2 $500 vouchers", "USD 500.00"}, {"$500 200 times", "USD 500.00"}, {"EUR 480 EUR 500", "EUR 480.00; EUR 500.00"}, {"500$ 300$", "USD 500.00; USD 300.00"},
        {"invoice 2024 480 euros", "EUR 480.00"}, {"$20,30 days later", "USD 20.30"}, {"paid $20, 30 days ago", "USD 20.00"},
        {"It cost €12 and £10.", "EUR 12.00; GBP 10.00"}, {"$1,000,000 is too much", "USD 1000000.00"}, {"$5.00.", "USD 5.00"},
        {"order 4711: $20", "USD 20.00"}, {"refund me my 900 dollars!!", "USD 900.00"}, {"$100\n200 units", "USD 100.00"},
        {"It’s “480 euros” exactly", "EUR 480.00"}, {"480 euros–no more", "EUR 480.00"},
    };
    for (const Case& c : cases) EXPECT_EQ(describe_amounts(c.text), c.expected) << c.text;
}

TEST(FindAmounts, MarksWhereTheAmountStands) {
    const std::string text = "Please refund US$ 500.25 today";
    const auto mentions = find_amounts(text);
    ASSERT_EQ(mentions.size(), 1U);
    EXPECT_EQ(text.substr(mentions[0].begin, mentions[0].end - mentions[0].begin), "US$ 500.25");
    const std::string german = "Es waren 1.499,00 Euro.";
    const auto found = find_amounts(german);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(german.substr(found[0].begin, found[0].end - found[0].begin), "1.499,00 Euro");
}

TEST(FindAmounts, WhatAnyNotationPrintsIsReadBack) {
    std::mt19937_64 random(20260101);
    const auto grouped = [](std::int64_t whole, std::string_view separator) {
        std::string digits = std::to_string(whole);
        for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, separator);
        return digits;
    };
    for (int i = 0; i < 3000; ++i) {
        const auto minor = static_cast<std::int64_t>(random() % (i % 3 == 0 ? 1000000000ULL : 500000ULL));
        const std::string cents = std::to_string(100 + minor % 100).substr(1);
        const std::int64_t whole = minor / 100;
        const std::string expected = decimal_text(Money{minor, "USD"});
        const std::string euro = "EUR " + expected;
        EXPECT_EQ(describe_amounts("a $" + grouped(whole, ",") + "." + cents + " b"), "USD " + expected);
        EXPECT_EQ(describe_amounts("a $" + std::to_string(whole) + "." + cents + "."), "USD " + expected);
        EXPECT_EQ(describe_amounts("a " + grouped(whole, ".") + "," + cents + " € b"), euro);
        EXPECT_EQ(describe_amounts("a " + grouped(whole, "\u202F") + "," + cents + "\u00A0€ b"), euro);
        EXPECT_EQ(describe_amounts("a " + grouped(whole, "'") + "." + cents + " CHF"), "CHF " + expected);
        EXPECT_EQ(describe_amounts("EUR " + std::to_string(whole) + "," + cents), euro);
    }
}

TEST(FindAmounts, TakesAnyBytesAndNeverOverlaps) {
    std::mt19937_64 random(7);
    const std::string alphabet = "0123456789.,'$ \xE2\x82\xAC-EURk\xC2\xA0/\n\xFF";
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (std::uint64_t n = random() % 40; n > 0; --n) text += alphabet[random() % alphabet.size()];
        std::size_t floor = 0;
        for (const AmountMention& mention : find_amounts(text)) {
            ASSERT_GE(mention.begin, floor) << text;
            ASSERT_LT(mention.begin, mention.end) << text;
            ASSERT_LE(mention.end, text.size()) << text;
            ASSERT_EQ(mention.money.has_value(), mention.readings.empty()) << text;
            floor = mention.end;
        }
    }
}

TEST(FindAmounts, TakesTimeInProportionToTheText) {
    for (const std::string unit : {"1 111 ", "1'", "1,", "$", "$1-", "1.", "€ ", "9"}) {
        std::string text;
        while (text.size() < 400000) text += unit;
        const double begin = monotonic_seconds();
        static_cast<void>(find_amounts(text));
        EXPECT_LT(monotonic_seconds() - begin, 3.0) << unit;
    }
}

}  // namespace
}  // namespace resolute
