// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

using ports::Customer;
using ports::Outage;
using ports::Ticket;

Result<ports::TicketRef> DeskStore::insert_ticket(const ports::NewTicket& ticket) {
    const std::lock_guard lock(tables_.mutex);
    const auto [known, is_new] = tables_.ticket_by_key.emplace(ticket.key, tables_.tickets.size());
    if (!is_new) return tables_.tickets[known->second].ref;
    Ticket row;
    row.ref = ticket_ref(kFirstTicketNumber + static_cast<std::int64_t>(tables_.tickets.size()));
    row.case_id = ticket.case_id;
    row.customer = ticket.customer;
    row.requester = ticket.requester;
    row.subject = ticket.subject;
    row.description = ticket.description;
    row.category = ticket.category;
    row.priority = ticket.priority;
    row.tier = ticket.tier;
    row.created_at = ticket.at;
    tables_.tickets.push_back(row);
    return row.ref;
}

Ticket* DeskStore::ticket_of(const TicketId& id) {
    const auto found = std::ranges::find(tables_.tickets, id, [](const Ticket& ticket) { return ticket.ref.id; });
    return found == tables_.tickets.end() ? nullptr : &*found;
}

Status DeskStore::insert_comment(const ports::TicketComment& comment) {
    const std::lock_guard lock(tables_.mutex);
    Ticket* ticket = ticket_of(comment.ticket);
    if (ticket == nullptr) return std::unexpected(ticket_not_found(comment.ticket));
    if (tables_.comment_keys.insert(comment.key).second) ticket->comments.push_back(comment);
    return {};
}

Status DeskStore::update_ticket(const ports::TicketChange& change) {
    const std::lock_guard lock(tables_.mutex);
    Ticket* ticket = ticket_of(change.ticket);
    if (ticket == nullptr) return std::unexpected(ticket_not_found(change.ticket));
    if (!tables_.change_keys.insert(change.key).second) return {};
    apply_change(*ticket, change);
    if (!change.note.empty() && tables_.comment_keys.insert(change.key).second) ticket->comments.push_back(note_of(change));
    return {};
}

Result<std::optional<Ticket>> DeskStore::find_ticket(const TicketId& id) {
    const std::lock_guard lock(tables_.mutex);
    const Ticket* ticket = ticket_of(id);
    if (ticket == nullptr) return std::nullopt;
    return *ticket;
}

Status DeskStore::upsert_customers(const std::vector<Customer>& customers) {
    const std::lock_guard lock(tables_.mutex);
    for (const Customer& customer : customers) tables_.customers[customer.id].imported = customer;
    return {};
}

Result<std::vector<Customer>> DeskStore::find_customers_by_email(std::string_view address) {
    const std::string key = address_key(address);
    const std::lock_guard lock(tables_.mutex);
    std::vector<Customer> found;
    for (const auto& [id, row] : tables_.customers) {
        if (std::ranges::none_of(row.imported.emails, [&](const std::string& email) { return address_key(email) == key; })) continue;
        Customer customer = row.imported;
        customer.interactions.insert(customer.interactions.end(), row.ours.begin(), row.ours.end());
        std::ranges::stable_sort(customer.interactions, {}, &ports::Interaction::at);
        found.push_back(std::move(customer));
    }
    return found;
}

Status DeskStore::insert_interaction(const EffectId& key, const CustomerId& customer, const ports::Interaction& interaction) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.customers.find(customer);
    if (found == tables_.customers.end()) return std::unexpected(customer_not_found(customer));
    if (tables_.interaction_keys.insert(key).second) found->second.ours.push_back(interaction);
    return {};
}

Result<std::string> DeskStore::insert_deal(const ports::Deal& deal) {
    const std::lock_guard lock(tables_.mutex);
    const auto [row, is_new] = tables_.deals.emplace(deal.key, std::string());
    if (is_new) row->second = deal_name(static_cast<std::int64_t>(tables_.deals.size()));
    return row->second;
}

Status DeskStore::replace_agents(const std::vector<ports::Agent>& agents) {
    const std::lock_guard lock(tables_.mutex);
    tables_.agents = agents;
    std::ranges::sort(tables_.agents, {}, &ports::Agent::id);
    return {};
}

Result<std::vector<ports::Agent>> DeskStore::agents() {
    const std::lock_guard lock(tables_.mutex);
    return tables_.agents;
}

Result<bool> DeskStore::insert_notification(const ports::Notification& notification) {
    const std::lock_guard lock(tables_.mutex);
    if (!tables_.notification_keys.insert(notification.key).second) return false;
    tables_.notifications.push_back(notification);
    return true;
}

Result<std::vector<ports::Notification>> DeskStore::notifications(std::size_t limit) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<ports::Notification> newest(tables_.notifications.rbegin(), tables_.notifications.rend());
    std::ranges::stable_sort(newest, std::ranges::greater{}, &ports::Notification::at);
    if (newest.size() > limit) newest.resize(limit);
    return newest;
}

Result<Outage> DeskStore::begin_outage(const std::string& integration, const std::string& error, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    for (const Outage& outage : tables_.outages)
        if (outage.integration == integration && !outage.ended_at) return outage;
    tables_.outages.push_back({.integration = integration, .began_at = now, .ended_at = {}, .error = error});
    return tables_.outages.back();
}

Status DeskStore::end_outage(const std::string& integration, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    for (Outage& outage : tables_.outages)
        if (outage.integration == integration && !outage.ended_at) outage.ended_at = now;
    return {};
}

Result<std::vector<Outage>> DeskStore::outages() {
    const std::lock_guard lock(tables_.mutex);
    return tables_.outages;
}

}  // namespace resolute::storage::memory
