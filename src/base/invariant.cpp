// SPDX-License-Identifier: Apache-2.0
#include "base/invariant.h"

#include <cstdio>
#include <cstdlib>

namespace resolute {

void invariant_failed(const char* condition, const char* why, const char* file, int line) {
    std::fprintf(stderr, "invariant broken at %s:%d: %s (%s)\n", file, line, why, condition);
    std::abort();
}

}  // namespace resolute
