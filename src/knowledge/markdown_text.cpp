// SPDX-License-Identifier: Apache-2.0
#include "knowledge/markdown_text.h"

#include <cmark-gfm.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/text.h"

namespace resolute::knowledge {
namespace {

struct FreeNode {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeText {
    void operator()(char* text) const { std::free(text); }
};
using Document = std::unique_ptr<cmark_node, FreeNode>;

Document parse(std::string_view markdown) {
    return Document(cmark_parse_document(markdown.data(), markdown.size(), CMARK_OPT_DEFAULT));
}

std::string render(cmark_node* node) {
    const std::unique_ptr<char, FreeText> text(cmark_render_plaintext(node, CMARK_OPT_DEFAULT, 0));
    return text ? std::string(text::trim(text.get())) : std::string();
}

bool is_underline(std::string_view line) {
    return !line.empty() &&
           (line.find_first_not_of('=') == std::string_view::npos || line.find_first_not_of('-') == std::string_view::npos);
}

}  // namespace

std::string plain_text(std::string_view markdown) {
    const Document document = parse(markdown);
    return document ? render(document.get()) : std::string();
}

Titled split_title(std::string_view markdown) {
    Titled titled{.title = {}, .rest = std::string(markdown)};
    const Document document = parse(markdown);
    cmark_node* node = document ? cmark_node_first_child(document.get()) : nullptr;
    while (node != nullptr && cmark_node_get_type(node) != CMARK_NODE_HEADING) node = cmark_node_next(node);
    if (node == nullptr) return titled;
    titled.title = render(node);
    const int first = cmark_node_get_start_line(node);
    // A heading ends on its line, but for the underlined kind, whose underline is a line of its own that cmark counts or not by
    // version.
    int last = std::max(first, cmark_node_get_end_line(node));
    const auto lines = text::split_lines(markdown);
    const auto line_at = [&](int number) {
        const auto index = static_cast<std::size_t>(number) - 1;
        return number >= 1 && index < lines.size() ? text::trim(lines[index]) : std::string_view();
    };
    const bool is_underlined = !line_at(first).starts_with('#');
    if (is_underlined && is_underline(line_at(last + 1))) ++last;
    titled.rest.clear();
    for (int number = 1; static_cast<std::size_t>(number) <= lines.size(); ++number) {
        if (number >= first && number <= last) continue;
        titled.rest += lines[static_cast<std::size_t>(number) - 1];
        titled.rest += '\n';
    }
    titled.rest = std::string(text::trim(titled.rest));
    return titled;
}

}  // namespace resolute::knowledge
