// SPDX-License-Identifier: Apache-2.0
#include "knowledge/sentences.h"

#include <gtest/gtest.h>

#include "knowledge/limits.h"

namespace resolute::knowledge {
namespace {

using Sentences = std::vector<std::string>;

TEST(QuestionSentences, GreetingThanksClosingAndSignatureAreLeftOut) {
    EXPECT_EQ(question_sentences("Re: [EXTERNAL] Lamp",
                                 "Hi Ann,\n\nI hope you are well. The lamp is broken. What can I do?\n\nThanks a lot!\n\n"
                                 "Best regards,\nBob Smith\nACME Ltd."),
              (Sentences{"Lamp", "The lamp is broken.", "What can I do?"}));
    EXPECT_EQ(question_sentences("",
                                 "Sehr geehrte Damen und Herren,\n\nwo ist meine Bestellung?\n\nVielen Dank im Voraus!\nMit "
                                 "freundlichen Grüßen\nJens"),
              (Sentences{"wo ist meine Bestellung?"}));
    EXPECT_EQ(question_sentences("", "Bonjour,\n\noù est ma commande ?\n\nCordialement\nLuc"),
              (Sentences{"où est ma commande ?"}));
}

TEST(QuestionSentences, AGreetingOnTheSameLineIsCutOff) {
    EXPECT_EQ(question_sentences("", "Hi, where is my order?"), (Sentences{"where is my order?"}));
    EXPECT_EQ(question_sentences("", "Hello where is my order?"), (Sentences{"Hello where is my order?"}));
    EXPECT_EQ(question_sentences("", "High prices everywhere."), (Sentences{"High prices everywhere."}));
}

TEST(QuestionSentences, AQuestionWithThanksOrAWishInItIsKept) {
    EXPECT_EQ(question_sentences("", "Thank you for the lamp, but how do I mount it?").size(), 1U);
    EXPECT_EQ(question_sentences(
                  "", "Thank you for sending the lamp, but it arrived with a broken foot, and I would like to have another one.")
                  .size(),
              1U);
}

TEST(QuestionSentences, WrappedLinesAreOneSentenceAndAbbreviationsEndNone) {
    EXPECT_EQ(question_sentences(
                  "", "I ordered the lamp No. 5 from Mr. Smith on the first of May and\nit has not arrived. Where is it?"),
              (Sentences{"I ordered the lamp No. 5 from Mr. Smith on the first of May and it has not arrived.", "Where is it?"}));
    EXPECT_EQ(question_sentences("", "It costs $4.50 at shop.example now."), (Sentences{"It costs $4.50 at shop.example now."}));
}

TEST(QuestionSentences, QuotesAndWhatIsBelowTheSignatureMarkAreLeftOut) {
    EXPECT_EQ(question_sentences("", "It still flickers.\n> Use another dimmer.\n-- \nWe sell lamps"),
              (Sentences{"It still flickers."}));
}

TEST(QuestionSentences, AClosingAboveALongTextClosesNothing) {
    std::string text = "Best regards,\nAnn\n\nPS: some more.\n";
    for (int i = 0; i < 8; ++i) text += "Question number " + std::string(1, static_cast<char>('a' + i)) + " is here.\n";
    EXPECT_GE(question_sentences("", text).size(), 8U);
}

TEST(QuestionSentences, WhereNothingIsLeftTheWholeTextIsAsked) {
    EXPECT_EQ(question_sentences("", "Thanks!"), (Sentences{"Thanks!"}));
    EXPECT_TRUE(question_sentences("", "  \n ").empty());
    EXPECT_TRUE(question_sentences("Re: ", "").empty());
}

TEST(QuestionSentences, ThereAreAtMostAsManyAsTheLimit) {
    std::string text;
    for (std::size_t i = 0; i < kSentencesMax + 1; ++i) text += "Where is parcel " + std::to_string(i) + " now? ";
    EXPECT_EQ(question_sentences("", text).size(), kSentencesMax);
    std::string endless;
    for (std::size_t i = 0; i < kSentenceWordsMax + 1; ++i) endless += "word" + std::to_string(i) + " ";
    EXPECT_EQ(question_sentences("", endless).size(), 2U);
}

}  // namespace
}  // namespace resolute::knowledge
