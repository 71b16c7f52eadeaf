// SPDX-License-Identifier: Apache-2.0
#include "base/phrases.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace resolute {
namespace {

std::string sentences_of(std::string_view text) {
    const Words words(text);
    std::string out;
    for (const auto& sentence : words.sentences()) {
        if (!out.empty()) out += " / ";
        for (std::size_t i = sentence.first; i < sentence.last; ++i) {
            if (i > sentence.first) out += ' ';
            out += words.folded(i);
        }
        if (sentence.is_question) out += '?';
    }
    return out;
}

bool holds(std::string_view phrase, std::string_view text) {
    const std::array phrases = {phrase};
    const PhraseSet set(phrases);
    const Words words(text);
    bool is_found = false;
    for (const auto& sentence : words.sentences()) is_found = is_found || set.matches(words, sentence);
    return is_found;
}

TEST(Words, FoldCaseAndAccents) {
    EXPECT_EQ(sentences_of("Ich MÖCHTE Straße, Łódź, garçon"), "ich mochte strasse lodz garcon");
    EXPECT_EQ(sentences_of("I don’t, can't; l'argent I'd"), "i dont cant l argent i d");
}

TEST(Words, DivideIntoSentences) {
    EXPECT_EQ(sentences_of("Hello,\nI paid $1,499.00 for order no. 4711. Where is it? Thanks!"),
              "hello / i paid 1 499 00 for order no 4711 / where is it? / thanks");
    EXPECT_EQ(sentences_of("this line is wrapped by the mail program of the sender\nand goes on here"),
              "this line is wrapped by the mail program of the sender and goes on here");
    EXPECT_EQ(sentences_of("- one\n- two\n\nthree"), "one / two / three");
    EXPECT_EQ(sentences_of(""), "");
}

TEST(Words, KeepWhereTheyStand) {
    const std::string text = "Größe: 5. Next one!";
    const Words words(text);
    ASSERT_EQ(words.sentences().size(), 2U);
    EXPECT_EQ(Words::as_written(text, words.sentences()[0]), "Größe: 5.");
    EXPECT_EQ(Words::as_written(text, words.sentences()[1]), "Next one!");
}

TEST(PhraseSet, KnowsItsNotation) {
    EXPECT_TRUE(holds("refund*", "please issue refunds"));
    EXPECT_FALSE(holds("refund", "please issue refunds"));
    EXPECT_TRUE(holds("*zahlung*", "Die Rückzahlung fehlt"));
    EXPECT_TRUE(holds("my|our money", "give our money"));
    EXPECT_TRUE(holds("get ?all my money", "get my money"));
    EXPECT_TRUE(holds("get ?all my money", "get all my money"));
    EXPECT_TRUE(holds("want ..3 back", "I want my 900 dollars back"));
    EXPECT_FALSE(holds("want ..3 back", "I want it. Come back"));
    EXPECT_FALSE(holds("want ..1 back", "I want a b c back"));
    EXPECT_TRUE(holds("ab* cd", "abc cd"));
}

TEST(PhraseSet, TakesAnyBytes) {
    std::mt19937_64 random(3);
    const std::string alphabet = "abn't.!?\n-\xC3\xA4\xE2\x80\x99\xFF\xF0 '";
    const std::array<std::string_view, 3> phrases = {"a", "ab* ..2 b", "*aab* a|b"};
    const PhraseSet set(phrases);
    for (int i = 0; i < 5000; ++i) {
        std::string text;
        for (std::uint64_t n = random() % 60; n > 0; --n) text += alphabet[random() % alphabet.size()];
        const Words words(text);
        std::size_t floor = 0;
        for (const auto& sentence : words.sentences()) {
            ASSERT_LE(floor, sentence.begin);
            ASSERT_LE(sentence.begin, sentence.end);
            ASSERT_LE(sentence.end, text.size());
            ASSERT_LT(sentence.first, sentence.last);
            floor = sentence.end;
            static_cast<void>(set.matches(words, sentence));
        }
    }
}

}  // namespace
}  // namespace resolute
