// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "storage/sqlite/database.h"

namespace resolute::storage {

/// All the stores in one SQLite file. Whoever opens it as the owner holds the OwnerLock of its folder. Threads: any.
class SqliteStorage {
public:
    /// `store.unavailable`, `store.corrupt`, `store.schema_newer`; read-only also `store.schema_older`.
    static Result<std::unique_ptr<SqliteStorage>> open(const std::filesystem::path& file, sqlite::Mode mode);
    ~SqliteStorage();
    SqliteStorage(const SqliteStorage&) = delete;
    SqliteStorage& operator=(const SqliteStorage&) = delete;

    engine::Store& engine_store();
    ports::IntakeStore& intake();
    ports::DeskStore& desk();
    ports::CaseQueries& queries();
    ports::ArticleStore& articles();
    sqlite::Database& database();

private:
    struct Parts;
    explicit SqliteStorage(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace resolute::storage
