// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/money.h"
#include "base/result.h"

namespace resolute::ports {

enum class Tier { regular, vip };

struct Order {
    OrderId id;
    std::string date;  ///< ISO date, as the CRM has it
    Money total;
    std::vector<std::string> items;
    std::string status;  ///< "delivered", "shipped", …: free text of the CRM
    friend bool operator==(const Order&, const Order&) = default;
};

struct Interaction {
    Instant at;
    std::string kind;     ///< "resolution", "call", …
    std::string summary;
    std::string case_id;  ///< ours, or empty
    friend bool operator==(const Interaction&, const Interaction&) = default;
};

struct Customer {
    CustomerId id;
    std::string name;
    std::vector<std::string> emails;
    Tier tier = Tier::regular;
    std::vector<Order> orders;
    std::vector<Interaction> interactions;
    friend bool operator==(const Customer&, const Customer&) = default;
};

struct ResolutionRecord {
    EffectId key;  ///< recording the same key again changes nothing
    CustomerId customer;
    CaseId case_id;
    std::string ticket;
    std::string summary;
    Instant at;
};

struct Deal {
    EffectId key;
    CustomerId customer;  ///< may be empty for somebody unknown
    std::string contact;  ///< the e-mail address
    std::string title;
    std::string case_id;
    Instant at;
};

/// Who the customers are. Threads: any.
class Crm {
public:
    virtual ~Crm() = default;
    /// By exact address (domain without case). Nothing: unknown. Two customers with the address: `crm.ambiguous`.
    virtual Result<std::optional<Customer>> find_customer(std::string_view address, Deadline deadline) = 0;
    virtual Status record_resolution(const ResolutionRecord& record, Deadline deadline) = 0;
    /// `crm.deals_not_configured` (ErrorKind::not_found) where there is no deal pipeline.
    virtual Result<std::string> create_deal(const Deal& deal, Deadline deadline) = 0;
};

std::string_view to_string(Tier tier);

}  // namespace resolute::ports
