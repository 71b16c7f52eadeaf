// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "procedure/procedure.h"

namespace resolute::procedure {

/// A document's text with its lines. Positions are byte offsets; lines and columns count from 1.
class SourceText {
public:
    explicit SourceText(std::string_view text);
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] int lines() const { return static_cast<int>(starts_.size()); }
    /// Where a line begins; one past the last line: the end of the text.
    [[nodiscard]] std::size_t line_start(int line) const;
    /// Without its line end.
    [[nodiscard]] std::string_view line(int line) const;
    [[nodiscard]] Location place(std::size_t offset) const;

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

/// A part of the text, [begin, end).
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct Block {
    enum class Kind { heading, paragraph, list };
    Kind kind = Kind::paragraph;
    int level = 0;            ///< heading
    Span span;                ///< whole lines; of a heading its text alone
    std::vector<Span> items;  ///< list: each without its bullet
};

/// The headings, paragraphs and lists at the top level of the Markdown from line `first_line` on. Quotes, code, tables and
/// comments are prose and left out.
std::vector<Block> read_blocks(const SourceText& source, int first_line);

}  // namespace resolute::procedure
