// SPDX-License-Identifier: Apache-2.0
#include "app/bench_database.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/bench_usage.h"
#include "base/file.h"
#include "storage/postgres/postgres_storage.h"
#include "storage/sqlite/sqlite_storage.h"

namespace resolute::app {
namespace {

constexpr std::size_t kBenchConnections = 6;

std::string conninfo_quoted(std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

/// The same server and user, another database.
Result<std::string> with_database(const std::string& url, const std::string& name) {
    char* complaint = nullptr;
    PQconninfoOption* options = PQconninfoParse(url.c_str(), &complaint);
    if (options == nullptr) {
        const std::string detail = complaint != nullptr ? complaint : "it cannot be read";
        PQfreemem(complaint);
        return fail("config.bad_value", ErrorKind::invalid, "the database's URL: " + detail);
    }
    std::string text;
    for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option)
        if (option->val != nullptr && std::string_view(option->keyword) != "dbname") text += fmt::format("{}={} ", option->keyword, conninfo_quoted(option->val));
    PQconninfoFree(options);
    return text + "dbname=" + conninfo_quoted(name);
}

/// The postmaster, where the server is one of this machine's processes.
std::optional<pid_t> postmaster_of(PlainPostgres& connection) {
    auto answer = connection.ask("SELECT CASE WHEN inet_server_addr() IS NULL OR inet_server_addr() << '127.0.0.0/8' OR inet_server_addr() = '::1' "
                                 "THEN pg_backend_pid() ELSE 0 END");
    if (!answer || answer->empty()) return std::nullopt;
    const auto backend = static_cast<pid_t>(std::stol(*answer));
    if (backend == 0 || name_of_process(backend) != "postgres") return std::nullopt;
    const auto parent = parent_of(backend);
    if (!parent || name_of_process(*parent) != "postgres") return std::nullopt;
    return parent;
}

}  // namespace

void PlainPostgres::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

Result<PlainPostgres> PlainPostgres::connect(const std::string& url) {
    PlainPostgres connection(PQconnectdb(url.c_str()));
    if (PQstatus(connection.raw()) != CONNECTION_OK) return connection.failure();
    return connection;
}

std::unexpected<Error> PlainPostgres::failure() const { return fail("store.unavailable", ErrorKind::unavailable, PQerrorMessage(raw())); }

Result<std::string> PlainPostgres::ask(const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(raw(), sql.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return failure();
    if (PQntuples(result.get()) == 0) return std::string();
    return std::string(PQgetvalue(result.get(), 0, 0));
}

Result<std::unique_ptr<BenchDatabase>> BenchDatabase::make(const BenchPlace& place, const std::string& name) {
    std::unique_ptr<BenchDatabase> database(new BenchDatabase());
    if (!place.url.empty()) {
        TRY_STATUS(database->make_postgres(place.url, fmt::format("resolute_bench_{}_{}", ::getpid(), name)));
    } else {
        TRY_STATUS(file::make_directories(place.folder));
        database->file_ = place.folder / (name + ".db");
    }
    TRY(const auto storage, database->open());  // Makes the schema.
    return database;
}

Result<std::unique_ptr<BenchDatabase>> BenchDatabase::use(const std::string& name) {
    std::unique_ptr<BenchDatabase> database(new BenchDatabase());
    database->is_ours_ = false;
    if (name.starts_with('/') || name.find('=') == std::string::npos) {
        database->file_ = name;
        return database;
    }
    database->url_ = name;
    TRY(auto connection, PlainPostgres::connect(name));
    database->server_ = postmaster_of(connection);
    return database;
}

Status BenchDatabase::make_postgres(const std::string& url, const std::string& name) {
    TRY(auto admin, PlainPostgres::connect(url));
    TRY_STATUS(admin.ask(fmt::format("CREATE DATABASE {}", name)));
    admin_url_ = url;
    name_ = name;
    server_ = postmaster_of(admin);
    TRY(url_, with_database(url, name));
    return {};
}

BenchDatabase::~BenchDatabase() {
    if (!is_ours_) return;
    if (!name_.empty()) {
        if (auto admin = PlainPostgres::connect(admin_url_)) static_cast<void>(admin->ask(fmt::format("DROP DATABASE {} WITH (FORCE)", name_)));
    }
    std::error_code error;
    for (const char* suffix : {"", "-wal", "-shm", ".lock"})
        if (!file_.empty()) std::filesystem::remove(file_.string() + suffix, error);
}

Result<std::unique_ptr<storage::Storage>> BenchDatabase::open() const {
    if (is_postgres()) {
        TRY(auto opened, storage::PostgresStorage::open({.url = url_, .connections = kBenchConnections}));
        return std::unique_ptr<storage::Storage>(std::move(opened));
    }
    TRY(auto opened, storage::SqliteStorage::open(file_, storage::sqlite::Mode::owner));
    return std::unique_ptr<storage::Storage>(std::move(opened));
}

Result<double> BenchDatabase::bytes() const {
    if (!is_postgres()) {
        std::error_code error;
        const auto size = std::filesystem::file_size(file_, error);
        if (error) return fail("file.unreadable", ErrorKind::unavailable, file_.string());
        return static_cast<double>(size);
    }
    TRY(auto connection, PlainPostgres::connect(url_));
    // As autovacuum would within a minute or so; a run of seconds would be over before, and one of minutes would not.
    TRY_STATUS(connection.ask("VACUUM"));
    TRY(const std::string size, connection.ask("SELECT pg_database_size(current_database())"));
    return std::stod(size);
}

double BenchDatabase::server_cpu_seconds() const { return server_ ? tree_cpu_seconds(*server_) : 0; }

}  // namespace resolute::app
