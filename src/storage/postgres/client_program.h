// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace resolute::storage::postgres {

/// The folder with pg_dump, pg_restore and psql that fits this server best: Debian's of the same version, else what PATH has, else
/// the newest of Debian's. `store.no_client_programs`.
Result<std::filesystem::path> find_client_programs(std::int64_t server_version);

/// How a URL is given to a program: what everybody may read in the list of processes, and the password, which goes by the environment.
struct Access {
    std::string conninfo;
    std::string password;
};
Result<Access> access_of(const std::string& url);

/// One of PostgreSQL's own programs while it runs. It is ended with the object where it has not ended by itself. Threads: one may
/// read while another writes.
class ClientProgram {
public:
    struct Plan {
        std::filesystem::path program;
        std::vector<std::string> arguments;
        std::string password;
        bool is_read = false;     ///< its output; else that goes nowhere
        bool is_written = false;  ///< its input; else that is empty
    };
    static Result<ClientProgram> start(const Plan& plan);
    ClientProgram(ClientProgram&& other) noexcept;
    ClientProgram& operator=(ClientProgram&&) = delete;
    ~ClientProgram();

    /// Fills the room; less only where its output ended.
    Result<std::size_t> read(char* room, std::size_t size);
    /// An error only where the program has ended: `finish` says why.
    Status write(std::string_view bytes);
    void end_input();
    /// Waits for its end. `store.client_program_failed` with its last words where it did not end well.
    Status finish();

private:
    explicit ClientProgram(std::string name) : name_(std::move(name)) {}
    [[nodiscard]] std::unexpected<Error> failure(std::string_view what) const;
    [[nodiscard]] std::string last_words() const;

    std::string name_;
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    int errors_ = -1;
};

}  // namespace resolute::storage::postgres
