// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::mail {

/// The first event of a text/calendar part (RFC 5545) as one line for a reader: "Invitation: Demo, 2026-11-30 10:00
/// (Europe/Berlin), Room 4". Empty where there is none. Total, linear.
std::string calendar_line(std::string_view utf8);

}  // namespace resolute::mail
