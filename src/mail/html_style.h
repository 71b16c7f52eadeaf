// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mail/html_tokens.h"

namespace resolute::mail {

/// What an element's own attributes say about whether its text can be seen.
struct HtmlStyle {
    bool is_hidden = false;                  ///< display:none, visibility:hidden, font-size:0, opacity:0, hidden
    std::optional<bool> is_text_white;       ///< nothing: inherited
    std::optional<bool> is_background_white; ///< nothing: inherited
};

HtmlStyle style_of(const HtmlToken& token, bool has_styled_backgrounds);

}  // namespace resolute::mail
