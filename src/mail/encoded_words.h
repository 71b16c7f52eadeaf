// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::mail {

/// A header value as it stands in the mail (folded, any bytes) as one line of UTF-8: unfolded, encoded words decoded
/// (RFC 2047, with the liberties that senders take), raw 8-bit bytes as UTF-8 or else windows-1252. Total and linear.
std::string decode_header_text(std::string_view raw);

/// Unfolded and valid UTF-8, encoded words left as they are: what an address parser may look at (RFC 2047 §6.2).
std::string unfold_header(std::string_view raw);

std::string decode_base64(std::string_view text);

}  // namespace resolute::mail
