// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// Starts the servers of other people (PostgreSQL, PgBouncer) for a test, and leaves none behind.
namespace resolute::testkit {

using Command = std::vector<std::string>;

/// What to write before a command that refuses to be root: it runs as the user "postgres" where we are root, else as who we are.
Result<Command> as_server_user(Command command);

/// A short path in the temporary folder, owned by the user as whom servers run; it goes with the object.
class ServiceFolder {
public:
    static Result<ServiceFolder> make();
    ServiceFolder(ServiceFolder&& other) noexcept;
    ServiceFolder& operator=(ServiceFolder&&) = delete;
    ~ServiceFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Readable by the server's user alone.
    Status write(const std::string& name, std::string_view bytes) const;

private:
    explicit ServiceFolder(std::filesystem::path path);
    std::filesystem::path path_;
    pid_t owner_;
};

/// A server that runs as a child of ours. Should this program die, a small shell notices and ends the server and its folder.
class Service {
public:
    struct Program {
        Command command;
        std::filesystem::path folder;  ///< where it runs, and what goes when we die
        std::filesystem::path log;     ///< what it prints is appended here
        int end_signal = SIGTERM;      ///< ends it quickly
    };
    static Result<Service> start(Program program);
    Service(Service&& other) noexcept;
    Service& operator=(Service&&) = delete;
    ~Service();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// It and all that descends from it.
    [[nodiscard]] std::vector<pid_t> processes() const;
    /// Waits until `is_up` says so; nothing: it is. Else, as the end of a sentence, what happened instead.
    std::optional<std::string> why_not_up(const std::function<bool()>& is_up, Duration within = std::chrono::seconds(30));
    /// Whether it ended within this time; it is then gone for good.
    bool has_ended(Duration within = Duration::zero());
    void signal(int number) const;
    /// SIGKILL for it and all that descends from it, none of which learns that another died. Returns when all are gone.
    Status kill_9();

private:
    explicit Service(Program program) : program_(std::move(program)) {}
    Status watch();
    void dismiss_guard();

    Program program_;
    pid_t pid_ = -1;
    int pidfd_ = -1;
    pid_t guard_ = -1;
    int guard_pipe_ = -1;
    pid_t owner_ = -1;
};

/// Runs to the end. What it printed, or `testkit.command_failed` with that.
Result<std::string> run_command(const Command& command, const std::filesystem::path& folder,
                                Duration at_most = std::chrono::minutes(2));

/// The same as the user as whom servers run, without white space around it.
Result<std::string> run_as_server(Command command, const std::filesystem::path& folder);

/// Makes certificate.pem, which is its own authority, and key.pem in the folder. The alternative names as in "DNS:localhost,IP:127.0.0.1".
Status make_certificate(const ServiceFolder& folder, const std::string& common_name, const std::string& alternative_names);

/// A port of 127.0.0.1 on which nobody listens, below those that the system hands to connections: else a client that asks for
/// a server which is down can be connected with itself.
Result<std::uint16_t> free_port();

/// Looks again and again until it is true; false when the time is over. For what another process does, which cannot wake us.
bool wait_until(const std::function<bool()>& is_so, Duration at_most = std::chrono::seconds(60));

/// The last lines of a log.
std::string tail(const std::filesystem::path& log, std::size_t bytes_max = 4000);

}  // namespace resolute::testkit
