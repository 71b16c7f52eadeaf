// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>
#include <tuple>

#include "base/text.h"
#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

using casework::CaseSummary;
using casework::TaskState;
using ports::OpenTask;

namespace {

bool matches(const CaseSummary& summary, const ports::CaseFilter& filter) {
    if (!filter.status.empty() && summary.status != filter.status) return false;
    if (!filter.category.empty() && summary.category != filter.category) return false;
    return filter.text.empty() || text::contains_ignore_case(summary.from, filter.text) ||
           text::contains_ignore_case(summary.subject, filter.text) || text::contains_ignore_case(summary.ticket, filter.text);
}

bool counts_for(const casework::Claim& claim, const std::string& customer, const std::string& order, Instant since) {
    if (claim.state != casework::Claim::State::pending && claim.state != casework::Claim::State::granted) return false;
    // A claim that names no order may mean any of them, and so may the question.
    return claim.customer == customer && claim.at >= since && (order.empty() || claim.order.empty() || claim.order == order);
}

}  // namespace

Result<std::vector<CaseSummary>> CaseQueries::list_cases(const ports::CaseFilter& filter) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<CaseSummary> found;
    for (const auto& [id, row] : tables_.cases)
        if (matches(row.summary, filter)) found.push_back(row.summary);
    std::ranges::stable_sort(found, {}, &CaseSummary::opened_at);
    if (found.size() > filter.limit) found.resize(filter.limit);
    return found;
}

Result<std::optional<CaseSummary>> CaseQueries::find_case(const CaseId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.cases.find(id);
    if (found == tables_.cases.end()) return std::nullopt;
    return found->second.summary;
}

Result<std::optional<CaseId>> CaseQueries::resolve_case(std::string_view name) {
    if (name.empty()) return std::nullopt;
    const std::lock_guard lock(tables_.mutex);
    for (const auto& [id, row] : tables_.cases)
        if (text::equals_ignore_case(row.summary.ticket, name)) return id;
    std::optional<CaseId> found;
    for (const auto& [id, row] : tables_.cases) {
        if (!id.value().starts_with(name)) continue;
        if (id.value() == name) return id;
        if (found) return std::unexpected(ambiguous_case(name));
        found = id;
    }
    return found;
}

Result<std::optional<CaseId>> CaseQueries::find_case_by_message_id(std::string_view message_id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.message_ids.find(message_id);
    if (found == tables_.message_ids.end()) return std::nullopt;
    return found->second;
}

OpenTask CaseQueries::describe(const TaskRow& row) const {
    const CaseSummary& summary = tables_.cases.at(row.case_id).summary;
    return {.task = row.task, .case_id = row.case_id, .ticket = summary.ticket, .subject = summary.subject};
}

Result<std::vector<OpenTask>> CaseQueries::list_tasks(bool open_only) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<OpenTask> found;
    for (const auto& [id, row] : tables_.tasks)
        if (!open_only || row.task.state == TaskState::open) found.push_back(describe(row));
    std::ranges::stable_sort(found, {}, [](const OpenTask& task) { return task.task.opened_at; });
    return found;
}

Result<std::optional<OpenTask>> CaseQueries::find_task(const TaskId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.tasks.find(id);
    if (found == tables_.tasks.end()) return std::nullopt;
    return describe(found->second);
}

Result<std::map<std::string, int>> CaseQueries::open_tasks_by_assignee() {
    const std::lock_guard lock(tables_.mutex);
    std::map<std::string, int> load;
    for (const auto& [id, row] : tables_.tasks)
        if (row.task.state == TaskState::open && !row.task.assignee.empty()) ++load[row.task.assignee];
    return load;
}

Result<std::vector<ports::LedgerRow>> CaseQueries::claims(const std::string& customer, const std::string& order, Instant since,
                                                          const CaseId& without) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<ports::LedgerRow> rows;
    for (const auto& [id, row] : tables_.cases)
        if (id != without && counts_for(row.claim, customer, order, since)) rows.push_back({.case_id = id, .claim = row.claim});
    std::ranges::stable_sort(rows, {}, [](const ports::LedgerRow& row) { return row.claim.at; });
    return rows;
}

Result<std::vector<ports::EffectCount>> CaseQueries::count_effects() {
    const std::lock_guard lock(tables_.mutex);
    std::map<std::pair<std::string, std::string>, std::int64_t> counts;
    for (const auto* effects : {&tables_.effects, &tables_.sent})
        for (const auto& [id, record] : *effects) ++counts[{record.effect.tool, std::string(to_string(record.status))}];
    std::vector<ports::EffectCount> result;
    for (const auto& [key, count] : counts) result.push_back({.tool = key.first, .status = key.second, .count = count});
    return result;
}

Result<std::vector<CaseId>> CaseQueries::all_case_ids() {
    const std::lock_guard lock(tables_.mutex);
    std::vector<CaseId> ids;
    for (const auto& [id, row] : tables_.cases) ids.push_back(id);
    return ids;
}

}  // namespace resolute::storage::memory
