// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/descriptor.h"

namespace resolute::file {
namespace {

std::unexpected<Error> write_error(const std::filesystem::path& path) {
    const int cause = errno;
    const bool is_full = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
    return fail(is_full ? "file.disk_full" : "file.unwritable", is_full ? ErrorKind::exhausted : ErrorKind::unavailable,
                fmt::format("cannot write {}: {}", path.string(), std::strerror(cause)));
}

Status write_all(const Descriptor& out, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(out.get(), bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return write_error(path);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(out.get()) != 0) return write_error(path);
    return {};
}

}  // namespace

Result<std::string> read(const std::filesystem::path& path, std::uint64_t bytes_max) {
    const Descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.is_open()) {
        const int cause = errno;
        return fail(cause == ENOENT ? "file.not_found" : "file.unreadable",
                    cause == ENOENT ? ErrorKind::not_found : ErrorKind::unavailable,
                    fmt::format("cannot read {}: {}", path.string(), std::strerror(cause)));
    }
    struct stat info {};
    if (::fstat(in.get(), &info) != 0 || S_ISDIR(info.st_mode))
        return fail("file.unreadable", ErrorKind::invalid, fmt::format("{} is not a file", path.string()));
    const auto size = static_cast<std::uint64_t>(info.st_size);
    if (bytes_max != 0 && size > bytes_max)
        return fail("file.too_large", ErrorKind::exhausted, fmt::format("{} has {} bytes, {} are allowed", path.string(), size, bytes_max));
    std::string bytes;
    bytes.reserve(size);
    char buffer[1 << 16];
    while (true) {
        const ssize_t got = ::read(in.get(), buffer, sizeof buffer);
        if (got == 0) return bytes;
        if (got < 0) {
            if (errno == EINTR) continue;
            return fail("file.unreadable", ErrorKind::unavailable, fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
        }
        bytes.append(buffer, static_cast<std::size_t>(got));
        if (bytes_max != 0 && bytes.size() > bytes_max)  // It grew while we read.
            return fail("file.too_large", ErrorKind::exhausted, fmt::format("{} has more than {} bytes", path.string(), bytes_max));
    }
}

Status write_durably(const std::filesystem::path& path, std::string_view bytes) {
    const std::filesystem::path part = path.string() + ".part";
    {
        const Descriptor out(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!out.is_open()) return write_error(path);
        if (Status written = write_all(out, bytes, path); !written) {
            ::unlink(part.c_str());
            return written;
        }
    }
    if (::rename(part.c_str(), path.c_str()) != 0) {
        auto error = write_error(path);
        ::unlink(part.c_str());
        return error;
    }
    // The rename itself must survive a power cut: fsync the directory.
    const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const Descriptor dir(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir.is_open() || ::fsync(dir.get()) != 0) return write_error(path);
    return {};
}

Status refuse_existing(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return {};
    return fail("file.exists", ErrorKind::conflict, fmt::format("{} is there already; nothing was replaced", path.string()));
}

Status make_directories(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return fail("file.unwritable", ErrorKind::unavailable, fmt::format("cannot make the folder {}: {}", path.string(), error.message()));
    return {};
}

}  // namespace resolute::file
