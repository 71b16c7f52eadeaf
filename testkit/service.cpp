// SPDX-License-Identifier: Apache-2.0
#include "testkit/service.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"

namespace resolute::testkit {
namespace {

namespace fs = std::filesystem;

constexpr Duration kLook = std::chrono::milliseconds(10);
constexpr Duration kEndWithin = std::chrono::seconds(20);
constexpr const char* kServerUser = "postgres";
constexpr int kFirstPort = 15000;

/// Reads until we are gone. Then: the signal, a while for the server to go, and the folder.
constexpr const char* kGuardScript =
    "read -r word && exit 0; kill -s \"$1\" \"$2\"; n=0; while kill -0 \"$2\" && [ $n -lt 50 ]; do n=$((n+1)); sleep 0.1; done; "
    "kill -s KILL \"$2\"; rm -rf -- \"$3\"";

std::unexpected<Error> system_error(std::string what) {
    return fail("testkit.system", ErrorKind::internal,
                fmt::format("{}: {}", what, std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
}

struct Account {
    uid_t uid;
    gid_t gid;
};

Result<Account> server_account() {
    if (::geteuid() != 0) return Account{::geteuid(), ::getegid()};
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    if (::getpwnam_r(kServerUser, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return fail("testkit.no_server_user", ErrorKind::not_found,
                    "there is no user postgres, as whom servers run where we are root; ./scripts/test installs postgresql-15, "
                    "which makes it");
    return Account{entry.pw_uid, entry.pw_gid};
}

struct SpawnPlan {
    int in;
    int out;
    fs::path folder;
};

Result<pid_t> spawn(const Command& command, const SpawnPlan& plan) {
    std::vector<std::string> words = command;
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    // Nothing of ours: PGOPTIONS or a language in the environment would make one machine differ from another.
    std::vector<std::string> settings{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TZ=UTC",
                                      "HOME=" + plan.folder.string()};
    std::vector<char*> environment;
    for (std::string& setting : settings) environment.push_back(setting.data());
    environment.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addchdir_np(&actions, plan.folder.c_str());
    ::posix_spawn_file_actions_adddup2(&actions, plan.in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, plan.out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, plan.out, STDERR_FILENO);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    // A session of its own: Ctrl-C ends the test, and the guard then ends the server.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    pid_t pid = -1;
    errno = ::posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), environment.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) return system_error("cannot start " + command.front());
    return pid;
}

int open_pidfd(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

bool ends_within(int pidfd, Duration time) {
    pollfd end{.fd = pidfd, .events = POLLIN, .revents = 0};
    const Deadline deadline = Deadline::in(time);
    for (;;) {
        if (::poll(&end, 1, static_cast<int>(deadline.remaining().count())) > 0) return true;
        if (deadline.has_passed()) return false;
    }
}

/// Each process with its parent. /proc/PID/task/PID/children would do, but not every kernel has it.
std::vector<std::pair<pid_t, pid_t>> all_processes() {
    std::vector<std::pair<pid_t, pid_t>> found;
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file(entry->path() / "stat");
        std::string stat;
        std::getline(file, stat);
        // "pid (name) state parent …", and the name may hold anything.
        const std::size_t after = stat.rfind(") ");
        if (after == std::string::npos || after + 4 >= stat.size() || stat[after + 2] == 'Z') continue;
        found.emplace_back(std::atoi(name.c_str()), std::atoi(stat.c_str() + after + 4));  // NOLINT(cert-err34-c)
    }
    return found;
}

std::string contents(int fd) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return {};
    std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
    const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), 0);
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
}

/// The first port that the system gives to outgoing connections.
int first_ephemeral_port() {
    int first = 0;
    std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
    return first > kFirstPort + 1000 ? first : 32768;
}

}  // namespace

Result<Command> as_server_user(Command command) {
    if (::geteuid() != 0) return command;
    TRY(const Account account, server_account());
    Command prefix{"/usr/bin/setpriv", fmt::format("--reuid={}", account.uid), fmt::format("--regid={}", account.gid),
                   "--clear-groups", "--"};
    prefix.insert(prefix.end(), command.begin(), command.end());
    return prefix;
}

ServiceFolder::ServiceFolder(fs::path path) : path_(std::move(path)), owner_(::getpid()) {}
ServiceFolder::ServiceFolder(ServiceFolder&& other) noexcept : path_(std::move(other.path_)), owner_(other.owner_) {
    other.path_.clear();
}

ServiceFolder::~ServiceFolder() {
    if (path_.empty() || ::getpid() != owner_) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Result<ServiceFolder> ServiceFolder::make() {
    TRY(const Account account, server_account());
    std::string pattern = (fs::temp_directory_path() / "resolute-db-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return system_error("cannot make " + pattern);
    ServiceFolder folder{fs::path(pattern)};
    if (::chown(pattern.c_str(), account.uid, account.gid) != 0) return system_error("cannot give away " + pattern);
    return folder;
}

Status ServiceFolder::write(const std::string& name, std::string_view bytes) const {
    TRY(const Account account, server_account());
    const fs::path path = path_ / name;
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return system_error("cannot write " + path.string());
    const bool is_written = ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                            ::fchown(fd, account.uid, account.gid) == 0;
    ::close(fd);
    if (!is_written) return system_error("cannot write " + path.string());
    return {};
}

std::optional<std::string> Service::why_not_up(const std::function<bool()>& is_up, Duration within) {
    const Deadline deadline = Deadline::in(within);
    while (!is_up()) {
        if (has_ended(kLook)) return "ended while it started";
        if (deadline.has_passed()) return "took no connections in time";
    }
    return std::nullopt;
}

Result<Service> Service::start(Program program) {
    Service service(std::move(program));
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int log = ::open(service.program_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (null < 0 || log < 0) return system_error("cannot open " + service.program_.log.string());
    const auto pid = spawn(service.program_.command, {.in = null, .out = log, .folder = service.program_.folder});
    ::close(null);
    ::close(log);
    if (!pid) return std::unexpected(pid.error());
    service.owner_ = ::getpid();
    service.pid_ = *pid;
    service.pidfd_ = open_pidfd(*pid);
    if (service.pidfd_ < 0) return system_error("cannot watch the server");
    TRY_STATUS(service.watch());
    return service;
}

Status Service::watch() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("cannot make a pipe");
    const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    const auto guard = spawn({"/bin/sh", "-c", kGuardScript, "sh", fmt::format("{}", program_.end_signal),
                              fmt::format("{}", pid_), program_.folder.string()},
                             {.in = ends[0], .out = null, .folder = "/"});
    ::close(ends[0]);
    ::close(null);
    guard_pipe_ = ends[1];
    if (!guard) return std::unexpected(guard.error());
    guard_ = *guard;
    return {};
}

void Service::dismiss_guard() {
    if (guard_ < 0) return;
    [[maybe_unused]] const ssize_t told = ::write(guard_pipe_, "\n", 1);
    ::close(std::exchange(guard_pipe_, -1));
    ::waitpid(std::exchange(guard_, -1), nullptr, 0);
}

Service::Service(Service&& other) noexcept
    : program_(std::move(other.program_)),
      pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::exchange(other.pidfd_, -1)),
      guard_(std::exchange(other.guard_, -1)),
      guard_pipe_(std::exchange(other.guard_pipe_, -1)),
      owner_(other.owner_) {}

Service::~Service() {
    // A test that forked and ended in the child must not take the parent's server with it.
    if (pid_ > 0 && owner_ == ::getpid()) {
        signal(program_.end_signal);
        if (!has_ended(kEndWithin)) ignore_error(kill_9(), "nothing more can be done about it");
        dismiss_guard();
    }
    if (pidfd_ >= 0) ::close(pidfd_);
    if (guard_pipe_ >= 0) ::close(guard_pipe_);
}

std::vector<pid_t> Service::processes() const {
    std::vector<pid_t> family;
    if (pid_ > 0) family.push_back(pid_);
    const auto all = all_processes();
    for (std::size_t next = 0; next < family.size(); ++next)
        for (const auto& [pid, parent] : all)
            if (parent == family[next]) family.push_back(pid);
    return family;
}

bool Service::has_ended(Duration within) {
    if (pid_ <= 0) return true;
    if (!ends_within(pidfd_, within)) return false;
    dismiss_guard();
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    return true;
}

void Service::signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

Status Service::kill_9() {
    if (has_ended()) return {};
    // Stopped first, so that it neither notices its children's deaths nor starts new ones.
    signal(SIGSTOP);
    int status = 0;
    ::waitpid(pid_, &status, WUNTRACED);
    const std::vector<pid_t> family = processes();
    std::vector<int> watched;
    for (const pid_t pid : family)
        if (pid != pid_) watched.push_back(open_pidfd(pid));
    for (const pid_t pid : family)
        if (pid != pid_) ::kill(pid, SIGKILL);
    signal(SIGKILL);
    bool are_gone = has_ended(kEndWithin);
    for (const int fd : watched) {
        if (fd < 0) continue;
        are_gone = ends_within(fd, kEndWithin) && are_gone;
        ::close(fd);
    }
    if (!are_gone) return fail("testkit.unkillable", ErrorKind::internal, "SIGKILL did not end " + program_.command.front());
    return {};
}

Result<std::string> run_command(const Command& command, const fs::path& folder, Duration at_most) {
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int out = ::memfd_create("output", MFD_CLOEXEC);
    const auto pid = spawn(command, {.in = null, .out = out, .folder = folder});
    ::close(null);
    if (!pid) {
        ::close(out);
        return std::unexpected(pid.error());
    }
    const int pidfd = open_pidfd(*pid);
    const bool is_done = ends_within(pidfd, at_most);
    if (!is_done) ::kill(*pid, SIGKILL);
    int status = 0;
    ::waitpid(*pid, &status, 0);
    ::close(pidfd);
    std::string printed = contents(out);
    ::close(out);
    if (is_done && WIFEXITED(status) && WEXITSTATUS(status) == 0) return printed;
    std::string words;
    for (const std::string& word : command) words += (words.empty() ? "" : " ") + word;
    return fail("testkit.command_failed", ErrorKind::internal,
                fmt::format("{}: {}\n{}", words, is_done ? "it failed" : "it did not end in time", printed));
}

Result<std::string> run_as_server(Command command, const fs::path& folder) {
    TRY(const Command as_server, as_server_user(std::move(command)));
    TRY(const std::string printed, run_command(as_server, folder));
    return std::string(text::trim(printed));
}

Status make_certificate(const ServiceFolder& folder, const std::string& common_name, const std::string& alternative_names) {
    TRY_STATUS(run_as_server({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                              "-subj", "/CN=" + common_name, "-addext", "subjectAltName=" + alternative_names, "-keyout",
                              (folder.path() / "key.pem").string(), "-out", (folder.path() / "certificate.pem").string()},
                             folder.path()));
    return {};
}

Result<std::uint16_t> free_port() {
    static std::atomic<int> asked = 0;
    const int range = first_ephemeral_port() - kFirstPort;
    for (int attempt = 0; attempt < range; ++attempt) {
        // Programs that run side by side begin in different places.
        const auto port = static_cast<std::uint16_t>(kFirstPort + (::getpid() % range * 97 + asked++) % range);
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) return system_error("cannot make a socket");
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool is_free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        ::close(fd);
        if (is_free) return port;
    }
    return fail("testkit.no_port", ErrorKind::exhausted, "no port of 127.0.0.1 is free");
}

bool wait_until(const std::function<bool()>& is_so, Duration at_most) {
    const Deadline deadline = Deadline::in(at_most);
    while (!is_so()) {
        if (deadline.has_passed()) return false;
        ::poll(nullptr, 0, static_cast<int>(kLook.count()));
    }
    return true;
}

std::string tail(const fs::path& log, std::size_t bytes_max) {
    std::ifstream file(log, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.size() > bytes_max ? text.substr(text.size() - bytes_max) : text;
}

}  // namespace resolute::testkit
