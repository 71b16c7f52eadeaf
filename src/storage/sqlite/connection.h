// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/id.h"
#include "base/invariant.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

/// The only two files that know SQLite's interface are connection.h and connection.cpp.
namespace resolute::storage::sqlite {

enum class Mode { owner, read_only };

/// Marks bytes that are no text.
struct Blob {
    std::string_view bytes;
};

/// A prepared statement with its values, borrowed from the connection's cache until it goes out of scope.
class Query {
public:
    /// Values are copied when they are bound, but where they outlive the query.
    enum class Values { copied, borrowed };

    Query(sqlite3* db, sqlite3_stmt* statement, Values values = Values::copied) : db_(db), statement_(statement), values_(values) {}
    ~Query();
    Query(Query&& other) noexcept
        : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)), bound_(other.bound_), values_(other.values_) {}
    Query& operator=(Query&&) = delete;

    void bind(std::nullptr_t);
    void bind(std::int64_t value);
    void bind(int value) { bind(static_cast<std::int64_t>(value)); }
    void bind(bool value) { bind(static_cast<std::int64_t>(value)); }
    void bind(std::uint64_t value) { bind(static_cast<std::int64_t>(value)); }
    void bind(std::string_view text);
    void bind(const std::string& text) { bind(std::string_view(text)); }
    void bind(const char* text) { bind(std::string_view(text)); }
    void bind(Blob blob);
    void bind(Instant at) { bind(static_cast<std::int64_t>(to_unix_ms(at))); }
    void bind(Duration duration) { bind(static_cast<std::int64_t>(duration.count())); }
    template <class Tag>
    void bind(const Id<Tag>& id) { bind(std::string_view(id.value())); }
    template <class T>
    void bind(const std::optional<T>& value) {
        if (value) bind(*value);
        else bind(nullptr);
    }

    /// NULL for all places that have no value yet: enough to ask for a plan.
    void bind_missing();

    /// True: there is a row, whose columns can be read until the next step.
    Result<bool> step();
    /// A row must be there: counts and the like.
    Status expect_row();
    /// To the end, rows unread.
    Status run();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Instant instant(int column) const { return from_unix_ms(integer(column)); }
    [[nodiscard]] std::optional<Instant> optional_instant(int column) const {
        return is_null(column) ? std::nullopt : std::optional(instant(column));
    }

private:
    sqlite3* db_;
    sqlite3_stmt* statement_;
    int bound_ = 0;
    Values values_;
};

/// One connection, for one thread at a time. Statements are prepared once; SQL texts are constants (queries.h).
class Connection {
public:
    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path, Mode mode);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// `sql` must live as long as the program: its address is its name in the cache.
    template <class... Values>
    Result<Query> query(const char* sql, const Values&... values) {
        auto statement = prepare(sql);
        if (!statement) return std::unexpected(std::move(statement).error());
        Query query(db_, *statement);
        (query.bind(values), ...);
        return query;
    }
    template <class... Values>
    Status run(const char* sql, const Values&... values) {
        auto statement = prepare(sql);
        if (!statement) return std::unexpected(std::move(statement).error());
        Query query(db_, *statement, Query::Values::borrowed);
        (query.bind(values), ...);
        return query.run();
    }
    /// Rows that the last statement changed.
    [[nodiscard]] std::int64_t changes() const;

    /// Any number of statements without values, not cached.
    Status execute(const char* sql);
    [[nodiscard]] bool is_in_transaction() const;
    /// Ends a transaction, if one is open; cannot fail in a way that matters: SQLite has then rolled back itself.
    void roll_back();

private:
    explicit Connection(sqlite3* db) : db_(db) {}
    Result<sqlite3_stmt*> prepare(const char* sql);

    sqlite3* db_;
    std::unordered_map<const void*, sqlite3_stmt*> statements_;
};

}  // namespace resolute::storage::sqlite
