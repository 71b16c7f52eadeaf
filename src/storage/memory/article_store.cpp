// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

Status ArticleStore::upsert_article(const ports::Article& article) {
    const std::lock_guard lock(tables_.mutex);
    tables_.articles[article.id].article = article;
    return {};
}

Result<std::vector<ports::Article>> ArticleStore::articles() {
    const std::lock_guard lock(tables_.mutex);
    std::vector<ports::Article> result;
    for (const auto& [id, row] : tables_.articles) result.push_back(with_learned_questions(row.article, row.learned));
    return result;
}

Status ArticleStore::add_question(const ArticleId& article, const std::string& question) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.articles.find(article);
    if (found == tables_.articles.end()) return std::unexpected(article_not_found(article));
    if (std::ranges::find(found->second.learned, question) == found->second.learned.end()) found->second.learned.push_back(question);
    return {};
}

}  // namespace resolute::storage::memory
