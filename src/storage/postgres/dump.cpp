// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/dump.h"

#include <memory>
#include <thread>

#include <fmt/format.h>

#include "base/text.h"
#include "storage/postgres/client_program.h"
#include "storage/postgres/database.h"
#include "storage/postgres/migrations.h"

namespace resolute::storage::postgres {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

constexpr const char* kLookForSchema =
    "SELECT to_regclass('resolute.schema_migrations') IS NOT NULL, current_setting('server_version_num')::bigint";
constexpr const char* kOrigin = R"sql(
    SELECT m.store_id, coalesce(w.epoch, 0)::bigint, coalesce(w.writes, 0)::bigint,
        (SELECT coalesce(max(version), 0)::bigint FROM resolute.schema_migrations)
    FROM resolute.meta m LEFT JOIN (SELECT epoch, writes FROM resolute.workers ORDER BY epoch DESC LIMIT 1) w ON true)sql";
constexpr const char* kInUse = R"sql(
    SELECT EXISTS (SELECT FROM resolute.mails) OR EXISTS (SELECT FROM resolute.cases) OR EXISTS (SELECT FROM resolute.closed_cases),
        coalesce((SELECT string_agg(owner, ', ') FROM resolute.workers WHERE NOT fenced AND lease_until > resolute.now_ms()), ''),
        coalesce((SELECT max(lease_until) FROM resolute.workers WHERE NOT fenced), 0)::bigint - resolute.now_ms())sql";

/// Whether there is a schema, and the server's version. Database::open would make one, or bring it up to date.
struct Place {
    bool has_schema = false;
    std::int64_t server_version = 0;
};
Result<Place> look_at(Database& database) {
    TRY(const Rows rows, database.read(kLookForSchema));
    return Place{.has_schema = rows.front().boolean(0), .server_version = rows.front().integer(1)};
}

Status refuse_in_use(Database& database, bool force) {
    TRY(const Rows rows, database.read(kInUse));
    const Row row = rows.front();
    if (const std::string owners = row.text(1); !owners.empty())
        return fail("restore.in_use", ErrorKind::refused,
                    fmt::format("workers hold a lease on this database ({}): stop them; one that was killed lets go in {}", owners,
                                format_duration(Duration(row.integer(2)))));
    if (row.boolean(0) && !force)
        return fail("restore.data_exists", ErrorKind::refused,
                    "the database has cases or mails; with --force its schema gets another name, and the backup takes its place");
    return {};
}

std::string literal(std::string_view text) { return "'" + text::replace_all(std::string(text), "'", "''") + "'"; }

/// What one program writes goes into the other, on a thread of its own, until the first ends.
class Pump {
public:
    Pump(ClientProgram& from, ClientProgram& to) : thread_([this, &from, &to] { status_ = move_all(from, to); }) {}
    Status wait() {
        thread_.join();
        return status_;
    }

private:
    static Status move_all(ClientProgram& from, ClientProgram& to) {
        std::string piece(kPieceBytes, '\0');
        Status taken;
        while (true) {
            TRY(const std::size_t got, from.read(piece.data(), piece.size()));
            // Read to the end also where nobody takes it: else the first program waits, and who writes to it does too.
            if (taken) taken = to.write(std::string_view(piece).substr(0, got));
            if (got < piece.size()) return taken;
        }
    }
    Status status_;
    std::jthread thread_;  // Last: it writes to what is before it.
};

bool is_of_a_program(const Error& error) { return error.code == "store.client_program_failed"; }

/// pg_restore makes statements of the dump, psql runs them. COMMIT is said only where all of it was good: whatever breaks before
/// leaves nothing, since the server undoes what nobody commits.
Status load(const Access& access, const std::filesystem::path& programs, const std::string& first, const std::string& last, const Feed& feed) {
    TRY(auto psql, ClientProgram::start({.program = programs / "psql",
                                         .arguments = {"--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
                                                       "--dbname=" + access.conninfo},
                                         .password = access.password, .is_written = true}));
    const auto feed_all = [&]() -> Status {
        TRY_STATUS(psql.write("BEGIN;\n" + first));
        TRY(auto pg_restore, ClientProgram::start({.program = programs / "pg_restore", .arguments = {"--file=-", "--no-owner", "--no-privileges"},
                                                   .password = {}, .is_read = true, .is_written = true}));
        Pump pump(pg_restore, psql);
        const Status fed = feed([&](std::string_view bytes) { return pg_restore.write(bytes); });
        pg_restore.end_input();
        const Status moved = pump.wait();
        const Status restored = pg_restore.finish();
        if (!fed && !is_of_a_program(fed.error())) return fed;
        TRY_STATUS(restored);
        TRY_STATUS(moved);
        TRY_STATUS(fed);
        return psql.write(last + "COMMIT;\n");
    };
    const Status fed = feed_all();
    const Status run = psql.finish();
    // Where psql failed, the others only say that they could not go on; where the feed did, psql only saw the end too early.
    return run || (!fed && !is_of_a_program(fed.error())) ? fed : run;
}

}  // namespace

Result<Origin> find_origin(const Settings& settings) {
    Database database(settings);
    TRY(const Place place, look_at(database));
    if (!place.has_schema) return fail("store.empty", ErrorKind::not_found, "the database has no schema \"resolute\": nothing was ever kept there");
    TRY(const Rows rows, database.read(kOrigin));
    const Row row = rows.front();
    return Origin{.store_id = row.text(0), .epoch = row.count(1), .writes = row.count(2), .schema = row.integer(3), .server_version = place.server_version};
}

Result<seal::Source> begin_dump(const Settings& settings, const Origin& origin) {
    TRY(const auto programs, find_client_programs(origin.server_version));
    TRY(const Access access, access_of(settings.url));
    TRY(auto started, ClientProgram::start({.program = programs / "pg_dump",
                                            .arguments = {"--format=custom", "--schema=resolute", "--no-password", "--dbname=" + access.conninfo},
                                            .password = access.password, .is_read = true}));
    return [pg_dump = std::make_shared<ClientProgram>(std::move(started))](char* room, std::size_t size) -> Result<std::size_t> {
        TRY(const std::size_t got, pg_dump->read(room, size));
        if (got < size) TRY_STATUS(pg_dump->finish());
        return got;
    };
}

Result<std::string> restore_dump(const Settings& settings, const RestoreOrder& order, const Feed& feed) {
    if (order.schema > static_cast<std::int64_t>(migrations().size()))
        return fail("store.schema_newer", ErrorKind::conflict,
                    fmt::format("the backup was made by a later version of this program (schema {}, known up to {}): use that one", order.schema,
                                migrations().size()));
    Database database(settings);
    TRY(const Place place, look_at(database));
    if (place.has_schema) TRY_STATUS(refuse_in_use(database, order.force));
    TRY(const auto programs, find_client_programs(place.server_version));
    TRY(const Access access, access_of(settings.url));
    std::string aside;
    std::string first;
    if (place.has_schema) {
        aside = fmt::format("resolute_before_{}", to_unix_ms(order.now));
        first = fmt::format("ALTER SCHEMA resolute RENAME TO {};\n", aside);
    }
    const std::string freeze = fmt::format("\nINSERT INTO resolute.freezes (since, why, by) VALUES ({}, {}, 'restore') ON CONFLICT DO NOTHING;\n",
                                           to_unix_ms(order.now), literal(order.why));
    TRY_STATUS(load(access, programs, first, freeze, feed));
    return aside;
}

}  // namespace resolute::storage::postgres
