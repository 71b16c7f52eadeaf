// SPDX-License-Identifier: Apache-2.0
#include "json/json.h"

#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace resolute::json {
namespace {

std::string code_of(std::string_view text, std::size_t bytes_max = kBytesMax) {
    const auto value = parse(text, bytes_max);
    return value ? "" : value.error().code;
}

TEST(JsonText, IsSortedAndOnOneLineWhateverTheOrderOfMembers) {
    const Value a = Value().set("b", 1).set("a", Array{true, nullptr, "x"}).set("c", Object{});
    const Value b = Value().set("c", Object{}).set("a", Array{true, nullptr, "x"}).set("b", 1);
    EXPECT_EQ(a, b);
    EXPECT_EQ(dump(a), R"({"a":[true,null,"x"],"b":1,"c":{}})");
    EXPECT_EQ(dump(a), dump(b));
}

TEST(JsonText, ReadsBackAsItWas) {
    const Value value = Value()
                            .set("least", std::numeric_limits<std::int64_t>::min())
                            .set("most", std::numeric_limits<std::int64_t>::max())
                            .set("share", 0.1)
                            .set("text", "ü \"q\" \\ \n \x01 €")
                            .set("nothing", nullptr);
    for (const std::string& text : {dump(value), dump_pretty(value)}) {
        const auto read = parse(text);
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, value);
        EXPECT_EQ(dump(*read), dump(value));
    }
}

TEST(JsonText, WithInvalidUtf8IsWrittenWithReplacementsAndRefusedWhenRead) {
    EXPECT_EQ(dump(Value("a\xFFz")), "\"a\xEF\xBF\xBDz\"");
    EXPECT_EQ(code_of("\"a\xFFz\""), "json.syntax");
    EXPECT_EQ(code_of("\"\xC3\""), "json.syntax");
}

/// The journals of the first version were written by it, and their hashes rest on its bytes.
std::string by_library(const nlohmann::json& value) { return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

TEST(JsonText, OfAnyBytesIsThatOfTheLibrary) {
    std::mt19937 random(7);
    constexpr std::string_view kLikely = "abcdefghijkl \"\\\n\t\r\b\f\x01\x1F\x7F/\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\x80\xFF";
    for (int round = 0; round < 20'000; ++round) {
        const auto length = random() % 40;
        const bool is_any = round % 4 == 0;
        const bool is_plain = round % 4 == 1;
        std::string text;
        while (text.size() < length)
            text += is_any ? static_cast<char>(random() % 256) : kLikely[random() % (is_plain ? 21 : kLikely.size())];
        ASSERT_EQ(dump(Value(text)), by_library(text)) << round;
        ASSERT_EQ(dump(Value().set(text, 1)), by_library(nlohmann::json{{text, 1}})) << round;
    }
}

TEST(JsonText, OfEveryCharacterInEveryPlaceIsThatOfTheLibrary) {
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t place = 0; place < 20; ++place) {
            std::string text(20, 'x');
            text[place] = static_cast<char>(byte);
            ASSERT_EQ(dump(Value(text)), by_library(text)) << byte << " at " << place;
        }
    }
}

TEST(JsonText, OfNumbersIsThatOfTheLibrary) {
    std::mt19937_64 random(7);
    for (const double number : {0.0, -0.0, 1.0, 0.1, 1e15, 1e16, 123456.75, 1e-5, -2.5e300, std::nan(""), std::numeric_limits<double>::infinity()})
        EXPECT_EQ(dump(Value(number)), by_library(number));
    for (int round = 0; round < 2'000; ++round) {
        const auto number = static_cast<std::int64_t>(random()) >> (random() % 64);
        ASSERT_EQ(dump(Value(number)), by_library(number));
        ASSERT_EQ(dump(Value(static_cast<double>(number) / 1000)), by_library(static_cast<double>(number) / 1000));
    }
}

TEST(JsonSyntax, ErrorsNameLineAndColumn) {
    const auto broken = parse("{\n  \"a\": 1,\n  \"b\": ?\n}");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, "json.syntax");
    EXPECT_THAT(broken.error().detail, ::testing::HasSubstr("line 3"));
}

TEST(JsonSyntax, RefusesWhatIsNoJson) {
    for (const char* text : {"", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "1 2", "nul", "\"\n\"", "NaN", "Infinity", "// x\n1", "[1", "\"\\x\""})
        EXPECT_EQ(code_of(text), "json.syntax") << text;
}

TEST(JsonLimits, DepthAndSizeAreBounded) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_EQ(code_of(nested(kDepthMax)), "");
    EXPECT_EQ(code_of(nested(kDepthMax + 1)), "json.too_deep");
    EXPECT_EQ(code_of(nested(1'000'000)), "json.too_deep");
    EXPECT_EQ(code_of("[1,2,3]", 7), "");
    EXPECT_EQ(code_of("[1,2,3]", 6), "json.too_large");
}

TEST(JsonNumbers, BeyondSixtyFourBitsAreNoIntegers) {
    const auto big = parse("18446744073709551615");
    EXPECT_FALSE(big && big->is_int()) << "it must not wrap round";
    const auto huge = parse("123456789012345678901234567890");
    EXPECT_FALSE(huge && huge->is_int());
}

TEST(JsonValue, AccessorsAreTotal) {
    const Value value = *parse(R"({"a":{"b":[1,"x"]},"n":1.5,"t":true})");
    EXPECT_EQ(value["a"]["b"].as_array().size(), 2U);
    EXPECT_TRUE(value["no"]["such"]["path"].is_null());
    EXPECT_EQ(value["a"].as_string(), "");
    EXPECT_EQ(value["n"].as_int(7), 7);
    EXPECT_DOUBLE_EQ(value["n"].as_double(), 1.5);
    EXPECT_EQ(value["t"].as_string_or("f"), "f");
    EXPECT_NE(value.find_path("a.b"), nullptr);
    EXPECT_EQ(value.find_path("a.c.d"), nullptr);
    EXPECT_EQ(value.find_path("a.b.c"), nullptr);
    EXPECT_EQ(to_strings(value["a"]["b"]), std::vector<std::string>{"x"});
    EXPECT_TRUE(Value()["x"].is_null());
}

TEST(JsonValue, ChangesInPlace) {
    Value value;
    value.set("list", Value().append(1).append(2));
    value.set("x", 1);
    value.erase("x");
    value.erase("never there");
    EXPECT_EQ(dump(value), R"({"list":[1,2]})");
}

TEST(JsonValue, ACopyKeepsItsStateWhateverBecomesOfTheOther) {
    Value first = *parse(R"({"a":{"list":[1,2]},"b":"text"})");
    const Value second = first;
    Value inner = first["a"];
    first.set("b", "other");
    inner.set("list", Value().append(3));
    first.object()["a"].object()["list"].append(4);
    EXPECT_EQ(dump(first), R"({"a":{"list":[1,2,4]},"b":"other"})");
    EXPECT_EQ(dump(second), R"({"a":{"list":[1,2]},"b":"text"})");
    EXPECT_EQ(dump(inner), R"({"list":[3]})");
    Value moved = std::move(first);
    moved.erase("a");
    EXPECT_EQ(dump(moved), R"({"b":"other"})");
    EXPECT_EQ(dump(second), R"({"a":{"list":[1,2]},"b":"text"})");
}

TEST(JsonObject, KeepsItsMembersInOrderOfTheirKeys) {
    Object object{{"c", 3}, {"a", 1}, {"a", 2}};
    object["b"] = 2;
    object.emplace("b", 5);
    object.emplace("d", 4);
    EXPECT_EQ(dump(object), R"({"a":1,"b":2,"c":3,"d":4})");
    object.erase("a");
    object.erase("e");
    EXPECT_FALSE(object.contains("a"));
    EXPECT_EQ(object.find("cc"), object.end());
    EXPECT_EQ(object.find("c")->second, Value(3));
    EXPECT_EQ(object.size(), 3U);
}

TEST(JsonObject, IsReadWithTheLastOfSeveralMembersThatHaveOneName) {
    EXPECT_EQ(dump(*parse(R"({"b":1,"a":2,"b":{"x":1,"x":2},"a":4})")), R"({"a":4,"b":{"x":2}})");
    std::string text = "{";
    for (int i = 200'000; i > 0; --i) text += "\"" + std::to_string(i) + "\":1,";  // In the worst order, and quick all the same.
    text += "\"x\":1}";
    EXPECT_EQ(parse(text)->as_object().size(), 200'001U);
}

TEST(JsonMeaning, MoneyDurationAndInstantReadBackAndNothingElseDoes) {
    const Money money{-5, "USD"};
    EXPECT_EQ(dump(from_money({12900, "USD"})), R"({"amount":"129.00","currency":"USD"})");
    EXPECT_EQ(to_money(from_money({5, "KWD"})), (Money{5, "KWD"}));
    EXPECT_FALSE(to_money(*parse(R"({"amount":129,"currency":"USD"})")));
    EXPECT_FALSE(to_money(*parse(R"({"amount":"129.00","currency":"USD","note":1})")));
    EXPECT_FALSE(to_money(*parse(R"({"amount":"129.00","currency":"XXQ"})")));
    EXPECT_FALSE(to_money(from_money(money))) << "no amount of ours is below zero";
    EXPECT_EQ(to_duration(from_duration(Duration(-3))), Duration(-3));
    EXPECT_FALSE(to_duration(*parse(R"({"ms":"3"})")));
    const Instant at = *parse_instant("2026-11-22T18:05:00.007Z");
    EXPECT_EQ(to_instant(from_instant(at)), at);
    EXPECT_FALSE(to_instant(*parse(R"({"at":"soon"})")));
}

TEST(Dump, OfEveryCharacterIsWhatTheLibraryWrites) {
    // dump_pretty is the library's own; of a text both are one line.
    for (int c = 0; c < 256; ++c) {
        for (const std::string& text : {std::string(1, static_cast<char>(c)), "a" + std::string(2, static_cast<char>(c)) + "\u00fc"}) {
            EXPECT_EQ(dump(Value(text)), dump_pretty(Value(text))) << c;
        }
    }
    for (const char* text : {"\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80", "\xF0\x9F\x98\x80", "\xE2\x82", "ok \xFF \xFE", "\"\\/\x7f"})
        EXPECT_EQ(dump(Value(text)), dump_pretty(Value(text))) << text;
    for (const double number : {0.1, 1.0, -2.5, 1e300, 1e-7, 123456789.125}) EXPECT_EQ(dump(Value(number)), dump_pretty(Value(number)));
}

TEST(Dump, OfNestedValuesHasNoSpacesAndSortedKeys) {
    const Value value = Value()
                            .set("b", Array{1, "x", Value(), true, Array{}, Object{}})
                            .set("a\n", Object{{"z", INT64_MIN}, {"y", INT64_MAX}})
                            .set("", false);
    EXPECT_EQ(dump(value), "{\"\":false,\"a\\n\":{\"y\":9223372036854775807,\"z\":-9223372036854775808},\"b\":[1,\"x\",null,true,[],{}]}");
    EXPECT_EQ(dump(*parse(dump(value))), dump(value));
}

}  // namespace
}  // namespace resolute::json
