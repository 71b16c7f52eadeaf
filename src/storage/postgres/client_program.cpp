// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/client_program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/descriptor.h"
#include "base/text.h"

extern char** environ;

namespace resolute::storage::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> kPrograms{"pg_dump", "pg_restore", "psql"};
constexpr const char* kDebianFolders = "/usr/lib/postgresql";
constexpr std::size_t kLastWordsMax = 600;
constexpr int kPerMajorVersion = 10'000;

std::unexpected<Error> system_failure(std::string_view what) {
    return fail("store.client_program_failed", ErrorKind::unavailable, fmt::format("{}: {}", what, std::strerror(errno)));
}

bool has_programs(const fs::path& folder) {
    return std::ranges::all_of(kPrograms, [&](const char* name) { return ::access((folder / name).c_str(), X_OK) == 0; });
}

std::optional<fs::path> newest_of_debian() {
    std::optional<std::pair<int, fs::path>> newest;
    std::error_code error;
    for (fs::directory_iterator entry(kDebianFolders, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        int version = 0;
        std::from_chars(name.data(), name.data() + name.size(), version);
        if (has_programs(entry->path() / "bin") && (!newest || version > newest->first)) newest.emplace(version, entry->path() / "bin");
    }
    return newest ? std::optional(newest->second) : std::nullopt;
}

std::optional<fs::path> first_on_path() {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        const fs::path folder = rest.substr(0, end);
        if (!folder.empty() && has_programs(folder)) return folder;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::nullopt;
}

std::string in_quotes(std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

std::vector<std::string> environment_with(const std::string& password) {
    std::vector<std::string> all;
    for (char** one = environ; *one != nullptr; ++one) {
        const std::string_view setting = *one;
        // What would make the same command do something else; the language of messages is for people.
        if (setting.starts_with("PGOPTIONS=") || setting.starts_with("PGCLUSTER=")) continue;
        if (!password.empty() && setting.starts_with("PGPASSWORD=")) continue;
        all.emplace_back(setting);
    }
    if (!password.empty()) all.push_back("PGPASSWORD=" + password);
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

Result<pid_t> spawn(const fs::path& program, std::vector<std::string> arguments, const std::string& password, int in, int out, int errors) {
    arguments.insert(arguments.begin(), program.string());
    std::vector<std::string> environment = environment_with(password);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    sigset_t none;
    sigset_t ours;
    ::sigemptyset(&none);
    ::sigemptyset(&ours);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) ::sigaddset(&ours, signal);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &ours);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = -1;
    errno = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, pointers(arguments).data(), pointers(environment).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) return system_failure("cannot start " + program.string());
    return pid;
}

}  // namespace

Result<fs::path> find_client_programs(std::int64_t server_version) {
    const std::int64_t major = server_version / kPerMajorVersion;
    const fs::path same = fs::path(kDebianFolders) / std::to_string(major) / "bin";
    if (has_programs(same)) return same;
    if (const auto on_path = first_on_path()) return *on_path;
    if (const auto newest = newest_of_debian()) return *newest;
    return fail("store.no_client_programs", ErrorKind::not_found,
                fmt::format("pg_dump, pg_restore and psql are not here: install the package postgresql-client-{}, or put their folder into PATH", major));
}

Result<Access> access_of(const std::string& url) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
    if (options == nullptr) return fail("config.bad_value", ErrorKind::invalid, "database.postgresql is no URL that PostgreSQL understands");
    Access access;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        if (std::string_view(option->keyword) == "password")
            access.password = option->val;
        else
            access.conninfo += fmt::format("{}{}={}", access.conninfo.empty() ? "" : " ", option->keyword, in_quotes(option->val));
    }
    return access;
}

Result<ClientProgram> ClientProgram::start(const Plan& plan) {
    ClientProgram started(plan.program.filename().string());
    std::array<int, 2> input{-1, -1};
    std::array<int, 2> output{-1, -1};
    // A socket, not a pipe: writing to a program that ended is an error then, and no signal.
    if (plan.is_written && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0) return system_failure("cannot start " + started.name_);
    started.in_ = input[1];
    const Descriptor theirs_in(plan.is_written ? input[0] : ::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (plan.is_read && ::pipe2(output.data(), O_CLOEXEC) != 0) return system_failure("cannot start " + started.name_);
    started.out_ = output[0];
    const Descriptor theirs_out(plan.is_read ? output[1] : ::open("/dev/null", O_WRONLY | O_CLOEXEC));
    started.errors_ = ::memfd_create("messages", MFD_CLOEXEC);
    if (theirs_in.get() < 0 || theirs_out.get() < 0 || started.errors_ < 0) return system_failure("cannot start " + started.name_);
    TRY(started.pid_, spawn(plan.program, plan.arguments, plan.password, theirs_in.get(), theirs_out.get(), started.errors_));
    return started;
}

ClientProgram::ClientProgram(ClientProgram&& other) noexcept
    : name_(std::move(other.name_)), pid_(other.pid_), in_(other.in_), out_(other.out_), errors_(other.errors_) {
    other.pid_ = other.in_ = other.out_ = other.errors_ = -1;
}

ClientProgram::~ClientProgram() {
    end_input();
    if (out_ >= 0) ::close(out_);
    if (errors_ >= 0) ::close(errors_);
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::unexpected<Error> ClientProgram::failure(std::string_view what) const {
    const std::string words = last_words();
    return fail("store.client_program_failed", ErrorKind::unavailable, fmt::format("{} {}{}{}", name_, what, words.empty() ? "" : ": ", words));
}

std::string ClientProgram::last_words() const {
    const off_t size = ::lseek(errors_, 0, SEEK_END);
    if (size <= 0) return {};
    const std::size_t wanted = std::min<std::size_t>(static_cast<std::size_t>(size), kLastWordsMax);
    std::string words(wanted, '\0');
    const ssize_t got = ::pread(errors_, words.data(), wanted, size - static_cast<off_t>(wanted));
    words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text::replace_all(std::string(text::trim(words)), "\n", " ");
}

Result<std::size_t> ClientProgram::read(char* room, std::size_t size) {
    std::size_t total = 0;
    while (total < size) {
        const ssize_t got = ::read(out_, room + total, size - total);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure("cannot be read");
        if (got == 0) break;
        total += static_cast<std::size_t>(got);
    }
    return total;
}

Status ClientProgram::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(in_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return failure("takes nothing more");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

void ClientProgram::end_input() {
    if (in_ >= 0) ::close(in_);
    in_ = -1;
}

Status ClientProgram::finish() {
    end_input();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0)
        if (errno != EINTR) return failure("is gone");
    pid_ = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return failure(WIFEXITED(status) ? fmt::format("ended with {}", WEXITSTATUS(status)) : fmt::format("was ended by signal {}", WTERMSIG(status)));
}

}  // namespace resolute::storage::postgres
