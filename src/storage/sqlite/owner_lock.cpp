// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/owner_lock.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"

namespace resolute::storage {

namespace {

std::string our_name() {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
    return fmt::format("{}, process {}", host[0] == '\0' ? "this host" : host.data(), getpid());
}

std::string read_name(int file) {
    std::array<char, 300> bytes{};
    const ssize_t size = pread(file, bytes.data(), bytes.size(), 0);
    const std::string_view name = text::trim({bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0});
    return name.empty() ? "another process" : std::string(name);
}

}  // namespace

Result<OwnerLock> OwnerLock::acquire(const std::filesystem::path& data_directory) {
    const std::filesystem::path path = data_directory / "lock";
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0)
        return fail("store.unavailable", ErrorKind::unavailable, fmt::format("{}: {}", path.string(), std::strerror(errno)));
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        Error error{.code = "store.locked",
                    .kind = ErrorKind::conflict,
                    .detail = fmt::format("{} is in use by {}", data_directory.string(), read_name(file))};
        ::close(file);
        return std::unexpected(std::move(error));
    }
    // From here on the destructor lets go. The name is for people; the lock holds without it, on a full disk as well.
    OwnerLock lock(file, our_name());
    const std::string line = lock.owner_ + "\n";
    if (ftruncate(file, 0) != 0 || pwrite(file, line.data(), line.size(), 0) < 0) return lock;
    return lock;
}

OwnerLock::~OwnerLock() {
    if (file_ >= 0) ::close(file_);
}

OwnerLock::OwnerLock(OwnerLock&& other) noexcept : file_(std::exchange(other.file_, -1)), owner_(std::move(other.owner_)) {}

}  // namespace resolute::storage
