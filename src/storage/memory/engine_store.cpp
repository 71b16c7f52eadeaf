// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>
#include <set>
#include <tuple>

#include "base/invariant.h"
#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

using engine::EffectRecord;
using engine::EffectStatus;

namespace {

bool is_claimable(const EffectRecord& record) {
    return record.status == EffectStatus::waiting || record.status == EffectStatus::unclear;
}

bool is_running(const EffectRecord& record) {
    return record.status == EffectStatus::intended || record.status == EffectStatus::reconciling;
}

void hand_out(EffectRecord& record) {
    if (record.status == EffectStatus::waiting) {
        record.status = EffectStatus::intended;
        ++record.attempt;
    } else {
        record.status = EffectStatus::reconciling;
    }
}

}  // namespace

Result<engine::Lease> EngineStore::acquire(std::string owner, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    ++tables_.epoch;
    for (auto& [id, record] : tables_.effects) {
        if (!is_running(record)) continue;
        record.status = status_after_crash(record.status, record.effect.effect_class);
        record.next_at = now;
        ++record.crashes;
    }
    return engine::Lease{.owner = std::move(owner), .epoch = tables_.epoch};
}

Status EngineStore::check(const engine::Lease& lease, const engine::CaseCommit& commit) const {
    if (lease.epoch != tables_.epoch) return std::unexpected(fenced(lease, tables_.epoch));
    if (commit.input)
        if (auto known = tables_.inputs.find(*commit.input); known != tables_.inputs.end())
            return std::unexpected(input_known(*commit.input, known->second.case_id));

    const auto row = tables_.cases.find(commit.case_id);
    const std::uint64_t version = row == tables_.cases.end() ? 0 : row->second.journal.size();
    if (version != commit.expected_version)
        return std::unexpected(version_conflict(commit.case_id, commit.expected_version, version));

    std::set<EffectId> planned;
    for (const EffectRecord& record : commit.new_effects)
        if (tables_.effects.contains(record.effect.id) || !planned.insert(record.effect.id).second)
            return std::unexpected(effect_known(record.effect.id));
    for (const engine::EffectUpdate& update : commit.effect_updates) {
        const auto effect = tables_.effects.find(update.id);
        if (effect == tables_.effects.end() || effect->second.effect.case_id != commit.case_id)
            return std::unexpected(effect_unknown(update.id));
        if (has_ended(effect->second.status)) return std::unexpected(effect_ended(update.id, effect->second.status));
    }
    return {};
}

void EngineStore::apply(const engine::CaseCommit& commit) {
    CaseRow& row = tables_.cases[commit.case_id];
    if (row.journal.empty()) row.head_hash = engine::chain_start(commit.case_id);
    check_rows_link(commit, row.head_hash, row.journal.size());
    row.journal.insert(row.journal.end(), commit.events.begin(), commit.events.end());
    row.head_hash = row.journal.back().hash;
    row.lifecycle = commit.lifecycle;
    row.wake_at = commit.wake_at;
    row.rank = commit.rank;
    row.summary = commit.summary;
    row.claim = commit.claim;
    if (commit.snapshot) {
        row.snapshot = *commit.snapshot;
        row.snapshot_version = row.journal.size();
    }
    for (const EffectRecord& record : commit.new_effects) {
        INVARIANT(record.effect.case_id == commit.case_id, "a case plans effects of its own");
        tables_.effects.emplace(record.effect.id, record);
    }
    for (const engine::EffectUpdate& update : commit.effect_updates) {
        EffectRecord& record = tables_.effects.at(update.id);
        if (record.status == EffectStatus::held) record.crashes = 0;  // A person answered for it: its crashes are forgiven.
        record.status = update.status;
        record.next_at = update.next_at;
        record.last_error = update.last_error;
    }
    if (commit.input) tables_.inputs[*commit.input] = {.case_id = commit.case_id, .version = row.journal.size()};
    // A sender chooses the Message-ID: whoever used it first keeps it, so that nobody can draw a conversation to another case.
    for (const std::string& id : commit.message_ids) tables_.message_ids.emplace(id, commit.case_id);
    for (const casework::Task& task : commit.summary.tasks) tables_.tasks[task.id] = {.case_id = commit.case_id, .task = task};
}

Result<std::vector<Status>> EngineStore::commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<Status> results;
    results.reserve(commits.size());
    for (const engine::CaseCommit& commit : commits) {
        Status status = check(lease, commit);
        if (status) apply(commit);
        results.push_back(std::move(status));
    }
    return results;
}

Result<std::optional<engine::LoadedCase>> EngineStore::load(const CaseId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.cases.find(id);
    if (found == tables_.cases.end()) return std::nullopt;
    const CaseRow& row = found->second;
    engine::LoadedCase loaded{.snapshot = row.snapshot,
                              .snapshot_version = row.snapshot_version,
                              .tail = {},
                              .head_hash = row.head_hash,
                              .version = row.journal.size(),
                              .lifecycle = row.lifecycle};
    loaded.tail.assign(row.journal.begin() + static_cast<std::ptrdiff_t>(row.snapshot_version), row.journal.end());
    return loaded;
}

Result<std::vector<engine::JournalRow>> EngineStore::journal(const CaseId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.cases.find(id);
    if (found == tables_.cases.end()) return std::vector<engine::JournalRow>{};
    return found->second.journal;
}

Result<std::vector<CaseId>> EngineStore::due_cases(Instant now, std::size_t limit) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<std::tuple<std::int64_t, Instant, CaseId>> due;
    for (const auto& [id, row] : tables_.cases)
        if (row.lifecycle == engine::Lifecycle::active && row.wake_at && *row.wake_at <= now)
            due.emplace_back(row.rank, *row.wake_at, id);
    std::ranges::sort(due);
    std::vector<CaseId> ids;
    for (const auto& entry : due | std::views::take(limit)) ids.push_back(std::get<2>(entry));
    return ids;
}

bool EngineStore::has_running_suspect() const {
    return std::ranges::any_of(tables_.effects | std::views::values,
                               [](const EffectRecord& record) { return record.crashes > 0 && is_running(record); });
}

Result<std::vector<EffectRecord>> EngineStore::claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                             bool suspects_only) {
    const std::lock_guard lock(tables_.mutex);
    if (lease.epoch != tables_.epoch) return std::unexpected(fenced(lease, tables_.epoch));
    if (suspects_only && has_running_suspect()) return std::vector<EffectRecord>{};
    std::vector<EffectRecord*> ready;
    for (auto& [id, record] : tables_.effects)
        if (is_claimable(record) && record.next_at <= now && (record.crashes > 0) == suspects_only) ready.push_back(&record);
    std::ranges::sort(ready, {}, [](const EffectRecord* r) { return std::tie(r->rank, r->effect.planned_at, r->effect.id); });

    std::vector<EffectRecord> claimed;
    for (EffectRecord* record : ready | std::views::take(suspects_only ? std::min<std::size_t>(limit, 1) : limit)) {
        hand_out(*record);
        claimed.push_back(*record);
    }
    return claimed;
}

Result<std::optional<Instant>> EngineStore::next_wake() {
    const std::lock_guard lock(tables_.mutex);
    std::optional<Instant> wake;
    const auto take = [&wake](Instant at) { wake = wake ? std::min(*wake, at) : at; };
    for (const auto& [id, row] : tables_.cases)
        if (row.lifecycle == engine::Lifecycle::active && row.wake_at) take(*row.wake_at);
    const bool suspects_wait = has_running_suspect();
    for (const auto& [id, record] : tables_.effects)
        if (is_claimable(record) && (record.crashes == 0 || !suspects_wait)) take(record.next_at);
    return wake;
}

Result<std::optional<engine::KnownInput>> EngineStore::find_input(const InputId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.inputs.find(id);
    if (found == tables_.inputs.end()) return std::nullopt;
    return found->second;
}

Result<std::optional<EffectRecord>> EngineStore::find_effect(const EffectId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.effects.find(id);
    if (found == tables_.effects.end()) return std::nullopt;
    return found->second;
}

Status EngineStore::keep_procedure(const std::string& content_hash, const std::string& document) {
    const std::lock_guard lock(tables_.mutex);
    tables_.procedures.emplace(content_hash, document);
    return {};
}

Result<std::optional<std::string>> EngineStore::load_procedure(const std::string& content_hash) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.procedures.find(content_hash);
    if (found == tables_.procedures.end()) return std::nullopt;
    return found->second;
}

}  // namespace resolute::storage::memory
