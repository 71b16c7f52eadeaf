// SPDX-License-Identifier: Apache-2.0
#include "desk/builtin_crm.h"

#include <fmt/format.h>

#include "base/invariant.h"
#include "base/text.h"

namespace resolute::desk {

Result<std::optional<ports::Customer>> BuiltinCrm::find_customer(std::string_view address, Deadline) {
    const std::string_view wanted = text::trim(address);
    if (wanted.empty()) return std::optional<ports::Customer>{};
    TRY(auto customers, store_.find_customers_by_email(wanted));
    if (customers.empty()) return std::optional<ports::Customer>{};
    if (customers.size() > 1) {
        // Guessing would show one customer's orders to the other. The ids suffice to find the two; the address is not for a log.
        return fail(
            "crm.ambiguous", ErrorKind::invalid,
            fmt::format("{} customers have this address, among them '{}' and '{}': give it to one of them and import again",
                        customers.size(), customers[0].id.value(), customers[1].id.value()),
            EffectState::refused);
    }
    return std::optional<ports::Customer>(std::move(customers.front()));
}

Status BuiltinCrm::record_resolution(const ports::ResolutionRecord& record, Deadline) {
    INVARIANT(!record.key.is_empty(), "a resolution is recorded under its effect's key, or it could be recorded twice");
    if (record.customer.is_empty()) {
        return fail("crm.no_customer", ErrorKind::invalid, "the resolution names no customer: nobody's history can hold it",
                    EffectState::refused);
    }
    ports::Interaction interaction{
        .at = record.at, .kind = "resolution", .summary = record.summary, .case_id = record.case_id.value()};
    if (!record.ticket.empty()) interaction.summary = fmt::format("{}: {}", record.ticket, record.summary);
    return store_.insert_interaction(record.key, record.customer, interaction);
}

Result<std::string> BuiltinCrm::create_deal(const ports::Deal& deal, Deadline) {
    INVARIANT(!deal.key.is_empty(), "a deal is created under its effect's key, or it could be created twice");
    return store_.insert_deal(deal);
}

}  // namespace resolute::desk
