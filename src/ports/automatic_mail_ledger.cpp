// SPDX-License-Identifier: Apache-2.0
#include "ports/automatic_mail_ledger.h"

#include <algorithm>

namespace resolute::ports {

std::string_view to_string(Allowance allowance) {
    switch (allowance) {
        case Allowance::granted: return "granted";
        case Allowance::other_case: return "other_case";
        case Allowance::sender_full: return "sender_full";
        case Allowance::case_full: return "case_full";
        case Allowance::domain_full: return "domain_full";
        case Allowance::hour_full: return "hour_full";
        case Allowance::held: return "held";
    }
    return "";
}

Allowance judge(const MailCaps& caps, bool is_verified, const MailCounts& counts) {
    if (counts.is_known) return Allowance::granted;
    // Whom nobody vouched for is perhaps a victim: one conversation a day, whatever is forged in their name. The one that began goes on, also
    // where a verified mail of theirs was answered meanwhile.
    if (!is_verified && counts.has_other_case && counts.of_case_day == 0) return Allowance::other_case;
    if (counts.to_sender_day >= caps.per_sender_day) return Allowance::sender_full;
    if (counts.of_case_day >= caps.per_case_day) return Allowance::case_full;
    if (!is_verified && counts.to_domain_hour >= caps.unverified_per_domain_hour) return Allowance::domain_full;
    if (!is_verified && counts.unverified_hour >= caps.unverified_per_hour) return Allowance::hour_full;
    const std::int64_t usual = kBreakerFactor * counts.week / kHoursOfWeek;
    return counts.hour >= std::max(caps.hold_above_per_hour, usual) ? Allowance::held : Allowance::granted;
}

std::int64_t hour_of(Instant at) { return to_unix_ms(at) / kLedgerHour.count(); }

}  // namespace resolute::ports
