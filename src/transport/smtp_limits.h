// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/time.h"

/// What goes over a connection to an SMTP server, in both directions, and how long we wait.
namespace resolute::transport::smtp_limits {

inline constexpr std::size_t reply_line_bytes_max = 2'048;  ///< RFC 5321 §4.5.3.1.5 says 512; some servers add whole links
inline constexpr std::size_t reply_lines_max = 100;         ///< of one reply; the longest EHLO reply known has some 20
inline constexpr std::size_t server_text_bytes_max = 200;   ///< of what a server says, in an error of ours

inline constexpr std::size_t line_bytes_max = 998;         ///< RFC 5322 §2.1.1, without CRLF
inline constexpr std::size_t address_bytes_max = 254;      ///< RFC 5321 §4.5.3.1.3: 256 with its brackets
inline constexpr std::size_t envelope_id_bytes_max = 100;  ///< RFC 3461 §4.4, as xtext
inline constexpr std::size_t orcpt_bytes_max = 500;        ///< RFC 3461 §4.2, with its type

/// An open connection that was not used for a while may lead nowhere (an address translator forgot it), and nobody tells.
inline constexpr Duration idle_probe_at_most = std::chrono::seconds(10);
inline constexpr Duration goodbye_at_most = std::chrono::milliseconds(200);

}  // namespace resolute::transport::smtp_limits
