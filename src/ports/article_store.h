// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ports/knowledge_base.h"

namespace resolute::ports {

/// Articles added by hand or by API, beside those of configured folders. Threads: any.
class ArticleStore {
public:
    virtual ~ArticleStore() = default;
    virtual Status upsert_article(const Article& article) = 0;
    virtual Result<std::vector<Article>> articles() = 0;
    virtual Status add_question(const ArticleId& article, const std::string& question) = 0;
};

}  // namespace resolute::ports
