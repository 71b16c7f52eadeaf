// SPDX-License-Identifier: Apache-2.0
#include "transport/imap_parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "transport/imap_limits.h"

namespace resolute::transport {
namespace {

std::unexpected<Error> not_understood(std::string what) {
    return fail("imap.protocol", ErrorKind::corrupt, "the IMAP server said what is no IMAP: " + what);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string to_upper(std::string_view text) {
    std::string upper(text);
    for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return upper;
}

/// Up to the next space, which is taken away too.
std::string_view take_word(std::string_view& rest) {
    const std::size_t space = rest.find(' ');
    const std::string_view word = rest.substr(0, space);
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
    return word;
}

bool is_status(std::string_view name) {
    static constexpr std::array<std::string_view, 5> kStatus{"OK", "NO", "BAD", "BYE", "PREAUTH"};
    return std::ranges::any_of(kStatus, [&](std::string_view status) { return text::equals_ignore_case(name, status); });
}

bool is_for_people(std::string_view line) {
    if (take_word(line) != "*") return true;
    return is_status(take_word(line));
}

/// Reads values across lines and the literals between them.
class Tokens {
public:
    Tokens(ImapLines& lines, std::size_t at) : lines_(lines), at_(at) {}

    Result<std::vector<ImapValue>> read_all() {
        std::vector<ImapValue> values;
        while (true) {
            skip_spaces();
            if (is_at_end()) return values;
            TRY(ImapValue value, read(0));
            values.push_back(std::move(value));
        }
    }

private:
    [[nodiscard]] std::string_view line() const { return lines_.lines[line_]; }
    [[nodiscard]] bool is_at_end() const { return at_ >= line().size(); }
    void skip_spaces() {
        while (!is_at_end() && line()[at_] == ' ') ++at_;
    }

    Result<ImapValue> read(std::size_t depth) {
        if (++count_ > imap_limits::values_max) return not_understood("an answer of too many parts");
        switch (line()[at_]) {
            case '(':
                return read_list(depth + 1);
            case '"':
                return read_quoted();
            case ')':
                return not_understood("a list that ends before it begins");
            default:
                break;
        }
        if (is_literal_here()) return read_literal();
        return read_atom();
    }

    Result<ImapValue> read_list(std::size_t depth) {
        if (depth > imap_limits::depth_max) return not_understood("lists too deep in each other");
        ImapValue list{.kind = ImapValue::Kind::list, .text = {}, .items = {}};
        ++at_;
        while (true) {
            skip_spaces();
            if (is_at_end()) return not_understood("a list without an end");
            if (line()[at_] == ')') break;
            TRY(ImapValue value, read(depth));
            list.items.push_back(std::move(value));
        }
        ++at_;
        return list;
    }

    Result<ImapValue> read_quoted() {
        ImapValue value{.kind = ImapValue::Kind::string, .text = {}, .items = {}};
        for (++at_; !is_at_end(); ++at_) {
            if (line()[at_] == '"') {
                ++at_;
                return value;
            }
            if (line()[at_] == '\\' && ++at_ >= line().size()) break;
            value.text += line()[at_];
        }
        return not_understood("a quoted text without an end");
    }

    /// Only the last token of a line that a literal follows.
    [[nodiscard]] bool is_literal_here() const {
        if (line_ >= lines_.literals.size()) return false;
        const std::string_view rest = line().substr(at_);
        return rest.starts_with('{') ? rest.find('}') == rest.size() - 1
                                     : rest.starts_with("~{") && rest.find('}') == rest.size() - 1;
    }

    Result<ImapValue> read_literal() {
        ImapValue value{.kind = ImapValue::Kind::string, .text = std::move(lines_.literals[line_]), .items = {}};
        if (++line_ >= lines_.lines.size()) return not_understood("a literal that nothing follows");
        at_ = 0;
        return value;
    }

    /// "BODY[HEADER.FIELDS (DATE FROM)]<0>" is one: between brackets stands anything.
    Result<ImapValue> read_atom() {
        const std::size_t begin = at_;
        bool is_bracketed = false;
        for (; !is_at_end(); ++at_) {
            const char c = line()[at_];
            if (c == '[') is_bracketed = true;
            if (c == ']') is_bracketed = false;
            if (!is_bracketed && (c == ' ' || c == '(' || c == ')' || c == '"')) break;
        }
        const std::string_view atom = line().substr(begin, at_ - begin);
        if (text::equals_ignore_case(atom, "NIL")) return ImapValue{};
        return ImapValue{.kind = ImapValue::Kind::atom, .text = std::string(atom), .items = {}};
    }

    ImapLines& lines_;
    std::size_t line_ = 0;
    std::size_t at_;
    std::size_t count_ = 0;
};

/// "[UIDVALIDITY 7] text"
void read_status(std::string_view rest, ImapAnswer& answer) {
    const std::size_t end = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
    if (end != std::string_view::npos) {
        std::string_view code = rest.substr(1, end - 1);
        answer.code = to_upper(take_word(code));
        answer.code_value = std::string(code);
        rest.remove_prefix(end + 1);
    }
    answer.text = std::string(text::trim(rest));
}

}  // namespace

bool ImapValue::is_atom(std::string_view name) const {
    return kind == Kind::atom && text::equals_ignore_case(text, name);
}

Result<std::optional<std::uint64_t>> announced_literal(std::string_view line, bool is_first_line) {
    if (!line.ends_with('}') || (is_first_line && is_for_people(line))) return std::nullopt;
    const std::size_t open = line.rfind('{');
    if (open == std::string_view::npos) return std::nullopt;
    std::string_view digits = line.substr(open + 1, line.size() - open - 2);
    if (digits.ends_with('+') || digits.ends_with('-')) digits.remove_suffix(1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const auto size = parse_number<std::uint64_t>(digits);
    if (!size) return not_understood("a literal of impossible length");
    return size;
}

Result<ImapAnswer> parse_imap_answer(ImapLines lines) {
    ImapAnswer answer;
    if (lines.lines.empty()) return not_understood("nothing");
    const std::string_view whole = lines.lines.front();
    std::string_view rest = whole;
    answer.tag = std::string(take_word(rest));
    if (answer.tag.empty()) return not_understood("a line that begins with nothing");
    if (answer.tag == "+") {
        answer.text = std::string(rest);
        return answer;
    }
    std::string_view name = take_word(rest);
    if (const auto number = parse_number<std::uint32_t>(name); number && answer.tag == "*") {
        answer.number = number;
        name = take_word(rest);
    }
    answer.name = to_upper(name);
    if (answer.name.empty()) return not_understood("an answer without a name");
    if (is_status(answer.name)) {
        read_status(rest, answer);
        return answer;
    }
    if (answer.tag != "*") return not_understood("a tag that neither OK, NO nor BAD follows");
    if (answer.name == "SEARCH") {
        answer.text = std::string(rest);
        return answer;
    }
    if (answer.name != "FETCH" && answer.name != "ESEARCH" && answer.name != "LIST" && answer.name != "CAPABILITY") return answer;
    const std::size_t at = whole.size() - rest.size();
    TRY(answer.values, Tokens(lines, at).read_all());
    return answer;
}

std::optional<Instant> parse_internal_date(std::string_view text) {
    static constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                              "jul", "aug", "sep", "oct", "nov", "dec"};
    text = text::trim(text);
    const std::size_t dash = text.find('-');
    if (dash == 0 || dash > 2 || text.size() != dash + 24) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t length) { return parse_number<unsigned>(text.substr(at, length)); };
    const auto month = std::ranges::find(kMonths, text::to_lower(text.substr(dash + 1, 3)));
    const auto day = number(0, dash);
    const auto year = number(dash + 5, 4);
    const auto hour = number(dash + 10, 2);
    const auto minute = number(dash + 13, 2);
    const auto second = number(dash + 16, 2);
    const auto zone_hour = number(dash + 20, 2);
    const auto zone_minute = number(dash + 22, 2);
    const char sign = text[dash + 19];
    if (month == kMonths.end() || !day || !year || !hour || !minute || !second || !zone_hour || !zone_minute) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 60 || (sign != '+' && sign != '-')) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                           std::chrono::day(*day)};
    if (!date.ok()) return std::nullopt;
    const auto zone = std::chrono::hours(*zone_hour) + std::chrono::minutes(*zone_minute);
    const auto local =
        std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
    return sign == '+' ? local - zone : local + zone;
}

}  // namespace resolute::transport
