// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include "storage/sqlite/connection.h"

namespace resolute::storage::sqlite {

inline constexpr std::size_t kChangesPerCommitMax = 256;
inline constexpr std::size_t kReadersMax = 4;

/// One SQLite file that all the stores share: one writing connection, which one caller at a time has, and a few that read.
///
/// Changes of many threads are gathered and committed together (group commit): whatever was handed in while one commit was on its
/// way to the disk makes the next. Nobody waits on a timer, one fsync serves them all, and who finds nobody writing writes itself:
/// a change that comes alone changes no thread.
///
///   callers ──write(change)──▶ queue ──▶ the first of them: BEGIN · SAVEPOINT, change, RELEASE · … · COMMIT ──▶ each caller's Status
///
/// A change that is alone in its transaction has no savepoint.
class Database {
public:
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, Mode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    using Change = std::function<Status(Connection&)>;

    /// Runs the change in a transaction and returns when it is durable. A change that returns an error leaves nothing, and does
    /// not hinder those it shares the transaction with. Where the commit itself fails nothing of any of them is there.
    /// The change may run on another caller's thread and must not call `write`. Threads: any.
    Status write(const Change& change);
    /// Looks at one consistent state; sees all that was committed before. Threads: any.
    Status read(const Change& look);
    /// Runs it on the writing connection outside of any transaction: for VACUUM and the like. Everybody who writes waits. Threads: any.
    Status alone(const Change& work);
    /// A copy of all as it is at one moment, into a file that is empty or not there; nobody waits for it.
    Status copy_to(const std::filesystem::path& file);

    /// `write` and `read` for functions that yield a value: Connection& → Result<T>.
    template <class F>
    std::invoke_result_t<F, Connection&> writing(F change) {
        return with_value<F>([this](const Change& inner) { return write(inner); }, change);
    }
    template <class F>
    std::invoke_result_t<F, Connection&> reading(F look) {
        return with_value<F>([this](const Change& inner) { return read(inner); }, look);
    }

private:
    /// Lives on its caller's stack until it is done.
    struct Request {
        const Change* change = nullptr;
        bool is_alone = false;
        Status status;
        std::condition_variable done;
        bool is_done = false;  ///< guarded by the database's mutex
    };

    Database(std::filesystem::path path, Mode mode, std::unique_ptr<Connection> writer);
    Status submit(Request& request);
    void write_waiting(std::unique_lock<std::mutex>& lock) noexcept;
    void commit(const std::vector<Request*>& batch);
    Status run_all(const std::vector<Request*>& batch);
    Status run_change(Request& request);
    Result<std::unique_ptr<Connection>> borrow_reader();
    void give_back(std::unique_ptr<Connection> reader);

    template <class F, class Runner>
    static std::invoke_result_t<F, Connection&> with_value(Runner runner, F& function) {
        std::optional<std::invoke_result_t<F, Connection&>> result;
        const Status status = runner([&](Connection& connection) -> Status {
            result = function(connection);
            if (!*result) return std::unexpected(result->error());
            return {};
        });
        if (!status) return std::unexpected(status.error());
        return std::move(*result);
    }

    const std::filesystem::path path_;
    const Mode mode_;
    std::unique_ptr<Connection> writer_;

    std::mutex writing_mutex_;  // Guards these three; not held while one writes.
    std::deque<Request*> waiting_;
    bool is_writing_ = false;
    std::thread::id writer_id_;

    std::mutex readers_mutex_;
    std::condition_variable reader_returned_;
    std::vector<std::unique_ptr<Connection>> idle_readers_;
    std::size_t readers_made_ = 0;
};

}  // namespace resolute::storage::sqlite
