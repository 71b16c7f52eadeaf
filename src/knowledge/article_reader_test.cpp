// SPDX-License-Identifier: Apache-2.0
#include "knowledge/article_reader.h"

#include <gtest/gtest.h>

#include "knowledge/limits.h"
#include "knowledge/markdown_text.h"

namespace resolute::knowledge {
namespace {

ReadArticle read(std::string_view text, const std::string& file = "help/reset-password.md") {
    return read_article(text, file, "https://help.acme.example/", "en");
}

TEST(ReadArticle, TheFirstHeadingIsTheTitleAndTheFileNameTheId) {
    const auto result = read("# Reset your *password*\n\nOpen the page.\n\n## More\n\nText.\n");
    ASSERT_TRUE(result.article);
    EXPECT_EQ(result.article->id.value(), "reset-password");
    EXPECT_EQ(result.article->title, "Reset your password");
    EXPECT_EQ(result.article->text, "Open the page.\n\n## More\n\nText.");
    EXPECT_EQ(result.article->url, "https://help.acme.example/reset-password");
    EXPECT_EQ(result.article->language, "en");
    EXPECT_TRUE(result.article->is_public);
    EXPECT_TRUE(result.defects.empty());
}

TEST(ReadArticle, FrontMatterSaysMore) {
    const auto result = read(
        "---\r\nid: pw\r\ntitle: Passwort\r\ncategory: technical\r\nlanguage: de-AT\r\nvisibility: internal\r\nurl: konto/pw\r\n"
        "author: Ann\r\nquestions:\r\n  - Wo ist mein Passwort?\r\n---\r\n# Anderes\r\n\r\nText\r\n");
    ASSERT_TRUE(result.article);
    EXPECT_EQ(result.article->id.value(), "pw");
    EXPECT_EQ(result.article->title, "Passwort");
    EXPECT_EQ(result.article->text, "# Anderes\n\nText");
    EXPECT_EQ(result.article->category, "technical");
    EXPECT_EQ(result.article->language, "de");
    EXPECT_FALSE(result.article->is_public);
    EXPECT_EQ(result.article->url, "https://help.acme.example/konto/pw");
    EXPECT_EQ(result.article->questions, (std::vector<std::string>{"Wo ist mein Passwort?"}));
    EXPECT_TRUE(result.defects.empty()) << result.defects[0].detail;
}

TEST(ReadArticle, AnUnderlinedHeadingIsATitleAndOneInCodeIsNone) {
    const auto underlined = read("Returns\n=======\n\nThirty days.\n");
    EXPECT_EQ(underlined.article->title, "Returns");
    EXPECT_EQ(underlined.article->text, "Thirty days.");
    const auto coded = read("```\n# not a title\n```\n");
    EXPECT_FALSE(coded.article);
    ASSERT_EQ(coded.defects.size(), 1U);
    EXPECT_EQ(coded.defects[0].code, "knowledge.no_title");
}

TEST(ReadArticle, FrontMatterThatCannotBeReadMakesTheArticleInternal) {
    for (const std::string bad : {"---\nvisibility: [internal\n---\n# T\n", "---\nvisibility: internal\n# T\n"}) {
        const auto result = read(bad);
        ASSERT_TRUE(result.article) << bad;
        EXPECT_FALSE(result.article->is_public) << bad;
        ASSERT_EQ(result.defects.size(), 1U);
        EXPECT_EQ(result.defects[0].code, "knowledge.bad_front_matter");
    }
    const auto large = read("---\nx: " + std::string(kFrontMatterBytesMax, 'y') + "\n---\n# T\n");
    EXPECT_EQ(large.defects.at(0).code, "knowledge.bad_front_matter");
    const auto nested = read("---\nx: " + std::string(5'000, '[') + "\n---\n# T\n");
    EXPECT_EQ(nested.defects.at(0).code, "knowledge.bad_front_matter");
}

TEST(ReadArticle, AnOddFieldIsADefectAndTheRestIsKept) {
    const auto result =
        read("---\ncategory: gossip\nlanguage: klingon\nurl: javascript:alert(1)\npublic: maybe\nquestions: none\n---\n# T\n");
    ASSERT_TRUE(result.article);
    EXPECT_EQ(result.defects.size(), 5U);
    for (const Defect& defect : result.defects) EXPECT_EQ(defect.code, "knowledge.bad_field");
    EXPECT_EQ(result.article->category, "");
    EXPECT_EQ(result.article->language, "en");
    EXPECT_EQ(result.article->url, "https://help.acme.example/reset-password");
    EXPECT_FALSE(result.article->is_public) << "what is unclear is not shown to customers";
}

TEST(ReadArticle, OneOfPublicAndVisibilityIsEnoughToKeepItInternal) {
    EXPECT_FALSE(read("---\npublic: false\nvisibility: public\n---\n# T\n").article->is_public);
    EXPECT_FALSE(read("---\npublic: true\nvisibility: internal\n---\n# T\n").article->is_public);
    EXPECT_FALSE(read("---\npublic: no\n---\n# T\n").article->is_public);
}

TEST(ReadArticle, AnyBytesAreFine) {
    EXPECT_FALSE(read("").article);
    EXPECT_FALSE(read("---").article);
    EXPECT_FALSE(read("---\n---").article);
    EXPECT_TRUE(read("\xEF\xBB\xBF# T\xFF\n").article);
    EXPECT_EQ(read("# T", "help/Größe & Maß.md").article->id.value(), "Gr-e-Ma-");
}

TEST(PlainText, HasNoMarksNoAddressesAndNoHtml) {
    const std::string plain =
        plain_text("Open **Billing** and [the page](https://secret.example/x).\n\n- one\n- `two`\n\n<script>alert(1)</script>\n");
    EXPECT_NE(plain.find("Open Billing and the page."), std::string::npos) << plain;
    EXPECT_NE(plain.find("two"), std::string::npos);
    EXPECT_EQ(plain.find("secret"), std::string::npos) << plain;
    EXPECT_EQ(plain.find("script"), std::string::npos) << plain;
}

}  // namespace
}  // namespace resolute::knowledge
