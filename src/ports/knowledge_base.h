// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace resolute::ports {

struct Article {
    ArticleId id;        ///< the file name without ".md", or the source's own id
    std::string title;
    std::string text;    ///< Markdown without the title
    std::string url;     ///< link for the customer; empty where there is none
    std::string category;  ///< one of the five, or empty
    std::string language;  ///< ISO 639-1, default "en"
    bool is_public = true;  ///< internal articles may inform a person, never be quoted to a customer
    std::vector<std::string> questions;  ///< past questions that it answered
    friend bool operator==(const Article&, const Article&) = default;
};

struct SearchQuery {
    std::string subject;
    std::string text;      ///< what the person wrote, whole; the search asks it sentence by sentence
    std::string category;  ///< a hint that lifts articles of the category, may be empty
    std::string language;
    std::size_t limit = 5;
};

struct SearchHit {
    Article article;
    double score = 0;       ///< 0 to 1: how much of the best possible it has; comparable between queries
    double coverage = 0;    ///< 0 to 1: share of the query's rare words that the article has
    double margin = 0;      ///< score minus the next one's
    double question_match = 0;  ///< 0 to 1: likeness of a sentence to one of the article's past questions
    double agreement = 0;   ///< 0 to 1: in how much of the query the ways of searching put this article first
    double breadth = 0;     ///< 0 to 1: coverage over the whole query, not its best sentence alone
    std::string sentence;   ///< of the query, that matched best
    std::vector<std::string> matched;  ///< words (stems) that spoke for it, strongest first
};

/// Where the answers are. Threads: any.
class KnowledgeBase {
public:
    virtual ~KnowledgeBase() = default;
    /// Best first; nothing below the noise floor.
    virtual Result<std::vector<SearchHit>> search(const SearchQuery& query, Deadline deadline) = 0;
    virtual Result<std::optional<Article>> find_article(const ArticleId& id) = 0;
    virtual Status add(const Article& article) = 0;  ///< upsert by id
    virtual Result<std::size_t> size() = 0;
};

}  // namespace resolute::ports
