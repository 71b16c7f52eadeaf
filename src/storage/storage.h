// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/case_queries.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "ports/mail_ledger.h"
#include "ports/automatic_mail_ledger.h"
#include "storage/maintenance.h"

namespace resolute::storage {

/// All the stores of one database. Threads: any.
/// What another program says of what it left in the database they share.
struct Hint {
    enum class Kind {
        work,    ///< effects that may be claimed now
        freeze,  ///< sending was frozen or released
    };
    Kind kind = Kind::work;
    std::uint64_t from_epoch = 0;  ///< whose lease left it; 0: nobody's in particular
};
using OnHint = std::function<void(const Hint&)>;

class Storage {
public:
    virtual ~Storage() = default;
    virtual engine::Store& engine_store() = 0;
    virtual ports::IntakeStore& intake() = 0;
    virtual ports::MailLedger& ledger() = 0;
    virtual ports::DeskStore& desk() = 0;
    virtual ports::CaseQueries& queries() = 0;
    virtual ports::ArticleStore& articles() = 0;
    virtual ports::AutomaticMailLedger& automatic_mail_ledger() = 0;
    virtual Maintenance& maintenance() = 0;
    /// Several programs may work on it at once.
    [[nodiscard]] virtual bool is_shared() const = 0;
    /// From now on hints come, on a thread of the storage; with nothing no more, and none is under way when it returns. A hint spares
    /// waiting for the next poll and promises nothing: many never come, and where a database has none nothing is missed.
    virtual void listen(OnHint) {}
};

}  // namespace resolute::storage
