// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::mail {

struct HtmlContent {
    std::string text;              ///< readable text; quotations (blockquote) begin with "> "
    std::string html;              ///< for display: allow-listed tags, balanced, every text and value escaped again
    bool has_hidden_text = false;  ///< text hidden by inline style was left out of both
    bool is_too_deep = false;      ///< over limits::html_depth_max: text is complete, display is flat from there
};

/// Reads hostile HTML. What goes out is written anew from what is known to be harmless, never passed through. Total, linear.
HtmlContent read_html(std::string_view utf8);

}  // namespace resolute::mail
