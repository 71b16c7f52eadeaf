// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resolute::mail {

/// The lines without quoted mail: "> " lines, attribution lines ("On … wrote:"), and everything below a separator
/// ("-----Original Message-----") or a block of copied headers ("From: … Sent: …"). Seven languages' forms in full, those of a
/// dozen more where they are short. Of a mail that is forwarded without a word of one's own (`is_forward`, or its separator says
/// so) the forwarded text stays: the sender speaks by it.
std::vector<std::string_view> without_quotation(const std::vector<std::string_view>& lines, bool is_forward = false);

/// "Fwd: …", "WG: …", "TR: …".
bool is_forward_subject(std::string_view subject);

}  // namespace resolute::mail
