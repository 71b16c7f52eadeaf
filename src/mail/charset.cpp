// SPDX-License-Identifier: Apache-2.0
#include "mail/charset.h"

#include <iconv.h>

#include <array>
#include <cerrno>

#include "base/text.h"
#include "mail/charset_detect.h"

namespace resolute::mail {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Charsets are read only by names we know: the sender chooses the name, and each converter is code that he could reach.
constexpr std::array<std::string_view, 15> kKnownPrefixes = {"utf-8", "utf8",     "iso-8859-", "windows-12", "cp125",
                                                             "koi8-", "gb18030",  "gbk",       "gb2312",     "big5",
                                                             "euc-",  "us-ascii", "tis-620",   "macintosh",  "cp85"};

/// These give ASCII bytes another meaning, so that looking like UTF-8 proves nothing.
constexpr std::array<std::string_view, 7> kAsciiShapedPrefixes = {"iso-2022-jp", "iso-2022-kr", "utf-7", "utf-16",
                                                                  "utf-32",      "hz-gb-2312",  "ucs-2"};

std::string canonical_name(std::string_view charset) {
    std::string name = text::to_lower(text::trim(charset));
    if (name.starts_with("iso8859")) name = "iso-8859" + name.substr(7);
    if (name == "ascii" || name == "ansi_x3.4-1968") return "us-ascii";
    if (name == "latin1" || name == "iso-8859-1") return "windows-1252";  // As browsers do: the controls are never meant.
    if (name == "shift_jis" || name == "shift-jis" || name == "sjis" || name == "x-sjis") return "cp932";
    if (name == "ks_c_5601-1987" || name == "euc-kr") return "cp949";
    if (name == "utf8" || name == "unicode-1-1-utf-8" || name == "utf-8mb4" || name == "utf8mb4" || name == "x-utf-8")
        return "utf-8";
    if (name == "windows-31j" || name == "ms_kanji" || name == "csshiftjis" || name == "cp943") return "cp932";
    if (name == "ksc5601" || name == "ks_c_5601" || name == "korean" || name == "windows-949" || name == "x-windows-949" ||
        name == "uhc" || name == "ks_c_5601-1989")
        return "cp949";
    if (name == "x-gbk" || name == "cp936" || name == "gb_2312-80" || name == "chinese" || name == "csgb2312" ||
        name == "gb-2312" || name == "gb2312-80")
        return "gbk";
    if (name == "cp950" || name == "x-x-big5" || name == "cn-big5" || name == "big5-hkscs") return "big5-hkscs";
    if (name == "eucjp" || name == "x-euc-jp") return "euc-jp";
    if (name == "iso-8859-8-i" || name == "iso-8859-8-e") return "iso-8859-8";
    if (name == "x-mac-roman" || name == "mac" || name == "x-mac") return "macintosh";
    if (name == "windows-874" || name == "cp874" || name == "iso-8859-11") return "tis-620";
    if (name == "koi8r" || name == "koi8") return "koi8-r";
    if (name == "win-1251" || name == "windows1251" || name == "x-cp1251") return "windows-1251";
    if (name == "windows1252" || name == "x-ansi" || name == "ansi" || name == "iso-latin-1" || name == "x-cp1252")
        return "windows-1252";
    if (name == "utf7" || name == "unicode-1-1-utf-7" || name == "x-unicode-2-0-utf-7") return "utf-7";
    if (name.starts_with("iso_8859-")) return canonical_name("iso-8859-" + name.substr(9));
    if (name.starts_with("iso-2022-jp-ms") || name == "csiso2022jp" || name == "cp50220" || name == "iso-2022-jp-1" ||
        name == "x-iso-2022-jp")
        return "iso-2022-jp";
    return name;
}

template <std::size_t N>
bool starts_with_any(std::string_view name, const std::array<std::string_view, N>& prefixes) {
    for (const std::string_view prefix : prefixes) {
        if (name.starts_with(prefix)) return true;
    }
    return false;
}

/// Nothing is declared, or what says nothing.
bool is_no_name(std::string_view name) {
    return name.empty() || name == "unknown-8bit" || name == "x-unknown" || name == "unknown" || name == "default" ||
           name == "binary" || name == "8bit" || name == "none" || name == "x-user-defined" || name == "_autodetect" ||
           name == "default_charset";
}

bool has_only_name_characters(std::string_view name) {
    for (const char c : name) {
        const bool is_letter_or_digit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_letter_or_digit && c != '-' && c != '_' && c != '.') return false;  // "//TRANSLIT" and its like are refused.
    }
    return !name.empty() && name.size() <= 40;
}

std::string iconv_name(const std::string& name) {
    if (name == "us-ascii") return "windows-1252";
    if (name == "gb2312") return "gbk";  // A superset, and what senders mean.
    return name;
}

/// RFC 1843, which glibc's iconv does not know: between "~{" and "~}" stand the bytes of GB 2312 without their high bits.
std::string hz_as_gb2312(std::string_view bytes) {
    std::string out;
    bool is_chinese = false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char next = i + 1 < bytes.size() ? bytes[i + 1] : ' ';
        if (bytes[i] == '~' && (next == '{' || next == '}' || next == '~' || next == '\n')) {
            if (next == '~') out += '~';
            if (next == '{' || next == '}') is_chinese = next == '{';
            ++i;
        } else if (is_chinese && bytes[i] > ' ' && next > ' ') {
            out += static_cast<char>(static_cast<unsigned char>(bytes[i]) | 0x80U);
            out += static_cast<char>(static_cast<unsigned char>(next) | 0x80U);
            ++i;
        } else {
            if (bytes[i] == '\n') is_chinese = false;
            out += bytes[i];
        }
    }
    return out;
}

/// Nothing where the converter does not exist on this machine.
bool convert(std::string_view bytes, const std::string& from, DecodedText& out) {
    const iconv_t converter = iconv_open("UTF-8", from.c_str());
    if (converter == reinterpret_cast<iconv_t>(-1)) return false;  // NOLINT: the interface of iconv(3).
    std::string input(bytes);
    char* in = input.data();
    std::size_t in_left = input.size();
    std::array<char, 16 * 1024> buffer{};
    while (in_left > 0) {
        char* to = buffer.data();
        std::size_t to_left = buffer.size();
        const std::size_t result = iconv(converter, &in, &in_left, &to, &to_left);
        const int why = errno;
        out.text.append(buffer.data(), buffer.size() - to_left);
        if (result != static_cast<std::size_t>(-1)) break;
        if (why == E2BIG) continue;
        out.text.append(kReplacement);
        ++out.replaced;
        if (why == EINVAL || in_left == 0) break;  // Cut in the middle of a character.
        ++in;
        --in_left;
    }
    char* to = buffer.data();
    std::size_t to_left = buffer.size();
    iconv(converter, nullptr, nullptr, &to, &to_left);
    out.text.append(buffer.data(), buffer.size() - to_left);
    iconv_close(converter);
    return true;
}

/// Length of the UTF-8 character at `at`; the text is valid.
std::size_t character_length(std::string_view utf8, std::size_t at) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return std::min(length, utf8.size() - at);
}

/// U+00AD, U+200B, U+2060, U+FEFF: they split words for a reader that is a program, and show nothing to a person.
bool is_invisible(std::string_view character) {
    return character == "\xC2\xAD" || character == "\xE2\x80\x8B" || character == "\xE2\x81\xA0" || character == "\xEF\xBB\xBF";
}

/// U+E0000 to U+E007F.
bool is_tag_character(std::string_view character) {
    return character.size() == 4 && (character.starts_with("\xF3\xA0\x80") || character.starts_with("\xF3\xA0\x81"));
}

/// U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
bool is_bidi_control(std::string_view c) {
    if (c.size() != 3 || c[0] != '\xE2') return false;
    const auto last = static_cast<unsigned char>(c[2]);
    if (c[1] == '\x80') return last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE);
    return c[1] == '\x81' && last >= 0xA6 && last <= 0xA9;
}

/// U+0080 to U+009F.
bool is_c1_control(std::string_view c) {
    return c.size() == 2 && c[0] == '\xC2' && static_cast<unsigned char>(c[1]) < 0xA0;
}

}  // namespace

DecodedText decode_charset(std::string_view bytes, std::string_view charset) {
    DecodedText out;
    std::string name = canonical_name(charset);
    if (name == "hz-gb-2312" || name == "hz") return decode_charset(hz_as_gb2312(bytes), "gbk");
    const bool is_ascii_shaped =
        starts_with_any(name, kAsciiShapedPrefixes) || (is_no_name(name) && bytes.find("\x1B$") != std::string_view::npos);
    if (!is_ascii_shaped && text::is_utf8(bytes)) {
        out.text = text::to_valid_utf8(bytes, &out.replaced);
        bool is_plain_ascii = true;
        for (const char c : bytes) is_plain_ascii = is_plain_ascii && static_cast<unsigned char>(c) < 0x80;
        out.is_charset_wrong = !is_plain_ascii && !is_no_name(name) && name != "utf-8";
        out.is_charset_unknown =
            !is_no_name(name) && name != "cp932" && name != "cp949" && !starts_with_any(name, kKnownPrefixes);
        return out;
    }
    // Bytes that ASCII does not have were declared as ASCII: as good as not declared.
    if (name == "us-ascii") name = "";
    const bool is_known =
        (is_ascii_shaped && !is_no_name(name)) || name == "cp932" || name == "cp949" || starts_with_any(name, kKnownPrefixes);
    if (name == "utf-8") {
        out.text = text::to_valid_utf8(bytes, &out.replaced);
        return out;
    }
    if (is_known && has_only_name_characters(name) && convert(bytes, iconv_name(name), out)) {
        std::size_t replaced = 0;
        out.text = text::to_valid_utf8(out.text, &replaced);
        out.replaced += replaced;
        return out;
    }
    out = {};
    out.is_charset_unknown = !is_no_name(name);
    if (!convert(bytes, detect_charset(bytes), out)) out.text = text::to_valid_utf8(bytes, &out.replaced);
    return out;
}

std::string clean_text(std::string_view utf8, bool* has_hidden) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const std::string_view character = utf8.substr(i, character_length(utf8, i));
        i += character.size();
        if (character == "\r") {
            if (i < utf8.size() && utf8[i] == '\n') continue;
            out += '\n';
        } else if (character == "\n" || character == "\t") {
            out += character;
        } else if (is_tag_character(character)) {
            if (has_hidden != nullptr) *has_hidden = true;
        } else if (character == "\xC2\xA0") {
            out += ' ';
        } else if (static_cast<unsigned char>(character[0]) >= 0x20 && character != "\x7F" && !is_invisible(character) &&
                   !is_c1_control(character)) {
            out += character;
        }
    }
    return out;
}

std::string clean_line(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const std::string_view character = utf8.substr(i, character_length(utf8, i));
        i += character.size();
        if (character == "\r" || character == "\n" || character == "\t") {
            if (!out.ends_with(' ')) out += ' ';
        } else if (static_cast<unsigned char>(character[0]) >= 0x20 && character != "\x7F" && !is_invisible(character) &&
                   !is_c1_control(character) && !is_bidi_control(character) && !is_tag_character(character)) {
            out += character;
        }
    }
    return std::string(text::trim(out));
}

std::string_view cut_utf8(std::string_view utf8, std::size_t bytes_max) {
    if (utf8.size() <= bytes_max) return utf8;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(utf8[end]) & 0xC0U) == 0x80) --end;
    return utf8.substr(0, end);
}

}  // namespace resolute::mail
