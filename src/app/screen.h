// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resolute::app {

enum class Colour { none, bold, dim, red, green, yellow, blue };

/// Where text goes: what it can show.
struct Screen {
    bool is_terminal = false;
    bool has_colour = false;
    std::size_t width = 0;  ///< columns; 0: no limit, it is no terminal

    /// Colours only on a terminal, and not where NO_COLOR is set or TERM is "dumb".
    static Screen of(int file);
    static Screen of_stdout();
    static Screen of_stderr();
};

std::string paint(const Screen& screen, Colour colour, std::string_view text);

/// Columns that the text takes on a terminal: wide characters count two, combining ones nothing.
std::size_t display_width(std::string_view utf8);
/// Cut at a character, with "…" where something was cut.
std::string cut_to_width(std::string_view utf8, std::size_t columns);
/// Control characters become spaces: what a stranger wrote into a subject must not steer the terminal.
std::string without_controls(std::string_view utf8);
/// Long lines are broken between words; each line begins with `indent` spaces. Line breaks of the text stay.
std::string wrap(std::string_view utf8, std::size_t indent, std::size_t width);

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);

}  // namespace resolute::app
