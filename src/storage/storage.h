// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "storage/maintenance.h"

namespace resolute::storage {

/// All the stores of one database. Threads: any.
class Storage {
public:
    virtual ~Storage() = default;
    virtual engine::Store& engine_store() = 0;
    virtual ports::IntakeStore& intake() = 0;
    virtual ports::DeskStore& desk() = 0;
    virtual ports::CaseQueries& queries() = 0;
    virtual ports::ArticleStore& articles() = 0;
    virtual Maintenance& maintenance() = 0;
    /// Several programs may work on it at once.
    [[nodiscard]] virtual bool is_shared() const = 0;
};

}  // namespace resolute::storage
