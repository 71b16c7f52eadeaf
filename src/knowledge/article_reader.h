// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/knowledge_base.h"

namespace resolute::knowledge {

/// Something odd in a source of articles; never fatal. The code has a page under docs/errors/.
struct Defect {
    std::string code;  ///< "knowledge.no_title"
    std::string file;
    std::string detail;  ///< one sentence
    friend bool operator==(const Defect&, const Defect&) = default;
};

struct ReadArticle {
    std::optional<ports::Article> article;  ///< nothing: a defect says why
    std::vector<Defect> defects;
};

/// Reads one file: Markdown, its first heading is the title; YAML front matter between two lines "---" is optional:
///   id, title, category, language, public (true|false) or visibility (public|internal), url, questions (texts).
/// Other keys are other programs' and are left alone. Front matter that cannot be read makes the article internal, because it may
/// have said so. `file` is for the defects, and its name without ".md" is the id where none is given; an empty `base_url` means
/// no links. A relative `url` is put behind `base_url`. Total: any bytes.
ReadArticle read_article(std::string_view bytes, const std::string& file, const std::string& base_url,
                         const std::string& default_language);

/// The id as it may stand in a link and a journal: ASCII letters, digits, '.', '_' and '-'; all else becomes '-'.
std::string article_id_of(std::string_view name);

}  // namespace resolute::knowledge
