// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/result.h"

namespace resolute::text {
namespace {

using ::testing::ElementsAre;

TEST(Text, IsTrimmedSplitAndJoined) {
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
    EXPECT_THAT(split("", ','), ElementsAre(""));
    EXPECT_THAT(split_lines("a\r\n\r\nb\n"), ElementsAre("a", "", "b"));
    EXPECT_THAT(split_lines("a\nb"), ElementsAre("a", "b"));
    EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
    EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
    EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(Text, ComparesAsciiLettersWithoutCase) {
    EXPECT_TRUE(equals_ignore_case("Re: ÄB", "rE: Äb"));
    EXPECT_FALSE(equals_ignore_case("ä", "Ä"));
    EXPECT_FALSE(equals_ignore_case("a", "ab"));
    EXPECT_TRUE(contains_ignore_case("Hello World", "O w"));
    EXPECT_TRUE(contains_ignore_case("x", ""));
    EXPECT_FALSE(contains_ignore_case("", "x"));
    EXPECT_EQ(to_lower("AbÄ"), "abÄ");
}

TEST(Utf8, KnowsOverlongSurrogatesAndCutSequences) {
    for (const char* good : {"", "a", "ü", "€", "😀", "\xF4\x8F\xBF\xBF"}) EXPECT_TRUE(is_utf8(good)) << good;
    for (const char* bad : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xE2\x82", "\xF4\x90\x80\x80", "\x80", "\xF8\x88\x80\x80\x80"}) EXPECT_FALSE(is_utf8(bad));
}

TEST(Utf8, IsMadeValidAndCounted) {
    std::size_t replaced = 0;
    const std::string fixed = to_valid_utf8(std::string_view("a\xFF\0b\xC3", 5), &replaced);
    EXPECT_TRUE(is_utf8(fixed));
    EXPECT_EQ(replaced, 3U);
    EXPECT_EQ(fixed.find('\0'), std::string::npos);
    EXPECT_EQ(to_valid_utf8("größe"), "größe");
}

TEST(Shorten, CutsAtACharacterWithinItsLimit) {
    const std::string text = "größengleich";
    for (std::size_t limit = 3; limit <= text.size(); ++limit) {
        const std::string cut = shorten(text, limit);
        EXPECT_LE(cut.size(), limit);
        EXPECT_TRUE(is_utf8(cut)) << limit;
    }
    EXPECT_EQ(shorten(text, text.size()), text);
    EXPECT_EQ(shorten("", 0), "");
}

TEST(EscapeHtml, LeavesNothingThatOpensATagOrAnAttribute) {
    EXPECT_EQ(escape_html("<a href=\"x\" t='y'>&</a>"), "&lt;a href=&quot;x&quot; t=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
}

TEST(EditDistance, FindsWhatWasMeant) {
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(closest("guradd", {"guard", "outcome"}), "guard");
    EXPECT_EQ(closest("nothing", {"guard", "outcome"}), "");
}

TEST(Hash, FitsItsPublishedVectors) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex("\x01\xAB"), "01ab");
    EXPECT_EQ(base32(""), "");
    EXPECT_EQ(base32("f"), "my");
    EXPECT_EQ(base32("foobar"), "mzxw6ytboi");
}

TEST(ShortHash, KeepsItsPartsApart) {
    EXPECT_NE(short_hash({"ab", "c"}, 20), short_hash({"a", "bc"}, 20));
    EXPECT_NE(short_hash({"a"}, 20), short_hash({"a", ""}, 20));
    EXPECT_NE(short_hash({"1:a"}, 20), short_hash({"1", "a"}, 20));
    EXPECT_EQ(short_hash({"a"}, 11).size(), 11U);
    EXPECT_EQ(short_hash({"a", "b"}, 11), short_hash({"a", "b"}, 26).substr(0, 11));
}

TEST(ErrorNames, ReadBack) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(parse_error_kind(to_string(static_cast<ErrorKind>(i))), static_cast<ErrorKind>(i));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(parse_effect_state(to_string(static_cast<EffectState>(i))), static_cast<EffectState>(i));
    EXPECT_FALSE(parse_error_kind("cosmic"));
    EXPECT_EQ(describe({.code = "a.b", .detail = "why"}), "a.b: why");
}

TEST(Text, PlainIsWhatEndsNoWord) {
    EXPECT_TRUE(is_plain("aZ09"));
    EXPECT_TRUE(is_plain("a-b.c", "-."));
    for (const char* odd : {"", "a b", "a'b", "a-b", "ä", "a\n"}) EXPECT_FALSE(is_plain(odd)) << odd;
}

}  // namespace
}  // namespace resolute::text
