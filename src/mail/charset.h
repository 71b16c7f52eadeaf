// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resolute::mail {

struct DecodedText {
    std::string text;                 ///< valid UTF-8
    std::size_t replaced = 0;         ///< characters that could not be read and became U+FFFD
    bool is_charset_unknown = false;  ///< the named charset is none that we read; another one was tried
    bool is_charset_wrong = false;    ///< the bytes are UTF-8 although something else was declared
};

/// Bytes in the declared charset (may be empty) as UTF-8. Bytes that validate as UTF-8 are taken as such whatever was
/// declared, except under charsets that use ASCII bytes for other letters. Total and linear.
DecodedText decode_charset(std::string_view bytes, std::string_view charset);

/// '\n' line ends; control characters and invisible characters without meaning removed. `*has_hidden` is set where
/// characters of the Unicode tag block were there, which carry text that nobody sees.
std::string clean_text(std::string_view utf8, bool* has_hidden = nullptr);

/// One line: line breaks and tabs become a space, other controls and bidirectional overrides are removed.
std::string clean_line(std::string_view utf8);

/// At most `bytes_max` bytes, cut at a character, without a sign of the cut.
std::string_view cut_utf8(std::string_view utf8, std::size_t bytes_max);

}  // namespace resolute::mail
