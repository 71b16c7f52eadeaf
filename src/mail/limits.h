// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// What a mail may ask of us. Above a limit the raw mail is kept and a person looks at it (reliability: parser DoS).
namespace resolute::mail::limits {

inline constexpr std::size_t raw_bytes_max = 25u << 20;
inline constexpr std::size_t header_bytes_max = 256u << 10;
inline constexpr std::size_t header_lines_max = 1'000;
inline constexpr std::size_t mime_depth_max = 20;
inline constexpr std::size_t mime_parts_max = 200;
inline constexpr std::size_t text_bytes_max = 1u << 20;  ///< of decoded text kept per mail; more is cut with a defect
inline constexpr std::size_t html_bytes_max = 512u << 10;
inline constexpr std::size_t html_depth_max = 400;
inline constexpr std::size_t addresses_max = 1'000;  ///< over all address headers
inline constexpr std::size_t references_max = 100;
inline constexpr std::size_t file_name_bytes_max = 255;
inline constexpr std::size_t subject_bytes_max = 998;
inline constexpr std::size_t delivery_statuses_max = 100;          ///< recipients of one bounce; ours have one
inline constexpr std::size_t rtf_bytes_max = 4u << 20;             ///< unpacked out of a winmail.dat
inline constexpr std::size_t part_header_bytes_max = 1u << 20;     ///< over the headers of all parts together
inline constexpr std::size_t content_field_bytes_max = 16u << 10;  ///< of one Content-* field: parameters are matched pairwise

}  // namespace resolute::mail::limits
