// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store.h"
#include "ports/intake_store.h"
#include "ports/mail_ledger.h"
#include "storage/encoding.h"

/// From the columns of a row to values, for each database alike. R has `text`, `integer`, `instant`, `optional_instant` and `is_null` by
/// column. The columns are those of RESOLUTE_EFFECT_COLUMNS, kFindSent, kLastFreeze, kClaims and RESOLUTE_MAIL_COLUMNS in queries.h.
namespace resolute::storage {

template <class R>
Result<engine::EffectRecord> effect_of(const R& row) {
    engine::EffectRecord record;
    record.effect.id = EffectId(row.text(0));
    record.effect.case_id = CaseId(row.text(1));
    record.effect.tool = row.text(2);
    record.effect.integration = row.text(3);
    TRY(record.effect.effect_class, parse_effect_class(row.text(4)));
    TRY(record.effect.purpose, parse_purpose(row.text(5)));
    record.effect.step = static_cast<int>(row.integer(6));
    record.effect.payload_hash = row.text(7);
    record.effect.timeout = Duration(row.integer(8));
    record.effect.retry.attempts_max = static_cast<int>(row.integer(9));
    record.effect.retry.first_delay = Duration(row.integer(10));
    record.effect.retry.delay_max = Duration(row.integer(11));
    record.effect.planned_at = row.instant(12);
    const auto status = engine::parse_effect_status(row.text(13));
    if (!status) return corrupt_row("effect status");
    record.status = *status;
    record.attempt = static_cast<int>(row.integer(14));
    record.crashes = static_cast<int>(row.integer(15));
    record.next_at = row.instant(16);
    record.rank = row.integer(17);
    record.last_error = row.text(18);
    record.effect.payload = row.text(19);
    record.epoch = static_cast<std::uint64_t>(row.integer(20));
    record.resolves = row.integer(21) != 0;
    record.data_subject = row.text(22);
    return record;
}

template <class R>
Result<engine::EffectRecord> sent_of(const EffectId& id, const R& row) {
    engine::EffectRecord record;
    record.effect.id = id;
    record.effect.case_id = CaseId(row.text(0));
    record.effect.tool = row.text(1);
    TRY(record.effect.effect_class, parse_effect_class(row.text(2)));
    const auto status = engine::parse_effect_status(row.text(3));
    if (!status) return corrupt_row("effect status");
    record.status = *status;
    record.attempt = static_cast<int>(row.integer(4));
    record.effect.payload_hash = row.text(5);
    record.next_at = row.instant(6);
    return record;
}

template <class R>
engine::Freeze freeze_of(const R& row) {
    return {.since = row.instant(0),
            .why = row.text(1),
            .by = row.text(2),
            .released_at = row.optional_instant(3),
            .released_by = row.text(4),
            .look_first_until = row.optional_instant(5)};
}

template <class R>
Result<casework::Claim> claim_of(const R& row) {
    casework::Claim claim;
    claim.customer = row.text(1);
    claim.order = row.text(2);
    if (!row.is_null(3)) claim.amount = Money{.minor = row.integer(3), .currency = row.text(4)};
    TRY(claim.state, parse_claim_state(row.text(5)));
    claim.at = row.instant(6);
    return claim;
}

template <class R>
Result<ports::MailRecord> mail_of(const R& row) {
    ports::MailRecord record;
    record.id = MailId(row.text(0));
    record.position = {.account = row.text(1), .folder = row.text(2), .uid = row.text(3)};
    record.received_at = row.instant(4);
    record.size = static_cast<std::uint64_t>(row.integer(5));
    record.blob = row.text(6);
    record.is_truncated = row.integer(7) != 0;
    const auto outcome = ports::parse_mail_outcome(row.text(8));
    if (!outcome) return corrupt_row("mail outcome");
    record.outcome = *outcome;
    record.reason = row.text(9);
    record.case_id = CaseId(row.text(10));
    record.from = row.text(11);
    record.subject = row.text(12);
    record.message_id = row.text(13);
    record.content_key = row.text(14);
    record.attempts = static_cast<int>(row.integer(15));
    return record;
}

/// at, by, was, reason_code
template <class R>
auto reopening_of(const MailId& mail) {
    return [mail](const R& row) -> Result<ports::Reopening> {
        const auto was = ports::parse_mail_outcome(row.text(2));
        if (!was) return corrupt_row("mail outcome");
        return ports::Reopening{.mail = mail, .at = row.instant(0), .by = row.text(1), .was = *was, .reason_code = row.text(3)};
    };
}

}  // namespace resolute::storage
