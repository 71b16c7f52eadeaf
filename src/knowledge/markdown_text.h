// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::knowledge {

/// What a reader sees of Markdown, without its marks, links' addresses and raw HTML.
std::string plain_text(std::string_view markdown);

/// The first heading and the document without it. An empty title: there is none.
struct Titled {
    std::string title;
    std::string rest;
};
Titled split_title(std::string_view markdown);

}  // namespace resolute::knowledge
