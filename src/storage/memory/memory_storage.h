// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"

namespace resolute::storage {

/// All the stores in memory, with the whole of their meaning, for tests, the simulator and the benchmark. Threads: any.
class MemoryStorage {
public:
    MemoryStorage();
    ~MemoryStorage();
    MemoryStorage(const MemoryStorage&) = delete;
    MemoryStorage& operator=(const MemoryStorage&) = delete;

    engine::Store& engine_store();
    ports::IntakeStore& intake();
    ports::DeskStore& desk();
    ports::CaseQueries& queries();
    ports::ArticleStore& articles();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace resolute::storage
