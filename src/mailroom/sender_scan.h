// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::mailroom {

/// The address in the From field of the header, read without parsing the mail: good enough to sort by, for nothing else. Looks at
/// the first 64 KiB; empty where there is none. Total.
std::string scan_sender(std::string_view raw);

}  // namespace resolute::mailroom
