// SPDX-License-Identifier: Apache-2.0
#include "testkit/pgbouncer.h"

#include <libpq-fe.h>

#include <fmt/format.h>

#include "base/clock.h"

namespace resolute::testkit {
namespace {

constexpr const char* kProgram = "/usr/sbin/pgbouncer";
constexpr const char* kConfig = "pgbouncer.ini";
constexpr const char* kUsers = "users.txt";
constexpr Duration kStopWithin = std::chrono::seconds(30);

std::string config(const PostgresServer& server, const PgBouncerOptions& options, std::uint16_t port,
                   const std::filesystem::path& folder) {
    std::map<std::string, std::string> settings{
        {"listen_addr", "127.0.0.1"},
        {"listen_port", fmt::format("{}", port)},
        {"unix_socket_dir", ""},
        {"auth_type", "scram-sha-256"},
        {"auth_file", (folder / kUsers).string()},
        {"admin_users", server.user()},
        {"pool_mode", "transaction"},
        {"default_pool_size", fmt::format("{}", options.pool_size)},
        {"max_client_conn", fmt::format("{}", options.clients_max)},
        {"ignore_startup_parameters", "extra_float_digits"},
        {"server_login_retry", "1"},  // After a server's death it asks again each second, not each fifteenth.
    };
    for (const auto& [name, value] : options.settings) settings[name] = value;
    std::string text = fmt::format("[databases]\n* = host=127.0.0.1 port={}\n\n[pgbouncer]\n", server.port());
    for (const auto& [name, value] : settings) text += fmt::format("{} = {}\n", name, value);
    return text;
}

}  // namespace

Result<PgBouncer> PgBouncer::start(const PostgresServer& server, const PgBouncerOptions& options) {
    if (!std::filesystem::exists(kProgram))
        return fail("testkit.no_pgbouncer", ErrorKind::not_found,
                    fmt::format("{} is not there, and this test needs a real PgBouncer: install the package pgbouncer "
                                "(./scripts/test does), then run it again",
                                kProgram));
    TRY(ServiceFolder folder, ServiceFolder::make());
    PgBouncer bouncer(std::move(folder), server.user(), server.password());
    TRY(bouncer.port_, free_port());
    TRY_STATUS(bouncer.folder_.write(kConfig, config(server, options, bouncer.port_, bouncer.folder_.path())));
    TRY_STATUS(bouncer.folder_.write(kUsers, fmt::format("\"{}\" \"{}\"\n", server.user(), server.password())));
    TRY_STATUS(bouncer.launch());
    return bouncer;
}

Status PgBouncer::launch() {
    TRY(Command command, as_server_user({kProgram, (folder_.path() / kConfig).string()}));
    TRY(Service service,
        Service::start({.command = std::move(command), .folder = folder_.path(), .log = log(), .end_signal = SIGTERM}));
    service_.emplace(std::move(service));
    const auto why = service_->why_not_up([this] { return is_up(); });
    if (!why) return {};
    service_.reset();
    return fail("testkit.pgbouncer_failed", ErrorKind::internal,
                fmt::format("PgBouncer {}; the end of its log:\n{}",
                            *why, tail(log())));
}

Status PgBouncer::stop() {
    if (!service_) return {};
    service_->signal(SIGTERM);
    if (!service_->has_ended(kStopWithin)) TRY_STATUS(service_->kill_9());
    service_.reset();
    return {};
}

Status PgBouncer::restart() {
    TRY_STATUS(stop());
    return launch();
}

bool PgBouncer::is_up() const {
    // Its own console, for it answers whether or not the server does.
    return ::PQping(url("pgbouncer").c_str()) == PQPING_OK;
}

std::string PgBouncer::url(std::string_view database) const {
    return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", user_, password_, port_, database);
}

}  // namespace resolute::testkit
