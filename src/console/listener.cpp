// SPDX-License-Identifier: Apache-2.0
#include "console/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "console/limits.h"

namespace resolute::console {
namespace {

constexpr int kSocketFlags = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

std::unexpected<Error> cannot_listen(std::string_view where, int cause) {
    return fail("console.cannot_listen", ErrorKind::unavailable,
                fmt::format("cannot listen at {}: {}", where, std::strerror(cause)));
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

bool does_anybody_answer(const std::string& path) {
    const int probe = ::socket(AF_UNIX, kSocketFlags, 0);
    if (probe < 0) return false;
    const sockaddr_un address = address_of(path);
    const bool is_connected = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const bool is_busy = !is_connected && errno == EAGAIN;  // Its queue is full: somebody owns it.
    ::close(probe);
    return is_connected || is_busy;
}

Status make_room(const std::string& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return {};
    if (!S_ISSOCK(info.st_mode))
        return fail("console.socket_path_taken", ErrorKind::conflict, fmt::format("{} exists and is no socket", path));
    if (does_anybody_answer(path))
        return fail("console.socket_in_use", ErrorKind::conflict, fmt::format("another program listens at {}", path));
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return cannot_listen(path, errno);
    return {};
}

Status make_private_folder(const std::filesystem::path& folder) {
    if (folder.empty()) return {};
    std::error_code error;
    if (!std::filesystem::create_directories(folder, error)) {
        if (error) return cannot_listen(folder.string(), error.value());
        return {};  // It was there: whose it is, its owner decided.
    }
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error) return cannot_listen(folder.string(), error.value());
    return {};
}

std::uint16_t port_of(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
    if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return 0;
}

}  // namespace

Result<Listener> Listener::listen_unix(const std::filesystem::path& path) {
    const std::string name = path.string();
    if (name.empty() || name.size() > kUnixPathBytesMax)
        return fail("console.socket_path_too_long", ErrorKind::invalid,
                    fmt::format("{}: {} bytes, 1 to {} are allowed", name, name.size(), kUnixPathBytesMax));
    TRY_STATUS(make_private_folder(path.parent_path()));
    TRY_STATUS(make_room(name));
    Listener listener(::socket(AF_UNIX, kSocketFlags, 0));
    const sockaddr_un address = address_of(name);
    // On Linux the file takes over the socket's mode, so that there is no moment at which others could connect.
    if (listener.socket_ < 0 || ::fchmod(listener.socket_, 0600) != 0 ||
        ::bind(listener.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return cannot_listen(name, errno);
    struct stat info {};
    if (::lstat(name.c_str(), &info) == 0) listener.file_ = File{path, info.st_dev, info.st_ino};
    if (::chmod(name.c_str(), 0600) != 0 || ::listen(listener.socket_, kBacklog) != 0) return cannot_listen(name, errno);
    return listener;
}

Result<Listener> Listener::listen_tcp(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string where = fmt::format("{}:{}", host, port);
    if (const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); failed != 0)
        return fail("console.cannot_listen", ErrorKind::unavailable,
                    fmt::format("cannot listen at {}: {}", where, ::gai_strerror(failed)));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    int cause = EADDRNOTAVAIL;
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        Listener listener(::socket(address->ai_family, kSocketFlags, 0));
        const int yes = 1;
        if (listener.socket_ >= 0 && ::setsockopt(listener.socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
            ::bind(listener.socket_, address->ai_addr, address->ai_addrlen) == 0 && ::listen(listener.socket_, kBacklog) == 0) {
            listener.port_ = port_of(listener.socket_);
            return listener;
        }
        cause = errno;
    }
    return cannot_listen(where, cause);
}

Listener::Listener(Listener&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), port_(other.port_), file_(std::exchange(other.file_, std::nullopt)) {}

Listener& Listener::operator=(Listener&& other) noexcept {
    if (this != &other) {
        close();
        socket_ = std::exchange(other.socket_, -1);
        port_ = other.port_;
        file_ = std::exchange(other.file_, std::nullopt);
    }
    return *this;
}

Listener::~Listener() {
    close();
}

void Listener::close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    const std::optional<File> file = std::exchange(file_, std::nullopt);
    if (!file) return;
    struct stat info {};
    const std::string name = file->path.string();
    // Somebody may have put another one in its place meanwhile: that is not ours to remove.
    if (::lstat(name.c_str(), &info) == 0 && info.st_dev == file->device && info.st_ino == file->inode) ::unlink(name.c_str());
}

}  // namespace resolute::console
