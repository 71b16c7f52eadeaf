// SPDX-License-Identifier: Apache-2.0
#include "app/person.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/api_parts.h"
#include "app/api_values.h"
#include "app/narrate.h"
#include "base/text.h"

namespace resolute::app {
namespace {

void add_customers(Person& person, std::vector<ports::Customer> found) {
    for (ports::Customer& customer : found)
        if (std::ranges::find(person.customers, customer.id, &ports::Customer::id) == person.customers.end())
            person.customers.push_back(std::move(customer));
}

void add_address(Runtime& runtime, Person& person, std::string_view address) {
    std::string compared = text::to_lower(text::trim(address));
    if (std::ranges::find(person.identities, compared, &Person::Identity::address) != person.identities.end()) return;
    std::string blind_name = runtime.vault().blind_name(compared);
    person.identities.push_back({.address = std::move(compared), .blind_name = std::move(blind_name)});
}

/// What the store keeps of the identities that are known by now.
Status look_up(Runtime& runtime, Person& person) {
    storage::Maintenance& maintenance = runtime.storage().maintenance();
    TRY(const auto all, maintenance.addresses());
    person.addresses.clear();
    for (const std::string& address : all) {
        const std::string name = runtime.vault().blind_name(address);
        if (std::ranges::find(person.identities, name, &Person::Identity::blind_name) != person.identities.end())
            person.addresses.push_back(address);
    }
    TRY(person.cases, maintenance.cases_of(person.addresses, person.blind_names()));
    return {};
}

/// By the forms that are kept: a person may write their address otherwise than the CRM does.
Status find_customers(Runtime& runtime, Person& person) {
    for (const std::string& address : person.addresses) {
        TRY(auto found, runtime.storage().desk().find_customers_by_email(address));
        add_customers(person, std::move(found));
    }
    return {};
}

json::Value to_json(const ports::Customer& customer) {
    json::Array orders;
    for (const ports::Order& order : customer.orders)
        orders.push_back(json::Object{{"id", order.id.value()}, {"date", order.date}, {"total", display_text(order.total)},
                                      {"items", json::from_strings(order.items)}, {"status", order.status}});
    json::Array interactions;
    for (const ports::Interaction& one : customer.interactions)
        interactions.push_back(json::Object{{"at", format_instant(one.at)}, {"kind", one.kind}, {"summary", one.summary}, {"case", one.case_id}});
    return json::Object{{"id", customer.id.value()}, {"name", customer.name}, {"emails", json::from_strings(customer.emails)},
                        {"tier", to_string(customer.tier)}, {"orders", std::move(orders)}, {"interactions", std::move(interactions)}};
}

Result<json::Value> export_case(Runtime& runtime, const CaseId& id) {
    TRY(json::Value described, describe_case(runtime, id));
    TRY(json::Value journal, journal_of(runtime, id));
    described.set("in_words", narrate_case(described, journal, Screen{}));
    described.set("journal", std::move(journal));
    return described;
}

}  // namespace

std::vector<std::string> Person::blind_names() const {
    std::vector<std::string> names;
    for (const Identity& identity : identities) names.push_back(identity.blind_name);
    return names;
}

std::vector<CustomerId> Person::customer_ids() const {
    std::vector<CustomerId> ids;
    for (const ports::Customer& customer : customers) ids.push_back(customer.id);
    return ids;
}

Result<Person> find_person(Runtime& runtime, const std::string& name) {
    storage::Maintenance& maintenance = runtime.storage().maintenance();
    Person person;
    const bool is_address = name.find('@') != std::string::npos;
    if (is_address) {
        add_address(runtime, person, name);
        TRY_STATUS(look_up(runtime, person));
        TRY_STATUS(find_customers(runtime, person));
        if (person.customers.size() > 1)
            return fail("care.ambiguous_person", ErrorKind::conflict,
                        fmt::format("several CRM records share this address, {} and {} among them; name one by its id",
                                    person.customers[0].id.value(), person.customers[1].id.value()));
    } else {
        TRY(auto found, maintenance.find_customer(CustomerId(name)));
        if (found) add_customers(person, {*std::move(found)});
    }
    for (const ports::Customer& customer : person.customers)
        for (const std::string& email : customer.emails) add_address(runtime, person, email);
    TRY_STATUS(look_up(runtime, person));
    bool is_known = !person.customers.empty() || !person.addresses.empty() || !person.cases.empty();
    for (const Person::Identity& identity : person.identities) {
        TRY(const auto subjects, maintenance.subjects(identity.blind_name));
        is_known = is_known || !subjects.empty();
    }
    if (!is_known)
        return fail("care.unknown_person", ErrorKind::not_found,
                    "nobody of this CRM id or address is known here; name a CRM id or an e-mail address in full");
    return person;
}

Result<Person> find_person_by_blind_names(Runtime& runtime, const std::vector<std::string>& blind_names) {
    Person person;
    for (const std::string& name : blind_names) person.identities.push_back({.address = {}, .blind_name = name});
    TRY_STATUS(look_up(runtime, person));
    TRY_STATUS(find_customers(runtime, person));
    return person;
}

Status refuse_held(Runtime& runtime, const std::vector<std::string>& blind_names) {
    TRY(const auto holds, runtime.storage().maintenance().holds());
    for (const storage::Hold& hold : holds)
        if (!hold.released_at && std::ranges::find(blind_names, hold.blind_name) != blind_names.end())
            return fail("care.legal_hold", ErrorKind::refused,
                        fmt::format("a legal hold stands since {}, by {}: {}. Nothing of this person is erased until it is released",
                                    format_instant(hold.since), hold.by, hold.why));
    return {};
}

Result<json::Value> export_person(Runtime& runtime, const Person& person) {
    json::Array customers;
    for (const ports::Customer& customer : person.customers) customers.push_back(to_json(customer));
    json::Array cases;
    for (const CaseId& id : person.cases) {
        TRY(json::Value one, export_case(runtime, id));
        cases.push_back(std::move(one));
    }
    ports::IntakeStore& intake = runtime.storage().intake();
    TRY(const auto mail_ids, runtime.storage().maintenance().mails_of(person.cases, person.addresses));
    json::Array mails;
    for (const MailId& id : mail_ids) {
        TRY(const auto record, intake.find(id));
        if (!record) continue;
        TRY(const std::string bytes, intake.load_blob(record->blob));
        json::Value entry = to_json(*record);
        entry.set("raw_base64", base64(bytes));
        mails.push_back(std::move(entry));
    }
    TRY(const auto ticket_texts, runtime.storage().maintenance().tickets_of(person.cases));
    json::Array tickets;
    for (const std::string& text : ticket_texts) {
        TRY(json::Value ticket, json::parse(text));
        tickets.push_back(std::move(ticket));
    }
    return json::Value(json::Object{{"exported_at", format_instant(runtime.clock().now())},
                                    {"addresses", json::from_strings(person.addresses)},
                                    {"crm", std::move(customers)},
                                    {"cases", std::move(cases)},
                                    {"mails", std::move(mails)},
                                    {"tickets", std::move(tickets)}});
}

}  // namespace resolute::app
