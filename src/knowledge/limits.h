// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace resolute::knowledge {

inline constexpr std::uint64_t kArticleBytesMax = 1u << 20;
inline constexpr std::size_t kFrontMatterBytesMax = 16u << 10;
inline constexpr std::size_t kFilesMax = 200'000;         ///< of all folders together
inline constexpr std::size_t kQuestionsMax = 200;         ///< past questions that are indexed of one article
inline constexpr std::size_t kQueryBytesMax = 64u << 10;  ///< of what a person wrote; the rest is not searched for
inline constexpr std::size_t kSentencesMax = 40;          ///< of one query
inline constexpr std::size_t kSentenceWordsMax = 60;      ///< a longer sentence is cut into pieces of this many words
inline constexpr std::size_t kWordBytesMax = 64;          ///< longer "words" are encodings, not language

}  // namespace resolute::knowledge
