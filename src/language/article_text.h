// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ports/knowledge_base.h"

namespace resolute::language {

/// A piece of an article as plain text.
struct Block {
    enum class Kind { heading, paragraph, step, bullet } kind = Kind::paragraph;
    std::string text;  ///< one line, without Markdown
};

/// Markdown to plain blocks. Notes that are internal only (a heading, a quote or a line that begins with "Internal") are left out,
/// and so are images, comments and code fences' marks.
std::vector<Block> plain_blocks(std::string_view markdown);

/// The part of the article that answers the hit's sentence: the whole where it is short, else its opening and the best section.
/// Sentences that promise money to the reader are left out: an article grants nothing.
std::vector<Block> answer_blocks(const ports::SearchHit& hit);

/// The sentences of a block, as they stand in it.
std::vector<std::string> sentences_of(const Block& block);

}  // namespace resolute::language
