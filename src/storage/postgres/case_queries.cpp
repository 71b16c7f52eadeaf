// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "json/json.h"
#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

using casework::CaseSummary;
using ports::OpenTask;

namespace {

Result<CaseSummary> summary_of(const Row& row) {
    TRY(const json::Value value, json::parse(row.text(0)));
    return casework::summary_from_json(value);
}

Result<OpenTask> task_of(const Row& row) {
    TRY(const json::Value value, json::parse(row.text(0)));
    TRY(casework::Task task, casework::task_from_json(value));
    return OpenTask{.task = std::move(task), .case_id = CaseId(row.text(1)), .ticket = row.text(2), .subject = row.text(3)};
}

std::optional<CaseId> first_case(const Rows& rows) {
    if (rows.is_empty()) return std::nullopt;
    return CaseId(rows.front().text(0));
}

}  // namespace

Result<std::vector<CaseSummary>> CaseQueries::list_cases(const ports::CaseFilter& filter) {
    TRY(const Rows rows, database_.read(sql::kListCases, filter.status, filter.category, filter.text, filter.limit));
    return each(rows, summary_of);
}

Result<std::optional<CaseSummary>> CaseQueries::find_case(const CaseId& id) {
    TRY(const Rows rows, database_.read(sql::kFindSummary, id));
    if (rows.is_empty()) return std::nullopt;
    TRY(CaseSummary summary, summary_of(rows.front()));
    return summary;
}

Result<std::optional<CaseId>> CaseQueries::resolve_case(std::string_view name) {
    if (name.empty()) return std::nullopt;
    TRY(const auto answers, database_.read_all({Statement(sql::kCaseByTicket, name), Statement(sql::kCasesByPrefix, name)}));
    if (auto by_ticket = first_case(answers[0])) return by_ticket;
    auto first = first_case(answers[1]);
    // The whole id comes before those it begins.
    if (answers[1].size() > 1 && first->value() != name) return std::unexpected(ambiguous_case(name));
    return first;
}

Result<std::optional<CaseId>> CaseQueries::find_case_by_message_id(std::string_view message_id) {
    const Sha256 key = sha256(message_id);
    TRY(const Rows rows,
        database_.read(sql::kFindMessageId, Bytes{std::string_view(reinterpret_cast<const char*>(key.data()), key.size())}));
    return first_case(rows);
}

Result<std::vector<OpenTask>> CaseQueries::list_tasks(bool open_only) {
    TRY(const Rows rows, database_.read(open_only ? sql::kListOpenTasks : sql::kListTasks));
    return each(rows, task_of);
}

Result<std::optional<OpenTask>> CaseQueries::find_task(const TaskId& id) {
    TRY(const Rows rows, database_.read(sql::kFindTask, id));
    if (rows.is_empty()) return std::nullopt;
    TRY(OpenTask task, task_of(rows.front()));
    return task;
}

Result<std::map<std::string, int>> CaseQueries::open_tasks_by_assignee() {
    TRY(const Rows rows, database_.read(sql::kOpenTasksByAssignee));
    std::map<std::string, int> load;
    for (const Row row : rows) load[row.text(0)] = static_cast<int>(row.integer(1));
    return load;
}

Result<std::vector<ports::LedgerRow>> CaseQueries::claims(const std::string& customer, const std::string& order, Instant since,
                                                          const CaseId& without) {
    TRY(const Rows rows, database_.read(sql::kClaims, customer, since, order, without));
    return each(rows, [](const Row& row) -> Result<ports::LedgerRow> {
        TRY(casework::Claim claim, claim_of(row));
        return ports::LedgerRow{.case_id = CaseId(row.text(0)), .claim = std::move(claim)};
    });
}

Result<std::vector<ports::EffectCount>> CaseQueries::count_effects() {
    TRY(const Rows rows, database_.read(sql::kCountEffects));
    return each(rows, [](const Row& row) -> Result<ports::EffectCount> {
        return ports::EffectCount{.tool = row.text(0), .status = row.text(1), .count = row.integer(2)};
    });
}

Result<std::vector<CaseId>> CaseQueries::all_case_ids() {
    TRY(const Rows rows, database_.read(sql::kAllCaseIds));
    return each(rows, [](const Row& row) -> Result<CaseId> { return CaseId(row.text(0)); });
}

}  // namespace resolute::storage::postgres
