// SPDX-License-Identifier: Apache-2.0
#include "mail/file_name.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoded_words.h"
#include "mail/limits.h"

namespace resolute::mail {
namespace {

/// Windows opens a device under these names, whatever the extension.
bool is_device_name(std::string_view name) {
    const std::string stem = text::to_lower(name.substr(0, name.find('.')));
    constexpr std::array<std::string_view, 4> kDevices = {"con", "prn", "aux", "nul"};
    for (const std::string_view device : kDevices) {
        if (stem == device) return true;
    }
    const bool is_port = stem.starts_with("com") || stem.starts_with("lpt");
    return stem.size() == 4 && is_port && stem[3] >= '0' && stem[3] <= '9';
}

/// The end, with the extension, tells more than the beginning.
std::string shorten_name(const std::string& name) {
    if (name.size() <= limits::file_name_bytes_max) return name;
    const std::size_t dot = name.rfind('.');
    const std::string extension = dot != std::string::npos && name.size() - dot <= 16 ? name.substr(dot) : std::string();
    return std::string(cut_utf8(name, limits::file_name_bytes_max - extension.size())) + extension;
}

}  // namespace

std::string safe_file_name(std::string_view name, std::size_t number) {
    std::string out = decode_header_text(name);
    if (const std::size_t slash = out.find_last_of("/\\"); slash != std::string::npos) out = out.substr(slash + 1);
    for (char& c : out) {
        if (std::string_view("<>:\"|?*").find(c) != std::string_view::npos) c = '_';
    }
    while (out.starts_with('.') || out.starts_with(' ')) out.erase(0, 1);
    while (out.ends_with('.') || out.ends_with(' ')) out.pop_back();
    if (out.empty() || is_device_name(out)) return fmt::format("attachment-{}", number);
    return shorten_name(out);
}

}  // namespace resolute::mail
