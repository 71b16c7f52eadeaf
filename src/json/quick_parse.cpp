// SPDX-License-Identifier: Apache-2.0
#include "json/quick_parse.h"

#include <charconv>

#include "base/text.h"

namespace resolute::json {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

class QuickParser {
public:
    explicit QuickParser(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    bool read_document(Value& value) {
        if (!read_value(value, 0)) return false;
        skip_space();
        return at_ == end_;
    }

private:
    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    }
    bool take(char wanted) {
        skip_space();
        if (at_ == end_ || *at_ != wanted) return false;
        ++at_;
        return true;
    }
    bool take_word(std::string_view word) {
        if (!std::string_view(at_, end_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    bool read_value(Value& value, std::size_t depth) {
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

    bool read_object(Value& value, std::size_t depth) {
        ++at_;
        std::vector<Object::Member> members;
        if (!take('}')) {
            do {
                skip_space();
                std::string name;
                Value member;
                if (!read_text(name) || !take(':') || !read_value(member, depth)) return false;
                members.emplace_back(std::move(name), std::move(member));
            } while (take(','));
            if (!take('}')) return false;
        }
        value = Object(std::move(members));
        return true;
    }

    bool read_array(Value& value, std::size_t depth) {
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

    bool read_text(std::string& text) {
        if (at_ == end_ || *at_ != '"') return false;
        const char* plain = ++at_;
        bool is_ascii = true;
        while (true) {
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

    bool read_escape(std::string& text) {
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

    bool skip_digits() {
        const char* const first = at_;
        while (at_ != end_ && is_digit(*at_)) ++at_;
        return at_ != first;
    }

    bool read_number(Value& value) {
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

    const char* at_;
    const char* end_;
};

}  // namespace

std::optional<Value> parse_quickly(std::string_view text) {
    Value value;
    if (!QuickParser(text).read_document(value)) return std::nullopt;
    return value;
}

}  // namespace resolute::json
