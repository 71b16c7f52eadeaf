// SPDX-License-Identifier: Apache-2.0
#include "json/json.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
