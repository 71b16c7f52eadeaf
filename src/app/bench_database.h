// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "storage/storage.h"

struct pg_conn;

namespace resolute::app {

/// A connection of libpq with nothing of ours in between.
class PlainPostgres {
public:
    static Result<PlainPostgres> connect(const std::string& url);
    /// The first value of the first row; empty where there is none.
    Result<std::string> ask(const std::string& sql);
    [[nodiscard]] pg_conn* raw() const { return connection_.get(); }
    [[nodiscard]] std::unexpected<Error> failure() const;

private:
    struct Close { void operator()(pg_conn* connection) const; };
    explicit PlainPostgres(pg_conn* connection) : connection_(connection) {}
    std::unique_ptr<pg_conn, Close> connection_;
};

/// Where the benchmark's databases are made.
struct BenchPlace {
    std::filesystem::path folder;  ///< of SQLite files, and of the file that fdatasync is measured on
    std::string url;               ///< of PostgreSQL; empty: SQLite
};

/// A database with Resolute's schema that is gone with this object.
class BenchDatabase {
public:
    static Result<std::unique_ptr<BenchDatabase>> make(const BenchPlace& place, const std::string& name);
    /// One that is there, by its file or URL; it stays.
    static Result<std::unique_ptr<BenchDatabase>> use(const std::string& name);
    ~BenchDatabase();
    BenchDatabase(const BenchDatabase&) = delete;
    BenchDatabase& operator=(const BenchDatabase&) = delete;

    Result<std::unique_ptr<storage::Storage>> open() const;
    [[nodiscard]] bool is_postgres() const { return !url_.empty(); }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] const std::string& url() const { return url_; }
    /// On the disk, the log that is not yet carried over left out.
    [[nodiscard]] Result<double> bytes() const;
    /// Of the database's own processes; 0 with SQLite, and where the server runs on another machine.
    [[nodiscard]] double server_cpu_seconds() const;
    /// False: the server's CPU is not in what is measured.
    [[nodiscard]] bool is_server_seen() const { return !is_postgres() || server_.has_value(); }

private:
    BenchDatabase() = default;
    Status make_postgres(const std::string& url, const std::string& name);

    std::filesystem::path file_;
    std::string url_;
    std::string admin_url_;
    std::string name_;
    std::optional<pid_t> server_;
    bool is_ours_ = true;
};

}  // namespace resolute::app
