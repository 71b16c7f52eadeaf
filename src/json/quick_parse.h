// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "json/json.h"

/// Internal to json.
namespace resolute::json {

/// Reads well-formed JSON several times faster than the library, which looks at each character through its state machine: the
/// journal is read with every case that is looked at. Nothing where the text is wrong, or has what is rare (numbers out of range,
/// escaped surrogates, a byte order mark): then the library decides, and words the error. So there is one judge of what is JSON.
std::optional<Value> parse_quickly(std::string_view text);
/// json.cpp
Result<Value> parse_by_library(std::string_view text);

/// Eight bytes at once: true where one of them is a control character, a quote, a backslash or no ASCII.
inline bool has_special(std::uint64_t bytes) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHighBits = kOnes * 0x80;
    const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighBits; };
    const std::uint64_t controls = (bytes - kOnes * 0x20) & ~bytes & kHighBits;
    return (controls | has_zero(bytes ^ kOnes * '"') | has_zero(bytes ^ kOnes * '\\') | (bytes & kHighBits)) != 0;
}

}  // namespace resolute::json
