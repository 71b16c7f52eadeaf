// SPDX-License-Identifier: Apache-2.0
#include "mail/html_tokens.h"

#include <libxml/HTMLparser.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "base/text.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kAttributesMax = 100;
constexpr std::size_t kReferenceBytesMax = 32;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string utf8_of(std::uint32_t code) {
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return "\xEF\xBF\xBD";
    std::string out;
    const auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0 | (code >> 6));
        add(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        add(0xE0 | (code >> 12));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    } else {
        add(0xF0 | (code >> 18));
        add(0x80 | ((code >> 12) & 0x3F));
        add(0x80 | ((code >> 6) & 0x3F));
        add(0x80 | (code & 0x3F));
    }
    return out;
}

std::optional<std::string> numeric_reference(std::string_view digits) {
    std::uint32_t code = 0;
    const bool is_hex = digits.starts_with('x') || digits.starts_with('X');
    if (is_hex) digits.remove_prefix(1);
    if (digits.empty()) return std::nullopt;
    for (const char c : digits) {
        std::uint32_t digit = 0;
        if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
        else if (is_hex && c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
        else if (is_hex && c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
        else return std::nullopt;
        code = std::min<std::uint32_t>(code * (is_hex ? 16 : 10) + digit, 0x110000);
    }
    return utf8_of(code);
}

/// The names of HTML 4, which is what mail programs write; from libxml2's table, made once into a map.
std::optional<std::string> named_reference(std::string_view name) {
    static const std::map<std::string, std::string, std::less<>> names = [] {
        std::map<std::string, std::string, std::less<>> table;
        for (std::uint32_t code = 34; code < 0x2700; ++code) {
            const htmlEntityDesc* entity = htmlEntityValueLookup(code);
            if (entity != nullptr) table.emplace(entity->name, utf8_of(code));
        }
        table.emplace("apos", "'");
        return table;
    }();
    const auto found = names.find(name);
    if (found == names.end()) return std::nullopt;
    return found->second;
}

/// HTML §13.1.2: their content is not markup. None of it is text that a person wrote.
bool is_raw_text(std::string_view name) {
    constexpr std::array<std::string_view, 9> kNames = {"script", "style",    "title",   "textarea", "xmp",
                                                        "iframe", "noembed", "noframes", "plaintext"};
    for (const std::string_view raw : kNames) {
        if (raw == name) return true;
    }
    return false;
}

}  // namespace

std::string resolve_references(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '&') {
            out += text[i++];
            continue;
        }
        const std::string_view rest = text.substr(i + 1, kReferenceBytesMax);
        const bool is_numeric = rest.starts_with('#');
        std::size_t end = is_numeric ? 1 : 0;
        while (end < rest.size() && (is_letter(rest[end]) || (rest[end] >= '0' && rest[end] <= '9'))) ++end;
        const auto found = is_numeric ? numeric_reference(rest.substr(1, end - 1)) : named_reference(rest.substr(0, end));
        if (!found) {
            out += text[i++];
            continue;
        }
        out += *found;
        i += 1 + end;
        if (i < text.size() && text[i] == ';') ++i;
    }
    return out;
}

HtmlToken HtmlTokens::next() {
    HtmlToken token;
    while (at_ < html_.size()) {
        if (html_[at_] != '<') {
            const std::size_t end = std::min(html_.find('<', at_), html_.size());
            token.kind = HtmlToken::Kind::text;
            token.text = resolve_references(html_.substr(at_, end - at_));
            at_ = end;
            return token;
        }
        if (skip_markup()) continue;
        if (read_tag(token)) return token;
        token.kind = HtmlToken::Kind::text;  // A '<' that opens nothing is itself.
        token.text.assign(1, '<');
        ++at_;
        return token;
    }
    return token;
}

/// Comments, doctypes, processing instructions, CDATA and bogus comments.
bool HtmlTokens::skip_markup() {
    const std::string_view rest = html_.substr(at_);
    std::size_t end = 0;
    if (rest.starts_with("<!-->") || rest.starts_with("<!--->")) {
        end = rest.find('>') + 1;
    } else if (rest.starts_with("<!--")) {
        const std::size_t close = rest.find("-->", 4);
        const std::size_t bang_close = rest.substr(0, close).find("--!>", 4);
        end = bang_close != std::string_view::npos ? bang_close + 4 : close == std::string_view::npos ? rest.size() : close + 3;
    } else if (rest.starts_with("<!") || rest.starts_with("<?") ||
               (rest.starts_with("</") && rest.size() > 2 && !is_letter(rest[2]))) {
        const std::size_t close = rest.find('>');
        end = close == std::string_view::npos ? rest.size() : close + 1;
    } else {
        return false;
    }
    at_ += end;
    return true;
}

bool HtmlTokens::read_tag(HtmlToken& token) {
    std::size_t name_begin = at_ + 1;
    const bool is_end = name_begin < html_.size() && html_[name_begin] == '/';
    if (is_end) ++name_begin;
    if (name_begin >= html_.size() || !is_letter(html_[name_begin])) return false;
    std::size_t name_end = name_begin;
    while (name_end < html_.size() && !is_space(html_[name_end]) && html_[name_end] != '/' && html_[name_end] != '>') ++name_end;
    token.kind = is_end ? HtmlToken::Kind::end_tag : HtmlToken::Kind::start_tag;
    token.text = text::to_lower(html_.substr(name_begin, name_end - name_begin));
    at_ = name_end;
    read_attributes(token);
    if (!is_end && is_raw_text(token.text)) skip_raw_text(token.text);
    return true;
}

void HtmlTokens::read_attributes(HtmlToken& token) {
    while (at_ < html_.size()) {
        while (at_ < html_.size() && (is_space(html_[at_]) || html_[at_] == '/')) {
            token.is_self_closing = html_[at_] == '/';
            ++at_;
        }
        if (at_ >= html_.size()) return;
        if (html_[at_] == '>') {
            ++at_;
            return;
        }
        token.is_self_closing = false;
        const std::size_t name_begin = at_++;  // A '=' may begin a name (HTML §13.2.5.32).
        while (at_ < html_.size() && !is_space(html_[at_]) && std::string_view("/>=").find(html_[at_]) == std::string_view::npos) ++at_;
        HtmlAttribute attribute{.name = text::to_lower(html_.substr(name_begin, at_ - name_begin)), .value = {}};
        while (at_ < html_.size() && is_space(html_[at_])) ++at_;
        if (at_ < html_.size() && html_[at_] == '=') {
            ++at_;
            attribute.value = read_attribute_value();
        }
        if (token.attributes.size() < kAttributesMax) token.attributes.push_back(std::move(attribute));
    }
}

std::string HtmlTokens::read_attribute_value() {
    while (at_ < html_.size() && is_space(html_[at_])) ++at_;
    if (at_ >= html_.size() || html_[at_] == '>') return {};
    const char quote = html_[at_];
    std::size_t begin = at_;
    if (quote == '"' || quote == '\'') {
        const std::size_t end = std::min(html_.find(quote, ++begin), html_.size());
        at_ = std::min(end + 1, html_.size());
        return resolve_references(html_.substr(begin, end - begin));
    }
    while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '>') ++at_;
    return resolve_references(html_.substr(begin, at_ - begin));
}

void HtmlTokens::skip_raw_text(std::string_view name) {
    const std::size_t begin = at_;
    while (true) {
        const std::size_t close = html_.find("</", at_);
        if (close == std::string_view::npos || name == "plaintext") {
            at_ = html_.size();
            break;
        }
        at_ = close + 2;
        if (!text::equals_ignore_case(html_.substr(at_, name.size()), name)) continue;
        const std::size_t after = at_ + name.size();
        if (after < html_.size() && !is_space(html_[after]) && html_[after] != '>' && html_[after] != '/') continue;
        at_ = std::min(html_.find('>', after), html_.size());
        const std::size_t end = at_;
        if (at_ < html_.size()) ++at_;
        if (name == "style" && text::contains_ignore_case(html_.substr(begin, end - begin), "background")) {
            has_styled_backgrounds_ = true;
        }
        return;
    }
}

}  // namespace resolute::mail
