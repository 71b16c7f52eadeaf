// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace resolute {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
std::string hex(std::string_view bytes);
std::string hex(const Sha256& digest);
std::string sha256_hex(std::string_view bytes);
/// RFC 4648 base32 in lower case without padding: safe in file names, addresses and Message-IDs.
std::string base32(std::string_view bytes);
/// The first `length` characters of the base32 SHA-256 of the parts, each preceded by its length, so that parts never run together.
std::string short_hash(std::initializer_list<std::string_view> parts, std::size_t length);

}  // namespace resolute
