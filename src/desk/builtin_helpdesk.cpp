// SPDX-License-Identifier: Apache-2.0
#include "desk/builtin_helpdesk.h"

#include <fmt/format.h>

#include "base/invariant.h"

namespace resolute::desk {

Result<ports::TicketRef> BuiltinHelpdesk::create_ticket(const ports::NewTicket& ticket, Deadline) {
    INVARIANT(!ticket.key.is_empty(), "a ticket is created under its effect's key, or it could be created twice");
    return store_.insert_ticket(ticket);
}

Status BuiltinHelpdesk::add_comment(const ports::TicketComment& comment, Deadline) {
    INVARIANT(!comment.key.is_empty(), "a comment is written under its effect's key, or it could be written twice");
    TRY_STATUS(require_ticket(comment.ticket));
    return store_.insert_comment(comment);
}

Status BuiltinHelpdesk::change_ticket(const ports::TicketChange& change, Deadline) {
    INVARIANT(!change.key.is_empty(), "a ticket is changed under its effect's key, or its note could be written twice");
    TRY_STATUS(require_ticket(change.ticket));
    return store_.update_ticket(change);
}

Result<std::optional<ports::Ticket>> BuiltinHelpdesk::find_ticket(const TicketId& id, Deadline) {
    return store_.find_ticket(id);
}

// Tickets are never deleted, so that what is found here is still there for the write that follows.
Status BuiltinHelpdesk::require_ticket(const TicketId& id) {
    TRY(const auto ticket, store_.find_ticket(id));
    if (ticket) return {};
    return fail("helpdesk.ticket_not_found", ErrorKind::not_found, fmt::format("the help desk has no ticket '{}'", id.value()),
                EffectState::refused);
}

}  // namespace resolute::desk
