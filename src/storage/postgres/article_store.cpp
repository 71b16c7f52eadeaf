// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

Status ArticleStore::upsert_article(const ports::Article& article) {
    TRY(const Rows put, database_.write(sql::kPutArticle, article.id, encode(article)));
    static_cast<void>(put);
    return {};
}

Result<std::vector<ports::Article>> ArticleStore::articles() {
    TRY(const auto answers, database_.read_all({Statement(sql::kArticles), Statement(sql::kQuestions)}));
    std::map<std::string, std::vector<std::string>> learned;
    for (const Row row : answers[1]) learned[row.text(0)].push_back(row.text(1));
    return each(answers[0], [&](const Row& row) -> Result<ports::Article> {
        TRY(ports::Article article, decode_article(row.text(1)));
        return with_learned_questions(std::move(article), learned[row.text(0)]);
    });
}

Status ArticleStore::add_question(const ArticleId& article, const std::string& question) {
    TRY(const auto answers, database_.write_all({Statement(sql::kInsertQuestion, article, question), Statement(sql::kHasArticle, article)}));
    if (answers[1].is_empty()) return std::unexpected(article_not_found(article));
    return {};
}

}  // namespace resolute::storage::postgres
