// SPDX-License-Identifier: Apache-2.0
#include "storage/records.h"
#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using casework::CaseSummary;
using ports::OpenTask;

namespace {

Result<CaseSummary> decode_summary(const std::string& text) {
    TRY(const json::Value value, json::parse(text));
    return casework::summary_from_json(value);
}

Result<OpenTask> task_of(const Query& row) {
    TRY(const json::Value value, json::parse(row.text(0)));
    TRY(casework::Task task, casework::task_from_json(value));
    return OpenTask{.task = std::move(task), .case_id = CaseId(row.text(1)), .ticket = row.text(2), .subject = row.text(3)};
}

Result<std::optional<CaseId>> first_case(Connection& connection, const char* sql, std::string_view value) {
    TRY(auto query, connection.query(sql, value));
    TRY(const bool has_row, query.step());
    if (!has_row) return std::nullopt;
    return CaseId(query.text(0));
}

Result<std::optional<CaseId>> case_by_prefix(Connection& connection, std::string_view prefix) {
    TRY(auto query, connection.query(sql::kCasesByPrefix, prefix));
    std::optional<CaseId> found;
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return found;
        if (found) return std::unexpected(ambiguous_case(prefix));
        found = CaseId(query.text(0));
        if (found->value() == prefix) return found;  // The whole id, which comes before those it begins.
    }
}

}  // namespace

Result<std::vector<CaseSummary>> CaseQueries::list_cases(const ports::CaseFilter& filter) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<CaseSummary>> {
        TRY(auto query, connection.query(sql::kListCases, filter.status, filter.category, filter.text, filter.limit));
        std::vector<CaseSummary> found;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return found;
            TRY(CaseSummary summary, decode_summary(query.text(0)));
            found.push_back(std::move(summary));
        }
    });
}

Result<std::optional<CaseSummary>> CaseQueries::find_case(const CaseId& id) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<CaseSummary>> {
        TRY(auto query, connection.query(sql::kFindSummary, id));
        TRY(const bool has_row, query.step());
        if (!has_row) return std::nullopt;
        TRY(CaseSummary summary, decode_summary(query.text(0)));
        return summary;
    });
}

Result<std::optional<CaseId>> CaseQueries::resolve_case(std::string_view name) {
    if (name.empty()) return std::nullopt;
    return database_.reading([&](Connection& connection) -> Result<std::optional<CaseId>> {
        TRY(auto by_ticket, first_case(connection, sql::kCaseByTicket, name));
        if (by_ticket) return by_ticket;
        return case_by_prefix(connection, name);
    });
}

Result<std::optional<CaseId>> CaseQueries::find_case_by_message_id(std::string_view message_id) {
    return database_.reading([&](Connection& connection) { return first_case(connection, sql::kFindMessageId, message_id); });
}

Result<std::vector<OpenTask>> CaseQueries::list_tasks(bool open_only) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<OpenTask>> {
        TRY(auto query, connection.query(open_only ? sql::kListOpenTasks : sql::kListTasks));
        std::vector<OpenTask> found;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return found;
            TRY(OpenTask task, task_of(query));
            found.push_back(std::move(task));
        }
    });
}

Result<std::optional<OpenTask>> CaseQueries::find_task(const TaskId& id) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<OpenTask>> {
        TRY(auto query, connection.query(sql::kFindTask, id));
        TRY(const bool has_row, query.step());
        if (!has_row) return std::nullopt;
        TRY(OpenTask task, task_of(query));
        return task;
    });
}

Result<std::map<std::string, int>> CaseQueries::open_tasks_by_assignee() {
    return database_.reading([&](Connection& connection) -> Result<std::map<std::string, int>> {
        TRY(auto query, connection.query(sql::kOpenTasksByAssignee));
        std::map<std::string, int> load;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return load;
            load[query.text(0)] = static_cast<int>(query.integer(1));
        }
    });
}

Result<std::vector<ports::LedgerRow>> CaseQueries::claims(const std::string& customer, const std::string& order, Instant since,
                                                          const CaseId& without) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<ports::LedgerRow>> {
        TRY(auto query, connection.query(sql::kClaims, customer, since, order, without));
        std::vector<ports::LedgerRow> rows;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return rows;
            TRY(casework::Claim claim, claim_of(query));
            rows.push_back({.case_id = CaseId(query.text(0)), .claim = std::move(claim)});
        }
    });
}

Result<std::vector<ports::EffectCount>> CaseQueries::count_effects() {
    return database_.reading([&](Connection& connection) -> Result<std::vector<ports::EffectCount>> {
        TRY(auto query, connection.query(sql::kCountEffects));
        std::vector<ports::EffectCount> counts;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return counts;
            counts.push_back({.tool = query.text(0), .status = query.text(1), .count = query.integer(2)});
        }
    });
}

Result<std::vector<CaseId>> CaseQueries::all_case_ids() {
    return database_.reading([&](Connection& connection) -> Result<std::vector<CaseId>> {
        TRY(auto query, connection.query(sql::kAllCaseIds));
        std::vector<CaseId> ids;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return ids;
            ids.emplace_back(query.text(0));
        }
    });
}

}  // namespace resolute::storage::sqlite
