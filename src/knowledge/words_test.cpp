// SPDX-License-Identifier: Apache-2.0
#include "knowledge/words.h"

#include <gtest/gtest.h>

namespace resolute::knowledge {
namespace {

using Words = std::vector<std::string>;

TEST(SplitWords, LettersOfAnyScriptInLowerCase) {
    EXPECT_EQ(split_words("Größe ÄRGER, naïve Čeština ŻÓŁĆ Ωμέγα ПРИВЕТ"),
              (Words{"größe", "ärger", "naïve", "čeština", "żółć", "ωμέγα", "привет"}));
}

TEST(SplitWords, ApostrophesHyphensAndSignsDivide) {
    EXPECT_EQ(split_words("l'article don’t sign-in a/b $500 e-mail—now ✓ok"),
              (Words{"article", "don", "sign", "in", "mail", "now", "ok"}));
}

TEST(SplitWords, NumbersAloneAreNoWordsButErrorCodesAre) {
    EXPECT_EQ(split_words("order 10427 shows E49 on P200"), (Words{"order", "shows", "e49", "on", "p200"}));
}

TEST(SplitWords, DecomposedLettersArePutTogetherAndSoftHyphensLeftOut) {
    EXPECT_EQ(split_words("Ru\xCC\x88"
                          "ckgabe Ver\xC2\xADsand"),
              (Words{"rückgabe", "versand"}));
}

TEST(SplitWords, AnyBytesAreFine) {
    EXPECT_EQ(split_words(std::string("a\xFF\xC3", 3) + " bc\xE2\x82"), (Words{"bc"}));
    EXPECT_TRUE(split_words(std::string(500, 'x')).empty()) << "an encoding, not a word";
    EXPECT_TRUE(split_words("").empty());
}

TEST(Stemmer, StemsEachLanguageByItsOwnRules) {
    EXPECT_EQ(Stemmer("en").stem("invoices"), Stemmer("en").stem("invoice"));
    EXPECT_EQ(Stemmer("de").stem("rechnungen"), Stemmer("de").stem("rechnung"));
    EXPECT_EQ(Stemmer("fr").stem("commandes"), Stemmer("fr").stem("commande"));
    EXPECT_EQ(Stemmer("es").stem("facturas"), Stemmer("es").stem("factura"));
    EXPECT_EQ(Stemmer("it").stem("fatture"), Stemmer("it").stem("fattura"));
    EXPECT_EQ(Stemmer("nl").stem("bestellingen"), Stemmer("nl").stem("bestelling"));
    EXPECT_EQ(Stemmer("pt").stem("faturas"), Stemmer("pt").stem("fatura"));
    EXPECT_EQ(Stemmer("xx").stem("words"), "words");
}

TEST(Stemmer, GermanWithoutUmlautsIsTheSameGerman) {
    Stemmer german("de");
    EXPECT_EQ(german.stem("rueckgabe"), german.stem("rückgabe"));
    EXPECT_EQ(german.stem("geraet"), german.stem("gerät"));
}

TEST(StopWords, ArePerLanguage) {
    EXPECT_TRUE(is_stop_word("the", "en"));
    EXPECT_TRUE(is_stop_word("die", "de"));
    EXPECT_FALSE(is_stop_word("die", "en"));
    EXPECT_FALSE(is_stop_word("not", "en"));
    EXPECT_LT(question_weight("please", "en"), question_weight("invoice", "en"));
}

}  // namespace
}  // namespace resolute::knowledge
