// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include <httplib.h>

#include "base/clock.h"

namespace resolute::console {

/// One connection, as the library reads and writes it, within limits that the library does not have: so many bytes in all, so
/// much time for the whole request and for the whole answer. A peer that drips one byte at a time, or sends headers without
/// end, costs a thread for that time and no more. Once `is_stopping` is set, nothing more is waited for. Threads: one.
class SocketStream final : public httplib::Stream {
public:
    struct Limits {
        std::size_t bytes_max = 0;
        Duration read_within;
        Duration write_within;
    };
    SocketStream(socket_t socket, Limits limits, const std::atomic<bool>& is_stopping);

    [[nodiscard]] bool is_readable() const override;
    [[nodiscard]] bool is_writable() const override;
    ssize_t read(char* to, size_t size) override;
    ssize_t write(const char* from, size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    [[nodiscard]] socket_t socket() const override { return socket_; }

private:
    [[nodiscard]] bool wait_for(short events, const Deadline& deadline) const;

    const socket_t socket_;
    const Limits limits_;
    const std::atomic<bool>& is_stopping_;
    const Deadline read_until_;
    std::optional<Deadline> write_until_;  // Begins with the answer: how long a handler takes is not the peer's fault.
    std::size_t bytes_left_;
    std::string buffer_;  // The library reads header lines byte by byte.
    std::size_t at_ = 0;
};

}  // namespace resolute::console
