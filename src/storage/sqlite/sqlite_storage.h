// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "storage/sqlite/database.h"
#include "storage/storage.h"

namespace resolute::storage {

/// All the stores in one SQLite file. Whoever opens it as the owner holds the OwnerLock of its folder. Threads: any.
class SqliteStorage final : public Storage {
public:
    /// `store.unavailable`, `store.corrupt`, `store.schema_newer`; read-only also `store.schema_older`.
    static Result<std::unique_ptr<SqliteStorage>> open(const std::filesystem::path& file, sqlite::Mode mode);
    ~SqliteStorage() override;
    SqliteStorage(const SqliteStorage&) = delete;
    SqliteStorage& operator=(const SqliteStorage&) = delete;

    engine::Store& engine_store() override;
    ports::IntakeStore& intake() override;
    ports::MailLedger& ledger() override;
    ports::DeskStore& desk() override;
    ports::CaseQueries& queries() override;
    ports::ArticleStore& articles() override;
    ports::AutomaticMailLedger& automatic_mail_ledger() override;
    Maintenance& maintenance() override;
    [[nodiscard]] bool is_shared() const override { return false; }
    sqlite::Database& database();

private:
    struct Parts;
    explicit SqliteStorage(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace resolute::storage
