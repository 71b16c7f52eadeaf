// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/records.h"

#include "base/hash.h"
#include "base/invariant.h"

namespace resolute::storage::postgres {

using casework::Claim;

namespace {

int value_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    INVARIANT(false, "a hash is written in hex");
}

}  // namespace

std::string bytes_of_hash(std::string_view hash) {
    INVARIANT(hash.size() % 2 == 0, "a hash is written in hex");
    std::string bytes;
    bytes.reserve(hash.size() / 2);
    for (std::size_t i = 0; i < hash.size(); i += 2) bytes.push_back(static_cast<char>(value_of(hash[i]) * 16 + value_of(hash[i + 1])));
    return bytes;
}

Result<engine::EffectRecord> effect_of(const Row& row) {
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
    record.epoch = row.count(20);
    record.resolves = row.boolean(21);
    record.data_subject = row.text(22);
    return record;
}

Result<engine::EffectRecord> sent_of(const EffectId& id, const Row& row) {
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

engine::Freeze freeze_of(const Row& row) {
    return {.since = row.instant(0),
            .why = row.text(1),
            .by = row.text(2),
            .released_at = row.optional_instant(3),
            .released_by = row.text(4),
            .look_first_until = row.optional_instant(5)};
}

engine::JournalRow journal_of(const Row& row) {
    return {.number = row.count(0), .count = row.count(1), .events = row.text(2), .sealed = row.text(3), .hash = hex(row.text(4))};
}

Result<Claim> claim_of(const Row& row) {
    Claim claim;
    claim.customer = row.text(1);
    claim.order = row.text(2);
    if (!row.is_null(3)) claim.amount = Money{.minor = row.integer(3), .currency = row.text(4)};
    TRY(claim.state, parse_claim_state(row.text(5)));
    claim.at = row.instant(6);
    return claim;
}

Result<ports::MailRecord> mail_of(const Row& row) {
    ports::MailRecord record;
    record.id = MailId(row.text(0));
    record.position = {.account = row.text(1), .folder = row.text(2), .uid = row.text(3)};
    record.received_at = row.instant(4);
    record.size = row.count(5);
    record.blob = row.text(6);
    record.is_truncated = row.boolean(7);
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

}  // namespace resolute::storage::postgres
