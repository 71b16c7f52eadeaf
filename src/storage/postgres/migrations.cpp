// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/migrations.h"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "storage/postgres/database.h"

namespace resolute::storage::postgres {

namespace {

constexpr const char* kHasTable = "SELECT to_regclass('resolute.schema_migrations') IS NOT NULL";
constexpr const char* kCurrent = "SELECT coalesce(max(version), 0)::bigint FROM resolute.schema_migrations";
// Held to the end of the transaction: who starts at the same moment waits here. The number is this program's own.
constexpr const char* kLock = "SELECT pg_advisory_xact_lock(7309937406441582)";
constexpr const char* kCreateSchema = "CREATE SCHEMA IF NOT EXISTS resolute";
constexpr const char* kCreateTable =
    "CREATE TABLE IF NOT EXISTS resolute.schema_migrations (version bigint PRIMARY KEY, name text NOT NULL)";
constexpr const char* kRecord = "INSERT INTO resolute.schema_migrations (version, name) VALUES ($1, $2)";

Status refuse_newer(std::size_t version) {
    const std::size_t known = migrations().size();
    if (version <= known) return {};
    return fail("store.schema_newer", ErrorKind::conflict,
                fmt::format("the data was written by a later version of this program (schema {}, known up to {}): use that one", version,
                            known));
}

/// What it has, without a write or a lock: the usual start.
Result<std::size_t> current_version(Database& database) {
    TRY(const Rows table, database.read(kHasTable));
    if (!table.front().boolean(0)) return 0;
    TRY(const Rows version, database.read(kCurrent));
    return static_cast<std::size_t>(version.front().integer(0));
}

std::vector<std::string> statements_of(std::string_view sql) {
    std::vector<std::string> statements;
    while (true) {
        const auto end = sql.find("\n;;\n");
        statements.emplace_back(sql.substr(0, end));
        if (end == std::string_view::npos) return statements;
        sql.remove_prefix(end + 4);
    }
}

/// The next one that is missing. False: none was.
Answer<bool> apply_next(Database& database) {
    auto transaction = Transaction::begin(database);
    if (!transaction) return std::unexpected(std::move(transaction).error());
    auto begun = transaction->run({Statement(kLock), Statement(kCreateSchema), Statement(kCreateTable)});
    if (!begun) return std::unexpected(std::move(begun).error());
    auto version = transaction->run({Statement(kCurrent)});
    if (!version) return std::unexpected(std::move(version).error());
    const auto applied = static_cast<std::size_t>(version->front().front().integer(0));
    if (applied >= migrations().size()) {
        auto ended = transaction->commit();
        if (!ended) return std::unexpected(std::move(ended).error());
        return false;
    }
    const Migration& migration = migrations()[applied];
    const std::vector<std::string> texts = statements_of(migration.sql);
    std::vector<Statement> statements;
    for (const std::string& text : texts) statements.emplace_back(text.c_str());
    statements.emplace_back(kRecord, static_cast<std::int64_t>(applied + 1), migration.name);
    auto ended = transaction->commit(std::move(statements));
    if (!ended) return std::unexpected(std::move(ended).error());
    return true;
}

}  // namespace

Status migrate(Database& database) {
    TRY(const std::size_t version, current_version(database));
    TRY_STATUS(refuse_newer(version));
    if (version == migrations().size()) return {};
    while (true) {
        TRY(const bool was_missing, told(apply_next(database)));
        if (!was_missing) return {};
    }
}

}  // namespace resolute::storage::postgres
