// SPDX-License-Identifier: Apache-2.0
#include "desk/folder_archive.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "desk/limits.h"

namespace resolute::desk {
namespace {

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '/';
}

/// Nothing that leaves the folder, hides in it, or means two things.
bool is_good_name(const std::string& name) {
    if (name.empty() || name.size() > kArchiveNameBytesMax || !std::ranges::all_of(name, is_name_character)) return false;
    return std::ranges::none_of(text::split(name, '/'),
                                [](std::string_view part) { return part.empty() || part.front() == '.'; });
}

}  // namespace

Status FolderArchive::put(const std::string& name, const std::string& bytes, Deadline) {
    if (!is_good_name(name)) {
        return fail(
            "files.bad_name", ErrorKind::invalid,
            fmt::format("'{}' is no name for an archived file: letters a to z, digits, '.', '_', '-', and '/' between parts",
                        text::shorten(text::to_valid_utf8(name), 80)));
    }
    const std::lock_guard lock(mutex_);
    const auto path = folder_ / name;
    std::error_code error;
    if (std::filesystem::exists(path, error)) {
        TRY(const auto there, file::read(path));
        if (there == bytes) return {};
        return fail("files.conflict", ErrorKind::conflict,
                    fmt::format("'{}' is archived already, with other content: it is left as it is", name), EffectState::refused);
    }
    TRY_STATUS(file::make_directories(path.parent_path()));
    // Writes a part file, syncs it, then renames: no half file ever has the name.
    TRY_STATUS(file::write_durably(path, bytes));
    TRY(const auto written, file::read(path));
    if (written == bytes) return {};
    return fail("files.not_as_written", ErrorKind::corrupt,
                fmt::format("'{}' reads back other than it was written: check the disk under '{}'", name, folder_.string()),
                EffectState::unknown);
}

}  // namespace resolute::desk
