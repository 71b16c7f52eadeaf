// SPDX-License-Identifier: Apache-2.0
#include "ports/intake_store.h"

#include <array>
#include <utility>

namespace resolute::ports {

namespace {

// The names are the storage's format: never change one.
constexpr std::array<std::pair<MailOutcome, std::string_view>, 5> kOutcomeNames{{
    {MailOutcome::pending, "pending"},
    {MailOutcome::new_case, "new_case"},
    {MailOutcome::appended, "appended"},
    {MailOutcome::quarantined, "quarantined"},
    {MailOutcome::ignored, "ignored"},
}};

}  // namespace

std::string_view to_string(MailOutcome outcome) {
    for (const auto& [value, name] : kOutcomeNames)
        if (value == outcome) return name;
    return "pending";
}

std::optional<MailOutcome> parse_mail_outcome(std::string_view text) {
    for (const auto& [value, name] : kOutcomeNames)
        if (name == text) return value;
    return std::nullopt;
}

}  // namespace resolute::ports
