// SPDX-License-Identifier: Apache-2.0
#include "knowledge/index.h"

#include <gtest/gtest.h>

#include <thread>

#include "knowledge/knowledge_test_support.h"

namespace resolute::knowledge {
namespace {

class IndexTest : public testing::Test {
protected:
    std::vector<ports::SearchHit> search(const std::string& text, const std::string& language = "en",
                                         const std::string& subject = "") const {
        ports::SearchQuery query;
        query.text = text;
        query.subject = subject;
        query.language = language;
        auto hits = index_.search(query, Deadline::never());
        EXPECT_TRUE(hits);
        return *hits;
    }
    std::string first(const std::string& text, const std::string& language = "en", const std::string& subject = "") const {
        const auto hits = search(text, language, subject);
        return hits.empty() ? "nothing" : hits.front().article.id.value();
    }

    const Index index_{small_help_centre(), {}};
};

std::string polite(const std::string& question) {
    return "Dear support team,\n\nI hope this message finds you well. My name is Ann and we have been happy customers for "
           "years.\n" +
           question +
           "\n\nThank you very much for your help, I really appreciate it.\n\nKind regards,\nAnn Miller\nMiller Ltd, 4 Warranty "
           "Street";
}

TEST_F(IndexTest, AQuestionFindsItsArticleBareAndInsideAPoliteMail) {
    const std::pair<std::string, std::string> asked[] = {
        {"How can I return an item I don't like?", "returns"},
        {"Where can I download the invoices of last year?", "invoice"},
        {"I forgot my password, how do I sign in?", "password"},
        {"How long does express shipping take?", "shipping"},
        {"Can you print our VAT number on it?", "vat"},
        {"When will the refund be on my card?", "refund-times"},
        {"The box was wet and the lamp arrived damaged.", "damaged"},
        {"The lamp is flickering since we installed a new dimmer.", "dimmer"},
        {"I would like to cancel the order of this morning.", "cancel"},
        {"I moved, how do I change the delivery address?", "address"},
        {"Is there a tracking link for the parcel?", "tracking"},
    };
    for (const auto& [question, id] : asked) {
        EXPECT_EQ(first(question), id) << question;
        EXPECT_EQ(first(polite(question)), id) << "polite: " << question;
    }
}

TEST_F(IndexTest, TheHitNamesTheSentenceOfTheMailAndTheStemsThatSpoke) {
    const auto hits = search(polite("How can I return an item?"));
    ASSERT_FALSE(hits.empty());
    EXPECT_EQ(hits[0].sentence, "How can I return an item?");
    ASSERT_GE(hits[0].matched.size(), 2U);
    EXPECT_NE(std::ranges::find(hits[0].matched, "return"), hits[0].matched.end());
    EXPECT_NE(std::ranges::find(hits[0].matched, "item"), hits[0].matched.end());
}

TEST_F(IndexTest, TheSubjectAloneCanAskToo) {
    EXPECT_EQ(first("See above, please.", "en", "Re: AW: reset password"), "password");
    EXPECT_EQ(first("", "en", "Shipping costs"), "shipping");
}

TEST_F(IndexTest, TheOtherSentencesDecideWhatTheQuestionAloneLeavesOpen) {
    EXPECT_EQ(first("I cannot get into my account since the password was changed. How do I reset it? Please mail me the link."),
              "password");
    EXPECT_EQ(first("The parcel is late. Is there a link? The order has the tracking number already."), "tracking");
}

TEST_F(IndexTest, UmlautsAreFoundHoweverTheyAreWritten) {
    EXPECT_EQ(first("Wie kann ich einen Artikel zurückgeben?", "de"), "rueckgabe");
    EXPECT_EQ(first("Wie funktioniert die RÜCKGABE?", "de"), "rueckgabe");
    EXPECT_EQ(first("Wie funktioniert die Rueckgabe?", "de"), "rueckgabe");
    EXPECT_EQ(first("Wie funktioniert die Ru\xCC\x88"
                    "ckgabe?",
                    "de"),
              "rueckgabe")
        << "decomposed, as a Mac writes it";
    EXPECT_EQ(
        first("Sehr geehrte Damen und Herren,\n\nich habe mein Passwort vergessen.\n\nMit freundlichen Grüßen\nJürgen Rückgabe",
              "de"),
        "passwort");
}

TEST_F(IndexTest, AMisspeltWordIsFoundByItsLetters) {
    EXPECT_EQ(first("reset pasword"), "password");
    EXPECT_EQ(first("shiping costs"), "shipping");
}

TEST_F(IndexTest, ANameForTheSameThingIsFound) {
    EXPECT_EQ(first("My package has a tracking number, where can I follow it?"), "tracking");
    EXPECT_EQ(first("I am locked out and cannot log in."), "password");
    EXPECT_EQ(first("Everything in the carton was smashed to pieces."), "damaged");
    EXPECT_EQ(first("Where do I get the receipt as a PDF?"), "invoice");
    EXPECT_EQ(first("Ich komme nicht in mein Konto, mein Kennwort geht nicht.", "de"), "passwort");
}

TEST_F(IndexTest, AnArticleInTheMailsLanguageComesFirst) {
    EXPECT_EQ(first("Passwort vergessen: reset password", "de"), "passwort");
    EXPECT_EQ(first("Passwort vergessen: reset password", "en"), "password");
}

TEST(IndexQuestions, AMailLikeAPastQuestionFindsItsArticleAndSaysSo) {
    auto articles = small_help_centre();
    for (ports::Article& article : articles)
        if (article.id.value() == "warranty") article.questions = {"The switch broke off after a year, is this covered?"};
    ports::SearchQuery query;
    query.language = "en";
    query.text = polite("After one year the switch broke off. Is that covered?");
    const auto hits = Index(articles, {}).search(query, Deadline::never()).value();
    ASSERT_GE(hits.size(), 1U);
    EXPECT_EQ(hits[0].article.id.value(), "warranty");
    EXPECT_GT(hits[0].question_match, 0.4);
    EXPECT_GT(hits[0].agreement, 0.5);
    const auto without = Index(small_help_centre(), {}).search(query, Deadline::never()).value();
    for (const auto& hit : without) EXPECT_EQ(hit.question_match, 0);
}

TEST_F(IndexTest, NothingIsFoundForNothing) {
    EXPECT_TRUE(search("").empty());
    EXPECT_TRUE(search(" \n\t ").empty());
    EXPECT_TRUE(search("?!… 12345 \xFF\xFE").empty());
    EXPECT_TRUE(search("qzxj wvkq").empty());
    ports::SearchQuery none;
    none.text = "return";
    none.limit = 0;
    EXPECT_TRUE(index_.search(none, Deadline::never())->empty());
    EXPECT_TRUE(Index({}, {}).search(none, Deadline::never())->empty());
}

TEST_F(IndexTest, AFarOffQuestionScoresFarBelowAnAnswerableOne) {
    const double good = search("How do I reset my password?").at(0).score;
    const auto far = search("Can your chief accountant speak at our conference on medieval gardening in Lisbon?");
    EXPECT_GT(good, 0.45);
    EXPECT_LT(far.empty() ? 0 : far[0].score, 0.65 * good);
    EXPECT_LT(far.empty() ? 0 : far[0].coverage, 0.4);
}

TEST_F(IndexTest, ScoresAreSharesInOrderAndMarginsAreTheirDistances) {
    const auto hits = search("I want to return a damaged item and get a refund, and where is the invoice?");
    ASSERT_GE(hits.size(), 3U);
    for (std::size_t i = 0; i < hits.size(); ++i) {
        EXPECT_GT(hits[i].score, 0);
        EXPECT_LE(hits[i].score, 1);
        EXPECT_GE(hits[i].coverage, 0);
        EXPECT_LE(hits[i].coverage, 1 + 1e-9);
        const double next = i + 1 < hits.size() ? hits[i + 1].score : hits[i].score - hits[i].margin;
        EXPECT_NEAR(hits[i].margin, hits[i].score - next, 1e-9);
        EXPECT_GE(hits[i].margin, 0);
    }
}

TEST_F(IndexTest, CoverageIsTheShareOfWhatWasAskedThatTheArticleHas) {
    EXPECT_NEAR(search("reset password").at(0).coverage, 1.0, 1e-9);
    const double half = search("reset password xylophone").at(0).coverage;
    EXPECT_LT(half, 0.75);
    EXPECT_GT(half, 0.25);
}

TEST(Index, APastQuestionFindsTheArticleThatAnsweredIt) {
    auto articles = small_help_centre();
    const std::string question = "My gadget arrived with a crack, what now?";
    ports::SearchQuery query;
    query.text = "There is a crack in the gadget";
    query.language = "en";
    const auto before = Index(articles, {}).search(query, Deadline::never()).value();
    EXPECT_TRUE(before.empty() || before[0].article.id.value() != "warranty");
    for (auto& article : articles) {
        if (article.id.value() == "warranty") article.questions = {question, "How long is the warranty?"};
    }
    const auto after = Index(articles, {}).search(query, Deadline::never()).value();
    ASSERT_FALSE(after.empty());
    EXPECT_EQ(after[0].article.id.value(), "warranty");
}

TEST(Index, EqualArticlesComeInTheOrderOfTheirIdsAndTheCategoryDecides) {
    std::vector<ports::Article> twins{article("b", "Reset the router", "Press the button."),
                                      article("a", "Reset the router", "Press the button."),
                                      article("c", "Buy a lamp", "In the shop.")};
    twins[0].category = "technical";
    twins[1].category = "billing";
    const Index index(twins, {});
    ports::SearchQuery query;
    query.text = "reset router";
    query.language = "en";
    auto hits = index.search(query, Deadline::never()).value();
    ASSERT_EQ(hits.size(), 2U);
    EXPECT_EQ(hits[0].article.id.value(), "a");
    EXPECT_EQ(hits[0].margin, 0);
    query.category = "technical";
    EXPECT_EQ(index.search(query, Deadline::never())->front().article.id.value(), "b");
}

TEST(Index, TheLimitCutsAndTheLastMarginStillKnowsTheNext) {
    const Index index(small_help_centre(), {});
    ports::SearchQuery query;
    query.text = "order delivery item";
    query.language = "en";
    const auto many = index.search(query, Deadline::never()).value();
    ASSERT_GE(many.size(), 3U);
    query.limit = 1;
    const auto one = index.search(query, Deadline::never()).value();
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].margin, many[0].margin);
}

TEST(Index, AHugeMailIsSearchedWithinItsLimits) {
    const Index index(small_help_centre(), {});
    ports::SearchQuery query;
    query.language = "en";
    for (int i = 0; i < 200'000; ++i) query.text += "password refund ";
    EXPECT_FALSE(index.search(query, Deadline::never())->empty());
    query.text.assign(1'000'000, 'x');
    EXPECT_TRUE(index.search(query, Deadline::never())->empty());
}

TEST(Index, ASearchWithoutTimeLeftSaysSo) {
    const Index index(small_help_centre(), {});
    ports::SearchQuery query;
    query.text = "reset password";
    EXPECT_EQ(index.search(query, Deadline::in(Duration::zero())).error().code, "knowledge.timed_out");
}

TEST(Index, ThreadsSearchAtOnceWithTheSameResult) {
    const Index index(small_help_centre(), {});
    ports::SearchQuery query;
    query.text = polite("How can I return an item?");
    const auto expected = index.search(query, Deadline::never()).value();
    std::vector<double> scores(4, -1);
    {
        std::vector<std::jthread> threads;
        for (double& score : scores) threads.emplace_back([&] { score = index.search(query, Deadline::never())->front().score; });
    }
    for (const double score : scores) EXPECT_EQ(score, expected.front().score);
}

TEST(CharacterGrams, AreOfThreeToFiveLettersOfTheWordWithItsEdges) {
    EXPECT_EQ(character_grams("ab").size(), 2U + 1U);  // " ab" "ab " " ab "
    EXPECT_EQ(character_grams("abc").size(), 3U + 2U + 1U);
    EXPECT_EQ(character_grams("äöü").size(), 3U + 2U + 1U) << "letters, not bytes";
    EXPECT_TRUE(character_grams("").empty());
}

}  // namespace
}  // namespace resolute::knowledge
