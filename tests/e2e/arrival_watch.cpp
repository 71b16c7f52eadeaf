// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

#include <gtest/gtest.h>

#include "tests/e2e/fleet.h"

namespace resolute::e2e {
namespace {
constexpr int kLook_ms = 20;
constexpr std::size_t kBufferBytes = 1u << 16;
}  // namespace

ArrivalWatch::ArrivalWatch(const fs::path& maildir) : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    fs::create_directories(maildir / "new");
    EXPECT_GE(::inotify_add_watch(inotify_, (maildir / "new").c_str(), IN_MOVED_TO | IN_CREATE), 0) << maildir;
    thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

ArrivalWatch::~ArrivalWatch() {
    thread_.request_stop();
    thread_.join();
    ::close(inotify_);
}

void ArrivalWatch::watch(const std::stop_token& stop) {
    alignas(inotify_event) std::array<char, kBufferBytes> buffer{};
    while (!stop.stop_requested()) {
        pollfd readable{.fd = inotify_, .events = POLLIN, .revents = 0};
        if (::poll(&readable, 1, kLook_ms) <= 0) continue;
        const ssize_t got = ::read(inotify_, buffer.data(), buffer.size());
        std::lock_guard lock(mutex_);
        for (ssize_t at = 0; at < got;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            EXPECT_EQ(event->mask & IN_Q_OVERFLOW, 0U) << "arrivals were missed";
            if (event->len == 0) continue;
            ++arrivals_[event->name];
            ++count_;
        }
    }
}

std::map<std::string, int> ArrivalWatch::arrivals() const {
    std::lock_guard lock(mutex_);
    return arrivals_;
}

}  // namespace resolute::e2e
