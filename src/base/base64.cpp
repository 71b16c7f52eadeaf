// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <array>
#include <cstdint>

namespace resolute {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNone = 64;

constexpr std::array<std::uint8_t, 256> values_of_digits() {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNone);
    for (std::uint8_t i = 0; i < 64; ++i) {
        values[static_cast<unsigned char>(kStandard[i])] = i;
        values[static_cast<unsigned char>(kUrl[i])] = i;
    }
    return values;
}
constexpr auto kValues = values_of_digits();

std::string encode(std::string_view bytes, std::string_view digits, bool pads) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::string_view group = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j) bits = bits << 8U | (j < group.size() ? static_cast<std::uint8_t>(group[j]) : 0U);
        for (std::size_t j = 0; j <= group.size(); ++j) text += digits[bits >> (18 - 6 * j) & 0x3FU];
        if (pads) text.append(3 - group.size(), '=');
    }
    return text;
}

}  // namespace

std::string to_base64(std::string_view bytes) { return encode(bytes, kStandard, true); }
std::string to_base64url(std::string_view bytes) { return encode(bytes, kUrl, false); }

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (c == '\r' || c == '\n') continue;
        if (c == '=') {
            if (++padding > 2) return std::nullopt;
            continue;
        }
        const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
        if (value == kNone || padding > 0) return std::nullopt;
        bits = bits << 6U | value;
        if (++digits % 4 != 1) bytes += static_cast<char>(bits >> (6 - 2 * ((digits - 1) % 4)) & 0xFFU);
    }
    if (digits % 4 == 1) return std::nullopt;
    return bytes;
}

}  // namespace resolute
