// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace resolute::mail {

struct HtmlAttribute {
    std::string name;   ///< lower case
    std::string value;  ///< character references resolved
};

struct HtmlToken {
    enum class Kind { text, start_tag, end_tag, end };
    Kind kind = Kind::end;
    std::string text;  ///< of a text, character references resolved; of a tag its name in lower case
    std::vector<HtmlAttribute> attributes;
    bool is_self_closing = false;
};

/// The tags and texts of an HTML document, one after the other, as HTML Living Standard §13.2.5 cuts them. Comments,
/// declarations and the content of script, style, title, textarea and their like are passed over. Total; linear in its input,
/// which no tree builder is: their repairs of misnested tags cost the square of the nesting, and a sender chooses the nesting.
class HtmlTokens {
public:
    explicit HtmlTokens(std::string_view utf8) : html_(utf8) {}
    HtmlToken next();
    /// A style sheet with backgrounds was passed over: colours of elements with a class are not known.
    [[nodiscard]] bool has_styled_backgrounds() const { return has_styled_backgrounds_; }

private:
    bool skip_markup();
    bool read_tag(HtmlToken& token);
    void read_attributes(HtmlToken& token);
    std::string read_attribute_value();
    void skip_raw_text(std::string_view name);

    std::string_view html_;
    std::size_t at_ = 0;
    bool has_styled_backgrounds_ = false;
};

/// "a &amp; b" → "a & b". Unknown names stay as they are.
std::string resolve_references(std::string_view text);

}  // namespace resolute::mail
