// SPDX-License-Identifier: Apache-2.0
#include "app/erasure_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "json/json.h"

namespace resolute::app {
namespace {

std::unexpected<Error> cannot_write(const std::filesystem::path& file) {
    const int why = errno;
    return fail(why == ENOSPC || why == EDQUOT ? "file.disk_full" : "file.unwritable", ErrorKind::unavailable,
                fmt::format("cannot write {}: {}", file.string(), std::strerror(why)));
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<std::vector<ErasureEntry>> read_erasure_log(const std::filesystem::path& file) {
    std::vector<ErasureEntry> entries;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return entries;
    TRY(const std::string text, file::read(file));
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) break;  // Cut off: the erasure had not begun.
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        if (text::trim(line).empty()) continue;
        const auto value = json::parse(line);
        const auto at = value ? parse_instant((*value)["at"].as_string()) : std::nullopt;
        if (!at || !(*value)["subjects"].is_array())
            return fail("care.erasure_log_malformed", ErrorKind::corrupt, fmt::format("{} has a line that is no erasure", file.string()));
        entries.push_back({.at = *at, .by = (*value)["by"].as_string(), .subjects = json::to_strings((*value)["subjects"])});
    }
    return entries;
}

Status append_erasure(const std::filesystem::path& file, const ErasureEntry& entry) {
    // A line that a crash cut off must not run into this one: its erasure had not begun.
    std::size_t whole = 0;
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
        TRY(const std::string before, file::read(file));
        whole = before.rfind('\n') + 1;  // npos + 1 is 0.
    }
    const std::string line = json::dump(json::Object{{"at", format_instant(entry.at)}, {"by", entry.by}, {"subjects", json::from_strings(entry.subjects)}}) + "\n";
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return cannot_write(file);
    const bool is_written = ::ftruncate(descriptor, static_cast<off_t>(whole)) == 0 && write_all(descriptor, line) && ::fsync(descriptor) == 0;
    Status status = is_written ? Status{} : Status(cannot_write(file));
    ::close(descriptor);
    return status;
}

}  // namespace resolute::app
