// SPDX-License-Identifier: Apache-2.0
#include "app/screen.h"

#include <gtest/gtest.h>

#include "app/table.h"

namespace resolute::app {
namespace {

TEST(Screen, WidthCountsColumnsAndNotBytes) {
    EXPECT_EQ(display_width("plain"), 5u);
    EXPECT_EQ(display_width("Größe"), 5u);
    EXPECT_EQ(display_width("日本"), 4u);
    EXPECT_EQ(display_width("e\xCC\x81"), 1u) << "a combining accent takes no column";
}

TEST(Screen, CuttingNeverSplitsACharacter) {
    EXPECT_EQ(cut_to_width("Größe", 5), "Größe");
    EXPECT_EQ(cut_to_width("Größe", 4), "Grö…");
    EXPECT_EQ(cut_to_width("日本語", 4), "日…") << "a wide character that fits only half is left out";
    EXPECT_EQ(cut_to_width("abc", 0), "");
}

TEST(Screen, AStrangersControlsDoNotSteerTheTerminal) {
    EXPECT_EQ(without_controls("a\x1b[31mb\nc"), "a [31mb c");
    EXPECT_EQ(without_controls("a\xC2\x9b"
                               "31mb"),
              "a 31mb")
        << "C1 controls steer as well";
    EXPECT_EQ(without_controls("invoice\xE2\x80\xAE"
                               "fdp.exe"),
              "invoice fdp.exe")
        << "nor do overrides of the direction";
    EXPECT_EQ(without_controls("bad \xFF byte"), "bad \xEF\xBF\xBD byte");
}

TEST(Screen, LongLinesBreakBetweenWordsAndKeepTheirIndent) {
    EXPECT_EQ(wrap("one two three four five six seven\n\nend", 2, 26), "  one two three four five\n  six seven\n\n  end\n");
}

TEST(Screen, NumbersAreGrouped) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(-1234567), "-1,234,567");
}

TEST(Table, ColumnsLineUpAndNothingIsCutWithoutATerminal) {
    Table table({{"name"}, {"count", Table::Align::right}, {"remark", Table::Align::left, true}});
    table.add({"Größe", "7", "a long remark that would not fit into a narrow terminal at all"});
    table.add({"x", "1,234"});
    EXPECT_EQ(table.render({}),
              "name   count  remark\n"
              "Größe      7  a long remark that would not fit into a narrow terminal at all\n"
              "x      1,234\n");
}

TEST(Table, OnATerminalOnlyTheColumnThatMayShrinkGivesWay) {
    Table table({{"name"}, {"remark", Table::Align::left, true}});
    table.add({"a-name-that-stays", "a long remark that does not fit"});
    EXPECT_EQ(table.render({.is_terminal = true, .has_colour = false, .width = 34}), "name               remark\na-name-that-stays  a long remark …\n");
}

TEST(Table, ColoursDoNotDisturbTheColumns) {
    Table table({{"", Table::Align::left}, {""}});
    table.add({{"ab", Colour::red}, "c"});
    table.add({"abcd", "c"});
    EXPECT_EQ(table.render({.is_terminal = true, .has_colour = true, .width = 80}), "\x1b[31mab  \x1b[0m  c\nabcd  c\n");
}

}  // namespace
}  // namespace resolute::app
