// SPDX-License-Identifier: Apache-2.0
#include "ports/helpdesk.h"

#include <array>
#include <utility>

namespace resolute::ports {

namespace {

// The names are the storage's format: never change one.
constexpr std::array<std::pair<TicketStatus, std::string_view>, 5> kStatusNames{{
    {TicketStatus::open, "open"},
    {TicketStatus::escalated, "escalated"},
    {TicketStatus::waiting_customer, "waiting_customer"},
    {TicketStatus::resolved, "resolved"},
    {TicketStatus::closed, "closed"},
}};

}  // namespace

std::string_view to_string(TicketStatus status) {
    for (const auto& [value, name] : kStatusNames)
        if (value == status) return name;
    return "open";
}

std::optional<TicketStatus> parse_ticket_status(std::string_view text) {
    for (const auto& [value, name] : kStatusNames)
        if (name == text) return value;
    return std::nullopt;
}

}  // namespace resolute::ports
