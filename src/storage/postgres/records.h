// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/store.h"
#include "ports/intake_store.h"
#include "storage/encoding.h"
#include "storage/postgres/rows.h"

/// From rows to values.
namespace resolute::storage::postgres {

/// Rows of RESOLUTE_EFFECT_COLUMNS, kFindSent, kLastFreeze, kJournal, kClaims, RESOLUTE_MAIL_COLUMNS.
Result<engine::EffectRecord> effect_of(const Row& row);
Result<engine::EffectRecord> sent_of(const EffectId& id, const Row& row);
engine::Freeze freeze_of(const Row& row);
engine::JournalRow journal_of(const Row& row);
Result<casework::Claim> claim_of(const Row& row);
Result<ports::MailRecord> mail_of(const Row& row);

/// Hashes of journals are kept as bytes. INVARIANT: `hash` is hex.
std::string bytes_of_hash(std::string_view hash);

/// Each row as a value; the first that cannot be read is the error.
template <class Decode>
auto each(const Rows& rows, Decode decode) -> Result<std::vector<typename std::invoke_result_t<Decode, const Row&>::value_type>> {
    std::vector<typename std::invoke_result_t<Decode, const Row&>::value_type> values;
    values.reserve(static_cast<std::size_t>(rows.size()));
    for (const Row row : rows) {
        TRY(auto value, decode(row));
        values.push_back(std::move(value));
    }
    return values;
}

}  // namespace resolute::storage::postgres
