// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "ports/language_model.h"

namespace resolute::language {

inline constexpr std::array kCategories = {ports::Category::billing, ports::Category::technical, ports::Category::product_inquiry,
                                           ports::Category::refund_request, ports::Category::general_support};
/// Below this confidence a person should look. Set by hand on the tuned half of understand_cases.h.
inline constexpr double kUnsureBelow = 0.55;
inline constexpr std::string_view kInstructionEvidence = "instruction-like text";

/// Reads a mail by rules. Pure; the same text gives the same answer on every machine.
/// Amounts of the subject that the text does not repeat come last, with begin = end = 0.
ports::Understanding understand(std::string_view subject, std::string_view text);

ports::ReplyUnderstanding understand_reply(std::string_view text, bool survey_was_sent);

}  // namespace resolute::language
