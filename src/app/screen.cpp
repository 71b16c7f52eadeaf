// SPDX-License-Identifier: Apache-2.0
#include "app/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "base/text.h"

namespace resolute::app {
namespace {

constexpr std::size_t kWidthFallback = 100;

struct Decoded {
    char32_t character = 0;
    std::size_t bytes = 1;
};

/// The text was made valid before, so that only the lead byte needs a look.
Decoded decode(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t bytes = 1;
    char32_t character = lead;
    if (lead >= 0xF0) {
        bytes = 4;
        character = lead & 0x07u;
    } else if (lead >= 0xE0) {
        bytes = 3;
        character = lead & 0x0Fu;
    } else if (lead >= 0xC0) {
        bytes = 2;
        character = lead & 0x1Fu;
    }
    if (at + bytes > text.size()) return {0xFFFD, text.size() - at};
    for (std::size_t i = 1; i < bytes; ++i) character = (character << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    return {character, bytes};
}

bool is_between(char32_t character, char32_t first, char32_t last) { return character >= first && character <= last; }

bool is_combining(char32_t c) {
    return is_between(c, 0x0300, 0x036F) || is_between(c, 0x200B, 0x200F) || is_between(c, 0x20D0, 0x20FF) || is_between(c, 0xFE00, 0xFE0F) ||
           is_between(c, 0x2060, 0x2064) || c == 0xFEFF;
}

/// East Asian Wide and Fullwidth, and pictographs: UAX 11 in ranges that are good enough for columns.
bool is_wide(char32_t c) {
    return is_between(c, 0x1100, 0x115F) || is_between(c, 0x2E80, 0xA4CF) || is_between(c, 0xAC00, 0xD7A3) || is_between(c, 0xF900, 0xFAFF) ||
           is_between(c, 0xFE30, 0xFE6F) || is_between(c, 0xFF00, 0xFF60) || is_between(c, 0xFFE0, 0xFFE6) ||
           is_between(c, 0x1F300, 0x1F64F) || is_between(c, 0x1F900, 0x1F9FF) || is_between(c, 0x20000, 0x3FFFD);
}

std::size_t width_of(char32_t character) {
    if (is_combining(character)) return 0;
    return is_wide(character) ? 2 : 1;
}

std::string_view code_of(Colour colour) {
    switch (colour) {
    case Colour::none: return "";
    case Colour::bold: return "\x1b[1m";
    case Colour::dim: return "\x1b[2m";
    case Colour::red: return "\x1b[31m";
    case Colour::green: return "\x1b[32m";
    case Colour::yellow: return "\x1b[33m";
    case Colour::blue: return "\x1b[34m";
    }
    return "";
}

void wrap_line(std::string_view line, const std::string& margin, std::size_t room, std::string& out) {
    std::string current;
    for (const std::string_view word : text::split(line, ' ')) {
        if (word.empty()) continue;
        if (!current.empty() && display_width(current) + 1 + display_width(word) > room) {
            out += margin + current + "\n";
            current.clear();
        }
        if (!current.empty()) current += ' ';
        current += word;
    }
    out += current.empty() ? "\n" : margin + current + "\n";
}

}  // namespace

Screen Screen::of(int file) {
    Screen screen;
    screen.is_terminal = isatty(file) == 1;
    if (!screen.is_terminal) return screen;
    const char* const no_colour = std::getenv("NO_COLOR");
    const char* const term = std::getenv("TERM");
    screen.has_colour = (no_colour == nullptr || *no_colour == '\0') && term != nullptr && std::string_view(term) != "dumb";
    winsize size{};
    screen.width = ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kWidthFallback;
    return screen;
}

Screen Screen::of_stdout() { return of(STDOUT_FILENO); }
Screen Screen::of_stderr() { return of(STDERR_FILENO); }

std::string paint(const Screen& screen, Colour colour, std::string_view text) {
    if (!screen.has_colour || colour == Colour::none || text.empty()) return std::string(text);
    return std::string(code_of(colour)) + std::string(text) + "\x1b[0m";
}

std::size_t display_width(std::string_view utf8) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const Decoded next = decode(utf8, at);
        width += width_of(next.character);
        at += next.bytes;
    }
    return width;
}

std::string cut_to_width(std::string_view utf8, std::size_t columns) {
    if (display_width(utf8) <= columns) return std::string(utf8);
    if (columns == 0) return {};
    std::size_t width = 0;
    std::size_t at = 0;
    while (at < utf8.size()) {
        const Decoded next = decode(utf8, at);
        if (width + width_of(next.character) > columns - 1) break;
        width += width_of(next.character);
        at += next.bytes;
    }
    return std::string(utf8.substr(0, at)) + "…";
}

std::string without_controls(std::string_view utf8) {
    const std::string valid = text::to_valid_utf8(utf8);
    std::string out;
    out.reserve(valid.size());
    for (std::size_t at = 0; at < valid.size();) {
        const Decoded next = decode(valid, at);
        // C0, DEL and C1 steer a terminal; the bidirectional overrides turn what is read around.
        const bool steers = next.character < 0x20 || is_between(next.character, 0x7F, 0x9F) || is_between(next.character, 0x202A, 0x202E) ||
                            is_between(next.character, 0x2066, 0x2069);
        if (steers)
            out += ' ';
        else
            out.append(valid, at, next.bytes);
        at += next.bytes;
    }
    return out;
}

std::string wrap(std::string_view utf8, std::size_t indent, std::size_t width) {
    const std::string margin(indent, ' ');
    const std::size_t room = width > indent + 20 ? width - indent : kWidthFallback - indent;
    std::string out;
    for (const std::string_view line : text::split(utf8, '\n')) wrap_line(without_controls(line), margin, room, out);
    return out;
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

}  // namespace resolute::app
