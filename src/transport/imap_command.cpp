// SPDX-License-Identifier: Apache-2.0
#include "transport/imap_command.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "transport/imap_limits.h"

namespace resolute::transport {
namespace {

/// RFC 3501 §5.1.3: base64 with "," for "/", without padding.
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

std::unexpected<Error> unusable(std::string_view why, std::string_view argument) {
    return fail("imap.argument", ErrorKind::invalid,
                fmt::format("\"{}\" cannot be sent to an IMAP server: {}", printable(argument), why));
}

bool is_plain(char c) {
    return c >= 0x20 && c <= 0x7e;
}

/// The character at the front of valid UTF-8, which is taken away.
char32_t take_character(std::string_view& utf8) {
    const auto first = static_cast<std::uint8_t>(utf8.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t character = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) character = (character << 6) | (static_cast<std::uint8_t>(utf8[i]) & 0x3Fu);
    utf8.remove_prefix(length);
    return character;
}

void append_utf8(std::string& text, char32_t c) {
    const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0 | (c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        text += static_cast<char>(0xE0 | (c >> 12));
        tail(6), tail(0);
    } else {
        text += static_cast<char>(0xF0 | (c >> 18));
        tail(12), tail(6), tail(0);
    }
}

std::string encode_run(std::string_view utf8) {
    std::vector<std::uint32_t> units;
    while (!utf8.empty()) {
        const char32_t c = take_character(utf8);
        if (c < 0x10000) {
            units.push_back(c);
        } else {
            units.push_back(0xD800 + ((c - 0x10000) >> 10));
            units.push_back(0xDC00 + ((c - 0x10000) & 0x3FF));
        }
    }
    std::string encoded = "&";
    std::uint32_t bits = 0;
    int count = 0;
    for (const std::uint32_t unit : units) {
        bits = (bits << 16) | unit;
        for (count += 16; count >= 6; count -= 6) encoded += kDigits[(bits >> (count - 6)) & 0x3F];
    }
    if (count > 0) encoded += kDigits[(bits << (6 - count)) & 0x3F];
    return encoded + '-';
}

/// What stands between "&" and "-". Nothing where it is no UTF-16 in base64.
std::optional<std::string> decode_run(std::string_view run) {
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    char32_t high = 0;
    for (const char digit : run) {
        const std::size_t value = kDigits.find(digit);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 16) continue;
        count -= 16;
        const char32_t unit = (bits >> count) & 0xFFFF;
        if (high != 0) {
            if (unit < 0xDC00 || unit > 0xDFFF) return std::nullopt;
            append_utf8(text, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
            high = 0;
        } else if (unit >= 0xD800 && unit <= 0xDBFF) {
            high = unit;
        } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
            return std::nullopt;
        } else {
            append_utf8(text, unit);
        }
    }
    if (high != 0) return std::nullopt;
    return text;
}

}  // namespace

Result<std::string> encode_mailbox(std::string_view utf8) {
    if (!text::is_utf8(utf8)) return unusable("the name is not UTF-8", utf8);
    std::string encoded;
    while (!utf8.empty()) {
        if (utf8.front() == '&') {
            encoded += "&-";
            utf8.remove_prefix(1);
        } else if (is_plain(utf8.front())) {
            encoded += utf8.front();
            utf8.remove_prefix(1);
        } else {
            const std::size_t length =
                std::min(utf8.size(), static_cast<std::size_t>(std::ranges::find_if(utf8, is_plain) - utf8.begin()));
            encoded += encode_run(utf8.substr(0, length));
            utf8.remove_prefix(length);
        }
    }
    return encoded;
}

std::string decode_mailbox(std::string_view encoded) {
    std::string decoded;
    std::string_view rest = encoded;
    while (!rest.empty()) {
        const std::size_t end = rest.front() == '&' ? rest.find('-') : std::string_view::npos;
        if (rest.front() != '&') {
            decoded += rest.front();
            rest.remove_prefix(1);
        } else if (end == std::string_view::npos) {
            return std::string(encoded);
        } else if (end == 1) {
            decoded += '&';
            rest.remove_prefix(2);
        } else {
            const auto run = decode_run(rest.substr(1, end - 1));
            if (!run) return std::string(encoded);
            decoded += *run;
            rest.remove_prefix(end + 1);
        }
    }
    return decoded;
}

ImapCommand& ImapCommand::words(std::string_view words) {
    pieces_.back() += words;
    return *this;
}

Status ImapCommand::argument(std::string_view bytes) {
    if (bytes.size() > imap_limits::argument_bytes_max) return unusable("it is too long", bytes);
    if (bytes.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
        return unusable("it holds a line break or NUL", bytes);
    if (bytes.size() > imap_limits::quoted_bytes_max || !std::ranges::all_of(bytes, is_plain)) {
        literals_.emplace_back(bytes);
        pieces_.emplace_back();
        return {};
    }
    std::string& piece = pieces_.back();
    piece += '"';
    for (const char c : bytes) {
        if (c == '"' || c == '\\') piece += '\\';
        piece += c;
    }
    piece += '"';
    return {};
}

Status ImapCommand::mailbox(std::string_view utf8, bool is_utf8_server) {
    // Before they are encoded: they could be, but such a folder would only be there to deceive.
    if (utf8.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
        return unusable("it holds a line break or NUL", utf8);
    TRY(const std::string encoded, encode_mailbox(utf8));
    return argument(is_utf8_server ? utf8 : encoded);
}

Status ImapCommand::flag(std::string_view name) {
    const std::string_view atom = name.starts_with('\\') ? name.substr(1) : name;
    const bool is_atom = !atom.empty() && atom.size() <= imap_limits::quoted_bytes_max && std::ranges::all_of(atom, [](char c) {
        return c > 0x20 && c < 0x7f && !std::string_view("(){%*\"\\]").contains(c);
    });
    if (!is_atom) return unusable("it is no flag", name);
    pieces_.back() += name;
    return {};
}

std::string printable(std::string_view bytes) {
    std::string text = text::to_valid_utf8(bytes.substr(0, 4 * imap_limits::server_text_bytes_max));
    std::ranges::replace_if(
        text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }, ' ');
    return text::shorten(text, imap_limits::server_text_bytes_max);
}

}  // namespace resolute::transport
