// SPDX-License-Identifier: Apache-2.0
#include "connectors/maildir/maildir_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>

#include "base/descriptor.h"
#include "base/text.h"
#include "mail/limits.h"

namespace resolute::connectors {
namespace {

namespace fs = std::filesystem;

/// The unique name of a Maildir file: flags behind ":2," change while the mail stays the same.
std::string unique_name(std::string_view file_name) { return std::string(file_name.substr(0, file_name.find(":2,"))); }

/// Seconds at the front of a unique name ("1700000000.M12P34.host"); -1 where there are none.
std::int64_t leading_seconds(std::string_view name) {
    std::int64_t seconds = 0;
    std::size_t digits = 0;
    while (digits < name.size() && name[digits] >= '0' && name[digits] <= '9' && digits < 12) {
        seconds = seconds * 10 + (name[digits++] - '0');
    }
    return digits >= 9 && digits < name.size() && name[digits] == '.' ? seconds : -1;
}

std::int64_t modified_ms(const struct stat& info) {
    return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}

std::unexpected<Error> unreadable(const fs::path& path, int why) {
    return fail("mail.file_unreadable", ErrorKind::unavailable, fmt::format("cannot read the mail {}: {}", path.string(), std::strerror(why)));
}

std::unexpected<Error> vanished(const mail::SourcePosition& position) {
    return fail("mail.vanished", ErrorKind::not_found, fmt::format("the mail {} is no longer there", position.uid));
}

}  // namespace

struct MaildirSource::Found {
    std::int64_t at_ms = 0;
    std::string name;
    mail::SourcePosition position;
};

MaildirSource::MaildirSource(std::string name, fs::path path) : name_(std::move(name)), path_(std::move(path)) {}

Status MaildirSource::add_folder(const std::string& folder, std::vector<Found>& found) const {
    const fs::path directory = folder.empty() ? path_ : path_ / folder;
    std::error_code error;
    fs::directory_iterator entries(directory, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const std::string file_name = entries->path().filename().string();
        if (file_name.starts_with('.')) continue;
        if (folder.empty() && !text::to_lower(file_name).ends_with(".eml")) continue;
        const std::string uid = folder.empty() ? file_name : unique_name(file_name);
        if (done_.contains(uid)) continue;
        struct stat info {};
        if (::stat(entries->path().c_str(), &info) != 0) continue;  // It vanished meanwhile, or the link leads nowhere.
        if (!S_ISREG(info.st_mode)) continue;
        const std::int64_t seconds = folder.empty() ? -1 : leading_seconds(uid);
        found.push_back({.at_ms = seconds >= 0 ? seconds * 1000 : modified_ms(info),
                         .name = uid,
                         .position = {.account = name_, .folder = folder.empty() ? "" : "new", .uid = uid}});
    }
    if (!error) return {};
    return fail("mail.source_unreadable", ErrorKind::unavailable,
                fmt::format("cannot list the mail folder {}: {}", directory.string(), error.message()));
}

Result<std::vector<mail::SourcePosition>> MaildirSource::list(std::size_t limit) {
    std::vector<Found> found;
    std::error_code ignored;
    if (fs::is_directory(path_ / "new", ignored)) {
        TRY_STATUS(add_folder("new", found));
        if (fs::is_directory(path_ / "cur", ignored)) TRY_STATUS(add_folder("cur", found));
    } else {
        TRY_STATUS(add_folder("", found));
    }
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return std::tie(a.at_ms, a.name) < std::tie(b.at_ms, b.name); });
    std::vector<mail::SourcePosition> positions;
    for (Found& mail : found) {
        if (positions.size() >= limit) break;
        // A mail that moves from new/ to cur/ while we list may be seen in both.
        if (!positions.empty() && positions.back() == mail.position) continue;
        positions.push_back(std::move(mail.position));
    }
    return positions;
}

/// Empty where it is not there. Another program may move it from new/ to cur/ and change its flags at any time.
fs::path MaildirSource::find_file(const mail::SourcePosition& position) const {
    if (position.uid.empty() || position.uid.find('/') != std::string::npos) return {};
    std::error_code error;
    if (position.folder.empty()) {
        const fs::path path = path_ / position.uid;
        return fs::exists(path, error) ? path : fs::path();
    }
    for (const char* folder : {"new", "cur"}) {
        const fs::path path = path_ / folder / position.uid;
        if (fs::exists(path, error)) return path;
    }
    for (const char* folder : {"cur", "new"}) {
        fs::directory_iterator entries(path_ / folder, error);
        for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
            if (unique_name(entries->path().filename().string()) == position.uid) return entries->path();
        }
    }
    return {};
}

Result<mail::RawMail> MaildirSource::read_file(const mail::SourcePosition& position, std::size_t bytes_max, bool is_head) const {
    const fs::path path = find_file(position);
    if (path.empty()) return vanished(position);
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) {
        const int why = errno;
        if (why == ENOENT) return vanished(position);
        return unreadable(path, why);
    }
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return unreadable(path, errno);
    if (!S_ISREG(info.st_mode)) return unreadable(path, EISDIR);
    const auto too_large = [&] {
        return fail("mail.too_large", ErrorKind::exhausted, fmt::format("the mail {} has more than {} bytes", path.string(), bytes_max));
    };
    if (!is_head && static_cast<std::uint64_t>(info.st_size) > bytes_max) return too_large();
    mail::RawMail raw{.position = position, .received_at = from_unix_ms(modified_ms(info)), .bytes = {}};
    raw.bytes.resize(std::min(static_cast<std::size_t>(info.st_size) + 1, bytes_max + 1));  // One more shows that it grew.
    std::size_t size = 0;
    while (size < raw.bytes.size()) {
        const ssize_t got = ::read(file.get(), raw.bytes.data() + size, raw.bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, errno);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (!is_head && size > bytes_max) return too_large();
    raw.bytes.resize(std::min(size, bytes_max));
    return raw;
}

Result<mail::RawMail> MaildirSource::fetch(const mail::SourcePosition& position) {
    return read_file(position, mail::limits::raw_bytes_max, false);
}

Result<mail::RawMail> MaildirSource::fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) {
    return read_file(position, bytes_max, true);
}

bool MaildirSource::is_immutable() const {
    std::error_code ignored;
    return fs::is_directory(path_ / "new", ignored);
}

Status MaildirSource::done(const mail::SourcePosition& position) {
    done_.insert(position.uid);
    return {};
}

}  // namespace resolute::connectors
