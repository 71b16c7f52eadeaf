// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resolute::text {

std::string_view trim(std::string_view text);
/// ASCII letters only; other bytes are kept.
std::string to_lower(std::string_view text);
bool equals_ignore_case(std::string_view a, std::string_view b);
bool contains_ignore_case(std::string_view haystack, std::string_view needle);
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> split_lines(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);

bool is_utf8(std::string_view bytes);
/// Invalid sequences and NUL become U+FFFD. The number of replacements is added to `*replaced` where given.
std::string to_valid_utf8(std::string_view bytes, std::size_t* replaced = nullptr);
/// At most `bytes_max` bytes, cut at a character, with "…" where something was cut.
std::string shorten(std::string_view utf8, std::size_t bytes_max);
/// &, <, >, " and ' as entities.
std::string escape_html(std::string_view utf8);

/// ASCII letters, digits and these characters, and at least one: nothing that could end a word where it is put into a question or an address.
bool is_plain(std::string_view text, std::string_view more = {});

/// Levenshtein distance, for "did you mean"; quadratic, so for short words.
std::size_t edit_distance(std::string_view a, std::string_view b);
/// The closest of the candidates within two edits, else empty.
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace resolute::text
