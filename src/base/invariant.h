// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace resolute {
/// Prints the broken invariant with its place and aborts. Restart recovers from the store.
[[noreturn]] void invariant_failed(const char* condition, const char* why, const char* file, int line);
}  // namespace resolute

/// What must hold unless we are wrong ourselves. On in release. Never for input.
#define INVARIANT(condition, why)                                                   \
    do {                                                                            \
        if (!(condition)) [[unlikely]]                                              \
            ::resolute::invariant_failed(#condition, why, __FILE__, __LINE__);      \
    } while (false)
