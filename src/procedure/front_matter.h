// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "procedure/findings.h"

namespace resolute::procedure {

struct FrontMatter {
    std::string name;
    json::Value policy = json::Object{};
};

/// Reads the YAML between the two `---`; `first_line` is where it begins in the document. Amounts ("$500", "480 EUR"),
/// durations ("48h", "30 days") and percentages ("80%") become typed values; of plain words only true and false are bools,
/// so that `off` stays a word. Aliases, tags, duplicate keys and deep nesting are refused.
FrontMatter read_front_matter(std::string_view yaml, int first_line, Findings& findings);

/// A plain word of the front matter as a value; nothing where it looks like an amount and is none (`*why`).
std::optional<json::Value> parse_policy_value(std::string_view text, std::string* why);

}  // namespace resolute::procedure
