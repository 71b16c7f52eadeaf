// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace resolute::desk {

inline constexpr std::uint64_t kImportBytesMax = 64u << 20;  ///< one imported file
inline constexpr std::size_t kIdBytesMax = 128;              ///< of a customer, an order or an agent
inline constexpr std::size_t kArchiveNameBytesMax = 512;
inline constexpr int kAgentCapacityMax = 10'000;

}  // namespace resolute::desk
