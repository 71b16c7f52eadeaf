// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

/// How much mail goes out that no person wrote: the brakes of RFC 3834 §2 and of every loop that was ever described.
namespace resolute::ports {

/// What may go out automatically. docs/trust.md tells what each is for.
struct MailCaps {
    std::int64_t unverified_per_domain_hour = 200;  ///< to addresses of one domain that nobody vouched for
    std::int64_t unverified_per_hour = 2'000;       ///< to all of those
    std::int64_t per_sender_day = 20;               ///< to one address, verified or not
    std::int64_t per_case_day = 5;
    std::int64_t hold_above_per_hour = 20'000;      ///< in an hour, before the breaker compares with the week before

    friend bool operator==(const MailCaps&, const MailCaps&) = default;
};

inline constexpr std::int64_t kBreakerFactor = 5;  ///< times the mean hour of the week before
inline constexpr Duration kLedgerHour = std::chrono::hours(1);
inline constexpr Duration kLedgerDay = std::chrono::hours(24);
inline constexpr std::int64_t kHoursOfWeek = 7 * 24;
inline constexpr Duration kLedgerKept = std::chrono::hours(8 * 24);  ///< what is older counts nowhere, and goes

/// One mail that wants to go out by itself.
struct MailRequest {
    EffectId key;         ///< of its effect: each attempt at it asks with the same, and is counted once
    CaseId case_id;
    std::string address;  ///< hashed with a key (never the address itself)
    std::string domain;   ///< hashed with the same key
    bool is_verified = false;
    Instant at;
};

/// What the ledger knows when it is asked; the moments are those before `MailRequest::at`.
struct MailCounts {
    bool is_known = false;              ///< this mail was allowed before
    bool has_other_case = false;        ///< another case wrote to the address within a day
    std::int64_t to_sender_day = 0;
    std::int64_t of_case_day = 0;
    std::int64_t to_domain_hour = 0;    ///< unverified ones
    std::int64_t unverified_hour = 0;
    std::int64_t hour = 0;              ///< in this hour of the clock
    std::int64_t week = 0;              ///< in the seven days of hours before it
};

enum class Allowance {
    granted,
    other_case,   ///< nobody vouched for the address, and it has had its one case of the day
    sender_full,
    case_full,
    domain_full,
    hour_full,
    held,         ///< the breaker: more than ever before; it may go later
};
std::string_view to_string(Allowance allowance);

/// The rule, in one place. Pure.
Allowance judge(const MailCaps& caps, bool is_verified, const MailCounts& counts);
/// The hour of the clock, as the ledger counts by it.
std::int64_t hour_of(Instant at);

/// Who was written to by itself. In the database, so that it outlives every program and holds for all of them together. Threads: any.
class AutomaticMailLedger {
public:
    virtual ~AutomaticMailLedger() = default;
    /// Counts, judges and, where it is granted, records, in one durable transaction: of two that ask at once for the last place one
    /// gets it. (The breaker's hour may be missed by as many as ask at once.) Granted once, it stays granted for its key.
    virtual Result<Allowance> reserve(const MailRequest& request, const MailCaps& caps) = 0;
};

}  // namespace resolute::ports
