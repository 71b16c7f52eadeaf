// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/queries.h"
#include "storage/postgres/stores.h"

namespace resolute::storage::postgres {

using ports::Allowance;
using ports::MailRequest;

Result<Allowance> AutomaticMailLedger::reserve(const MailRequest& request, const ports::MailCaps& caps) {
    TRY(Transaction transaction, told(Transaction::begin(database_)));
    // Each counts what others committed before it got the locks. Always in this order, so that nobody waits in a circle.
    std::vector<Statement> looks{Statement(sql::kLockMails, "address/" + request.address)};
    if (!request.is_verified) {
        looks.emplace_back(sql::kLockMails, "domain/" + request.domain);
        looks.emplace_back(sql::kLockMails, "unverified");
    }
    const std::int64_t hour = ports::hour_of(request.at);
    looks.emplace_back(sql::kCountMails, request.key, request.address, request.case_id, request.domain, request.at - ports::kLedgerDay,
                       request.at - ports::kLedgerHour, hour, hour - ports::kHoursOfWeek);
    TRY(const auto seen, told(transaction.run(looks)));
    const Row row = seen.back().front();
    const ports::MailCounts counts{.is_known = row.boolean(0), .has_other_case = row.boolean(1), .to_sender_day = row.integer(2),
                                   .of_case_day = row.integer(3), .to_domain_hour = row.integer(4), .unverified_hour = row.integer(5),
                                   .hour = row.integer(6), .week = row.integer(7)};
    const Allowance allowance = ports::judge(caps, request.is_verified, counts);
    std::vector<Statement> writes;
    if (allowance == Allowance::granted && !counts.is_known) {
        const Instant old = request.at - ports::kLedgerKept;
        writes.emplace_back(sql::kForgetMails, old);
        writes.emplace_back(sql::kForgetMailHours, ports::hour_of(old));
        writes.emplace_back(sql::kInsertAllowedMail, request.key, request.case_id, request.address, request.domain,
                            request.is_verified, request.at);
        writes.emplace_back(sql::kCountMailHour, hour, request.key);
    }
    TRY_STATUS(told(transaction.commit(std::move(writes))));
    return allowance;
}

}  // namespace resolute::storage::postgres
