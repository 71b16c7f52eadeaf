// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "json/json.h"

/// Starts the real program as a person does: a process with arguments, a folder, what it prints and how it ends.
namespace resolute::e2e {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

/// How a process ended and what it printed.
struct Ended {
    int exit_code = -1;  ///< -1: a signal ended it
    int signal = 0;
    std::string out;
    std::string err;
    double seconds = 0;

    /// Standard output as JSON; a test failure and null where it is none.
    [[nodiscard]] json::Value json() const;
};

/// Everything about an end that a failed expectation should show.
std::string describe(const Ended& ended);

struct StartOptions {
    fs::path folder = ".";
    std::optional<std::uint64_t> file_bytes_max;  ///< RLIMIT_FSIZE: a disk that is full for this process alone
    std::string input;                            ///< standard input; empty: /dev/null
};

/// One running program. The destructor kills it: no test leaves one behind.
class Process {
public:
    static Process start(const Arguments& arguments, const StartOptions& options = {});
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// What it printed so far.
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;
    [[nodiscard]] bool has_ended() const;
    /// Whether it holds a file of this name open.
    [[nodiscard]] bool has_open(const std::string& file_name) const;
    void signal(int number) const;
    /// Lifts the limit that `file_bytes_max` set, while it runs.
    void lift_file_limit() const;
    /// Nothing where it still runs after this time.
    std::optional<Ended> wait(Duration at_most);
    /// SIGTERM, and the end; a test failure where it does not come.
    Ended stop();

private:
    Process() = default;
    pid_t pid_ = -1;
    int pidfd_ = -1;
    int out_ = -1;
    int err_ = -1;
    double began_ = 0;
};

/// Starts, and waits for the end; a test failure (and a kill) where it takes longer.
Ended run(const Arguments& arguments, const StartOptions& options = {}, Duration at_most = std::chrono::minutes(4));

/// Looks again and again until it is true; false when the time is over. What is looked at belongs to another process, which
/// cannot wake us.
bool eventually(const std::function<bool()>& is_so, Duration at_most = std::chrono::seconds(60));

/// How long or how hard, for the long forms of tests: see scripts/soak.
std::int64_t number_from_environment(const char* name, std::int64_t fallback);

/// For what has to take its time in another process.
void pause(Duration time);

/// A folder that goes when the test ends; kept, and its name printed, where the test failed.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::string read_file(const fs::path& path);
void write_file(const fs::path& path, std::string_view bytes);

}  // namespace resolute::e2e
