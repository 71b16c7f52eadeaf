// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::mail {

/// Lower case for the letters of ASCII, of Latin-1 ("À") and of Cyrillic; all else stays, and so does the length. Linear.
std::string lower_utf8(std::string_view utf8);

}  // namespace resolute::mail
