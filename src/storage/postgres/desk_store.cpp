// SPDX-License-Identifier: Apache-2.0
// The desk's customers, people and notices; its tickets are in ticket_store.cpp.
#include <algorithm>
#include <map>

#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

using ports::Customer;
using ports::Outage;

namespace {

void add_own_interactions(std::vector<Customer>& customers, const Rows& interactions) {
    for (const Row row : interactions) {
        const auto customer = std::ranges::find(customers, CustomerId(row.text(0)), &Customer::id);
        if (customer == customers.end()) continue;
        customer->interactions.push_back(
            {.at = row.instant(1), .kind = row.text(2), .summary = row.text(3), .case_id = row.text(4)});
    }
    for (Customer& customer : customers) std::ranges::stable_sort(customer.interactions, {}, &ports::Interaction::at);
}

Result<Outage> outage_of(const Row& row) {
    return Outage{.integration = row.text(0), .began_at = row.instant(1), .ended_at = row.optional_instant(2), .error = row.text(3)};
}

/// For writes whose answer says nothing that the caller needs.
Status done(const Result<std::vector<Rows>>& answers) {
    if (!answers) return std::unexpected(answers.error());
    return {};
}

}  // namespace

Status DeskStore::upsert_customers(const std::vector<Customer>& customers) {
    // Of two with one id the later counts; a statement takes each row once.
    std::map<CustomerId, const Customer*> latest;
    for (const Customer& customer : customers) latest[customer.id] = &customer;
    Column ids = Column::texts(), profiles = Column::texts(), addresses = Column::texts(), owners = Column::texts();
    for (const auto& [id, customer] : latest) {
        ids.add(id);
        profiles.add(std::string_view(encode(*customer)));
        for (const std::string& email : customer->emails) {
            addresses.add(std::string_view(address_key(email)));
            owners.add(id);
        }
    }
    return done(database_.write_all({Statement(sql::kPutCustomers, ids, profiles), Statement(sql::kDeleteEmails, ids),
                                     Statement(sql::kInsertEmails, addresses, owners)}));
}

Result<std::vector<Customer>> DeskStore::find_customers_by_email(std::string_view address) {
    const std::string key = address_key(address);
    TRY(const auto answers, database_.read_all({Statement(sql::kCustomersByEmail, key), Statement(sql::kInteractionsByEmail, key)}));
    TRY(auto customers, each(answers[0], [](const Row& row) { return decode_customer(row.text(1)); }));
    add_own_interactions(customers, answers[1]);
    return customers;
}

Status DeskStore::insert_interaction(const EffectId& key, const CustomerId& customer, const ports::Interaction& interaction) {
    TRY(const auto answers, database_.write_all({Statement(sql::kInsertInteraction, key, customer, interaction.at, interaction.kind,
                                                           interaction.summary, interaction.case_id),
                                                 Statement(sql::kHasCustomer, customer)}));
    if (answers[1].is_empty()) return std::unexpected(customer_not_found(customer));
    return {};
}

Result<std::string> DeskStore::insert_deal(const ports::Deal& deal) {
    TRY(const auto answers, database_.write_all({Statement(sql::kInsertDeal, deal.key, deal.customer, deal.contact, deal.title,
                                                           deal.case_id, deal.at),
                                                 Statement(sql::kDealByKey, deal.key)}));
    return deal_name(answers[1].front().integer(0));
}

Status DeskStore::replace_agents(const std::vector<ports::Agent>& agents) {
    Column ids = Column::texts(), profiles = Column::texts();
    for (const ports::Agent& agent : agents) {
        ids.add(agent.id);
        profiles.add(std::string_view(encode(agent)));
    }
    return done(database_.write_all({Statement(sql::kLockAgents), Statement(sql::kDeleteAgents), Statement(sql::kPutAgents, ids, profiles)}));
}

Result<std::vector<ports::Agent>> DeskStore::agents() {
    TRY(const Rows rows, database_.read(sql::kAgents));
    return each(rows, [](const Row& row) { return decode_agent(row.text(0)); });
}

Result<bool> DeskStore::insert_notification(const ports::Notification& notification) {
    TRY(const Rows made, database_.write(sql::kInsertNotification, notification.key, notification.role, notification.person,
                                         notification.case_id, notification.text, notification.at));
    return made.changes() > 0;
}

Result<std::vector<ports::Notification>> DeskStore::notifications(std::size_t limit) {
    TRY(const Rows rows, database_.read(sql::kNotifications, limit));
    return each(rows, [](const Row& row) -> Result<ports::Notification> {
        return ports::Notification{.key = row.text(0),
                                   .role = row.text(1),
                                   .person = row.text(2),
                                   .case_id = CaseId(row.text(3)),
                                   .text = row.text(4),
                                   .at = row.instant(5)};
    });
}

Result<Outage> DeskStore::begin_outage(const std::string& integration, const std::string& error, Instant now) {
    // One that ends between the two statements was open when the first looked; then it begins anew.
    for (int attempt = 1; attempt <= 3; ++attempt) {
        TRY(const auto answers,
            database_.write_all({Statement(sql::kInsertOutage, integration, now, error), Statement(sql::kOpenOutage, integration)}));
        if (!answers[1].is_empty()) return outage_of(answers[1].front());
    }
    return fail("store.unavailable", ErrorKind::unavailable, "an outage began and ended again and again: try later");
}

Status DeskStore::end_outage(const std::string& integration, Instant now) {
    return done(database_.write_all({Statement(sql::kEndOutage, integration, now)}));
}

Result<std::vector<Outage>> DeskStore::outages() {
    TRY(const Rows rows, database_.read(sql::kOutages));
    return each(rows, outage_of);
}

}  // namespace resolute::storage::postgres
