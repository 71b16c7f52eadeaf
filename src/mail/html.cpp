// SPDX-License-Identifier: Apache-2.0
#include "mail/html.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/text.h"
#include "mail/html_style.h"
#include "mail/html_text.h"
#include "mail/html_tokens.h"
#include "mail/limits.h"

namespace resolute::mail {
namespace {

constexpr std::array<std::string_view, 32> kShown = {
    "p",  "br",         "div", "span", "b",     "strong", "i",     "em", "s",  "u",  "a",  "ul", "ol", "li", "blockquote", "pre",
    "h1", "h2",         "h3",  "h4",   "h5",    "h6",     "table", "tr", "td", "th", "hr", "img", "code", "sub", "sup", "small"};
constexpr std::array<std::string_view, 7> kTableSections = {"thead", "tbody", "tfoot", "caption", "dl", "dt", "dd"};
constexpr std::array<std::string_view, 14> kVoid = {"br",   "hr",   "img",  "meta",  "link",  "input", "base",
                                                    "area", "col", "embed", "param", "source", "track", "wbr"};
/// Nothing inside is a person's words.
constexpr std::array<std::string_view, 10> kDropped = {"svg",    "math",   "object", "applet", "audio", "video",
                                                       "canvas", "select", "template", "map"};
constexpr std::array<std::string_view, 5> kAutoClosed = {"p", "li", "td", "th", "tr"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_shown(std::string_view name) { return is_in(kShown, name) || is_in(kTableSections, name); }

/// Only these schemes; the value is compared without the white space and controls that browsers ignore ("java\tscript:").
std::string safe_url(std::string_view value, bool is_image) {
    std::string url;
    for (const char c : text::trim(value)) {
        if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) url += c;
    }
    const std::string lower = text::to_lower(std::string_view(url).substr(0, 8));
    const bool is_cid = lower.starts_with("cid:");
    if (is_image) return is_cid ? url : std::string();
    if (is_cid || lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("mailto:")) return url;
    return {};
}

class Reader {
public:
    explicit Reader(std::string_view utf8) : tokens_(utf8) {}

    HtmlContent read() {
        for (HtmlToken token = tokens_.next(); token.kind != HtmlToken::Kind::end; token = tokens_.next()) {
            if (token.kind == HtmlToken::Kind::text) add_text(token.text);
            else if (token.kind == HtmlToken::Kind::start_tag) start(token);
            else end(token.text);
        }
        while (!open_.empty()) close_last();
        out_.text = text_.take();
        return std::move(out_);
    }

private:
    struct Open {
        std::string name;
        bool is_written = false;
        bool is_hidden = false;
        bool is_dropped = false;
        bool is_text_white = false;
        bool is_background_white = true;
    };

    [[nodiscard]] bool is_hidden() const {
        return !open_.empty() && (open_.back().is_hidden || (open_.back().is_text_white && open_.back().is_background_white));
    }
    [[nodiscard]] bool is_dropped() const { return !open_.empty() && open_.back().is_dropped; }

    void add_text(const std::string& text) {
        if (is_dropped()) return;
        if (is_hidden()) {
            if (!text::trim(text).empty()) out_.has_hidden_text = true;
            return;
        }
        out_.html += text::escape_html(text);
        text_.add(text);
    }

    void start(const HtmlToken& token) {
        const std::string& name = token.text;
        close_implied(name);
        if (is_in(kVoid, name)) {
            if (!is_dropped() && !is_hidden()) write_void(token);
            return;
        }
        if (open_.size() >= limits::html_depth_max) {
            out_.is_too_deep = true;
            ++overflow_;
            if (!is_dropped() && !is_hidden()) text_.break_line();
            return;
        }
        if (token.is_self_closing && is_in(kDropped, name)) return;
        const HtmlStyle style = style_of(token, tokens_.has_styled_backgrounds());
        Open element{.name = name};
        if (!open_.empty()) {
            element = open_.back();
            element.name = name;
        }
        element.is_hidden = element.is_hidden || style.is_hidden;
        element.is_dropped = element.is_dropped || is_in(kDropped, name);
        element.is_text_white = style.is_text_white.value_or(element.is_text_white);
        element.is_background_white = style.is_background_white.value_or(element.is_background_white);
        element.is_written = is_shown(name) && !element.is_hidden && !element.is_dropped;
        if (element.is_written) write_start(token);
        if (!element.is_hidden && !element.is_dropped) text_.open(name);
        ++open_counts_[name];
        open_.push_back(std::move(element));
    }

    void end(const std::string& name) {
        if (overflow_ > 0) {
            --overflow_;
            return;
        }
        const auto count = open_counts_.find(name);
        if (count == open_counts_.end() || count->second == 0) return;  // Else each stray end tag would cost the depth.
        for (std::size_t i = open_.size(); i-- > 0;) {
            if (open_[i].name == name) {
                while (open_.size() > i) close_last();
                return;
            }
            // An end tag in a cell never closes what stands around the table (HTML §13.2.4.2, scopes).
            if (name != "table" && name != "tr" && (open_[i].name == "td" || open_[i].name == "th")) return;
        }
    }

    /// Many mails never close p, li, td and tr: a new one ends the old (HTML §13.1.2.4).
    void close_implied(std::string_view name) {
        if (!is_in(kAutoClosed, name) || open_.empty()) return;
        if (name == "p") {
            if (open_.back().name == "p") close_last();
            return;
        }
        const bool is_cell = name == "td" || name == "th";
        for (std::size_t i = open_.size(); i-- > 0;) {
            const std::string& open = open_[i].name;
            const bool is_same = is_cell ? (open == "td" || open == "th") : open == name;
            if (is_same) {
                while (open_.size() > i) close_last();
                return;
            }
            if (open == "table" || open == "ul" || open == "ol" || (is_cell && open == "tr")) return;
        }
    }

    void close_last() {
        const Open element = std::move(open_.back());
        open_.pop_back();
        --open_counts_[element.name];
        if (element.is_written) out_.html += "</" + element.name + ">";
        if (!element.is_hidden && !element.is_dropped) text_.close(element.name);
    }

    void write_start(const HtmlToken& token) {
        out_.html += "<" + token.text;
        for (const HtmlAttribute& attribute : token.attributes) {
            if (token.text == "a" && attribute.name == "href") {
                const std::string url = safe_url(attribute.value, false);
                if (url.empty()) continue;
                out_.html += " href=\"" + text::escape_html(url) + "\" rel=\"noopener noreferrer\"";
                break;
            }
            const bool is_cell = token.text == "td" || token.text == "th";
            if (is_cell && (attribute.name == "colspan" || attribute.name == "rowspan")) write_span(attribute);
        }
        out_.html += '>';
    }

    void write_span(const HtmlAttribute& attribute) {
        const bool is_number = attribute.value.find_first_not_of("0123456789") == std::string::npos;
        if (is_number && !attribute.value.empty() && attribute.value.size() <= 2) {
            out_.html += " " + attribute.name + "=\"" + attribute.value + "\"";
        }
    }

    void write_void(const HtmlToken& token) {
        if (token.text == "br" || token.text == "hr") {
            out_.html += "<" + token.text + ">";
            text_.break_line(token.text == "br");
            return;
        }
        if (token.text != "img") return;
        std::string source;
        std::string alternative;
        for (const HtmlAttribute& attribute : token.attributes) {
            if (attribute.name == "src" && source.empty()) source = safe_url(attribute.value, true);
            if (attribute.name == "alt") alternative = attribute.value;
        }
        if (source.empty()) return;  // Remote pictures tell the sender who reads, and when.
        out_.html += "<img src=\"" + text::escape_html(source) + "\" alt=\"" + text::escape_html(alternative) + "\">";
    }

    HtmlTokens tokens_;
    HtmlContent out_;
    HtmlText text_;
    std::vector<Open> open_;
    std::map<std::string, std::size_t, std::less<>> open_counts_;
    std::size_t overflow_ = 0;  ///< open elements beyond the depth that we follow
};

}  // namespace

HtmlContent read_html(std::string_view utf8) { return Reader(utf8).read(); }

}  // namespace resolute::mail
