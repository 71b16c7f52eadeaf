// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace resolute::ports {

struct NewTicket {
    EffectId key;  ///< creating with the same key again answers the same ticket
    CaseId case_id;
    std::string customer;  ///< CRM id, or empty
    std::string requester;  ///< address
    std::string subject;
    std::string description;
    std::string category;
    std::string priority;
    std::string tier;
    Instant at;
};

struct TicketRef {
    TicketId id;
    std::string number;  ///< what people say: "T-1042"
    friend bool operator==(const TicketRef&, const TicketRef&) = default;
};

struct TicketComment {
    EffectId key;
    TicketId ticket;
    std::string author;  ///< "customer", "resolute", or an agent's id
    bool is_public = true;
    std::string text;
    Instant at;
};

enum class TicketStatus { open, escalated, waiting_customer, resolved, closed };

struct TicketChange {
    EffectId key;
    TicketId ticket;
    std::optional<TicketStatus> status;
    std::optional<AgentId> assignee;
    std::string resolution_category;  ///< with `resolved`
    std::string note;                 ///< an internal comment, may be empty
    Instant at;
};

struct Ticket {
    TicketRef ref;
    CaseId case_id;
    std::string customer;
    std::string requester;
    std::string subject;
    std::string description;
    std::string category;
    std::string priority;
    std::string tier;
    TicketStatus status = TicketStatus::open;
    AgentId assignee;
    std::string resolution_category;
    Instant created_at;
    std::optional<Instant> resolved_at;
    std::vector<TicketComment> comments;  ///< oldest first
};

/// Where the tickets are. Writes with a known key answer as the first time. Threads: any.
class Helpdesk {
public:
    virtual ~Helpdesk() = default;
    virtual Result<TicketRef> create_ticket(const NewTicket& ticket, Deadline deadline) = 0;
    virtual Status add_comment(const TicketComment& comment, Deadline deadline) = 0;
    /// `helpdesk.ticket_not_found`.
    virtual Status change_ticket(const TicketChange& change, Deadline deadline) = 0;
    virtual Result<std::optional<Ticket>> find_ticket(const TicketId& id, Deadline deadline) = 0;
};

std::string_view to_string(TicketStatus status);
std::optional<TicketStatus> parse_ticket_status(std::string_view text);

}  // namespace resolute::ports
