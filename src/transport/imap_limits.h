// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

/// What an IMAP server may ask of us; above it the connection is given up. An honest server is far below.
namespace resolute::transport::imap_limits {

inline constexpr std::size_t line_bytes_max = 16u << 20;    ///< a SEARCH answers with one line: two million UIDs
inline constexpr std::size_t answer_bytes_max = 32u << 20;  ///< lines and literals together that one command brings
inline constexpr std::size_t answers_max = 100'000;         ///< untagged, to one command
inline constexpr std::size_t literals_max = 1'000;          ///< in one answer
inline constexpr std::size_t values_max = 10'000;           ///< atoms, strings and lists in one answer
inline constexpr std::size_t depth_max = 20;                ///< of lists in lists
inline constexpr std::uint64_t uids_max = 2'000'000;        ///< in one search: "1:4294967295" is short, too
inline constexpr std::size_t server_text_bytes_max = 200;   ///< of what a server says, in an error of ours

inline constexpr std::size_t uids_in_command_max = 500;       ///< RFC 9051 §4: a command line stays below 8,192 bytes
inline constexpr std::size_t quoted_bytes_max = 1'000;        ///< a longer argument is sent as a literal
inline constexpr std::size_t literal_minus_bytes_max = 4096;  ///< RFC 7888 §5: with LITERAL-, unasked, at most this
inline constexpr std::size_t argument_bytes_max = 64u << 10;

/// Address translators forget a silent connection after ten minutes or so; RFC 2177 asks for less than 29.
inline constexpr Duration idle_at_most = std::chrono::minutes(9);

}  // namespace resolute::transport::imap_limits
