// SPDX-License-Identifier: Apache-2.0
#include "base/interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "base/invariant.h"

namespace resolute {
namespace {
constexpr Duration kLongest = std::chrono::hours(24);
}

Interrupt::Interrupt() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { INVARIANT(event_.is_open(), "the system has a descriptor left"); }

void Interrupt::raise() const { ::eventfd_write(event_.get(), 1); }

bool Interrupt::wait(Duration at_most) const {
    pollfd watched{.fd = event_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&watched, 1, static_cast<int>(std::clamp(at_most, Duration(0), kLongest).count())) > 0;
}

}  // namespace resolute
