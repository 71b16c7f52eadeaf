// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_storage.h"

#include "storage/memory/stores.h"

namespace resolute::storage {

struct MemoryStorage::Parts {
    memory::Tables tables;
    memory::EngineStore engine{tables};
    memory::IntakeStore intake{tables};
    memory::DeskStore desk{tables};
    memory::CaseQueries queries{tables};
    memory::ArticleStore articles{tables};
};

MemoryStorage::MemoryStorage() : parts_(std::make_unique<Parts>()) {}
MemoryStorage::~MemoryStorage() = default;

engine::Store& MemoryStorage::engine_store() { return parts_->engine; }
ports::IntakeStore& MemoryStorage::intake() { return parts_->intake; }
ports::DeskStore& MemoryStorage::desk() { return parts_->desk; }
ports::CaseQueries& MemoryStorage::queries() { return parts_->queries; }
ports::ArticleStore& MemoryStorage::articles() { return parts_->articles; }

}  // namespace resolute::storage
