// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/database.h"

#include <fmt/format.h>

#include "base/invariant.h"
#include "storage/postgres/migrations.h"
#include "storage/postgres/queries.h"

namespace resolute::storage::postgres {

namespace {

constexpr int kAttemptsMax = 5;
constexpr std::int64_t kServerVersionMin = 130'000;

/// What the promises rest on (docs/postgres.md).
Status check_server(const Row& server, const Settings& settings) {
    if (server.boolean(0))
        return fail("store.is_replica", ErrorKind::refused,
                    "the database server is a standby that cannot be written to: name the primary (or target_session_attrs=read-write)");
    if (server.integer(1) < kServerVersionMin)
        return fail("store.server_too_old", ErrorKind::refused, "the database server is older than PostgreSQL 13: use a newer one");
    if (server.text(2) != "UTF8")
        return fail("store.not_utf8", ErrorKind::refused,
                    fmt::format("the database has the encoding {}: make one with ENCODING 'UTF8'", server.text(2)));
    // Who waits for a lock must see then what the one before it did: a transaction that looks earlier decides by what is over.
    if (server.text(4) != "read committed")
        return fail("store.wrong_isolation", ErrorKind::refused,
                    fmt::format("this database begins its transactions as \"{}\"; set default_transaction_isolation to \"read committed\" for it, "
                                "or for this user", server.text(4)));
    const std::string off = server.text(3);
    if (!off.empty() && !settings.accept_volatile)
        return fail("store.not_durable", ErrorKind::refused,
                    fmt::format("the database server has {} off, so it can lose what it said it kept: switch it on", off));
    return {};
}

}  // namespace

Database::Database(Settings settings)
    : settings_(std::move(settings)),
      committers_(settings_.url, settings_.committers, settings_.connect_timeout),
      others_(settings_.url, settings_.connections, settings_.connect_timeout) {}

Result<std::unique_ptr<Database>> Database::open(Settings settings) {
    auto database = std::make_unique<Database>(std::move(settings));
    TRY(const Rows server, database->read(sql::kServer));
    TRY_STATUS(check_server(server.front(), database->settings()));
    TRY_STATUS(migrate(*database));
    return database;
}

Result<Rows> Database::only(Result<std::vector<Rows>> rows) {
    if (!rows) return std::unexpected(std::move(rows).error());
    return std::move(rows->front());
}

Answers Database::send_once(Pool& pool, const std::vector<Statement>& statements, Ending ending, Deadline deadline, bool fresh) {
    auto connection = pool.borrow(deadline, fresh);
    if (!connection) return std::unexpected(std::move(connection).error());
    auto answers = (*connection)->run(statements, ending, deadline);
    if (!answers && answers.error().sqlstate.empty()) connection->drop();
    return answers;
}

Answers Database::send(Pool& pool, const std::vector<Statement>& statements, Ending ending) {
    const Deadline deadline = Deadline::in(settings_.patience);
    bool fresh = false;
    for (int attempt = 1;; ++attempt) {
        auto answers = send_once(pool, statements, ending, deadline, fresh);
        if (answers || attempt == kAttemptsMax) return answers;
        const Failure& failure = answers.error();
        // A look that died with its connection changed nothing. Once: where the server is away, the caller shall know.
        const bool was_cut = ending == Ending::reads && failure.sqlstate.empty() && !failure.error.retry_after && !fresh;
        if (!was_cut && !is_transient(failure)) return answers;
        fresh = was_cut;
    }
}

Result<std::vector<Rows>> Database::read_all(const std::vector<Statement>& statements) {
    return told(send(others_, statements, Ending::reads));
}

Result<std::vector<Rows>> Database::write_all(const std::vector<Statement>& statements) {
    return told(send(others_, statements, Ending::commits));
}

Status Database::alone(const char* sql, Duration at_most) {
    const Deadline deadline = Deadline::in(at_most);
    TRY(const auto connection, told(Connection::open(settings_.url, deadline)));
    const std::vector<Statement> only{Statement(sql)};
    TRY_STATUS(told(connection->run(only, Ending::reads, deadline)));
    return {};
}

Answers Database::commit(const std::vector<Statement>& statements) { return send(committers_, statements, Ending::commits); }

Answer<Transaction> Transaction::begin(Database& database) { return begin_on(database, database.others_); }
Answer<Transaction> Transaction::begin_commit(Database& database) { return begin_on(database, database.committers_); }

Answer<Transaction> Transaction::begin_on(Database& database, Pool& pool) {
    const Deadline deadline = Deadline::in(database.settings_.patience);
    auto connection = pool.borrow(deadline);
    if (!connection) return std::unexpected(std::move(connection).error());
    Transaction transaction(*std::move(connection), deadline);
    auto begun = transaction.run({Statement("BEGIN"), Statement(sql::kCarefully)});
    if (!begun) return std::unexpected(std::move(begun).error());
    return transaction;
}

Answers Transaction::converse(const std::vector<Statement>& statements, Ending ending) {
    auto answers = connection_->run(statements, ending, deadline_);
    if (!answers && answers.error().sqlstate.empty()) connection_.drop();
    return answers;
}

Answers Transaction::run(const std::vector<Statement>& statements) { return converse(statements, Ending::reads); }

Answers Transaction::commit(std::vector<Statement> statements) {
    statements.emplace_back("COMMIT");
    auto answers = converse(statements, Ending::commits_by_word);
    // COMMIT of a transaction that had failed answers "ROLLBACK"; nobody sends it then.
    return answers;
}

}  // namespace resolute::storage::postgres
