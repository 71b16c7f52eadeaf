// SPDX-License-Identifier: Apache-2.0
#include "storage/encoding.h"
#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

namespace {

Result<std::vector<std::string>> read_questions(Connection& connection, const std::string& article) {
    TRY(auto query, connection.query(sql::kQuestions, article));
    std::vector<std::string> questions;
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return questions;
        questions.push_back(query.text(0));
    }
}

}  // namespace

Status ArticleStore::upsert_article(const ports::Article& article) {
    return database_.write(
        [&](Connection& connection) { return connection.run(sql::kPutArticle, article.id, encode(article)); });
}

Result<std::vector<ports::Article>> ArticleStore::articles() {
    return database_.reading([&](Connection& connection) -> Result<std::vector<ports::Article>> {
        TRY(auto query, connection.query(sql::kArticles));
        std::vector<ports::Article> found;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return found;
            TRY(const auto learned, read_questions(connection, query.text(0)));
            TRY(ports::Article article, decode_article(query.text(1)));
            found.push_back(with_learned_questions(std::move(article), learned));
        }
    });
}

Status ArticleStore::add_question(const ArticleId& article, const std::string& question) {
    return database_.write([&](Connection& connection) -> Status {
        {
            TRY(auto query, connection.query(sql::kHasArticle, article));
            TRY(const bool is_there, query.step());
            if (!is_there) return std::unexpected(article_not_found(article));
        }
        return connection.run(sql::kInsertQuestion, article, question);
    });
}

}  // namespace resolute::storage::sqlite
