// SPDX-License-Identifier: Apache-2.0
#include "json/cursor.h"

#include <charconv>
#include <cstring>

#include "base/text.h"
#include "json/quick_parse.h"

namespace resolute::json {
namespace {

constexpr std::size_t kFewMembers = 8;  ///< What an object that is read makes room for.

bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// No control character, and ASCII.
bool is_plain(char c) { return static_cast<signed char>(c) >= 0x20; }

}  // namespace

void Cursor::skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool Cursor::take(char wanted) {
    skip_space();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
}

bool Cursor::take_word(std::string_view word) {
    if (!std::string_view(at_, end_).starts_with(word)) return false;
    at_ += word.size();
    return true;
}

bool Cursor::is_at_end() {
    skip_space();
    return at_ == end_;
}

bool Cursor::take_name(std::string_view name) {
    const char* at = at_;
    if (at[-1] != '{') {  // No value ends with this brace.
        if (at == end_ || *at != ',') return false;
        ++at;
    }
    const std::size_t length = name.size() + 3;  // Two quotes and the colon.
    if (static_cast<std::size_t>(end_ - at) < length || *at != '"' || at[length - 2] != '"' || at[length - 1] != ':') return false;
    if (std::string_view(at + 1, name.size()) != name) return false;
    at_ = at + length;
    return true;
}

bool Cursor::read_plain(std::string_view& text) {
    if (at_ == end_ || *at_ != '"') return false;
    const char* const first = ++at_;
    while (at_ != end_ && *at_ != '"' && *at_ != '\\' && is_plain(*at_)) ++at_;
    if (at_ == end_ || *at_ != '"') return false;
    text = std::string_view(first, at_);
    ++at_;
    return true;
}

bool Cursor::read_int(std::int64_t& value) {
    Value number;
    if (at_ == end_ || !read_number(number) || !number.is_int()) return false;
    value = number.as_int();
    return true;
}

bool Cursor::read_value(Value& value, std::size_t depth) {
    skip_space();
    if (at_ == end_) return false;
    switch (*at_) {
        case '{':
            return depth < kDepthMax && read_object(value, depth + 1);
        case '[':
            return depth < kDepthMax && read_array(value, depth + 1);
        case '"': {
            std::string text;
            if (!read_text(text)) return false;
            value = std::move(text);
            return true;
        }
        case 't':
            value = true;
            return take_word("true");
        case 'f':
            value = false;
            return take_word("false");
        case 'n':
            value = Value();
            return take_word("null");
        default:
            return read_number(value);
    }
}

bool Cursor::read_object(Value& value, std::size_t depth) {
    ++at_;
    std::vector<Object::Member> members;
    if (!take('}')) {
        members.reserve(kFewMembers);
        do {
            skip_space();
            auto& [name, member] = members.emplace_back();
            if (!read_text(name) || !take(':') || !read_value(member, depth)) return false;
        } while (take(','));
        if (!take('}')) return false;
    }
    value = Object(std::move(members));
    return true;
}

bool Cursor::read_array(Value& value, std::size_t depth) {
    ++at_;
    Array items;
    if (!take(']')) {
        do {
            if (!read_value(items.emplace_back(), depth)) return false;
        } while (take(','));
        if (!take(']')) return false;
    }
    value = std::move(items);
    return true;
}

bool Cursor::read_text(std::string& text) {
    if (at_ == end_ || *at_ != '"') return false;
    const char* plain = ++at_;
    bool is_ascii = true;
    while (true) {
        skip_plain();
        if (at_ == end_) return false;
        const auto c = static_cast<unsigned char>(*at_);
        if (c < 0x20) return false;
        if (c >= 0x80) is_ascii = false;
        if (c != '"' && c != '\\') {
            ++at_;
            continue;
        }
        text.append(plain, at_);
        ++at_;
        if (c == '"') return is_ascii || text::is_utf8(text);
        if (!read_escape(text)) return false;
        plain = at_;
    }
}

void Cursor::skip_plain() {
    std::uint64_t next = 0;
    while (static_cast<std::size_t>(end_ - at_) >= sizeof next) {
        std::memcpy(&next, at_, sizeof next);
        if (has_special(next)) return;
        at_ += sizeof next;
    }
}

bool Cursor::read_escape(std::string& text) {
    if (at_ == end_) return false;
    switch (*at_++) {
        case '"':
            text += '"';
            return true;
        case '\\':
            text += '\\';
            return true;
        case '/':
            text += '/';
            return true;
        case 'b':
            text += '\b';
            return true;
        case 'f':
            text += '\f';
            return true;
        case 'n':
            text += '\n';
            return true;
        case 'r':
            text += '\r';
            return true;
        case 't':
            text += '\t';
            return true;
        case 'u':
            break;
        default:
            return false;
    }
    // Only ASCII: it is all that we escape ourselves.
    unsigned code = 0;
    if (end_ - at_ < 4) return false;
    const auto [last, error] = std::from_chars(at_, at_ + 4, code, 16);
    if (error != std::errc{} || last != at_ + 4 || code >= 0x80) return false;
    at_ += 4;
    text += static_cast<char>(code);
    return true;
}

bool Cursor::skip_digits() {
    const char* const first = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != first;
}

bool Cursor::read_number(Value& value) {
    const char* const first = at_;
    if (*at_ == '-') ++at_;
    const char* const digits = at_;
    if (!skip_digits() || (*digits == '0' && at_ - digits > 1)) return false;  // "007"
    if (at_ == end_ || (*at_ != '.' && *at_ != 'e' && *at_ != 'E')) {
        std::int64_t whole = 0;
        if (std::from_chars(first, at_, whole).ec != std::errc{} || (whole == 0 && first != digits))
            return false;  // "-0" is rare.
        value = whole;
        return true;
    }
    if (*at_ == '.') {
        ++at_;
        if (!skip_digits()) return false;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
        ++at_;
        if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
        if (!skip_digits()) return false;
    }
    double fraction = 0;
    if (std::from_chars(first, at_, fraction).ec != std::errc{}) return false;
    value = fraction;
    return true;
}

}  // namespace resolute::json
