// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/store.h"
#include "storage/postgres/rows.h"
#include "storage/records.h"

/// From rows to values.
namespace resolute::storage::postgres {

/// Rows of kJournal; those that both databases have alike are read by storage/records.h.
engine::JournalRow journal_of(const Row& row);

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
