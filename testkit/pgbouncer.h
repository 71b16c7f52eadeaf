// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testkit/postgres_server.h"

namespace resolute::testkit {

struct PgBouncerOptions {
    int pool_size = 4;  ///< connections to the server for each database
    int clients_max = 500;
    std::map<std::string, std::string> settings = {};  ///< as in the section [pgbouncer] of its file
};

/// A real PgBouncer in transaction mode before a server: each transaction gets whichever connection to the server is free, so
/// nothing that belongs to a session (advisory locks, LISTEN, SET, named prepared statements) outlives its transaction.
/// The user and the password are the server's.
class PgBouncer {
public:
    /// `testkit.no_pgbouncer` where it is not installed; `testkit.pgbouncer_failed` with the end of its log.
    static Result<PgBouncer> start(const PostgresServer& server, const PgBouncerOptions& options = {});

    /// All its connections break.
    Status stop();
    /// Started again on the same port.
    Status restart();
    [[nodiscard]] bool is_up() const;
    [[nodiscard]] std::string url(std::string_view database = "postgres") const;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "log.txt"; }

private:
    PgBouncer(ServiceFolder folder, std::string user, std::string password)
        : folder_(std::move(folder)), user_(std::move(user)), password_(std::move(password)) {}
    Status launch();

    ServiceFolder folder_;
    std::string user_;
    std::string password_;
    std::uint16_t port_ = 0;
    std::optional<Service> service_;  // After the folder, so that it ends first.
};

}  // namespace resolute::testkit
