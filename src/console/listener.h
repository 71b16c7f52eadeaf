// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace resolute::console {

/// A socket that listens; closed with its owner, and its file removed if it still is the one that we made. Movable.
class Listener {
public:
    /// At this path, readable and writable for our own user only. The folder is made (0700) where it is missing; a socket on
    /// which nobody answers is left over from a crash and removed. `console.socket_in_use`, `console.socket_path_taken`,
    /// `console.socket_path_too_long`, `console.cannot_listen`.
    static Result<Listener> listen_unix(const std::filesystem::path& path);
    /// Port 0: any that is free. `console.cannot_listen`.
    static Result<Listener> listen_tcp(const std::string& host, std::uint16_t port);

    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&& other) noexcept;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

    [[nodiscard]] int socket() const { return socket_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }  ///< 0 for a path
    void close();

private:
    struct File {
        std::filesystem::path path;
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
    };
    explicit Listener(int socket) : socket_(socket) {}

    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::optional<File> file_;
};

}  // namespace resolute::console
