// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/connection.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sqlite3.h>

namespace resolute::storage::sqlite {

namespace {

constexpr int kBusyMs = 5000;
constexpr const char* kOwnerSettings = R"sql(
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = FAST;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
)sql";
constexpr const char* kReaderSettings = R"sql(
    PRAGMA query_only = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
)sql";

/// SQLite says "full" for ENOSPC alone; a quota or a limit on the file's size is an I/O error to it, with errno as the only
/// trace (sqlite3_system_errno is 0 there). `reason` is errno, which was zero before the call.
bool is_out_of_space(int code, int reason) {
    if (code == SQLITE_FULL) return true;
    return code == SQLITE_IOERR && (reason == ENOSPC || reason == EFBIG || reason == EDQUOT);
}

Error error_of(sqlite3* db, int extended) {
    const int reason = errno;
    const int code = extended & 0xff;
    // A rule that the database itself keeps says its code (migrations: RAISE).
    if (extended == SQLITE_CONSTRAINT_TRIGGER && db != nullptr)
        return {.code = sqlite3_errmsg(db), .kind = ErrorKind::refused, .detail = "the database refuses it"};
    std::string detail = fmt::format("SQLite: {} ({})", db == nullptr ? sqlite3_errstr(extended) : sqlite3_errmsg(db), extended);
    if (is_out_of_space(code, reason))
        return {.code = "store.disk_full",
                .kind = ErrorKind::exhausted,
                .detail = detail + ": nothing of it was written; make room, the program goes on by itself"};
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_NOMEM: return {.code = "store.unavailable", .kind = ErrorKind::unavailable, .detail = std::move(detail)};
    case SQLITE_READONLY: return {.code = "store.read_only", .kind = ErrorKind::refused, .detail = std::move(detail)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {.code = "store.corrupt", .kind = ErrorKind::corrupt, .detail = std::move(detail)};
    default: return {.code = "store.failed", .kind = ErrorKind::internal, .detail = std::move(detail)};
    }
}

/// Customers' mails lie in the file: it is made for its owner alone. The files beside it take their rights from it.
void create_privately(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);  // Where it cannot be made, opening says why.
}

}  // namespace

Query::~Query() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::bind(std::nullptr_t) { sqlite3_bind_null(statement_, ++bound_); }
void Query::bind(std::int64_t value) { sqlite3_bind_int64(statement_, ++bound_, value); }

void Query::bind(std::string_view text) {
    // A null pointer would be NULL, which is not the empty text.
    sqlite3_bind_text64(statement_, ++bound_, text.data() == nullptr ? "" : text.data(), text.size(),
                        values_ == Values::borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Query::bind(Blob blob) {
    if (blob.bytes.empty()) sqlite3_bind_zeroblob(statement_, ++bound_, 0);
    else
        sqlite3_bind_blob64(statement_, ++bound_, blob.bytes.data(), blob.bytes.size(),
                            values_ == Values::borrowed ? SQLITE_STATIC : SQLITE_TRANSIENT);
}

void Query::bind_missing() { bound_ = sqlite3_bind_parameter_count(statement_); }

Result<bool> Query::step() {
    INVARIANT(bound_ == sqlite3_bind_parameter_count(statement_), "each place of a query has a value");
    errno = 0;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(error_of(db_, sqlite3_extended_errcode(db_)));
}

Status Query::expect_row() {
    TRY(const bool has_row, step());
    if (!has_row) return fail("store.corrupt", ErrorKind::corrupt, fmt::format("no row for: {}", sqlite3_sql(statement_)));
    return {};
}

Status Query::run() {
    while (true) {
        TRY(const bool has_row, step());
        if (!has_row) return {};
    }
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Query::text(int column) const {
    // Text and blobs alike; the pointer is asked for before the size, as SQLite wants it.
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& path, Mode mode) {
    if (mode == Mode::owner) create_privately(path);
    sqlite3* db = nullptr;
    const int flags = (mode == Mode::owner ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
    std::unique_ptr<Connection> connection(new Connection(db));
    if (code != SQLITE_OK) {
        Error error = error_of(db, code);
        error.detail += fmt::format(", {}", path.string());
        return std::unexpected(std::move(error));
    }
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, kBusyMs);
    TRY_STATUS(connection->execute(mode == Mode::owner ? kOwnerSettings : kReaderSettings));
    return connection;
}

Connection::~Connection() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
}

Result<sqlite3_stmt*> Connection::prepare(const char* sql) {
    sqlite3_stmt*& statement = statements_[sql];
    if (statement == nullptr &&
        sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        return std::unexpected(error_of(db_, sqlite3_extended_errcode(db_)));
    INVARIANT(sqlite3_stmt_busy(statement) == 0, "a query is not used inside itself");
    return statement;
}

Status Connection::execute(const char* sql) {
    errno = 0;
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return std::unexpected(error_of(db_, sqlite3_extended_errcode(db_)));
}

std::int64_t Connection::changes() const { return sqlite3_changes64(db_); }
bool Connection::is_in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

void Connection::roll_back() {
    if (is_in_transaction()) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace resolute::storage::sqlite
