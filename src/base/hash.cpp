// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <memory>

#include <openssl/evp.h>

#include "base/invariant.h"

namespace resolute {

Sha256 sha256(std::string_view bytes) {
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    // OpenSSL's own one-shot call looks the algorithm up each time, which costs more than to hash a short text.
    static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    Sha256 digest{};
    const bool is_done = EVP_DigestInit_ex2(context.get(), kAlgorithm, nullptr) == 1 &&
                         EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                         EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
    INVARIANT(is_done, "OpenSSL has SHA-256, and memory for it");
    return digest;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(bytes.size() * 2, '0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        text[2 * i] = kDigits[byte >> 4];
        text[2 * i + 1] = kDigits[byte & 15];
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
    text.reserve(bytes.size() * 8 / 5 + 1);
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
