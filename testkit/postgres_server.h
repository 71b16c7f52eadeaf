// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "testkit/service.h"

namespace resolute::testkit {

struct PostgresOptions {
    bool is_durable = false;       ///< fsync; without, a commit outlives the server's death, not the machine's
    bool has_unix_socket = false;  ///< in its own folder
    std::map<std::string, std::string> settings = {};  ///< as in postgresql.conf
};

enum class StopMode { fast, immediate };
enum class Replication { synchronous, asynchronous };

/// A real PostgreSQL 15 in a temporary folder, on a port of 127.0.0.1, with the superuser "app" and a password of its own.
/// Runs as the user "postgres" where we are root. Gone, with its folder, with the object, and when this program dies.
/// Threads: one, but for `url`, `psql` and `is_up`.
class PostgresServer {
public:
    /// `testkit.no_postgres` where it is not installed; `testkit.postgres_failed` with the end of its log.
    static Result<PostgresServer> start(PostgresOptions options = {});
    PostgresServer(PostgresServer&&) = default;
    PostgresServer& operator=(PostgresServer&&) = delete;
    ~PostgresServer();

    /// Nothing happens where it is stopped already. The data stays.
    Status stop(StopMode mode = StopMode::fast);
    /// SIGKILL for the postmaster and all its children: as if the machine had stopped, but for what the kernel still writes.
    Status kill_9();
    /// Stopped (fast) where it runs, then started with the same data and port; returns when it takes connections.
    Status restart();
    [[nodiscard]] bool is_up() const;

    /// postgresql://app:…@127.0.0.1:PORT/DATABASE
    [[nodiscard]] std::string url(std::string_view database = "postgres") const;
    /// The same for another port: of a proxy or a pooler before it.
    [[nodiscard]] std::string url_through(std::uint16_t port, std::string_view database = "postgres") const;
    /// Its URL. A copy of the template, to which nobody may be connected then: cheaper than a long migration each time.
    Result<std::string> create_database(const std::string& name, const std::string& template_name = "template1") const;
    /// Whoever is connected is thrown out.
    Status drop_database(const std::string& name) const;
    /// Runs the statements on a connection of their own. The last one's rows as psql -At prints them: "a|b\nc|d".
    [[nodiscard]] Result<std::string> psql(const std::string& sql, const std::string& database = "postgres") const;
    /// Changes a setting that takes a reload only.
    Status set(const std::string& name, const std::string& value);

    /// A streaming copy with a replication slot, which answers questions. With `synchronous`, a commit here returns when the copy
    /// shows it too (remote_apply); where the copy is down, commits wait. The name: lower-case letters, digits, underscores.
    Result<PostgresServer> make_standby(const std::string& name, Replication replication = Replication::synchronous);
    /// No commit waits for it any more, and no log is kept for it.
    Status release_standby(const std::string& name);
    /// A standby becomes a server that is written to, and waits for nobody.
    Status promote();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& user() const { return user_; }
    [[nodiscard]] const std::string& password() const { return password_; }
    [[nodiscard]] std::filesystem::path data_dir() const { return folder_.path() / "data"; }
    [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "log.txt"; }
    /// The postmaster's; -1 while it is down.
    [[nodiscard]] pid_t pid() const { return service_ ? service_->pid() : -1; }
    [[nodiscard]] std::vector<pid_t> processes() const;

private:
    explicit PostgresServer(PostgresOptions options, ServiceFolder folder)
        : options_(std::move(options)), folder_(std::move(folder)) {}
    Status make_cluster();
    Status write_settings() const;
    Status launch();
    Status launch_on_a_free_port();
    Status reload() const;
    Status wait_for_synchronous() const;
    [[nodiscard]] std::unexpected<Error> failure(std::string_view what) const;

    PostgresOptions options_;
    ServiceFolder folder_;
    std::string user_ = "app";
    std::string password_;
    std::uint16_t port_ = 0;
    std::vector<std::string> synchronous_standbys_;
    std::optional<Service> service_;  // After the folder, so that it ends first.
};

/// One fast server for this test program, started at the first call and stopped at its end.
Result<PostgresServer*> shared_postgres();
/// The URL of a new database on the shared server, empty or like the template: each test has its own.
Result<std::string> fresh_database(const std::string& template_name = "template1");

}  // namespace resolute::testkit
