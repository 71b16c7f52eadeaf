// SPDX-License-Identifier: Apache-2.0
#include "mail/html_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kQuoteDepthMax = 20;  // Deeper quotation tells no more, and its prefix would grow the text by its square.
constexpr std::array<std::string_view, 21> kBlocks = {"div",     "ul",     "ol",     "table",   "tr",      "form", "section",
                                                      "article", "header", "footer", "address", "center",  "dl",   "dt",
                                                      "dd",      "body",   "html",   "fieldset", "caption", "main", "aside"};
constexpr std::array<std::string_view, 9> kParagraphs = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void HtmlText::open(std::string_view element) {
    if (is_in(kParagraphs, element)) blank_line();
    else if (is_in(kBlocks, element)) break_line();
    if (element == "blockquote") ++quote_depth_;
    if (element == "pre") ++preformatted_;
    if (element == "li") {
        break_line();
        write("- ");
        has_space_ = false;
    }
    if ((element == "td" || element == "th") && !is_line_empty_) has_space_ = true;
}

void HtmlText::close(std::string_view element) {
    if (is_in(kParagraphs, element)) blank_line();
    else if (is_in(kBlocks, element) || element == "li") break_line();
    if (element == "blockquote" && quote_depth_ > 0) --quote_depth_;
    if (element == "pre" && preformatted_ > 0) --preformatted_;
}

void HtmlText::add(std::string_view text) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool is_end = i == text.size();
        const bool is_space = !is_end && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r' || text[i] == '\f');
        if (!is_end && !is_space) continue;
        if (i > begin) write(text.substr(begin, i - begin));
        begin = i + 1;
        if (is_end) break;
        if (preformatted_ > 0 && text[i] == '\n') break_line(true);
        else if (preformatted_ > 0 && text[i] == ' ') write(" ");
        else has_space_ = true;
    }
}

void HtmlText::write(std::string_view text) {
    if (is_line_empty_) {
        for (std::size_t i = 0; i < std::min(quote_depth_, kQuoteDepthMax); ++i) out_ += "> ";
    } else if (has_space_) {
        out_ += ' ';
    }
    out_ += text;
    has_space_ = false;
    is_line_empty_ = false;
    blank_lines_ = 0;
}

void HtmlText::break_line(bool is_hard) {
    if (is_line_empty_ && (!is_hard || blank_lines_ >= 2)) return;
    out_ += '\n';
    ++blank_lines_;
    is_line_empty_ = true;
    has_space_ = false;
}

void HtmlText::blank_line() {
    break_line();
    break_line(true);
}

std::string HtmlText::take() { return std::string(text::trim(out_)) + (text::trim(out_).empty() ? "" : "\n"); }

}  // namespace resolute::mail
