// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/sqlite_storage.h"

#include "storage/sqlite/stores.h"

namespace resolute::storage {

struct SqliteStorage::Parts {
    explicit Parts(std::unique_ptr<sqlite::Database> opened) : database(std::move(opened)) {}

    std::unique_ptr<sqlite::Database> database;
    sqlite::EngineStore engine{*database};
    sqlite::IntakeStore intake{*database};
    sqlite::MailLedger ledger{*database};
    sqlite::DeskStore desk{*database};
    sqlite::CaseQueries queries{*database};
    sqlite::ArticleStore articles{*database};
    sqlite::AutomaticMailLedger automatic_mail_ledger{*database};
    sqlite::Maintenance maintenance{*database};
};

SqliteStorage::SqliteStorage(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteStorage::~SqliteStorage() = default;

Result<std::unique_ptr<SqliteStorage>> SqliteStorage::open(const std::filesystem::path& file, sqlite::Mode mode) {
    TRY(auto database, sqlite::Database::open(file, mode));
    return std::unique_ptr<SqliteStorage>(new SqliteStorage(std::make_unique<Parts>(std::move(database))));
}

engine::Store& SqliteStorage::engine_store() { return parts_->engine; }
ports::IntakeStore& SqliteStorage::intake() { return parts_->intake; }
ports::MailLedger& SqliteStorage::ledger() { return parts_->ledger; }
ports::DeskStore& SqliteStorage::desk() { return parts_->desk; }
ports::CaseQueries& SqliteStorage::queries() { return parts_->queries; }
ports::ArticleStore& SqliteStorage::articles() { return parts_->articles; }
ports::AutomaticMailLedger& SqliteStorage::automatic_mail_ledger() { return parts_->automatic_mail_ledger; }
Maintenance& SqliteStorage::maintenance() { return parts_->maintenance; }
sqlite::Database& SqliteStorage::database() { return *parts_->database; }

}  // namespace resolute::storage
