// SPDX-License-Identifier: Apache-2.0
#include "mail/html_style.h"

#include <array>

#include "base/text.h"

namespace resolute::mail {
namespace {

/// "0", "0px", "0.0em": nothing of it is seen; "0.9em" is.
bool is_zero_length(std::string_view value) {
    std::size_t digits = 0;
    std::size_t i = 0;
    for (; i < value.size() && ((value[i] >= '0' && value[i] <= '9') || value[i] == '.'); ++i) {
        if (value[i] != '0' && value[i] != '.') return false;
        if (value[i] == '0') ++digits;
    }
    if (digits == 0) return false;
    const std::string_view unit = value.substr(i);
    constexpr std::array<std::string_view, 8> kUnits = {"", "px", "pt", "em", "rem", "%", "ex", "vw"};
    for (const std::string_view known : kUnits) {
        if (unit == known) return true;
    }
    return false;
}

bool is_white(std::string_view color) {
    std::string compact;
    for (const char c : color) {
        if (c != ' ') compact += c;
    }
    return compact == "white" || compact == "#fff" || compact == "#ffffff" || compact == "#fefefe" ||
           compact == "rgb(255,255,255)" || compact == "rgba(255,255,255,1)";
}

/// "-9999px": beyond the edge of any window.
bool is_far_outside(std::string_view value) {
    if (!value.starts_with('-')) return false;
    int number = 0;
    for (const char c : value.substr(1, 5)) {
        if (c < '0' || c > '9') break;
        number = number * 10 + (c - '0');
    }
    return number >= 500;
}

void read_declaration(std::string_view property, std::string_view value, HtmlStyle& style) {
    if (const std::size_t bang = value.find('!'); bang != std::string_view::npos) value = text::trim(value.substr(0, bang));
    if (property == "display" && value == "none") style.is_hidden = true;
    if (property == "visibility" && (value == "hidden" || value == "collapse")) style.is_hidden = true;
    if ((property == "left" || property == "top" || property == "text-indent" || property == "margin-left") &&
        is_far_outside(value)) {
        style.is_hidden = true;
    }
    if (property == "mso-hide" && value == "all") style.is_hidden = true;
    if ((property == "font-size" || property == "opacity" || property == "max-height") && is_zero_length(value))
        style.is_hidden = true;
    if (property == "color") style.is_text_white = is_white(value);
    if (property == "background-color" || property == "background") {
        if (value == "transparent" || value == "none" || value == "inherit") return;
        style.is_background_white = is_white(value);
    }
}

void read_declarations(std::string_view css, HtmlStyle& style) {
    std::string lower = text::to_lower(css);
    // "dis/**/play" is display (CSS Syntax §4.3.2).
    for (std::size_t begin = lower.find("/*"); begin != std::string::npos; begin = lower.find("/*", begin)) {
        const std::size_t end = lower.find("*/", begin + 2);
        lower.erase(begin, end == std::string::npos ? std::string::npos : end + 2 - begin);
        if (lower.size() > 8'000) break;  // No style of that size is read: erasing would cost its square.
    }
    if (lower.size() > 8'000) return;
    for (const std::string_view declaration : text::split(lower, ';')) {
        const std::size_t colon = declaration.find(':');
        if (colon == std::string_view::npos) continue;
        read_declaration(text::trim(declaration.substr(0, colon)), text::trim(declaration.substr(colon + 1)), style);
    }
}

}  // namespace

HtmlStyle style_of(const HtmlToken& token, bool has_styled_backgrounds) {
    HtmlStyle style;
    for (const HtmlAttribute& attribute : token.attributes) {
        if (attribute.name == "hidden") style.is_hidden = true;
        // A class may bring a background that we do not read: then white text is not called hidden.
        if (attribute.name == "class" && has_styled_backgrounds && !style.is_background_white) style.is_background_white = false;
        if (attribute.name == "background") style.is_background_white = false;
        if (attribute.name == "bgcolor") style.is_background_white = is_white(text::to_lower(text::trim(attribute.value)));
        if (attribute.name == "color") style.is_text_white = is_white(text::to_lower(text::trim(attribute.value)));
        if (attribute.name == "style") read_declarations(attribute.value, style);
    }
    return style;
}

}  // namespace resolute::mail
