// SPDX-License-Identifier: Apache-2.0
#include "mail/encoded_words.h"

#include <gtest/gtest.h>

#include "mail/charset.h"
#include "mail/file_name.h"
#include "mail/limits.h"

namespace resolute::mail {
namespace {

TEST(DecodeHeaderText, ExamplesOfRfc2047Section8) {
    EXPECT_EQ(decode_header_text("(=?ISO-8859-1?Q?a?=)"), "(a)");
    EXPECT_EQ(decode_header_text("(=?ISO-8859-1?Q?a?= b)"), "(a b)");
    EXPECT_EQ(decode_header_text("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)"), "(ab)");
    EXPECT_EQ(decode_header_text("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)"), "(ab)");
    EXPECT_EQ(decode_header_text("(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)"), "(ab)");
    EXPECT_EQ(decode_header_text("(=?ISO-8859-1?Q?a_b?=)"), "(a b)");
    EXPECT_EQ(decode_header_text("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)"), "(a b)");
}

TEST(DecodeHeaderText, LanguageOfRfc2231Section5IsPassedOver) {
    EXPECT_EQ(decode_header_text("=?US-ASCII*EN?Q?Keith_Moore?="), "Keith Moore");
}

TEST(DecodeHeaderText, ACharacterSplitBetweenWordsIsWhole) {
    EXPECT_EQ(decode_header_text("=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?="), "€");
}

TEST(DecodeHeaderText, WhatIsNoWordStays) {
    EXPECT_EQ(decode_header_text("=?utf-8?X?abc?= =?utf-8?Q?abc"), "=?utf-8?X?abc?= =?utf-8?Q?abc");
    EXPECT_EQ(decode_header_text("a =? b ?="), "a =? b ?=");
    EXPECT_EQ(decode_header_text(""), "");
}

TEST(DecodeHeaderText, IsAlwaysOneLine) {
    EXPECT_EQ(decode_header_text("=?utf-8?Q?a=0D=0Ab=00=1Bc?="), "a b\xEF\xBF\xBD" "c");
    EXPECT_EQ(decode_header_text("caf\xE9"), "café");
}

TEST(DecodeCharset, Utf8ThatValidatesWinsOverTheDeclaration) {
    const DecodedText text = decode_charset("schön", "iso-8859-1");
    EXPECT_EQ(text.text, "schön");
    EXPECT_TRUE(text.is_charset_wrong);
    EXPECT_EQ(decode_charset("sch\xF6n", "iso-8859-1").text, "schön");
    EXPECT_EQ(decode_charset("sch\xF6n", "utf-8").replaced, 1U);
    EXPECT_EQ(decode_charset("20 \x80", "").text, "20 €");
}

TEST(DecodeCharset, CharsetsThatUseAsciiBytesAreDecodedAsDeclared) {
    EXPECT_EQ(decode_charset("+AOk-", "utf-7").text, "é");
    EXPECT_EQ(decode_charset("\x1B$B4A\x1B(B", "ISO-2022-JP").text, "漢");
    EXPECT_EQ(decode_charset(std::string_view("\xFF\xFE" "a\0", 4), "utf-16").text, "a");
    EXPECT_EQ(decode_charset("\xC4\xE3", "gb2312").text, "你");
    EXPECT_EQ(decode_charset("\xF0", "koi8-r").text, "П");
}

TEST(DecodeCharset, NamesThatWeDoNotKnowNeverReachTheConverter) {
    EXPECT_TRUE(decode_charset("caf\xE9", "ISO-2022-CN-EXT").is_charset_unknown);
    EXPECT_TRUE(decode_charset("caf\xE9", "utf-8//TRANSLIT").is_charset_unknown);
    EXPECT_EQ(decode_charset("caf\xE9", "x-klingon").text, "café");
}

TEST(SafeFileName, IsNeverAPathAndNeverTooLong) {
    EXPECT_EQ(safe_file_name("a/b\\c.txt", 1), "c.txt");
    EXPECT_EQ(safe_file_name("", 7), "attachment-7");
    EXPECT_EQ(safe_file_name("...", 7), "attachment-7");
    EXPECT_EQ(safe_file_name("lpt1.txt", 7), "attachment-7");
    EXPECT_EQ(safe_file_name("=?utf-8?B?w6QucGRm?=", 1), "ä.pdf");
    const std::string long_name = safe_file_name(std::string(4'000, 'n').append(".pdf"), 1);
    EXPECT_EQ(long_name.size(), limits::file_name_bytes_max);
    EXPECT_TRUE(long_name.ends_with("n.pdf"));
}

}  // namespace
}  // namespace resolute::mail
