// SPDX-License-Identifier: Apache-2.0
#include "connectors/oauth/token_file.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <memory>

#include <fmt/format.h>

#include "base/interrupt.h"

namespace resolute::connectors {
namespace {

constexpr Duration kLookAgain = std::chrono::milliseconds(50);  ///< flock(2) knows no deadline

}  // namespace

Result<std::unique_ptr<TokenFileLock>> TokenFileLock::take(const std::filesystem::path& token_file, Deadline deadline) {
    const std::string path = token_file.string() + ".lock";
    std::unique_ptr<TokenFileLock> lock(new TokenFileLock(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)));
    if (!lock->file_.is_open()) return lock;
    const Interrupt nobody;
    while (::flock(lock->file_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) return lock;  // A file system without locks.
        if (deadline.has_passed())
            return fail("oauth.locked", ErrorKind::unavailable, fmt::format("another program holds {} and does not let go", path));
        static_cast<void>(nobody.wait(std::min(kLookAgain, deadline.remaining())));
    }
    return lock;
}

}  // namespace resolute::connectors
