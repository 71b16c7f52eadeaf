// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::mail {

/// What charset undeclared bytes that are no UTF-8 are most likely in, as a name for iconv: by byte order marks and escapes, by
/// what is valid in the multi-byte charsets of East Asia, by how Cyrillic letters follow one another; else "windows-1252". Looks
/// at the first 8 KB. Total, linear.
std::string detect_charset(std::string_view bytes);

}  // namespace resolute::mail
