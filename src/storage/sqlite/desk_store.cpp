// SPDX-License-Identifier: Apache-2.0
// The desk's customers, people and notices; its tickets are in ticket_store.cpp.
#include <algorithm>

#include "storage/encoding.h"
#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using ports::Customer;
using ports::Outage;

namespace {

Status put_customer(Connection& connection, const Customer& customer) {
    TRY_STATUS(connection.run(sql::kPutCustomer, customer.id, encode(customer)));
    TRY_STATUS(connection.run(sql::kDeleteEmails, customer.id));
    for (const std::string& email : customer.emails)
        TRY_STATUS(connection.run(sql::kInsertEmail, address_key(email), customer.id));
    return {};
}

Status add_own_interactions(Connection& connection, Customer& customer) {
    TRY(auto query, connection.query(sql::kInteractions, customer.id));
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) break;
        customer.interactions.push_back(
            {.at = query.instant(0), .kind = query.text(1), .summary = query.text(2), .case_id = query.text(3)});
    }
    std::ranges::stable_sort(customer.interactions, {}, &ports::Interaction::at);
    return {};
}

Outage outage_of(const Query& row) {
    return {.integration = row.text(0), .began_at = row.instant(1), .ended_at = row.optional_instant(2), .error = row.text(3)};
}

}  // namespace

Status DeskStore::upsert_customers(const std::vector<Customer>& customers) {
    return database_.write([&](Connection& connection) -> Status {
        for (const Customer& customer : customers) TRY_STATUS(put_customer(connection, customer));
        return {};
    });
}

Result<std::vector<Customer>> DeskStore::find_customers_by_email(std::string_view address) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<Customer>> {
        TRY(auto query, connection.query(sql::kCustomersByEmail, address_key(address)));
        std::vector<Customer> found;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return found;
            TRY(Customer customer, decode_customer(query.text(0)));
            TRY_STATUS(add_own_interactions(connection, customer));
            found.push_back(std::move(customer));
        }
    });
}

Status DeskStore::insert_interaction(const EffectId& key, const CustomerId& customer, const ports::Interaction& interaction) {
    return database_.write([&](Connection& connection) -> Status {
        {
            TRY(auto query, connection.query(sql::kHasCustomer, customer));
            TRY(const bool is_there, query.step());
            if (!is_there) return std::unexpected(customer_not_found(customer));
        }
        return connection.run(sql::kInsertInteraction, key, customer, interaction.at, interaction.kind, interaction.summary,
                              interaction.case_id);
    });
}

Result<std::string> DeskStore::insert_deal(const ports::Deal& deal) {
    return database_.writing([&](Connection& connection) -> Result<std::string> {
        {
            TRY(auto known, connection.query(sql::kDealByKey, deal.key));
            TRY(const bool is_known, known.step());
            if (is_known) return deal_name(known.integer(0));
        }
        TRY(auto query,
            connection.query(sql::kInsertDeal, deal.key, deal.customer, deal.contact, deal.title, deal.case_id, deal.at));
        TRY_STATUS(query.expect_row());
        const std::int64_t number = query.integer(0);
        TRY_STATUS(query.run());
        return deal_name(number);
    });
}

Status DeskStore::replace_agents(const std::vector<ports::Agent>& agents) {
    return database_.write([&](Connection& connection) -> Status {
        TRY_STATUS(connection.run(sql::kDeleteAgents));
        for (const ports::Agent& agent : agents) TRY_STATUS(connection.run(sql::kPutAgent, agent.id, encode(agent)));
        return {};
    });
}

Result<std::vector<ports::Agent>> DeskStore::agents() {
    return database_.reading([&](Connection& connection) -> Result<std::vector<ports::Agent>> {
        TRY(auto query, connection.query(sql::kAgents));
        std::vector<ports::Agent> found;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return found;
            TRY(ports::Agent agent, decode_agent(query.text(0)));
            found.push_back(std::move(agent));
        }
    });
}

Result<bool> DeskStore::insert_notification(const ports::Notification& notification) {
    return database_.writing([&](Connection& connection) -> Result<bool> {
        TRY_STATUS(connection.run(sql::kInsertNotification, notification.key, notification.role, notification.person,
                                  notification.case_id, notification.text, notification.at));
        return connection.changes() > 0;
    });
}

Result<std::vector<ports::Notification>> DeskStore::notifications(std::size_t limit) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<ports::Notification>> {
        TRY(auto query, connection.query(sql::kNotifications, limit));
        std::vector<ports::Notification> found;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return found;
            found.push_back({.key = query.text(0),
                             .role = query.text(1),
                             .person = query.text(2),
                             .case_id = CaseId(query.text(3)),
                             .text = query.text(4),
                             .at = query.instant(5)});
        }
    });
}

Result<Outage> DeskStore::begin_outage(const std::string& integration, const std::string& error, Instant now) {
    return database_.writing([&](Connection& connection) -> Result<Outage> {
        {
            TRY(auto query, connection.query(sql::kOpenOutage, integration));
            TRY(const bool is_open, query.step());
            if (is_open) return outage_of(query);
        }
        TRY_STATUS(connection.run(sql::kInsertOutage, integration, now, error));
        return Outage{.integration = integration, .began_at = now, .ended_at = {}, .error = error};
    });
}

Status DeskStore::end_outage(const std::string& integration, Instant now) {
    return database_.write([&](Connection& connection) { return connection.run(sql::kEndOutage, now, integration); });
}

Result<std::vector<Outage>> DeskStore::outages() {
    return database_.reading([&](Connection& connection) -> Result<std::vector<Outage>> {
        TRY(auto query, connection.query(sql::kOutages));
        std::vector<Outage> found;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return found;
            found.push_back(outage_of(query));
        }
    });
}

}  // namespace resolute::storage::sqlite
