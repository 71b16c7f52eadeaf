// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/postgres_storage.h"

#include "storage/postgres/listener.h"
#include "storage/postgres/stores.h"

namespace resolute::storage {

struct PostgresStorage::Parts {
    explicit Parts(std::unique_ptr<postgres::Database> opened) : database(std::move(opened)) {}

    std::unique_ptr<postgres::Database> database;
    postgres::EngineStore engine{*database};
    postgres::IntakeStore intake{*database};
    postgres::MailLedger ledger{*database};
    postgres::DeskStore desk{*database};
    postgres::CaseQueries queries{*database};
    postgres::ArticleStore articles{*database};
    postgres::AutomaticMailLedger automatic_mail_ledger{*database};
    postgres::Maintenance maintenance{*database};
    std::unique_ptr<postgres::Listener> listener;
};

PostgresStorage::PostgresStorage(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PostgresStorage::~PostgresStorage() = default;

Result<std::unique_ptr<PostgresStorage>> PostgresStorage::open(postgres::Settings settings) {
    TRY(auto database, postgres::Database::open(std::move(settings)));
    return std::unique_ptr<PostgresStorage>(new PostgresStorage(std::make_unique<Parts>(std::move(database))));
}

engine::Store& PostgresStorage::engine_store() { return parts_->engine; }
ports::IntakeStore& PostgresStorage::intake() { return parts_->intake; }
ports::MailLedger& PostgresStorage::ledger() { return parts_->ledger; }
ports::DeskStore& PostgresStorage::desk() { return parts_->desk; }
ports::CaseQueries& PostgresStorage::queries() { return parts_->queries; }
ports::ArticleStore& PostgresStorage::articles() { return parts_->articles; }
ports::AutomaticMailLedger& PostgresStorage::automatic_mail_ledger() { return parts_->automatic_mail_ledger; }
Maintenance& PostgresStorage::maintenance() { return parts_->maintenance; }

void PostgresStorage::listen(OnHint on_hint) {
    parts_->listener.reset();
    if (!on_hint) return;
    const postgres::Settings& settings = parts_->database->settings();
    parts_->listener = std::make_unique<postgres::Listener>(settings.url, settings.connect_timeout, std::move(on_hint));
}

}  // namespace resolute::storage
