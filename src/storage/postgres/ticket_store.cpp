// SPDX-License-Identifier: Apache-2.0
// The desk's tickets; its customers, people and notices are in desk_store.cpp.
#include <charconv>

#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

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

Result<Ticket> ticket_of(std::int64_t number, const Row& row) {
    Ticket ticket;
    ticket.ref = ticket_ref(number);
    ticket.case_id = CaseId(row.text(0));
    ticket.customer = row.text(1);
    ticket.requester = row.text(2);
    ticket.subject = row.text(3);
    ticket.description = row.text(4);
    ticket.category = row.text(5);
    ticket.priority = row.text(6);
    ticket.tier = row.text(7);
    const auto status = ports::parse_ticket_status(row.text(8));
    if (!status) return corrupt_row("ticket status");
    ticket.status = *status;
    ticket.assignee = AgentId(row.text(9));
    ticket.resolution_category = row.text(10);
    ticket.created_at = row.instant(11);
    ticket.resolved_at = row.optional_instant(12);
    return ticket;
}

Statement put_comment(std::int64_t number, const ports::TicketComment& comment) {
    return Statement(sql::kInsertComment, comment.key, number, comment.author, comment.is_public, comment.text, comment.at);
}

}  // namespace

Result<ports::TicketRef> DeskStore::insert_ticket(const ports::NewTicket& ticket) {
    TRY(const auto answers,
        database_.write_all({Statement(sql::kInsertTicket, ticket.key, ticket.case_id, ticket.customer, ticket.requester, ticket.subject,
                                       ticket.description, ticket.category, ticket.priority, ticket.tier, ticket.at),
                             Statement(sql::kTicketByKey, ticket.key)}));
    return ticket_ref(answers[1].front().integer(0));
}

Status DeskStore::insert_comment(const ports::TicketComment& comment) {
    const auto number = number_of(comment.ticket);
    if (!number) return std::unexpected(ticket_not_found(comment.ticket));
    TRY(const auto answers, database_.write_all({put_comment(*number, comment), Statement(sql::kHasTicket, *number)}));
    if (answers[1].is_empty()) return std::unexpected(ticket_not_found(comment.ticket));
    return {};
}

Status DeskStore::update_ticket(const ports::TicketChange& change) {
    const auto number = number_of(change.ticket);
    if (!number) return std::unexpected(ticket_not_found(change.ticket));
    TRY(Transaction transaction, told(Transaction::begin(database_)));
    TRY(const auto seen,
        told(transaction.run({Statement(sql::kLockTicket, *number), Statement(sql::kInsertChange, change.key, *number)})));
    if (seen[0].is_empty()) return std::unexpected(ticket_not_found(change.ticket));
    if (seen[1].changes() == 0) return {};  // The same change came before.
    TRY(Ticket ticket, ticket_of(*number, seen[0].front()));
    apply_change(ticket, change);
    std::vector<Statement> statements{Statement(sql::kUpdateTicket, *number, to_string(ticket.status), ticket.assignee,
                                                ticket.resolution_category, ticket.resolved_at)};
    if (!change.note.empty()) statements.push_back(put_comment(*number, note_of(change)));
    TRY(const auto written, told(transaction.commit(std::move(statements))));
    static_cast<void>(written);
    return {};
}

Result<std::optional<Ticket>> DeskStore::find_ticket(const TicketId& id) {
    const auto number = number_of(id);
    if (!number) return std::nullopt;
    TRY(const auto answers, database_.read_all({Statement(sql::kFindTicket, *number), Statement(sql::kComments, *number)}));
    if (answers[0].is_empty()) return std::nullopt;
    TRY(Ticket ticket, ticket_of(*number, answers[0].front()));
    for (const Row row : answers[1])
        ticket.comments.push_back({.key = EffectId(row.text(0)),
                                   .ticket = ticket.ref.id,
                                   .author = row.text(1),
                                   .is_public = row.boolean(2),
                                   .text = row.text(3),
                                   .at = row.instant(4)});
    return ticket;
}

}  // namespace resolute::storage::postgres
