// SPDX-License-Identifier: Apache-2.0
#include "language/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/casework.h"
#include "language/article_text.h"
#include "language/assess.h"
#include "language/embedded_language.h"

namespace resolute::language {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const ports::Voice kVoice{.organisation = "Acme", .support_address = "help@acme.example", .signature = "The Acme support team", .tone = "friendly", .closing = "Kind regards", .disclaimer = "Acme Ltd"};

ports::SearchHit hit_of(std::string id, std::string text) {
    ports::SearchHit hit;
    hit.article.id = ArticleId(id);
    hit.article.title = "Title of " + id;
    hit.article.text = std::move(text);
    hit.article.url = "https://help.acme.example/" + id;
    hit.score = 0.6;
    hit.coverage = 0.9;
    hit.margin = 0.2;
    hit.sentence = "How do I do " + id + "?";
    hit.article.language = "en";
    hit.question_match = 0.6;
    hit.agreement = 1;
    hit.breadth = 0.8;
    return hit;
}

ports::ResolutionRequest request_of(std::vector<ports::SearchHit> hits) {
    ports::ResolutionRequest request;
    request.voice = kVoice;
    request.language = "en";
    request.ticket = "T-1001";
    request.question = "My zebra printer ate the xylophone, how do I reset it?";
    request.hits = std::move(hits);
    return request;
}

constexpr const char* kSteps = "First, **unplug** the device.\n\n## Steps\n\n1. Hold the `reset` button.\n2. Wait for ten seconds,\n   then let go.\n3. We will refund you $20.\n4. See [the guide](https://acme.example/g).\n\n> Internal: never mention the recall.\n\n## Internal notes\n\nsecret text\n";

TEST(WriteResolution, KeepsTheArticlesStepsAndCitesIt) {
    const auto draft = write_resolution(request_of({hit_of("reset", kSteps)}));
    EXPECT_TRUE(draft.is_grounded);
    EXPECT_EQ(draft.subject, "[T-1001] Our answer to your request");
    EXPECT_THAT(draft.text, HasSubstr("First, unplug the device.\n\nSteps\n\n1. Hold the reset button.\n2. Wait for ten seconds, then let go.\n3. See the guide (https://acme.example/g).\n"));
    EXPECT_THAT(draft.text, HasSubstr("Source: Title of reset https://help.acme.example/reset"));
    EXPECT_THAT(draft.text, Not(HasSubstr("recall")));
    EXPECT_THAT(draft.text, Not(HasSubstr("secret")));
    EXPECT_THAT(draft.text, Not(HasSubstr("xylophone")));
    EXPECT_EQ(draft.articles, std::vector<std::string>{"reset"});
    EXPECT_TRUE(casework::find_money_promises(draft.text).empty()) << draft.text;
}

TEST(WriteResolution, RestsEachSentenceOnSomething) {
    const auto draft = write_resolution(request_of({hit_of("reset", kSteps)}));
    std::string rest = draft.text;
    for (const auto& evidence : draft.evidence) {
        const auto at = rest.find(evidence.sentence);
        ASSERT_NE(at, std::string::npos) << evidence.sentence;
        EXPECT_TRUE(evidence.source == "template" || evidence.source == "case" || evidence.source == "article:reset") << evidence.source;
        EXPECT_EQ(rest.substr(0, at).find_first_not_of(" \n"), std::string::npos) << rest.substr(0, at);
        rest = rest.substr(at + evidence.sentence.size());
    }
    EXPECT_EQ(rest, "\n");
}

TEST(WriteResolution, IsNotGroundedWithoutAnArticleThatMayBeQuoted) {
    EXPECT_FALSE(write_resolution(request_of({})).is_grounded);
    auto internal = hit_of("a", "Text.");
    internal.article.is_public = false;
    EXPECT_FALSE(write_resolution(request_of({internal})).is_grounded);
    EXPECT_THAT(write_resolution(request_of({internal})).text, Not(HasSubstr("Text.")));
    EXPECT_FALSE(write_resolution(request_of({hit_of("b", "We will refund you.")})).is_grounded);
    EXPECT_FALSE(write_resolution(request_of({hit_of("c", "> Internal: x\n")})).why_not.empty());
}

TEST(WriteResolution, NamesAGrantedRefundOnlyWhereOneWasGranted) {
    auto request = request_of({hit_of("returns", "Send it back within 30 days.")});
    request.granted_amount = "$129.00";
    request.granted_order = "A-10234";
    const auto draft = write_resolution(request);
    EXPECT_THAT(draft.text, HasSubstr("The refund of $129.00 for order A-10234 has been approved."));
    const auto promises = casework::find_money_promises(draft.text);
    ASSERT_EQ(promises.size(), 1U);
    EXPECT_EQ(promises[0].amount, (Money{12900, "USD"}));
    for (const char* language : {"de", "fr"}) {
        request.language = language;
        EXPECT_THAT(write_resolution(request).text, HasSubstr("$129.00")) << language;
    }
}

TEST(WriteResolution, AddsASecondArticleForASecondQuestionAndOffersAPerson) {
    auto request = request_of({hit_of("one", "First answer."), hit_of("two", "Second answer.")});
    EXPECT_THAT(write_resolution(request).text, Not(HasSubstr("Second answer.")));
    request.issue.requests = 2;
    request.offers_person = true;
    const auto draft = write_resolution(request);
    EXPECT_THAT(draft.text, HasSubstr("Second answer."));
    EXPECT_THAT(draft.text, HasSubstr("a colleague will take over"));
    EXPECT_EQ(draft.articles, (std::vector<std::string>{"one", "two"}));
}

TEST(WriteMails, SpeakTheCustomersLanguageAndNameTheTicket) {
    EmbeddedLanguage model;
    for (const auto& [language, hello] : {std::pair{"en", "Hello Ann,"}, {"de", "Hallo Ann,"}, {"fr", "Bonjour Ann,"}, {"es", "Hello Ann,"}}) {
        const auto acknowledgment = model.write_acknowledgment({kVoice, language, "Ann", "T-7", "2 hours"}, Deadline::never());
        ASSERT_TRUE(acknowledgment);
        EXPECT_TRUE(acknowledgment->subject.starts_with("[T-7] "));
        EXPECT_THAT(acknowledgment->text, HasSubstr("T-7"));
        EXPECT_TRUE(acknowledgment->text.starts_with(hello)) << acknowledgment->text;
        const auto follow_up = model.write_follow_up({kVoice, language, "", "T-7"}, Deadline::never());
        ASSERT_TRUE(follow_up);
        EXPECT_THAT(follow_up->text, HasSubstr("1"));
        EXPECT_THAT(follow_up->text, HasSubstr("5"));
        EXPECT_THAT(follow_up->text, HasSubstr("Acme Ltd"));
        EXPECT_TRUE(casework::find_money_promises(acknowledgment->text + follow_up->text).empty());
    }
    const auto german = write_acknowledgment({kVoice, "de", "", "T-7", "2 hours"});
    EXPECT_THAT(german.text, HasSubstr("innerhalb von 2 Stunden"));
    EXPECT_THAT(german.text, HasSubstr("Mit freundlichen Grüßen"));
    EXPECT_TRUE(german.text.starts_with("Guten Tag,"));
    const auto english = write_acknowledgment({kVoice, "en", "", "T-7", "1 hour"});
    EXPECT_TRUE(english.text.starts_with("Hello,"));
    EXPECT_THAT(english.text, HasSubstr("within 1 hour"));
}

TEST(WriteAgentAnswer, CarriesTheReplyAsItIs) {
    const auto draft = write_agent_answer({kVoice, "en", "Ann", "T-7", "Bo", "Line one.\n\n- item"});
    EXPECT_THAT(draft.text, HasSubstr("Line one.\n\n- item\n"));
    EXPECT_THAT(draft.text, HasSubstr("Bo\nThe Acme support team"));
    EXPECT_FALSE(write_agent_answer({kVoice, "en", "", "T-7", "Bo", " "}).is_grounded);
}

TEST(Assess, AnswersOnlyWhatFitsClearly) {
    ports::AssessmentRequest request;
    request.hits = {hit_of("a", "Text.")};
    EXPECT_EQ(assess(request).decision, ports::Decision::automatic);
    ports::SearchHit& top = request.hits[0];
    top.score = 0.2;
    top.coverage = top.breadth = 0.2;
    top.margin = 0.01;
    top.question_match = 0.1;
    top.agreement = 0.2;
    EXPECT_EQ(assess(request).decision, ports::Decision::human);
    request.cut_offer = assess(request).confidence - 0.01;
    EXPECT_EQ(assess(request).decision, ports::Decision::offer);
    request.cut_automatic = request.cut_offer;
    EXPECT_EQ(assess(request).decision, ports::Decision::automatic);
}

TEST(Writer, GivesBothOfTwoArticlesThatAreAsGoodAsEvenWhereItIsNotSure) {
    ports::ResolutionRequest request;
    request.voice.organisation = "Acme";
    request.ticket = "T-1";
    request.hits = {hit_of("first", "Open the settings."), hit_of("second", "Ask the owner.")};
    request.hits[0].margin = 0.02;
    EXPECT_EQ(write_resolution(request).articles, std::vector<std::string>{"first"}) << "sure: one answer";
    request.offers_person = true;
    EXPECT_EQ(write_resolution(request).articles, (std::vector<std::string>{"first", "second"}));
    request.hits[0].margin = 0.3;
    EXPECT_EQ(write_resolution(request).articles, std::vector<std::string>{"first"}) << "the first is clearly better";
    request.hits[0].margin = 0.02;
    request.hits[1].article.language = "de";
    EXPECT_EQ(write_resolution(request).articles, std::vector<std::string>{"first"}) << "the other is in another language";
}

TEST(Assess, LeavesToAPersonWhatAPersonShouldRead) {
    ports::AssessmentRequest request;
    EXPECT_EQ(assess(request).decision, ports::Decision::human);
    request.hits = {hit_of("a", "Text.")};
    request.issue.wants_a_person = true;
    EXPECT_EQ(assess(request).decision, ports::Decision::human);
    request.issue.wants_a_person = false;
    request.issue.is_angry = true;
    EXPECT_EQ(assess(request).decision, ports::Decision::offer);
    request.issue.is_angry = false;
    request.issue.is_sensitive = true;
    EXPECT_EQ(assess(request).decision, ports::Decision::human);
    request.issue.is_sensitive = false;
    request.issue.language = "de";
    EXPECT_EQ(assess(request).decision, ports::Decision::human) << "the article is in English";
    request.issue.language = "en";
    request.issue.evidence = {"instruction-like text"};
    EXPECT_EQ(assess(request).decision, ports::Decision::human);
    request.issue.evidence.clear();
    request.hits[0].article.is_public = false;
    EXPECT_EQ(assess(request).decision, ports::Decision::human);
    EXPECT_FALSE(assess(request).why.empty());
}

}  // namespace
}  // namespace resolute::language
