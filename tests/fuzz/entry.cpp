// SPDX-License-Identifier: Apache-2.0
// Between libFuzzer and each fuzzer's own entry, which is compiled under another name: two seconds of CPU time are all that an
// input may cost. libFuzzer's own limit is by the clock on the wall and must be wider, on a machine that does other things too.
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "base/invariant.h"

#undef LLVMFuzzerTestOneInput

extern "C" int resolute_fuzz_one(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const double begin = cpu_seconds();
    const int result = resolute_fuzz_one(data, size);
    INVARIANT(cpu_seconds() - begin < 2.0, "no input costs more than two seconds");
    return result;
}
