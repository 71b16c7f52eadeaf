// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/postgres/connection.h"

namespace resolute::storage::postgres {

/// A few connections that threads borrow. One that broke, or whose state is not known for certain, is not given out again.
/// While the server is away, those who ask learn it at once but for one at a time, who tries; more and more seldom. Threads: any.
class Pool {
public:
    Pool(std::string url, std::size_t connections_max, Duration connect_timeout);

    /// Goes back by itself, or is closed where something of it is open.
    class Borrowed {
    public:
        Borrowed(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
        ~Borrowed() { give_back(); }
        Borrowed(Borrowed&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)) {}
        Borrowed& operator=(Borrowed&&) = delete;
        Connection* operator->() const { return connection_.get(); }
        /// Never to be used again, whatever it says of itself.
        void drop() { connection_->close(); }

    private:
        void give_back();
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
    };

    /// `fresh`: made now, where an idle one turned out to be broken.
    Answer<Borrowed> borrow(Deadline deadline, bool fresh = false);

private:
    Answer<std::unique_ptr<Connection>> connect(Deadline deadline);
    Answer<std::unique_ptr<Connection>> wait_for_idle(Deadline deadline, bool fresh);
    void put(std::unique_ptr<Connection> connection);
    void note_failure(const Error& error);

    const std::string url_;
    const std::size_t connections_max_;
    const Duration connect_timeout_;

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t made_ = 0;
    Duration pause_{};             ///< zero: the last attempt to connect succeeded
    double next_attempt_ = 0;      ///< monotonic seconds
    Error last_error_;
};

}  // namespace resolute::storage::postgres
