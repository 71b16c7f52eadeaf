// SPDX-License-Identifier: Apache-2.0
#include "engine/procedure_book.h"

#include <fmt/format.h>

namespace resolute::engine {

Status ProcedureBook::set_current(procedure::Procedure procedure) {
    return set_current(std::make_shared<const procedure::Procedure>(std::move(procedure)));
}

Status ProcedureBook::set_current(std::shared_ptr<const procedure::Procedure> procedure) {
    TRY_STATUS(store_.keep_procedure(procedure->content_hash, procedure->source, json::to_money(procedure->policy["refund_approval_above"])));
    std::lock_guard lock(mutex_);
    known_[procedure->content_hash] = procedure;
    current_ = std::move(procedure);
    return {};
}

std::shared_ptr<const procedure::Procedure> ProcedureBook::current() const {
    std::lock_guard lock(mutex_);
    return current_;
}

Result<std::shared_ptr<const procedure::Procedure>> ProcedureBook::find(const std::string& content_hash) {
    {
        std::lock_guard lock(mutex_);
        if (const auto known = known_.find(content_hash); known != known_.end()) return known->second;
    }
    TRY(const std::optional<std::string> document, store_.load_procedure(content_hash));
    if (!document)
        return fail("procedure.not_kept", ErrorKind::not_found,
                    fmt::format("a case is pinned to procedure {}, which is not in the store", content_hash.substr(0, 12)));
    procedure::ReadResult read = procedure::read(*document, catalogue_);
    if (!read.procedure)
        return fail("procedure.unreadable", ErrorKind::corrupt,
                    fmt::format("procedure {} does not read any more: {}", content_hash.substr(0, 12),
                                read.findings.empty() ? std::string("no finding") : read.findings.front().message));
    auto shared = std::make_shared<const procedure::Procedure>(std::move(*read.procedure));
    std::lock_guard lock(mutex_);
    return known_.try_emplace(content_hash, std::move(shared)).first->second;
}

}  // namespace resolute::engine
