// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resolute::mail {

/// The lines without quoted mail: "> " lines, attribution lines ("On … wrote:"), and everything below a separator
/// ("-----Original Message-----") or a block of copied headers ("From: … Sent: …"). Ten languages' worth of forms.
std::vector<std::string_view> without_quotation(const std::vector<std::string_view>& lines);

}  // namespace resolute::mail
