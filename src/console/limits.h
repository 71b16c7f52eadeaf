// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace resolute::console {

inline constexpr std::size_t kBodyBytesMax = 16u << 20;    ///< of a request, unless the options say otherwise
inline constexpr std::size_t kHeaderBytesMax = 64u << 10;  ///< of a request, all its lines together
inline constexpr std::size_t kConnectionsWaitingMax =
    128;                              ///< accepted and waiting for a thread; beyond it the kernel lets them wait
inline constexpr int kBacklog = 512;  ///< connections that the kernel holds for us
inline constexpr int kThreads = 4;
inline constexpr std::size_t kUnixPathBytesMax = 107;  ///< of sockaddr_un, without its final NUL

}  // namespace resolute::console
