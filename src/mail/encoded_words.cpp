// SPDX-License-Identifier: Apache-2.0
#include "mail/encoded_words.h"

#include <cstdint>
#include <optional>

#include "base/text.h"
#include "mail/charset.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kCharsetBytesMax = 64;
constexpr std::size_t kWordBytesMax = 4'000;  // RFC 2047 §2 says 75; senders go far beyond.

struct EncodedWord {
    std::string charset;
    std::string bytes;
    std::size_t length = 0;  ///< in the source
};

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// RFC 2047 §4.2.
std::string decode_q(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '_') {
            out += ' ';
        } else if (text[i] == '=' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::optional<EncodedWord> read_word(std::string_view text) {
    if (!text.starts_with("=?")) return std::nullopt;
    const std::size_t charset_end = text.substr(0, kCharsetBytesMax + 2).find('?', 2);
    if (charset_end == std::string_view::npos || charset_end + 3 >= text.size() || text[charset_end + 2] != '?') return std::nullopt;
    const char encoding = text[charset_end + 1];
    const std::string_view rest = text.substr(charset_end + 3, kWordBytesMax);
    const std::size_t end = rest.find("?=");
    if (end == std::string_view::npos) return std::nullopt;
    EncodedWord word;
    std::string_view charset = text.substr(2, charset_end - 2);
    charset = charset.substr(0, charset.find('*'));  // RFC 2231 §5: a language may follow.
    if (charset.empty()) return std::nullopt;
    word.charset = text::to_lower(charset);
    if (encoding == 'Q' || encoding == 'q') {
        word.bytes = decode_q(rest.substr(0, end));
    } else if (encoding == 'B' || encoding == 'b') {
        word.bytes = decode_base64(rest.substr(0, end));
    } else {
        return std::nullopt;
    }
    word.length = charset_end + 3 + end + 2;
    return word;
}

bool is_blank(std::string_view text) { return text::trim(text).empty(); }

}  // namespace

std::string decode_base64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        std::uint32_t digit = 0;
        if (c >= 'A' && c <= 'Z') digit = static_cast<std::uint32_t>(c - 'A');
        else if (c >= 'a' && c <= 'z') digit = static_cast<std::uint32_t>(c - 'a') + 26;
        else if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0') + 52;
        else if (c == '+') digit = 62;
        else if (c == '/') digit = 63;
        else continue;
        bits = (bits << 6U) | digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
        }
    }
    return out;
}

std::string unfold_header(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (const char c : raw) {
        if (c != '\r' && c != '\n') out += c;
    }
    return decode_charset(text::trim(out), "").text;
}

std::string decode_header_text(std::string_view raw) {
    const std::string value = unfold_header(raw);
    const std::string_view view = value;
    std::string out;
    std::size_t plain_begin = 0;
    EncodedWord pending;  // Neighbours in one charset are joined first: senders split characters between words.
    bool has_pending = false;
    const auto flush = [&] {
        if (has_pending) out += decode_charset(pending.bytes, pending.charset).text;
        has_pending = false;
    };
    for (std::size_t i = view.find("=?"); i != std::string_view::npos;) {
        const auto word = read_word(view.substr(i));
        if (!word) {
            i = view.find("=?", i + 2);
            continue;
        }
        const std::string_view between = view.substr(plain_begin, i - plain_begin);
        // RFC 2047 §6.2: white space between adjacent encoded-words is not shown.
        const bool is_adjacent = has_pending && is_blank(between);
        if (is_adjacent && pending.charset == word->charset) {
            pending.bytes += word->bytes;
        } else {
            flush();
            if (!is_adjacent) out += between;
            pending = *word;
            has_pending = true;
        }
        plain_begin = i + word->length;
        i = view.find("=?", plain_begin);
    }
    flush();
    out += view.substr(plain_begin);
    return clean_line(out);
}

}  // namespace resolute::mail
