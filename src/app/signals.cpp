// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <csignal>
#include <ctime>

namespace resolute::app {
namespace {

sigset_t stopping() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

StopSignals::StopSignals() {
    const sigset_t set = stopping();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool StopSignals::wait(Duration at_most) {
    if (is_stopping_) return true;
    const sigset_t set = stopping();
    const std::int64_t ms = at_most.count();
    const timespec timeout{.tv_sec = static_cast<time_t>(ms / 1000), .tv_nsec = static_cast<long>(ms % 1000) * 1'000'000};
    is_stopping_ = sigtimedwait(&set, nullptr, &timeout) > 0;
    return is_stopping_;
}

}  // namespace resolute::app
