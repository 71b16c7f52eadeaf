// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resolute::mail {

/// Lays out the text of an HTML document: white space collapsed, blocks on lines of their own, a blank line between
/// paragraphs, list items with "- ", quotations with "> " before each line.
class HtmlText {
public:
    void open(std::string_view element);
    void close(std::string_view element);
    void add(std::string_view text);
    /// A hard break stays even where the line is empty.
    void break_line(bool is_hard = false);
    std::string take();

private:
    void blank_line();
    void write(std::string_view text);

    std::string out_;
    std::size_t quote_depth_ = 0;
    std::size_t preformatted_ = 0;
    bool is_line_empty_ = true;
    bool has_space_ = false;
    std::size_t blank_lines_ = 2;  ///< line ends at the end of `out_`; the beginning counts as blank
};

}  // namespace resolute::mail
