// SPDX-License-Identifier: Apache-2.0
#include "procedure/condition_lexer.h"

#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace resolute::procedure::impl {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
    return is_word_start(c) || is_digit(c);
}
bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/// Two characters first, so that `<=` is not read as `<`.
constexpr std::array<std::string_view, 23> kSymbols{"&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*",
                                                    "/",  "%",  "?",  ":",  "(",  ")",  "[", "]", ".", ",", "{"};

struct Mistake {
    std::string_view found;
    std::string_view meant;
};
constexpr std::array<Mistake, 8> kMistakes{
    {{"<>", "!="}, {"=<", "<="}, {"=>", ">="}, {"≥", ">="}, {"≤", "<="}, {"=", "=="}, {"&", "&&"}, {"|", "||"}}};

void append_code_point(std::string& out, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | (code >> 6));
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

}  // namespace

Problem syntax_problem(std::size_t offset, std::string message) {
    return Problem{.code = "procedure.condition_syntax", .offset = offset, .message = std::move(message), .path = {}};
}

std::string describe(const Token& token) {
    switch (token.kind) {
        case Token::Kind::end:
            return "the end of the condition";
        case Token::Kind::string:
            return fmt::format("the text {}", token.source);
        case Token::Kind::integer:
        case Token::Kind::real:
            return fmt::format("the number {}", token.source);
        case Token::Kind::identifier:
        case Token::Kind::symbol:
            break;
    }
    return fmt::format("`{}`", token.source);
}

std::expected<Token, Problem> Lexer::next() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) return Token{.kind = Token::Kind::end, .offset = at_, .source = {}, .text = {}};
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
    if (c == '"' || c == '\'') return string();
    if (!is_word_start(c)) return symbol();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    return Token{.kind = Token::Kind::identifier, .offset = begin, .source = word, .text = std::string(word)};
}

std::expected<Token, Problem> Lexer::number() {
    const std::size_t begin = at_;
    const bool is_hexadecimal = text_.substr(at_, 2) == "0x" || text_.substr(at_, 2) == "0X";
    bool is_real = false;
    if (is_hexadecimal) {
        at_ += 2;
        while (at_ < text_.size() && is_hex(text_[at_])) ++at_;
    } else {
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
            is_real = true;
            ++at_;
            while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        }
        if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
            std::size_t digits = at_ + 1;
            if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) ++digits;
            if (digits < text_.size() && is_digit(text_[digits])) {
                is_real = true;
                at_ = digits;
                while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
            }
        }
    }
    const std::string_view written = text_.substr(begin, at_ - begin);
    if (at_ < text_.size() && is_word(text_[at_])) {
        while (at_ < text_.size() && is_word(text_[at_])) ++at_;
        const std::string_view all = text_.substr(begin, at_ - begin);
        return std::unexpected(syntax_problem(
            begin,
            fmt::format("found `{}`, which is neither a number nor a name; a duration is written duration(\"{}\")", all, all)));
    }
    Token token{.kind = is_real ? Token::Kind::real : Token::Kind::integer, .offset = begin, .source = written, .text = {}};
    const std::string_view digits = is_hexadecimal ? written.substr(2) : written;
    const char* const end = digits.data() + digits.size();
    if (is_real) {
        const auto [rest, error] = std::from_chars(digits.data(), end, token.real);
        if (error != std::errc{} || rest != end)
            return std::unexpected(syntax_problem(begin, fmt::format("the number {} is out of range", written)));
        return token;
    }
    const auto [rest, error] = std::from_chars(digits.data(), end, token.magnitude, is_hexadecimal ? 16 : 10);
    if (error != std::errc{} || rest != end || token.magnitude > (std::uint64_t{1} << 63))
        return std::unexpected(
            syntax_problem(begin, fmt::format("the number {} is out of range (64 bits with a sign)", written)));
    return token;
}

std::expected<Token, Problem> Lexer::string() {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    std::string value;
    while (true) {
        if (at_ == text_.size() || text_[at_] == '\n')
            return std::unexpected(syntax_problem(begin, fmt::format("found a text without its closing {}", quote)));
        const char c = text_[at_++];
        if (c == quote) break;
        if (c != '\\') {
            value += c;
        } else if (auto problem = escape(value)) {
            return std::unexpected(*std::move(problem));
        }
    }
    return Token{
        .kind = Token::Kind::string, .offset = begin, .source = text_.substr(begin, at_ - begin), .text = std::move(value)};
}

std::optional<Problem> Lexer::escape(std::string& value) {
    const std::size_t backslash = at_ - 1;
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    switch (c) {
        case '\\':
        case '"':
        case '\'':
            value += c;
            return std::nullopt;
        case 'n':
            value += '\n';
            return std::nullopt;
        case 't':
            value += '\t';
            return std::nullopt;
        case 'r':
            value += '\r';
            return std::nullopt;
        case 'u': {
            std::uint32_t code = 0;
            const std::string_view digits = text_.substr(at_, 4);
            const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
            const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
            if (digits.size() != 4 || error != std::errc{} || rest != digits.data() + 4 || is_surrogate || code == 0)
                return syntax_problem(backslash, "found \\u without the four hexadecimal digits of a character");
            at_ += 4;
            append_code_point(value, code);
            return std::nullopt;
        }
        default:
            break;
    }
    return syntax_problem(backslash, "found an unknown escape; known are \\\\ \\\" \\' \\n \\t \\r and \\uXXXX");
}

std::expected<Token, Problem> Lexer::symbol() {
    const std::string_view rest = text_.substr(at_);
    const auto starts = [&](std::string_view wanted) { return rest.substr(0, wanted.size()) == wanted; };
    // "=" alone is looked for behind "==", and "=<" before either could be read.
    if (!starts("==") && !starts("&&") && !starts("||"))
        for (const Mistake& mistake : kMistakes)
            if (starts(mistake.found))
                return std::unexpected(
                    syntax_problem(at_, fmt::format("found `{}`; did you mean `{}`?", mistake.found, mistake.meant)));
    for (const std::string_view known : kSymbols) {
        if (!starts(known)) continue;
        Token token{
            .kind = Token::Kind::symbol, .offset = at_, .source = rest.substr(0, known.size()), .text = std::string(known)};
        at_ += known.size();
        return token;
    }
    if (starts("$") || starts("€") || starts("£"))
        return std::unexpected(syntax_problem(
            at_,
            "found a currency sign; in a condition an amount is written money(\"500.00\", \"USD\"), or taken from the policy"));
    std::size_t length = 1;
    while (length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xC0) == 0x80) ++length;
    if (static_cast<unsigned char>(rest[0]) < 0x20 || rest[0] == 0x7F)
        return std::unexpected(syntax_problem(at_, "found a control character"));
    return std::unexpected(
        syntax_problem(at_, fmt::format("found `{}`, which means nothing in a condition", rest.substr(0, length))));
}

}  // namespace resolute::procedure::impl
