// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using ports::Allowance;
using ports::MailRequest;

namespace {

Result<ports::MailCounts> count(Connection& connection, const MailRequest& request) {
    ports::MailCounts counts;
    const std::int64_t hour = ports::hour_of(request.at);
    TRY(auto query, connection.query(sql::kCountMails, request.key, request.address, request.case_id, request.domain,
                                     request.at - ports::kLedgerDay, request.at - ports::kLedgerHour, hour, hour - ports::kHoursOfWeek));
    TRY_STATUS(query.expect_row());
    counts.is_known = query.integer(0) != 0;
    counts.has_other_case = query.integer(1) != 0;
    counts.to_sender_day = query.integer(2);
    counts.of_case_day = query.integer(3);
    counts.to_domain_hour = query.integer(4);
    counts.unverified_hour = query.integer(5);
    counts.hour = query.integer(6);
    counts.week = query.integer(7);
    return counts;
}

}  // namespace

Result<Allowance> AutomaticMailLedger::reserve(const MailRequest& request, const ports::MailCaps& caps) {
    return database_.writing([&](Connection& connection) -> Result<Allowance> {
        TRY(const ports::MailCounts counts, count(connection, request));
        const Allowance allowance = ports::judge(caps, request.is_verified, counts);
        if (allowance != Allowance::granted || counts.is_known) return allowance;
        const Instant old = request.at - ports::kLedgerKept;
        TRY_STATUS(connection.run(sql::kForgetMails, old));
        TRY_STATUS(connection.run(sql::kForgetMailHours, ports::hour_of(old)));
        TRY_STATUS(connection.run(sql::kInsertAllowedMail, request.key, request.case_id, request.address, request.domain,
                                  request.is_verified, request.at));
        TRY_STATUS(connection.run(sql::kCountMailHour, ports::hour_of(request.at)));
        return allowance;
    });
}

}  // namespace resolute::storage::sqlite
