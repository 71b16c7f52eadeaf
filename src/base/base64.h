// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace resolute {

/// RFC 4648 §4, with padding.
std::string to_base64(std::string_view bytes);
/// RFC 4648 §5, without padding.
std::string to_base64url(std::string_view bytes);
/// Either alphabet, with padding or without, line breaks left out; nothing where it is something else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace resolute
