// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/rows.h"

#include <charconv>
#include <cstring>

#include <libpq-fe.h>

#include "base/invariant.h"

namespace resolute::storage::postgres {

bool Row::is_null(int column) const { return PQgetisnull(result_, number_, column) != 0; }

std::int64_t Row::integer(int column) const {
    const int size = PQgetlength(result_, number_, column);
    INVARIANT(size == 1 || size == 2 || size == 4 || size == 8, "the column is a number");
    const auto* bytes = reinterpret_cast<const unsigned char*>(PQgetvalue(result_, number_, column));
    // The first byte has the sign; a boolean is one byte, 0 or 1.
    std::int64_t value = static_cast<signed char>(bytes[0]);
    for (int i = 1; i < size; ++i) value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8 | bytes[i]);
    return value;
}

std::string Row::text(int column) const {
    return {PQgetvalue(result_, number_, column), static_cast<std::size_t>(PQgetlength(result_, number_, column))};
}

Rows::Rows(pg_result* result) : result_(result) {}
void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }
int Rows::size() const { return PQntuples(result_.get()); }

Row Rows::operator[](int number) const {
    INVARIANT(number >= 0 && number < size(), "the row is there");
    return {result_.get(), number};
}

std::int64_t Rows::changes() const {
    const char* text = PQcmdTuples(result_.get());
    std::int64_t count = 0;
    std::from_chars(text, text + std::strlen(text), count);
    return count;
}

}  // namespace resolute::storage::postgres
