// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/runtime.h"
#include "json/json.h"

namespace resolute::app {

/// One person who wrote to us, with all that is theirs.
struct Person {
    struct Identity {
        std::string address;     ///< in lower case; empty where only the blind name is known
        std::string blind_name;  ///< engine/vault.h
    };
    std::vector<Identity> identities;
    std::vector<ports::Customer> customers;  ///< CRM records
    std::vector<std::string> addresses;      ///< in the forms in which the store keeps them
    std::vector<CaseId> cases;               ///< also those that were erased

    [[nodiscard]] std::vector<std::string> blind_names() const;
    [[nodiscard]] std::vector<CustomerId> customer_ids() const;
};

/// By the CRM's id, or by an address. `care.unknown_person`, `care.ambiguous_person` (several CRM records share the address).
Result<Person> find_person(Runtime& runtime, const std::string& name);
/// Whoever these names stand for, as far as the store still knows.
Result<Person> find_person_by_blind_names(Runtime& runtime, const std::vector<std::string>& blind_names);

/// `care.legal_hold` where one stands for the person.
Status refuse_held(Runtime& runtime, const std::vector<std::string>& blind_names);

/// Everything about the person in one JSON: who they are to us, cases with their journals, in words and as events, mails with their
/// raw bytes, tickets.
Result<json::Value> export_person(Runtime& runtime, const Person& person);

}  // namespace resolute::app
