// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "storage/postgres/settings.h"
#include "storage/storage.h"

namespace resolute::storage {

/// All the stores in one PostgreSQL database, which several workers share. Everything is in the schema `resolute`.
/// docs/postgres.md tells what the server must be like. Threads: any.
class PostgresStorage final : public Storage {
public:
    /// `store.unavailable`, `store.login_refused`, `store.is_replica`, `store.not_durable`, `store.not_utf8`, `store.server_too_old`,
    /// `store.schema_newer`.
    static Result<std::unique_ptr<PostgresStorage>> open(postgres::Settings settings);
    ~PostgresStorage() override;
    PostgresStorage(const PostgresStorage&) = delete;
    PostgresStorage& operator=(const PostgresStorage&) = delete;

    engine::Store& engine_store() override;
    ports::IntakeStore& intake() override;
    ports::MailLedger& ledger() override;
    ports::DeskStore& desk() override;
    ports::CaseQueries& queries() override;
    ports::ArticleStore& articles() override;
    ports::AutomaticMailLedger& automatic_mail_ledger() override;
    Maintenance& maintenance() override;
    [[nodiscard]] bool is_shared() const override { return true; }
    void listen(OnHint on_hint) override;

private:
    struct Parts;
    explicit PostgresStorage(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace resolute::storage
