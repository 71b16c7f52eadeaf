// SPDX-License-Identifier: Apache-2.0
#include "testkit/postgres_server.h"

#include <libpq-fe.h>
#include <sys/random.h>
#include <sys/shm.h>

#include <array>
#include <atomic>
#include <fstream>

#include <fmt/format.h>

#include "base/clock.h"

namespace resolute::testkit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr const char* kSettingsFile = "testkit.conf";
constexpr Duration kStartWithin = std::chrono::seconds(90);
constexpr Duration kStopWithin = std::chrono::seconds(60);
constexpr Duration kFollowWithin = std::chrono::seconds(60);
constexpr int kPortAttempts = 5;

Result<std::string> program(const std::string& name) {
    const std::string path = kPrograms + name;
    if (!fs::exists(path))
        return fail("testkit.no_postgres", ErrorKind::not_found,
                    fmt::format("{} is not there, and this test needs a real PostgreSQL 15: install the package postgresql-15 "
                                "(./scripts/test does), then run it again",
                                path));
    return path;
}

Result<std::string> make_password() {
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return fail("testkit.system", ErrorKind::internal, "the kernel gives no random bytes");
    std::string text;
    for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

std::string in_quotes(std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += c;
        text += c;
    }
    return text + "'";
}

struct CloseConnection {
    void operator()(PGconn* connection) const { ::PQfinish(connection); }
};
struct ClearResult {
    void operator()(PGresult* result) const { ::PQclear(result); }
};

std::string rows(const PGresult* result) {
    std::string text;
    for (int row = 0; row < ::PQntuples(result); ++row) {
        if (row > 0) text += '\n';
        for (int column = 0; column < ::PQnfields(result); ++column) {
            if (column > 0) text += '|';
            text += ::PQgetvalue(result, row, column);
        }
    }
    return text;
}

/// The small piece of shared memory by which PostgreSQL sees that a folder is in use stays when all its processes are killed.
void remove_shared_memory(const fs::path& pid_file) {
    std::ifstream file(pid_file);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        const std::size_t space = line.find_last_of(" \t");
        if (number != 7 || space == std::string::npos) continue;
        ::shmctl(std::atoi(line.c_str() + space + 1), IPC_RMID, nullptr);  // NOLINT(cert-err34-c)
    }
}

}  // namespace

std::unexpected<Error> PostgresServer::failure(std::string_view what) const {
    return fail("testkit.postgres_failed", ErrorKind::internal,
                fmt::format("{}; the end of PostgreSQL's log:\n{}", what, tail(log())));
}

Result<PostgresServer> PostgresServer::start(PostgresOptions options) {
    TRY(ServiceFolder folder, ServiceFolder::make());
    PostgresServer server(std::move(options), std::move(folder));
    TRY_STATUS(server.make_cluster());
    TRY_STATUS(server.launch_on_a_free_port());
    return server;
}

PostgresServer::~PostgresServer() = default;

Status PostgresServer::make_cluster() {
    TRY(const std::string initdb, program("initdb"));
    TRY(password_, make_password());
    TRY_STATUS(folder_.write("password", password_ + "\n"));
    Command command{initdb,
                    "--pgdata=" + data_dir().string(),
                    "--username=" + user_,
                    "--pwfile=" + (folder_.path() / "password").string(),
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-instructions"};
    if (!options_.is_durable) command.emplace_back("--no-sync");
    TRY(command, as_server_user(std::move(command)));
    TRY_STATUS(run_command(command, folder_.path()));
    // Ours comes last, and the last one holds. The folder is the server's user's, and so is the file that is replaced.
    std::ifstream before(data_dir() / "postgresql.conf");
    const std::string text{std::istreambuf_iterator<char>(before), {}};
    return folder_.write("data/postgresql.conf", fmt::format("{}\ninclude '{}'\n", text, kSettingsFile));
}

Status PostgresServer::write_settings() const {
    std::map<std::string, std::string> settings{
        {"listen_addresses", "127.0.0.1"},
        {"port", fmt::format("{}", port_)},
        // Not /tmp or /run, where another server may be; the path is short enough for a socket's name.
        {"unix_socket_directories", options_.has_unix_socket ? folder_.path().string() : ""},
        {"fsync", options_.is_durable ? "on" : "off"},
        {"max_connections", "200"},
        {"shared_buffers", "32MB"},
        {"dynamic_shared_memory_type", "mmap"},  // In the folder, so that a killed server leaves nothing in /dev/shm.
        {"max_wal_size", "256MB"},
        {"wal_retrieve_retry_interval", "100ms"},
        {"timezone", "UTC"},
        {"log_timezone", "UTC"},
        {"synchronous_commit", synchronous_standbys_.empty() ? "on" : "remote_apply"},
    };
    for (const auto& [name, value] : options_.settings) settings[name] = value;
    std::string names;
    for (const std::string& name : synchronous_standbys_) names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
    if (!names.empty()) settings["synchronous_standby_names"] = fmt::format("FIRST {} ({})", synchronous_standbys_.size(), names);
    std::string text;
    for (const auto& [name, value] : settings) text += fmt::format("{} = {}\n", name, in_quotes(value));
    return folder_.write(fmt::format("data/{}", kSettingsFile), text);
}

Status PostgresServer::launch() {
    TRY(const std::string postgres, program("postgres"));
    TRY_STATUS(write_settings());
    TRY(Command command, as_server_user({postgres, "-D", data_dir().string()}));
    TRY(Service service,
        Service::start({.command = std::move(command), .folder = folder_.path(), .log = log(), .end_signal = SIGQUIT}));
    service_.emplace(std::move(service));
    const auto why = service_->why_not_up([this] { return is_up(); });
    if (!why) return {};
    service_.reset();
    return failure("it " + *why);
}

Status PostgresServer::launch_on_a_free_port() {
    for (int attempt = 1;; ++attempt) {
        TRY(port_, free_port());
        const Status launched = launch();
        // Somebody else may have taken the port between the question and the start.
        const bool is_port_taken = !launched && launched.error().detail.find("could not bind IPv4 address") != std::string::npos;
        if (!is_port_taken || attempt == kPortAttempts) return launched;
    }
}

Status PostgresServer::stop(StopMode mode) {
    if (!service_) return {};
    service_->signal(mode == StopMode::fast ? SIGINT : SIGQUIT);
    const bool has_ended = service_->has_ended(kStopWithin);
    if (!has_ended) TRY_STATUS(kill_9());
    service_.reset();
    if (!has_ended) return failure("it did not stop, and was killed");
    return {};
}

Status PostgresServer::kill_9() {
    if (!service_) return {};
    TRY_STATUS(service_->kill_9());
    service_.reset();
    remove_shared_memory(data_dir() / "postmaster.pid");
    return {};
}

Status PostgresServer::restart() {
    TRY_STATUS(stop(StopMode::fast));
    return launch();
}

bool PostgresServer::is_up() const {
    return port_ != 0 && ::PQping(url().c_str()) == PQPING_OK;
}

std::vector<pid_t> PostgresServer::processes() const {
    return service_ ? service_->processes() : std::vector<pid_t>{};
}

std::string PostgresServer::url(std::string_view database) const {
    return url_through(port_, database);
}
std::string PostgresServer::url_through(std::uint16_t port, std::string_view database) const {
    return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", user_, password_, port, database);
}

Result<std::string> PostgresServer::create_database(const std::string& name, const std::string& template_name) const {
    TRY_STATUS(psql(fmt::format("CREATE DATABASE \"{}\" TEMPLATE \"{}\"", name, template_name)));
    return url(name);
}

Status PostgresServer::drop_database(const std::string& name) const {
    TRY_STATUS(psql(fmt::format("DROP DATABASE \"{}\" WITH (FORCE)", name)));
    return {};
}

Result<std::string> PostgresServer::psql(const std::string& sql, const std::string& database) const {
    const std::unique_ptr<PGconn, CloseConnection> connection(::PQconnectdb(url(database).c_str()));
    if (::PQstatus(connection.get()) != CONNECTION_OK)
        return fail("testkit.no_connection", ErrorKind::unavailable, ::PQerrorMessage(connection.get()));
    const std::unique_ptr<PGresult, ClearResult> result(::PQexec(connection.get(), sql.c_str()));
    const ExecStatusType status = ::PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY)
        return fail("testkit.sql_failed", ErrorKind::invalid, fmt::format("{}: {}", sql, ::PQerrorMessage(connection.get())));
    return rows(result.get());
}

Status PostgresServer::set(const std::string& name, const std::string& value) {
    options_.settings[name] = value;
    return reload();
}

Status PostgresServer::reload() const {
    if (!service_) return write_settings();
    // The moment of the last reload, which a new connection inherits: when it changes, the postmaster has read the file.
    const std::string question = "SELECT pg_conf_load_time()";
    TRY(const std::string before, psql(question));
    TRY_STATUS(write_settings());
    service_->signal(SIGHUP);
    const bool is_loaded = wait_until([&] {
        const auto now = psql(question);
        return now && *now != before;
    });
    if (!is_loaded) return failure("it did not read its settings again");
    return {};
}

Result<PostgresServer> PostgresServer::make_standby(const std::string& name, Replication replication) {
    TRY(const std::string pg_basebackup, program("pg_basebackup"));
    TRY(ServiceFolder folder, ServiceFolder::make());
    PostgresServer standby(options_, std::move(folder));
    standby.password_ = password_;
    standby.options_.settings["cluster_name"] = name;
    // The password in a file: a process's arguments are everybody's to read.
    TRY_STATUS(standby.folder_.write("passfile", fmt::format("*:*:*:{}:{}\n", user_, password_)));
    const std::string connection = fmt::format("host=127.0.0.1 port={} user={} passfile='{}' application_name={}", port_, user_,
                                               (standby.folder_.path() / "passfile").string(), name);
    Command command{pg_basebackup,           "--dbname=" + connection, "--pgdata=" + standby.data_dir().string(),
                    "--write-recovery-conf", "--create-slot",          "--slot=" + name,
                    "--wal-method=stream",   "--checkpoint=fast"};
    if (!options_.is_durable) command.emplace_back("--no-sync");
    TRY(command, as_server_user(std::move(command)));
    TRY_STATUS(run_command(command, standby.folder_.path()));
    TRY_STATUS(standby.launch_on_a_free_port());
    if (replication == Replication::asynchronous) return standby;
    synchronous_standbys_.push_back(name);
    TRY_STATUS(reload());
    TRY_STATUS(wait_for_synchronous());
    return standby;
}

Status PostgresServer::wait_for_synchronous() const {
    const std::string all = fmt::format("{}", synchronous_standbys_.size());
    const bool is_so = wait_until(
        [&] {
            const auto following =
                psql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'");
            return following && *following == all;
        },
        kFollowWithin);
    if (!is_so) return failure("the standby does not follow");
    return {};
}

Status PostgresServer::release_standby(const std::string& name) {
    std::erase(synchronous_standbys_, name);
    TRY_STATUS(reload());
    if (!service_) return {};
    // A slot that is in use cannot be dropped: who uses it is thrown out, and must not come back in between.
    const bool is_dropped = wait_until(
        [&] {
            const std::string slot = fmt::format("FROM pg_replication_slots WHERE slot_name = {}", in_quotes(name));
            return psql("SELECT pg_terminate_backend(active_pid) " + slot + " AND active") &&
                   psql("SELECT pg_drop_replication_slot(slot_name) " + slot);
        },
        kFollowWithin);
    if (!is_dropped) return failure("the slot of the standby cannot be dropped");
    return {};
}

Status PostgresServer::promote() {
    TRY(const std::string answer, psql(fmt::format("SELECT pg_promote(true, {})", kFollowWithin / std::chrono::seconds(1))));
    if (answer != "t") return failure("it could not be promoted");
    return {};
}

namespace {
struct Shared {
    std::mutex mutex;
    std::optional<Result<PostgresServer>> server;
};
Shared& shared() {
    static Shared one;
    return one;
}
}  // namespace

Result<PostgresServer*> shared_postgres() {
    const std::scoped_lock lock(shared().mutex);
    if (!shared().server) shared().server.emplace(PostgresServer::start());
    if (!*shared().server) return std::unexpected(shared().server->error());
    return &**shared().server;
}

Result<std::string> fresh_database(const std::string& template_name) {
    static std::atomic<int> made = 0;
    TRY(PostgresServer * server, shared_postgres());
    return server->create_database(fmt::format("test_{}", ++made), template_name);
}

}  // namespace resolute::testkit
