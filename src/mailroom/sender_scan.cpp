// SPDX-License-Identifier: Apache-2.0
#include "mailroom/sender_scan.h"

#include "base/text.h"
#include "mail/address.h"
#include "mailroom/limits.h"

namespace resolute::mailroom {

std::string scan_sender(std::string_view raw) {
    raw = raw.substr(0, kScanBytesMax);
    std::string value;
    bool is_inside = false;
    while (!raw.empty()) {
        const std::size_t end = raw.find('\n');
        std::string_view line = raw.substr(0, end);
        raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) break;  // The header's end.
        const bool is_folded = line.front() == ' ' || line.front() == '\t';
        if (is_inside && is_folded) {
            value += line;
            continue;
        }
        if (is_inside) break;
        constexpr std::string_view kName = "from:";
        is_inside = line.size() >= kName.size() && text::equals_ignore_case(line.substr(0, kName.size()), kName);
        if (is_inside) value = line.substr(kName.size());
    }
    if (value.empty()) return {};
    const mail::AddressList list = mail::parse_addresses(value, 1);
    return list.addresses.empty() ? std::string() : list.addresses.front().address;
}

}  // namespace resolute::mailroom
