// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "app/runtime.h"

namespace resolute::app {

/// What is older than the configuration wants it to be kept.
struct Overdue {
    std::vector<MailId> mails;    ///< raw mails of closed cases, or of none
    std::vector<CaseId> cases;    ///< closed ones
    std::size_t held = 0;         ///< would be due, but a legal hold stands
    [[nodiscard]] bool is_empty() const { return mails.empty() && cases.empty(); }
};
Result<Overdue> find_overdue(Runtime& runtime);

/// Drops at most `limit` of each; the database's files are not rewritten (see Maintenance::compact).
Status drop_overdue(Runtime& runtime, const Overdue& overdue, std::size_t limit);

}  // namespace resolute::app
