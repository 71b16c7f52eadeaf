// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/stores.h"

namespace resolute::storage::memory {

using ports::Allowance;
using ports::MailRequest;

namespace {

ports::MailCounts count(const Rows& rows, const MailRequest& request) {
    ports::MailCounts counts{.is_known = rows.automatic_mail_ledger.contains(request.key)};
    const Instant hour_ago = request.at - ports::kLedgerHour;
    const Instant day_ago = request.at - ports::kLedgerDay;
    for (const auto& [key, earlier] : rows.automatic_mail_ledger) {
        if (earlier.at <= day_ago) continue;
        const bool is_in_hour = !earlier.is_verified && earlier.at > hour_ago;
        counts.to_sender_day += earlier.address == request.address ? 1 : 0;
        counts.has_other_case = counts.has_other_case || (earlier.address == request.address && earlier.case_id != request.case_id);
        counts.of_case_day += earlier.case_id == request.case_id ? 1 : 0;
        counts.to_domain_hour += is_in_hour && earlier.domain == request.domain ? 1 : 0;
        counts.unverified_hour += is_in_hour ? 1 : 0;
    }
    const std::int64_t hour = ports::hour_of(request.at);
    for (const auto& [other, sent] : rows.mail_hours) {
        if (other == hour) counts.hour = sent;
        if (other < hour && other >= hour - ports::kHoursOfWeek) counts.week += sent;
    }
    return counts;
}

}  // namespace

Result<Allowance> AutomaticMailLedger::reserve(const MailRequest& request, const ports::MailCaps& caps) {
    const std::lock_guard lock(tables_.mutex);
    const ports::MailCounts counts = count(tables_, request);
    const Allowance allowance = ports::judge(caps, request.is_verified, counts);
    if (allowance != Allowance::granted || counts.is_known) return allowance;
    const Instant old = request.at - ports::kLedgerKept;
    std::erase_if(tables_.automatic_mail_ledger, [&](const auto& entry) { return entry.second.at <= old; });
    std::erase_if(tables_.mail_hours, [&](const auto& entry) { return entry.first <= ports::hour_of(old); });
    tables_.automatic_mail_ledger.emplace(request.key, request);
    ++tables_.mail_hours[ports::hour_of(request.at)];
    return allowance;
}

}  // namespace resolute::storage::memory
