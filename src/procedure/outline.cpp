// SPDX-License-Identifier: Apache-2.0
#include "procedure/outline.h"

#include <algorithm>
#include <memory>

#include <cmark-gfm.h>

#include "base/text.h"

namespace resolute::procedure {
namespace {

struct FreeNode {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};

constexpr std::string_view kSpace = " \t\r\n";

Span trimmed(const SourceText& source, Span span) {
    const std::string_view text = source.text();
    while (span.begin < span.end && kSpace.find(text[span.begin]) != std::string_view::npos) ++span.begin;
    while (span.end > span.begin && kSpace.find(text[span.end - 1]) != std::string_view::npos) --span.end;
    return span;
}

/// "## Steps ##" → "Steps". The underlined form ends at its first line.
Span heading_text(const SourceText& source, Span span) {
    const std::string_view text = source.text();
    span = trimmed(source, span);
    if (text[span.begin] != '#') {
        const std::size_t underline = text.substr(0, span.end).rfind('\n');
        if (underline != std::string_view::npos && underline > span.begin) span.end = underline;
        return trimmed(source, span);
    }
    while (span.begin < span.end && text[span.begin] == '#') ++span.begin;
    while (span.end > span.begin && text[span.end - 1] == '#') --span.end;
    return trimmed(source, span);
}

Span without_bullet(const SourceText& source, Span span) {
    const std::string_view text = source.text();
    span = trimmed(source, span);
    std::size_t at = span.begin;
    if (at < span.end && std::string_view("-*+").find(text[at]) != std::string_view::npos) {
        ++at;
    } else {
        while (at < span.end && text[at] >= '0' && text[at] <= '9') ++at;
        if (at < span.end && (text[at] == '.' || text[at] == ')')) ++at;
    }
    return trimmed(source, {at, span.end});
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text), starts_{0} {
    // As in CommonMark: \n, \r\n and \r alone end a line.
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool ends = text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
        if (ends && i + 1 < text.size()) starts_.push_back(i + 1);
    }
}

std::size_t SourceText::line_start(int line) const {
    const auto index = static_cast<std::size_t>(std::max(line, 1) - 1);
    return index < starts_.size() ? starts_[index] : text_.size();
}

std::string_view SourceText::line(int line) const {
    std::string_view found = text_.substr(line_start(line), line_start(line + 1) - line_start(line));
    while (!found.empty() && (found.back() == '\n' || found.back() == '\r')) found.remove_suffix(1);
    return found;
}

Location SourceText::place(std::size_t offset) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const auto index = static_cast<std::size_t>(next - starts_.begin()) - 1;
    return {static_cast<int>(index) + 1, static_cast<int>(offset - starts_[index]) + 1};
}

std::vector<Block> read_blocks(const SourceText& source, int first_line) {
    const std::size_t begin = source.line_start(first_line);
    const std::string_view body = source.text().substr(begin);
    const std::unique_ptr<cmark_node, FreeNode> root(cmark_parse_document(body.data(), body.size(), CMARK_OPT_DEFAULT));
    std::vector<Block> blocks;
    if (root == nullptr) return blocks;
    const auto span_of = [&](cmark_node* node) {
        const int first = cmark_node_get_start_line(node) + first_line - 1;
        const int last = std::max(first, cmark_node_get_end_line(node) + first_line - 1);
        return trimmed(source, {source.line_start(first), source.line_start(last + 1)});
    };
    for (cmark_node* node = cmark_node_first_child(root.get()); node != nullptr; node = cmark_node_next(node)) {
        const cmark_node_type type = cmark_node_get_type(node);
        Block block;
        block.span = span_of(node);
        if (type == CMARK_NODE_HEADING) {
            block.kind = Block::Kind::heading;
            block.level = cmark_node_get_heading_level(node);
            block.span = heading_text(source, block.span);
        } else if (type == CMARK_NODE_LIST) {
            block.kind = Block::Kind::list;
            for (cmark_node* item = cmark_node_first_child(node); item != nullptr; item = cmark_node_next(item))
                block.items.push_back(without_bullet(source, span_of(item)));
        } else if (type != CMARK_NODE_PARAGRAPH) {
            continue;
        }
        blocks.push_back(std::move(block));
    }
    return blocks;
}

}  // namespace resolute::procedure
