// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "storage/postgres/failure.h"
#include "storage/postgres/statement.h"

struct pg_conn;

namespace resolute::storage::postgres {

/// What the end of the statements that are sent together does.
enum class Ending {
    reads,            ///< nothing is changed, or a transaction that was begun stays open: a loss changes nothing
    commits,          ///< they are one transaction, which the server commits when it reads the end
    commits_by_word,  ///< the last of them is COMMIT
};

/// One connection, for one thread at a time; never blocks beyond the deadline. It keeps no state between calls (no prepared
/// statements, no settings), so that a pooler may put another server process behind it for each transaction.
class Connection {
public:
    static Answer<std::unique_ptr<Connection>> open(const std::string& url, Deadline deadline);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// All of them in one round trip. Without BEGIN among them they are one transaction: PostgreSQL ends it where the pipeline ends.
    /// Where one fails none after it runs, and nothing of them is there. Whoever gets a loss drops the connection.
    Answers run(std::span<const Statement> statements, Ending ending, Deadline deadline);

    /// Outside of a transaction, with nothing on its way, and not closed by the other side as far as it can be seen without asking.
    [[nodiscard]] bool is_idle() const;
    /// For whoever waits until something comes by itself.
    [[nodiscard]] int socket() const;
    /// As it was said at the login; a pooler says its own.
    [[nodiscard]] std::int64_t server_process() const;
    /// What came for LISTEN, without waiting: the payloads. A loss: the connection is broken.
    Answer<std::vector<std::string>> take_notifications();
    /// At once; what was open on it is undone by the server.
    void close();

private:
    explicit Connection(pg_conn* connection) : connection_(connection) {}
    Answer<void> finish_connecting(Deadline deadline);
    bool send(std::span<const Statement> statements);
    Answers converse(std::size_t count, Ending ending, Deadline deadline);
    [[nodiscard]] std::string last_message() const;

    pg_conn* connection_;
};

}  // namespace resolute::storage::postgres
