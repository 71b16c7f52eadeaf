// SPDX-License-Identifier: Apache-2.0
#include "json/quick_parse.h"

#include <random>

#include <gtest/gtest.h>

namespace resolute::json {
namespace {

const std::vector<std::string_view> kTexts{
    R"({"at":"2026-12-01T00:00:00Z","kind":"StepEntered","step":3,"share":0.125,"none":null,"yes":true,"no":false})",
    R"([{"a":[1,-2,[]],"b":{},"c":{"d":"\u0000\u001f\"\\\/\b\f\n\r\t ü 漢 😀"}},"",-9223372036854775808,9223372036854775807])",
    "  [ 1 , 2.5e3 ,\n-0.75E-2\t, \"x\" ] \r\n",
    R"("\ud83d\ude00 \u00fc")",
    R"({"b":1,"a":2,"b":3})",
    "[18446744073709551615,9223372036854775808,1e400,-0,-0.0,0,1e-400,0.1,123456789012345678901234567890]",
};

/// Either it has nothing to say, or what the library says.
void expect_no_contradiction(std::string_view text) {
    const auto quick = parse_quickly(text);
    if (!quick) return;
    const auto slow = parse_by_library(text);
    ASSERT_TRUE(slow) << text;
    EXPECT_EQ(*quick, *slow) << text;
}

TEST(QuickParse, ReadsWhatIsOrdinaryAsTheLibraryDoes) {
    for (const std::string_view text : {kTexts[0], kTexts[1], kTexts[2], kTexts[4]}) {
        EXPECT_TRUE(parse_quickly(text)) << text;
        expect_no_contradiction(text);
    }
}

TEST(QuickParse, LeavesWhatIsRareOrWrongToTheLibrary) {
    for (const std::string_view text : {kTexts[3],
                                        kTexts[5],
                                        std::string_view("\xEF\xBB\xBF[]"),
                                        std::string_view(),
                                        std::string_view("[1,]"),
                                        std::string_view("{\"a\":1,}"),
                                        std::string_view("01"),
                                        std::string_view("1."),
                                        std::string_view("+1"),
                                        std::string_view("nul"),
                                        std::string_view("[] []"),
                                        std::string_view("\"\n\""),
                                        std::string_view("\"\xFF\""),
                                        std::string_view("\"\xED\xA0\x80\""),
                                        std::string_view("\"\\x\""),
                                        std::string_view("\"\\u00g0\""),
                                        std::string_view("\"\\u+041\""),
                                        std::string_view("'a'"),
                                        std::string_view("[1 2]"),
                                        std::string_view("-"),
                                        std::string_view("[]\0", 3),
                                        std::string_view("inf"),
                                        std::string_view("-nan"),
                                        std::string_view("0x10")})
        EXPECT_FALSE(parse_quickly(text)) << text;
}

TEST(QuickParse, IsAsDeepAsTheLibraryMayGo) {
    for (const std::size_t depth : {kDepthMax - 1, kDepthMax, kDepthMax + 1}) {
        const std::string text = std::string(depth, '[') + std::string(depth, ']');
        EXPECT_EQ(parse_quickly(text).has_value(), parse_by_library(text).has_value()) << depth;
        EXPECT_EQ(parse_quickly(text).has_value(), depth <= kDepthMax);
    }
    EXPECT_EQ(parse(std::string(100'000, '[')).error().code, "json.too_deep");
}

TEST(QuickParse, OfDamagedTextsNeverContradictsTheLibrary) {
    std::mt19937 random(7);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    constexpr std::string_view kPieces = "{}[]\",:\\u0019-+.eEtruefalsn \n\xC3\xA9\xFF";
    int read = 0;
    for (int i = 0; i < 60'000; ++i) {
        std::string text(kTexts[below(kTexts.size())]);
        for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
            const std::size_t at = below(text.size());
            switch (below(3)) {
                case 0:
                    text[at] = kPieces[below(kPieces.size())];
                    break;
                case 1:
                    text.erase(at, 1 + below(3));
                    break;
                default:
                    text.insert(at, 1, kPieces[below(kPieces.size())]);
            }
            if (text.empty()) text = "0";
        }
        expect_no_contradiction(text);
        read += parse_quickly(text).has_value() ? 1 : 0;
    }
    EXPECT_GT(read, 5'000);
}

}  // namespace
}  // namespace resolute::json
