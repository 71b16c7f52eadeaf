// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "engine/store.h"
#include "procedure/procedure.h"

namespace resolute::engine {

/// The procedures that open cases are pinned to. New cases begin on the current one; a case finishes on its own.
/// A procedure is shared by many cases on many threads and never changes, hence shared_ptr. Threads: any.
class ProcedureBook {
public:
    ProcedureBook(Store& store, const procedure::ToolCatalogue& catalogue) : store_(store), catalogue_(catalogue) {}

    /// Keeps the document (durably) and makes it the one new cases begin on.
    Status set_current(procedure::Procedure procedure);
    Status set_current(std::shared_ptr<const procedure::Procedure> procedure);
    [[nodiscard]] std::shared_ptr<const procedure::Procedure> current() const;
    /// By content hash; read again from the store where it is not in memory. `procedure.not_kept`, `procedure.unreadable`.
    Result<std::shared_ptr<const procedure::Procedure>> find(const std::string& content_hash);

private:
    Store& store_;
    const procedure::ToolCatalogue& catalogue_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const procedure::Procedure>> known_;
    std::shared_ptr<const procedure::Procedure> current_;
};

}  // namespace resolute::engine
