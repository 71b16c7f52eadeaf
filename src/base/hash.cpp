// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <openssl/sha.h>

namespace resolute {

Sha256 sha256(std::string_view bytes) {
    Sha256 digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return digest;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string hex(const Sha256& digest) {
    return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

std::string base32(std::string_view bytes) {
    constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
    std::string text;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char c : bytes) {
        buffer = (buffer << 8 | static_cast<std::uint8_t>(c)) & 0xFFFFU;
        bits += 8;
        while (bits >= 5) {
            text += kDigits[buffer >> (bits - 5) & 31U];
            bits -= 5;
        }
    }
    if (bits > 0) text += kDigits[buffer << (5 - bits) & 31U];
    return text;
}

std::string short_hash(std::initializer_list<std::string_view> parts, std::size_t length) {
    std::string joined;
    for (const std::string_view part : parts) {
        joined += std::to_string(part.size());
        joined += ':';
        joined += part;
    }
    const Sha256 digest = sha256(joined);
    return base32(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())).substr(0, length);
}

}  // namespace resolute
