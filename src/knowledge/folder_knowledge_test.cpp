// SPDX-License-Identifier: Apache-2.0
#include "knowledge/folder_knowledge.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "knowledge/knowledge_test_support.h"
#include "knowledge/limits.h"

namespace resolute::knowledge {
namespace {

namespace fs = std::filesystem;

class FolderKnowledgeTest : public testing::Test {
protected:
    FolderKnowledgeTest()
        : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    ~FolderKnowledgeTest() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((folder_ / name).parent_path());
        ASSERT_TRUE(file::write_durably(folder_ / name, text));
    }
    std::unique_ptr<FolderKnowledge> open() {
        return *FolderKnowledge::open(
            {.folders = {folder_}, .base_url = "https://help.acme.example", .default_language = "en", .weights = {}}, store_);
    }
    static std::string first(FolderKnowledge& knowledge, const std::string& text) {
        ports::SearchQuery query;
        query.text = text;
        const auto hits = knowledge.search(query, Deadline::never());
        if (!hits) return hits.error().code;
        return hits->empty() ? "nothing" : hits->front().article.id.value();
    }

    const fs::path folder_;
    FakeArticleStore store_;
};

TEST_F(FolderKnowledgeTest, ReadsFoldersWithinFoldersAndLeavesHiddenAndOtherFilesAlone) {
    write("returns.md", "# Return an item\n\nWithin 30 days.");
    write("account/password.md", "# Reset your password\n\nSelect the link.");
    write(".git/hidden.md", "# Hidden\n");
    write("notes.txt", "# Notes\n");
    const auto knowledge = open();
    EXPECT_EQ(knowledge->size(), std::size_t{2});
    EXPECT_EQ(first(*knowledge, "How do I reset the password?"), "password");
    EXPECT_EQ(knowledge->find_article(ArticleId("returns")).value()->url, "https://help.acme.example/returns");
    EXPECT_FALSE(knowledge->find_article(ArticleId("hidden")).value());
    EXPECT_TRUE(knowledge->defects().empty());
}

TEST_F(FolderKnowledgeTest, DefectsAreListedAndTheRestIsServed) {
    write("a/returns.md", "# Return an item\n");
    write("b/returns.md", "# Return another item\n");
    write("empty.md", "");
    write("large.md", "# Large\n" + std::string(kArticleBytesMax, 'x'));
    const auto knowledge = open();
    EXPECT_EQ(knowledge->size(), std::size_t{1});
    EXPECT_EQ(knowledge->find_article(ArticleId("returns")).value()->title, "Return an item");
    std::vector<std::string> codes;
    for (const Defect& defect : knowledge->defects()) codes.push_back(defect.code);
    std::ranges::sort(codes);
    EXPECT_EQ(codes, (std::vector<std::string>{"knowledge.duplicate_id", "knowledge.no_title", "knowledge.unreadable"}));
}

TEST_F(FolderKnowledgeTest, RefreshSeesNewChangedAndRemovedFiles) {
    write("returns.md", "# Return an item\n");
    const auto knowledge = open();
    EXPECT_FALSE(knowledge->refresh()->has_changed);
    write("password.md", "# Reset your password\n");
    write("returns.md", "# Giving something back for money\n");
    EXPECT_EQ(first(*knowledge, "reset password"), "nothing") << "found only after a refresh";
    EXPECT_TRUE(knowledge->refresh()->has_changed);
    EXPECT_EQ(first(*knowledge, "reset password"), "password");
    EXPECT_EQ(first(*knowledge, "giving back"), "returns");
    fs::remove(folder_ / "password.md");
    EXPECT_EQ(knowledge->refresh()->articles, 1U);
    EXPECT_EQ(first(*knowledge, "reset password"), "nothing");
    EXPECT_FALSE(knowledge->refresh()->has_changed);
}

TEST_F(FolderKnowledgeTest, AVanishedFolderIsUnavailableAndComesBackAsItWas) {
    write("returns.md", "# Return an item\n");
    const auto knowledge = open();
    const fs::path away = folder_.string() + "-away";
    fs::rename(folder_, away);
    ports::SearchQuery query;
    query.text = "return item";
    const auto hits = knowledge->search(query, Deadline::never());
    ASSERT_FALSE(hits);
    EXPECT_EQ(hits.error().code, "knowledge.unavailable");
    EXPECT_EQ(hits.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(knowledge->refresh());
    fs::rename(away, folder_);
    EXPECT_EQ(first(*knowledge, "return item"), "returns");
}

TEST_F(FolderKnowledgeTest, AFolderThatIsNotThereAtTheStartIsFoundLater) {
    fs::remove_all(folder_);
    const auto knowledge = open();
    EXPECT_EQ(first(*knowledge, "return item"), "knowledge.unavailable");
    write("returns.md", "# Return an item\n");
    EXPECT_TRUE(knowledge->refresh()->has_changed);
    EXPECT_EQ(first(*knowledge, "return item"), "returns");
}

TEST_F(FolderKnowledgeTest, AnAddedArticleIsStoredFoundAndReplacesTheFile) {
    write("returns.md", "---\nquestions:\n  - May I send the lamp back?\n---\n# Return an item\n");
    const auto knowledge = open();
    ASSERT_TRUE(knowledge->add(article("gift-cards", "Redeem a gift card", "Enter the code.")));
    EXPECT_EQ(first(*knowledge, "How do I redeem a gift card?"), "gift-cards");
    ASSERT_TRUE(knowledge->add(article("returns", "Give an item back", "New text.")));
    const auto replaced = knowledge->find_article(ArticleId("returns")).value();
    EXPECT_EQ(replaced->title, "Give an item back");
    EXPECT_EQ(replaced->questions.size(), 1U);
    EXPECT_EQ(replaced->url, "https://help.acme.example/returns");
    EXPECT_EQ(knowledge->size(), std::size_t{2});
    EXPECT_EQ(store_.articles()->size(), 2U);
    EXPECT_EQ(first(*open(), "redeem gift card"), "gift-cards") << "another start has it too";
}

TEST_F(FolderKnowledgeTest, ABadArticleIsNotAdded) {
    const auto knowledge = open();
    EXPECT_EQ(knowledge->add(article("", "T", "x")).error().code, "knowledge.bad_article");
    EXPECT_EQ(knowledge->add(article("a b", "T", "x")).error().code, "knowledge.bad_article");
    EXPECT_EQ(knowledge->add(article("a", " ", "x")).error().code, "knowledge.bad_article");
    EXPECT_EQ(knowledge->add(article("a", "T", std::string(kArticleBytesMax + 1, 'x'))).error().code, "knowledge.bad_article");
    EXPECT_TRUE(knowledge->add(article("a", "T", std::string(kArticleBytesMax, 'x'))));
    EXPECT_TRUE(store_.articles()->size() == 1);
}

TEST_F(FolderKnowledgeTest, QuestionsOfTheStoreReachTheArticleOfTheFile) {
    write("warranty.md", "# Warranty\n\nTwo years.");
    write("returns.md", "# Return an item\n\nThirty days.");
    const auto knowledge = open();
    EXPECT_EQ(first(*knowledge, "The hinge snapped off"), "nothing");
    ASSERT_TRUE(store_.add_question(ArticleId("warranty"), "Do you replace a hinge that snapped?"));
    EXPECT_TRUE(knowledge->refresh()->has_changed);
    EXPECT_EQ(first(*knowledge, "The hinge snapped off"), "warranty");
    EXPECT_EQ(knowledge->find_article(ArticleId("warranty")).value()->text, "Two years.");
}

}  // namespace
}  // namespace resolute::knowledge
