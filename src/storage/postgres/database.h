// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/postgres/pool.h"
#include "storage/postgres/settings.h"

namespace resolute::storage::postgres {

/// One PostgreSQL database that all the stores share. Threads: any.
///
/// A transaction is one round trip: its statements go together, and the server commits where they end. What must look first and
/// decide then is a Transaction.
class Database {
public:
    /// Connects, checks the server's settings, brings the schema up to date.
    static Result<std::unique_ptr<Database>> open(Settings settings);
    explicit Database(Settings settings);

    /// One consistent look; repeated by itself on a new connection where an idle one had died.
    template <class... Values>
    Result<Rows> read(const char* sql, const Values&... values) {
        return only(read_all({Statement(sql, values...)}));
    }
    Result<std::vector<Rows>> read_all(const std::vector<Statement>& statements);

    /// One transaction, durable when it returns; repeated by itself where another transaction was in the way.
    template <class... Values>
    Result<Rows> write(const char* sql, const Values&... values) {
        return only(write_all({Statement(sql, values...)}));
    }
    Result<std::vector<Rows>> write_all(const std::vector<Statement>& statements);
    /// Outside of any transaction, on a connection of its own, for as long as it takes: for VACUUM and the like.
    Status alone(const char* sql, Duration at_most);
    /// The same on the committers' connections, with what the server said.
    Answers commit(const std::vector<Statement>& statements);

    [[nodiscard]] const Settings& settings() const { return settings_; }

private:
    friend class Transaction;
    static Result<Rows> only(Result<std::vector<Rows>> rows);
    Answers send(Pool& pool, const std::vector<Statement>& statements, Ending ending);
    Answers send_once(Pool& pool, const std::vector<Statement>& statements, Ending ending, Deadline deadline, bool fresh);

    const Settings settings_;
    Pool committers_;
    Pool others_;
};

/// A transaction of several round trips. Undone where it is not committed.
class Transaction {
public:
    static Answer<Transaction> begin(Database& database);
    static Answer<Transaction> begin_commit(Database& database);  ///< on a committer's connection

    Answers run(const std::vector<Statement>& statements);
    /// The last statements and COMMIT.
    Answers commit(std::vector<Statement> statements = {});
    Transaction(Transaction&&) = default;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() = default;  // The pool closes a connection with an open transaction.

private:
    Transaction(Pool::Borrowed connection, Deadline deadline) : connection_(std::move(connection)), deadline_(deadline) {}
    static Answer<Transaction> begin_on(Database& database, Pool& pool);
    Answers converse(const std::vector<Statement>& statements, Ending ending);

    Pool::Borrowed connection_;
    Deadline deadline_;
};

/// What callers of a store are told.
template <class T>
Result<T> told(Answer<T> answer) {
    if (!answer) return std::unexpected(std::move(answer).error().error);
    return std::move(answer).value();
}

}  // namespace resolute::storage::postgres
