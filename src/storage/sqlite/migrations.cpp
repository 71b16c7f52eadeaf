// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/migrations.h"

#include <fmt/format.h>

#include "storage/sqlite/connection.h"

namespace resolute::storage::sqlite {

namespace {

constexpr const char* kCreateTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";
constexpr const char* kHasTable = "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'";
constexpr const char* kCurrent = "SELECT coalesce(max(version), 0) FROM schema_migrations";
constexpr const char* kRecord = "INSERT INTO schema_migrations (version, name) VALUES (?, ?)";

Result<std::size_t> current_version(Connection& connection) {
    TRY(auto query, connection.query(kCurrent));
    TRY_STATUS(query.expect_row());
    return static_cast<std::size_t>(query.integer(0));
}

Status refuse_newer(std::size_t version) {
    const std::size_t known = migrations().size();
    if (version <= known) return {};
    return fail("store.schema_newer", ErrorKind::conflict,
                fmt::format("the data was written by a later version of this program (schema {}, known up to {}): use that one", version,
                            known));
}

Status apply(Connection& connection, std::size_t number, const Migration& migration) {
    TRY_STATUS(connection.execute(migration.sql));
    TRY(auto query, connection.query(kRecord, static_cast<std::int64_t>(number), std::string_view(migration.name)));
    return query.run();
}

}  // namespace

Status migrate(Connection& connection) {
    TRY_STATUS(connection.execute(kCreateTable));
    TRY(const std::size_t version, current_version(connection));
    TRY_STATUS(refuse_newer(version));
    for (std::size_t number = version + 1; number <= migrations().size(); ++number) {
        TRY_STATUS(connection.execute("BEGIN IMMEDIATE"));
        Status status = apply(connection, number, migrations()[number - 1]);
        if (status) status = connection.execute("COMMIT");
        if (!status) {
            connection.roll_back();
            return status;
        }
    }
    return {};
}

Status check_schema(Connection& connection) {
    std::size_t version = 0;
    {
        TRY(auto query, connection.query(kHasTable));
        TRY_STATUS(query.expect_row());
        if (query.integer(0) > 0) {
            TRY(version, current_version(connection));
        }
    }
    TRY_STATUS(refuse_newer(version));
    if (version < migrations().size())
        return fail("store.schema_older", ErrorKind::conflict,
                    fmt::format("the data has schema {}, this program needs {}: let `resolute serve` open it once", version,
                                migrations().size()));
    return {};
}

}  // namespace resolute::storage::sqlite
