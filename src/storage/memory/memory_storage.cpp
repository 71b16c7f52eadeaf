// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_storage.h"

#include "storage/memory/stores.h"

namespace resolute::storage {

struct MemoryStorage::Parts {
    memory::Tables tables;
    memory::EngineStore engine{tables};
    memory::IntakeStore intake{tables};
    memory::MailLedger ledger{tables};
    memory::DeskStore desk{tables};
    memory::CaseQueries queries{tables};
    memory::ArticleStore articles{tables};
    memory::AutomaticMailLedger automatic_mail_ledger{tables};
    memory::Maintenance maintenance{tables};
};

MemoryStorage::MemoryStorage(MemoryOptions options) : parts_(std::make_unique<Parts>()) {
    parts_->tables.shared = options.shared;
    parts_->tables.lease_lasts = options.lease_lasts;
}
MemoryStorage::~MemoryStorage() = default;

engine::Store& MemoryStorage::engine_store() { return parts_->engine; }
ports::IntakeStore& MemoryStorage::intake() { return parts_->intake; }
ports::MailLedger& MemoryStorage::ledger() { return parts_->ledger; }
ports::DeskStore& MemoryStorage::desk() { return parts_->desk; }
ports::CaseQueries& MemoryStorage::queries() { return parts_->queries; }
ports::ArticleStore& MemoryStorage::articles() { return parts_->articles; }
ports::AutomaticMailLedger& MemoryStorage::automatic_mail_ledger() { return parts_->automatic_mail_ledger; }
Maintenance& MemoryStorage::maintenance() { return parts_->maintenance; }
bool MemoryStorage::is_shared() const { return parts_->tables.shared; }

std::unique_ptr<MemoryStorage> MemoryStorage::clone() const {
    auto copy = std::make_unique<MemoryStorage>();
    const std::lock_guard lock(parts_->tables.mutex);
    static_cast<memory::Rows&>(copy->parts_->tables) = parts_->tables;
    return copy;
}

void MemoryStorage::let_lease_run_out(const engine::Lease& lease) {
    const std::lock_guard lock(parts_->tables.mutex);
    for (engine::Worker& worker : parts_->tables.workers)
        if (worker.epoch == lease.epoch) worker.lease_until = Instant::min();
}

}  // namespace resolute::storage
