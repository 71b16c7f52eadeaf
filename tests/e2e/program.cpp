// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/file.h"

namespace resolute::e2e {
namespace {

constexpr Duration kLook = std::chrono::milliseconds(20);
constexpr Duration kStopWithin = std::chrono::seconds(30);

int memory_file(const char* name) {
    return ::memfd_create(name, MFD_CLOEXEC);
}

std::string contents(int fd) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return {};
    std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
    const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), 0);
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
}

/// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* argv, const char* folder, int in, int out, int err,
                         const std::optional<std::uint64_t>& file_bytes_max) {
    if (in >= 0) ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    if (::chdir(folder) != 0) ::_exit(126);
    if (file_bytes_max) {
        ::signal(SIGXFSZ, SIG_IGN);  // The write fails with EFBIG, as on a full disk, instead of ending the program.
        const rlimit limit{.rlim_cur = *file_bytes_max, .rlim_max = RLIM_INFINITY};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(126);
    }
    ::execv(argv[0], argv);
    ::_exit(127);
}

}  // namespace

json::Value Ended::json() const {
    auto value = json::parse(out);
    if (value) return *std::move(value);
    ADD_FAILURE() << "this is no JSON: " << value.error().detail << "\n" << describe(*this);
    return {};
}

std::string describe(const Ended& ended) {
    return fmt::format("exit code {}, signal {}, {:.2f} s\nstandard output: {}\nstandard error: {}", ended.exit_code,
                       ended.signal, ended.seconds, ended.out.substr(0, 4000), ended.err.substr(0, 4000));
}

Process Process::start(const Arguments& arguments, const StartOptions& options) {
    std::vector<std::string> words{RESOLUTE_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    int in = options.input.empty() ? ::open("/dev/null", O_RDONLY | O_CLOEXEC) : memory_file("stdin");
    if (!options.input.empty()) {
        EXPECT_EQ(::write(in, options.input.data(), options.input.size()), static_cast<ssize_t>(options.input.size()));
        ::lseek(in, 0, SEEK_SET);
    }
    Process process;
    process.out_ = memory_file("stdout");
    process.err_ = memory_file("stderr");
    process.began_ = monotonic_seconds();
    const std::string folder = options.folder.string();
    process.pid_ = ::fork();
    if (process.pid_ == 0) become(argv.data(), folder.c_str(), in, process.out_, process.err_, options.file_bytes_max);
    ::close(in);
    process.pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, process.pid_, 0));
    EXPECT_GE(process.pidfd_, 0) << "cannot watch the process";
    return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::exchange(other.pidfd_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      began_(other.began_) {}

Process::~Process() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (const int fd : {pidfd_, out_, err_})
        if (fd >= 0) ::close(fd);
}

std::string Process::out() const {
    return contents(out_);
}
std::string Process::err() const {
    return contents(err_);
}

bool Process::has_ended() const {
    pollfd end{.fd = pidfd_, .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) > 0;
}

bool Process::has_open(const std::string& file_name) const {
    std::error_code error;
    for (fs::directory_iterator entry(fmt::format("/proc/{}/fd", pid_), error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        std::error_code gone;
        if (fs::read_symlink(entry->path(), gone).filename() == file_name) return true;
    }
    return false;
}

void Process::signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

void Process::lift_file_limit() const {
    const rlimit none{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    EXPECT_EQ(::prlimit(pid_, RLIMIT_FSIZE, &none, nullptr), 0);
}

std::optional<Ended> Process::wait(Duration at_most) {
    pollfd end{.fd = pidfd_, .events = POLLIN, .revents = 0};
    const Deadline deadline = Deadline::in(at_most);
    while (::poll(&end, 1, static_cast<int>(deadline.remaining().count())) <= 0)
        if (deadline.has_passed()) return std::nullopt;
    int status = 0;
    EXPECT_EQ(::waitpid(std::exchange(pid_, -1), &status, 0) > 0, true);
    return Ended{.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                 .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                 .out = out(),
                 .err = err(),
                 .seconds = monotonic_seconds() - began_};
}

Ended Process::stop() {
    signal(SIGTERM);
    auto ended = wait(kStopWithin);
    if (ended) return *std::move(ended);
    ADD_FAILURE() << "SIGTERM did not stop it\nstandard error: " << err();
    signal(SIGKILL);
    return wait(kStopWithin).value_or(Ended{});
}

Ended run(const Arguments& arguments, const StartOptions& options, Duration at_most) {
    Process process = Process::start(arguments, options);
    if (auto ended = process.wait(at_most)) return *std::move(ended);
    ADD_FAILURE() << "resolute " << (arguments.empty() ? std::string() : arguments.front())
                  << " did not end\nstandard error: " << process.err();
    process.signal(SIGKILL);
    return process.wait(kStopWithin).value_or(Ended{});
}

bool eventually(const std::function<bool()>& is_so, Duration at_most) {
    const Deadline deadline = Deadline::in(at_most);
    while (!is_so()) {
        if (deadline.has_passed()) return false;
        pause(kLook);
    }
    return true;
}

std::int64_t number_from_environment(const char* name, std::int64_t fallback) {
    const char* value = std::getenv(name);
    if (value == nullptr) return fallback;
    const std::string_view digits = value;
    std::int64_t number = fallback;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

void pause(Duration time) {
    ::poll(nullptr, 0, static_cast<int>(time.count()));
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "resolute-e2e-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    if (testing::Test::HasFailure()) {
        fmt::print(stderr, "kept for a look: {}\n", path_.string());
        return;
    }
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string read_file(const fs::path& path) {
    auto bytes = file::read(path);
    if (bytes) return *std::move(bytes);
    ADD_FAILURE() << bytes.error().detail;
    return {};
}

void write_file(const fs::path& path, std::string_view bytes) {
    fs::create_directories(path.parent_path());
    // Beside it and renamed: a program that watches the folder sees the whole file or none.
    const fs::path part = path.string() + ".part";
    std::ofstream(part, std::ios::binary) << bytes;
    fs::rename(part, path);
}

}  // namespace resolute::e2e
