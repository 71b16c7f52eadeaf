// SPDX-License-Identifier: Apache-2.0
#include "console/socket_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace resolute::console {
namespace {

constexpr std::size_t kBufferBytes = 16u << 10;
/// How long a stop may go unnoticed by a connection that waits for its peer.
constexpr Duration kStopCheck{100};

}  // namespace

SocketStream::SocketStream(socket_t socket, Limits limits, const std::atomic<bool>& is_stopping)
    : socket_(socket),
      limits_(limits),
      is_stopping_(is_stopping),
      read_until_(Deadline::in(limits.read_within)),
      bytes_left_(limits.bytes_max) {}

bool SocketStream::wait_for(short events, const Deadline& deadline) const {
    while (true) {
        const Duration left = std::min(deadline.remaining(), kStopCheck);
        pollfd waiting{.fd = socket_, .events = events, .revents = 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::max(left, Duration::zero()).count()));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
        // A request that is being sent to a server that stops is not waited for: nothing of it was done.
        if (deadline.has_passed() || (events == POLLIN && is_stopping_)) return false;
    }
}

bool SocketStream::is_readable() const {
    return at_ < buffer_.size() || wait_for(POLLIN, read_until_);
}

bool SocketStream::is_writable() const {
    return wait_for(POLLOUT, write_until_.value_or(Deadline::in(limits_.write_within)));
}

ssize_t SocketStream::read(char* to, size_t size) {
    if (at_ == buffer_.size()) {
        if (bytes_left_ == 0 || !wait_for(POLLIN, read_until_)) return -1;
        buffer_.resize(std::min(kBufferBytes, bytes_left_));
        at_ = 0;
        const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
        buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        if (got <= 0) return got;
        bytes_left_ -= buffer_.size();
    }
    const std::size_t count = std::min(size, buffer_.size() - at_);
    std::memcpy(to, buffer_.data() + at_, count);
    at_ += count;
    return static_cast<ssize_t>(count);
}

ssize_t SocketStream::write(const char* from, size_t size) {
    if (!write_until_) write_until_ = Deadline::in(limits_.write_within);
    if (!wait_for(POLLOUT, *write_until_)) return -1;
    // Not blocking: a short write comes back here and is measured against the deadline.
    const ssize_t sent = ::send(socket_, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    return sent;
}

// Nobody here goes by addresses: behind a reverse proxy they are the proxy's, and on a Unix socket there are none.
void SocketStream::get_remote_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
}
void SocketStream::get_local_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
}

}  // namespace resolute::console
