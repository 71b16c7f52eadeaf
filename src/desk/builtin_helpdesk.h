// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/desk_store.h"

namespace resolute::desk {

/// The help desk of a company that has none: tickets live in our own store, beside the cases. Every write is idempotent by its
/// key, because the store keeps the keys. It never waits for the outside, so deadlines are not looked at. Threads: any.
class BuiltinHelpdesk final : public ports::Helpdesk {
public:
    explicit BuiltinHelpdesk(ports::DeskStore& store) : store_(store) {}

    Result<ports::TicketRef> create_ticket(const ports::NewTicket& ticket, Deadline deadline) override;
    /// `helpdesk.ticket_not_found`.
    Status add_comment(const ports::TicketComment& comment, Deadline deadline) override;
    Status change_ticket(const ports::TicketChange& change, Deadline deadline) override;
    Result<std::optional<ports::Ticket>> find_ticket(const TicketId& id, Deadline deadline) override;

private:
    Status require_ticket(const TicketId& id);

    ports::DeskStore& store_;
};

}  // namespace resolute::desk
