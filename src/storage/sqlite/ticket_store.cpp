// SPDX-License-Identifier: Apache-2.0
// The desk's tickets; its customers, people and notices are in desk_store.cpp.
#include <charconv>

#include "storage/encoding.h"
#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using ports::Ticket;

namespace {

/// "T-1042" → 1042; nothing for another help desk's id.
std::optional<std::int64_t> number_of(const TicketId& id) {
    const std::string& text = id.value();
    std::int64_t number = 0;
    if (!text.starts_with("T-")) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || ticket_ref(number).id != id) return std::nullopt;
    return number;
}

Result<std::optional<Ticket>> read_ticket(Connection& connection, const TicketId& id) {
    const auto number = number_of(id);
    if (!number) return std::nullopt;
    TRY(auto query, connection.query(sql::kFindTicket, *number));
    TRY(const bool is_there, query.step());
    if (!is_there) return std::nullopt;
    Ticket ticket;
    ticket.ref = ticket_ref(*number);
    ticket.case_id = CaseId(query.text(0));
    ticket.customer = query.text(1);
    ticket.requester = query.text(2);
    ticket.subject = query.text(3);
    ticket.description = query.text(4);
    ticket.category = query.text(5);
    ticket.priority = query.text(6);
    ticket.tier = query.text(7);
    const auto status = ports::parse_ticket_status(query.text(8));
    if (!status) return corrupt_row("ticket status");
    ticket.status = *status;
    ticket.assignee = AgentId(query.text(9));
    ticket.resolution_category = query.text(10);
    ticket.created_at = query.instant(11);
    ticket.resolved_at = query.optional_instant(12);
    return ticket;
}

Status read_comments(Connection& connection, Ticket& ticket) {
    TRY(auto query, connection.query(sql::kComments, number_of(ticket.ref.id)));
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return {};
        ticket.comments.push_back({.key = EffectId(query.text(0)),
                                   .ticket = ticket.ref.id,
                                   .author = query.text(1),
                                   .is_public = query.integer(2) != 0,
                                   .text = query.text(3),
                                   .at = query.instant(4)});
    }
}

Status put_comment(Connection& connection, const ports::TicketComment& comment) {
    return connection.run(sql::kInsertComment, comment.key, number_of(comment.ticket), comment.author, comment.is_public,
                          comment.text, comment.at);
}

}  // namespace

Result<ports::TicketRef> DeskStore::insert_ticket(const ports::NewTicket& ticket) {
    return database_.writing([&](Connection& connection) -> Result<ports::TicketRef> {
        {
            TRY(auto known, connection.query(sql::kTicketByKey, ticket.key));
            TRY(const bool is_known, known.step());
            if (is_known) return ticket_ref(known.integer(0));
        }
        TRY(auto query, connection.query(sql::kInsertTicket, kFirstTicketNumber, ticket.key, ticket.case_id, ticket.customer,
                                         ticket.requester, ticket.subject, ticket.description, ticket.category, ticket.priority,
                                         ticket.tier, ticket.at));
        TRY_STATUS(query.expect_row());
        const std::int64_t number = query.integer(0);
        TRY_STATUS(query.run());
        return ticket_ref(number);
    });
}

Status DeskStore::insert_comment(const ports::TicketComment& comment) {
    return database_.write([&](Connection& connection) -> Status {
        TRY(const auto ticket, read_ticket(connection, comment.ticket));
        if (!ticket) return std::unexpected(ticket_not_found(comment.ticket));
        return put_comment(connection, comment);
    });
}

Status DeskStore::update_ticket(const ports::TicketChange& change) {
    return database_.write([&](Connection& connection) -> Status {
        TRY(auto ticket, read_ticket(connection, change.ticket));
        if (!ticket) return std::unexpected(ticket_not_found(change.ticket));
        const auto number = number_of(change.ticket);
        TRY_STATUS(connection.run(sql::kInsertChange, change.key, number));
        if (connection.changes() == 0) return {};  // The same change came before.
        apply_change(*ticket, change);
        TRY_STATUS(connection.run(sql::kUpdateTicket, to_string(ticket->status), ticket->assignee, ticket->resolution_category,
                                  ticket->resolved_at, number));
        if (change.note.empty()) return {};
        return put_comment(connection, note_of(change));
    });
}

Result<std::optional<Ticket>> DeskStore::find_ticket(const TicketId& id) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<Ticket>> {
        TRY(auto ticket, read_ticket(connection, id));
        if (ticket) TRY_STATUS(read_comments(connection, *ticket));
        return ticket;
    });
}

}  // namespace resolute::storage::sqlite
