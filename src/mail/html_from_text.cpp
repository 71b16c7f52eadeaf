// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "base/text.h"
#include "mail/outgoing_email.h"

namespace resolute::mail {
namespace {

bool ends_url(char c) {
    return static_cast<unsigned char>(c) <= 0x20 || std::string_view("<>\"'`{}|\\^").find(c) != std::string_view::npos;
}

/// The end of the link that begins at `begin`; punctuation that closes the sentence is not part of it.
std::size_t url_end(std::string_view line, std::size_t begin) {
    std::size_t end = begin;
    while (end < line.size() && !ends_url(line[end])) ++end;
    while (end > begin && std::string_view(".,;:!?").find(line[end - 1]) != std::string_view::npos) --end;
    const std::string_view url = line.substr(begin, end - begin);
    if (url.ends_with(')') && url.find('(') == std::string_view::npos) --end;
    return end;
}

std::string with_links(std::string_view line) {
    std::string out;
    std::size_t done = 0;
    for (std::size_t at = line.find("http"); at != std::string_view::npos; at = line.find("http", at)) {
        const std::string_view rest = line.substr(at);
        const std::size_t scheme = rest.starts_with("https://") ? 8 : rest.starts_with("http://") ? 7 : 0;
        const std::size_t end = scheme == 0 ? at : url_end(line, at);
        if (scheme == 0 || end <= at + scheme) {
            at += 4;
            continue;
        }
        const std::string url = text::escape_html(line.substr(at, end - at));
        out += text::escape_html(line.substr(done, at - done));
        out += "<a href=\"" + url + "\">" + url + "</a>";
        done = at = end;
    }
    return out + text::escape_html(line.substr(done));
}

/// "12. Press the button" → what follows the number.
std::optional<std::string_view> numbered_item(std::string_view line) {
    std::size_t digits = 0;
    while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
    if (digits == 0 || digits > 3 || digits + 1 >= line.size()) return std::nullopt;
    if ((line[digits] != '.' && line[digits] != ')') || line[digits + 1] != ' ') return std::nullopt;
    return text::trim(line.substr(digits + 2));
}

class Builder {
public:
    void add(std::string_view line) {
        const std::string_view trimmed = text::trim(line);
        if (trimmed.empty()) return close();
        if (const auto item = numbered_item(trimmed)) {
            if (state_ != State::list) {
                close();
                // A list that goes on after a paragraph keeps its numbers.
                const std::string number(trimmed.substr(0, trimmed.find_first_of(".)")));
                out_ += number == "1" ? "<ol>" : "<ol start=\"" + number + "\">";
                state_ = State::list;
            } else {
                out_ += "</li>";
            }
            out_ += "<li>" + with_links(*item);
        } else if (state_ == State::none) {
            out_ += "<p>" + with_links(trimmed);
            state_ = State::paragraph;
        } else {
            out_ += "<br>" + with_links(trimmed);
        }
    }

    void close() {
        if (state_ == State::paragraph) out_ += "</p>\n";
        if (state_ == State::list) out_ += "</li></ol>\n";
        state_ = State::none;
    }

    std::string take() {
        close();
        return std::move(out_);
    }

private:
    enum class State { none, paragraph, list };
    std::string out_;
    State state_ = State::none;
};

}  // namespace

std::string html_from_text(std::string_view text) {
    Builder builder;
    for (const std::string_view line : text::split_lines(text)) builder.add(line);
    return builder.take();
}

}  // namespace resolute::mail
