// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace resolute::mail {

/// What the person wrote now: without quoted mail, signature and what mail programs and companies add. Where it is not sure that
/// a line is one of these, the line stays: a line too much costs little, a lost line of a complaint costs a customer. `subject`
/// tells whether the mail is forwarded. Pure and linear.
std::string visible_text(std::string_view text, std::string_view subject = {});

}  // namespace resolute::mail
