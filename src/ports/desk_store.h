// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/chat.h"
#include "ports/crm.h"
#include "ports/helpdesk.h"
#include "ports/people.h"

namespace resolute::ports {

struct Notification {
    std::string key;
    std::string role;
    std::string person;
    CaseId case_id;
    std::string text;
    Instant at;
};

struct Outage {
    std::string integration;
    Instant began_at;
    std::optional<Instant> ended_at;
    std::string error;  ///< code
};

/// What the built-in help desk, CRM and notification log keep. Each write is durable when it returns. Threads: any.
class DeskStore {
public:
    virtual ~DeskStore() = default;

    virtual Result<TicketRef> insert_ticket(const NewTicket& ticket) = 0;  ///< numbers count up from T-1001; known key: the same ref
    virtual Status insert_comment(const TicketComment& comment) = 0;       ///< known key: nothing
    virtual Status update_ticket(const TicketChange& change) = 0;          ///< known key: nothing
    virtual Result<std::optional<Ticket>> find_ticket(const TicketId& id) = 0;

    virtual Status upsert_customers(const std::vector<Customer>& customers) = 0;  ///< by id; emails move with them; our own interactions stay
    virtual Result<std::vector<Customer>> find_customers_by_email(std::string_view address) = 0;  ///< domain without case
    virtual Status insert_interaction(const EffectId& key, const CustomerId& customer, const Interaction& interaction) = 0;
    virtual Result<std::string> insert_deal(const Deal& deal) = 0;

    virtual Status replace_agents(const std::vector<Agent>& agents) = 0;
    virtual Result<std::vector<Agent>> agents() = 0;

    virtual Result<bool> insert_notification(const Notification& notification) = 0;  ///< false: known key
    virtual Result<std::vector<Notification>> notifications(std::size_t limit) = 0;  ///< newest first

    /// The open outage of an integration; begun now where there is none.
    virtual Result<Outage> begin_outage(const std::string& integration, const std::string& error, Instant now) = 0;
    virtual Status end_outage(const std::string& integration, Instant now) = 0;
    virtual Result<std::vector<Outage>> outages() = 0;
};

}  // namespace resolute::ports
