// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casework/state.h"

namespace resolute::ports {

struct CaseFilter {
    std::string status;    ///< empty: all
    std::string category;
    std::string text;      ///< in sender, subject or ticket
    std::size_t limit = 1'000'000;
};

struct OpenTask {
    casework::Task task;
    CaseId case_id;
    std::string ticket;
    std::string subject;
};

/// One row of the refund ledger: what a case asks for.
struct LedgerRow {
    CaseId case_id;
    casework::Claim claim;
};

struct EffectCount {
    std::string tool;
    std::string status;
    std::int64_t count = 0;
};

/// Reading over all cases; never the base of a decision but for the refund ledger. Threads: any.
class CaseQueries {
public:
    virtual ~CaseQueries() = default;
    virtual Result<std::vector<casework::CaseSummary>> list_cases(const CaseFilter& filter) = 0;  ///< oldest first
    virtual Result<std::optional<casework::CaseSummary>> find_case(const CaseId& id) = 0;
    /// By case id, ticket number, or an unambiguous beginning of the id.
    virtual Result<std::optional<CaseId>> resolve_case(std::string_view name) = 0;
    virtual Result<std::optional<CaseId>> find_case_by_message_id(std::string_view message_id) = 0;
    virtual Result<std::vector<OpenTask>> list_tasks(bool open_only) = 0;  ///< oldest first
    virtual Result<std::optional<OpenTask>> find_task(const TaskId& id) = 0;
    /// Open tasks per agent id: the load.
    virtual Result<std::map<std::string, int>> open_tasks_by_assignee() = 0;
    /// Claims of the customer since then, pending and granted, of this order or of none; without the given case.
    virtual Result<std::vector<LedgerRow>> claims(const std::string& customer, const std::string& order, Instant since,
                                                  const CaseId& without) = 0;
    virtual Result<std::vector<EffectCount>> count_effects() = 0;
    virtual Result<std::vector<CaseId>> all_case_ids() = 0;
};

}  // namespace resolute::ports
