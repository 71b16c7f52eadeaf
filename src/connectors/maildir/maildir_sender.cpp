// SPDX-License-Identifier: Apache-2.0
#include "connectors/maildir/maildir_sender.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "base/file.h"

namespace resolute::connectors {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot_write(const fs::path& path, int why) {
    const bool is_full = why == ENOSPC || why == EDQUOT || why == EFBIG;
    return fail(is_full ? "mail.disk_full" : "mail.outgoing_unwritable", is_full ? ErrorKind::exhausted : ErrorKind::unavailable,
                fmt::format("cannot write the mail {}: {}", path.string(), std::strerror(why)));
}

/// Two attempts at one time must not share a part file; the name in new/ is what makes the mail one.
fs::path part_path(const fs::path& root, const std::string& name) {
    static std::atomic<unsigned> counter{0};
    return root / "tmp" / fmt::format("{}.{}.{}", name, ::getpid(), counter.fetch_add(1));
}

/// Written and synced, or an error number and nothing left behind.
int write_part(const fs::path& path, std::string_view bytes) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return errno;
    int why = 0;
    while (!bytes.empty() && why == 0) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0) bytes.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR) why = errno;
    }
    if (why == 0 && ::fsync(fd) != 0) why = errno;
    if (::close(fd) != 0 && why == 0) why = errno;
    if (why != 0) ::unlink(path.c_str());
    return why;
}

int sync_directory(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int why = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    return why;
}

/// A key is base32 by construction; anything else could name another folder.
Result<std::string> file_name_of(const EffectId& key) {
    for (const char c : key.value()) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_plain) return fail("mail.outgoing_key", ErrorKind::invalid, "the effect's key holds a character that no file name may have");
    }
    if (key.is_empty() || key.value().size() > 100) return fail("mail.outgoing_key", ErrorKind::invalid, "the effect's key is empty or too long");
    return key.value() + ".resolute";
}

}  // namespace

Result<MaildirSender> MaildirSender::open(fs::path path) {
    for (const char* folder : {"tmp", "new", "cur"}) {
        if (auto made = file::make_directories(path / folder); !made) {
            return fail("mail.outgoing_unwritable", ErrorKind::unavailable, made.error().detail);
        }
    }
    return MaildirSender(std::move(path));
}

Result<bool> MaildirSender::is_there(const std::string& name) const {
    struct stat info {};
    if (::stat((path_ / "new" / name).c_str(), &info) == 0) return true;
    const int why = errno;
    if (why != ENOENT || ::stat((path_ / "new").c_str(), &info) != 0) {
        return fail("mail.outgoing_unwritable", ErrorKind::unavailable,
                    fmt::format("cannot look into {}: {}", (path_ / "new").string(), std::strerror(why)));
    }
    // A reader moves it to cur/ and appends flags (":2,S"); in new/ names have none, and that folder may be large.
    std::error_code error;
    fs::directory_iterator entries(path_ / "cur", error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const std::string found = entries->path().filename().string();
        if (found == name || (found.starts_with(name) && found[name.size()] == ':')) return true;
    }
    if (error) {
        return fail("mail.outgoing_unwritable", ErrorKind::unavailable,
                    fmt::format("cannot look into {}: {}", (path_ / "cur").string(), error.message()));
    }
    return false;
}

Status MaildirSender::send(const ports::FrozenMail& mail, Deadline deadline) {
    TRY(const std::string name, file_name_of(mail.key));
    if (deadline.has_passed()) return fail("mail.timed_out", ErrorKind::timed_out, "no time was left to write the mail");
    TRY(const bool was_there, is_there(name));
    if (was_there) return {};
    const fs::path target = path_ / "new" / name;
    const fs::path part = part_path(path_, name);
    if (const int why = write_part(part, mail.bytes); why != 0) return cannot_write(target, why);
    if (::rename(part.c_str(), target.c_str()) != 0) {
        const int why = errno;
        ::unlink(part.c_str());
        return cannot_write(target, why);
    }
    // Renamed but not surely on the disk: it was sent, unless the machine loses power now.
    if (const int why = sync_directory(path_ / "new"); why != 0) {
        Error error = cannot_write(target, why).error();
        error.effect = EffectState::unknown;
        return std::unexpected(std::move(error));
    }
    return {};
}

Result<ports::Delivery> MaildirSender::look_up(const ports::FrozenMail& mail, Deadline /*deadline*/) {
    TRY(const std::string name, file_name_of(mail.key));
    TRY(const bool is_present, is_there(name));
    return is_present ? ports::Delivery::sent : ports::Delivery::absent;
}

}  // namespace resolute::connectors
