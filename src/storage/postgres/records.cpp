// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/records.h"

#include "base/hash.h"
#include "base/invariant.h"

namespace resolute::storage::postgres {

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

engine::JournalRow journal_of(const Row& row) {
    return {.number = row.count(0), .count = row.count(1), .events = row.text(2), .sealed = row.text(3), .hash = hex(row.text(4))};
}

}  // namespace resolute::storage::postgres
