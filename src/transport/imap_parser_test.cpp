// SPDX-License-Identifier: Apache-2.0
#include "transport/imap_parser.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "transport/imap_command.h"
#include "transport/imap_limits.h"
#include "transport/imap_uids.h"

namespace resolute::transport {
namespace {

ImapAnswer parse(std::vector<std::string> lines, std::vector<std::string> literals = {}) {
    auto answer = parse_imap_answer({.lines = std::move(lines), .literals = std::move(literals)});
    EXPECT_TRUE(answer) << describe(answer.error());
    return answer.value_or(ImapAnswer{});
}

TEST(ImapParser, StatusLinesHaveACodeAndAText) {
    const ImapAnswer answer = parse({"r5 NO [OVERQUOTA x y] It is full {12}"});
    EXPECT_EQ(answer.tag, "r5");
    EXPECT_EQ(answer.name, "NO");
    EXPECT_EQ(answer.code, "OVERQUOTA");
    EXPECT_EQ(answer.code_value, "x y");
    EXPECT_EQ(answer.text, "It is full {12}");
    EXPECT_EQ(parse({"* ok [no end"}).text, "[no end");
    EXPECT_EQ(parse({"+"}).tag, "+");
}

TEST(ImapParser, ValuesAreAtomsStringsListsAndNil) {
    const ImapAnswer answer =
        parse({"* 12 fetch (FLAGS (\\Seen \\*) BODY[HEADER.FIELDS (DATE FROM)]<0> {3}", " X nil Y \"a\\\"b)\" Z () W ~{2}", ")"},
              {"a)b", "cd"});
    EXPECT_EQ(answer.number, 12U);
    EXPECT_EQ(answer.name, "FETCH");
    ASSERT_EQ(answer.values.size(), 1U);
    const auto& items = answer.values[0].items;
    ASSERT_EQ(items.size(), 12U);
    EXPECT_EQ(items[1].items.at(1).text, "\\*");
    EXPECT_TRUE(items[2].is_atom("body[header.fields (DATE FROM)]<0>"));
    EXPECT_EQ(items[3].text, "a)b");
    EXPECT_EQ(items[5].kind, ImapValue::Kind::nil);
    EXPECT_EQ(items[7].text, "a\"b)");
    EXPECT_EQ(items[9].kind, ImapValue::Kind::list);
    EXPECT_EQ(items[11].text, "cd");
}

TEST(ImapParser, LiteralsAreAnnouncedAtTheEndOfALineOnly) {
    const auto size_in = [](std::string_view line, bool is_first = true) { return announced_literal(line, is_first).value(); };
    EXPECT_EQ(size_in("* 1 FETCH (BODY[] {310}"), 310U);
    EXPECT_EQ(size_in("* 1 FETCH (BODY[] {310+}"), 310U);
    EXPECT_EQ(size_in("* 1 FETCH (BODY[] ~{0}"), 0U);
    EXPECT_EQ(size_in("* 1 FETCH (BODY[] {310} "), std::nullopt);
    EXPECT_EQ(size_in("* 1 FETCH (BODY[] {}"), std::nullopt);
    EXPECT_EQ(size_in("* OK who ends so {310}"), std::nullopt);
    EXPECT_EQ(size_in("r7 NO who ends so {310}"), std::nullopt);
    EXPECT_EQ(size_in("+ {310}"), std::nullopt);
    EXPECT_EQ(size_in(" OK {310}", false), 310U);
    EXPECT_EQ(announced_literal("* LIST {18446744073709551616}", true).error().code, "imap.protocol");
}

TEST(ImapParser, InternalDatesAreReadWithTheirZone) {
    EXPECT_EQ(parse_internal_date("17-Jul-1996 02:44:25 -0700"), parse_instant("1996-07-17T09:44:25Z"));
    EXPECT_EQ(parse_internal_date(" 1-feb-2024 00:00:00 +0530"), parse_instant("2024-01-31T18:30:00Z"));
    EXPECT_EQ(parse_internal_date("29-Feb-2024 23:59:60 +0000"), parse_instant("2024-03-01T00:00:00Z"));
    for (const char* odd :
         {"", "-", "29-Feb-2023 00:00:00 +0000", "17-Foo-1996 02:44:25 -0700", "17-Jul-1996 24:44:25 -0700",
          "17-Jul-1996 02:44:25 0700", "17-Jul-1996 02:44:25 -07", "x7-Jul-1996 02:44:25 -0700", "17-Jul-1996 02:44:25 -0700 x"})
        EXPECT_EQ(parse_internal_date(odd), std::nullopt) << odd;
}

TEST(ImapParser, NoBytesMakeItFail) {
    const std::vector<std::string> seeds{"* 12 FETCH (UID 5 BODY[] {3}",
                                         " FLAGS (\\Seen))",
                                         "* LIST (\\A) \"/\" \"a\\\"b\"",
                                         "* OK [UIDVALIDITY 7] x",
                                         "* ESEARCH (TAG \"r\") UID ALL 1:3,5",
                                         "r1 OK done",
                                         "+ go",
                                         "* CAPABILITY A=B"};
    constexpr std::string_view kBytes = "*+ ()[]{}\"\\~0123456789:,&-NILOKr\x80\xff";
    std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same bytes each time.
    for (int round = 0; round < 20'000; ++round) {
        ImapLines lines;
        for (std::size_t i = 0, count = 1 + random() % 3; i < count; ++i) {
            std::string line = seeds[random() % seeds.size()];
            for (std::size_t change = random() % 4; change > 0 && !line.empty(); --change) {
                const std::size_t at = random() % line.size();
                if (random() % 2 == 0)
                    line.erase(at, random() % 5);
                else
                    line.insert(at, 1, kBytes[random() % kBytes.size()]);
            }
            lines.lines.push_back(line);
            if (i + 1 < count) lines.literals.emplace_back("abc");
        }
        const auto size = announced_literal(lines.lines.front(), true);
        const auto answer = parse_imap_answer(lines);
        EXPECT_TRUE(answer ? !answer->tag.empty() : answer.error().code == "imap.protocol");
    }
}

// RFC 3501 §5.1.3, with its own examples.
TEST(ImapMailbox, NamesAreInModifiedUtf7) {
    const std::vector<std::pair<std::string, std::string>> names{
        {"INBOX", "INBOX"},
        {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
        {"Entwürfe", "Entw&APw-rfe"},
        {"R&D", "R&-D"},
        {"&", "&-"},
        {"a\tb", "a&AAk-b"},
        {"📬", "&2D3c7A-"},
        {"é", "&AOk-"},
        {"éé&éé", "&AOkA6Q-&-&AOkA6Q-"},
        {"", ""},
    };
    for (const auto& [utf8, encoded] : names) {
        EXPECT_EQ(encode_mailbox(utf8), encoded);
        EXPECT_EQ(decode_mailbox(encoded), utf8);
    }
    EXPECT_EQ(encode_mailbox("\xff").error().code, "imap.argument");
    for (const char* odd : {"&", "&A", "&!-", "&2D0-", "&3Kw-", "a&Jjo!"}) EXPECT_EQ(decode_mailbox(odd), odd);
}

TEST(UidSet, RangesJoinAndPart) {
    UidSet set({5, 3, 4, 9});
    EXPECT_EQ(set.text(), "3:5,9");
    set.insert(6, 8);
    EXPECT_EQ(set.text(), "3:9");
    set.insert(1, 20);
    EXPECT_EQ(set.text(), "1:20");
    set.erase(5);
    set.erase(20);
    set.erase(1, 2);
    EXPECT_EQ(set.text(), "3:4,6:19");
    EXPECT_EQ(set.count(), 16U);
    EXPECT_EQ(set.last(), 19U);
    EXPECT_TRUE(set.contains(3) && set.contains(6) && !set.contains(5) && !set.contains(2) && !set.contains(20));
    EXPECT_EQ(set.list(4, 3), (std::vector<ImapUid>{4, 6, 7}));
    set.erase(0, 4'294'967'295);
    EXPECT_TRUE(set.is_empty());
    set.insert(4'294'967'295);
    set.insert(4'294'967'290, 4'294'967'294);
    EXPECT_EQ(set.text(), "4294967290:4294967295");
    EXPECT_EQ(set.list(4'294'967'295, 10), std::vector<ImapUid>{4'294'967'295});
}

TEST(UidSet, BehavesLikeASet) {
    std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same each time.
    UidSet ranges;
    std::set<ImapUid> plain;
    for (int round = 0; round < 5'000; ++round) {
        const auto first = static_cast<ImapUid>(1 + random() % 60);
        const auto last = static_cast<ImapUid>(first + random() % 8);
        const bool inserts = random() % 2 == 0;
        for (ImapUid uid = first; uid <= last; ++uid) {
            if (inserts)
                plain.insert(uid);
            else
                plain.erase(uid);
        }
        if (inserts)
            ranges.insert(first, last);
        else
            ranges.erase(first, last);
        ASSERT_EQ(ranges.list(1, 1000), std::vector<ImapUid>(plain.begin(), plain.end()));
        ASSERT_EQ(ranges.is_empty() ? UidSet{} : UidSet::parse(ranges.text(), 1000), ranges);
    }
}

TEST(UidSet, IsReadWithinItsLimit) {
    EXPECT_EQ(UidSet::parse("7,2:4", 4)->text(), "2:4,7");
    EXPECT_EQ(UidSet::parse("7,2:4", 3), std::nullopt);
    for (const char* odd : {"", ",", "1,", "1:", ":1", "0", "*", "1:*", "4294967296", "-1", "1 ", "a"})
        EXPECT_EQ(UidSet::parse(odd, 1000), std::nullopt) << odd;
}

}  // namespace
}  // namespace resolute::transport
