// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>
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

void hand_out(EffectRecord& record, const engine::Lease& lease) {
    record.epoch = lease.epoch;
    if (record.status == EffectStatus::waiting) {
        record.status = EffectStatus::intended;
        ++record.attempt;
    } else {
        record.status = EffectStatus::reconciling;
    }
}

/// What is known of an effect for ever.
EffectRecord remembered(const EffectRecord& record, const engine::EffectUpdate& update) {
    EffectRecord sent;
    sent.effect.id = record.effect.id;
    sent.effect.case_id = record.effect.case_id;
    sent.effect.tool = record.effect.tool;
    sent.effect.effect_class = record.effect.effect_class;
    sent.effect.payload_hash = record.effect.payload_hash;
    sent.status = update.status;
    sent.attempt = record.attempt;
    sent.next_at = update.next_at;
    return sent;
}

}  // namespace

Status EngineStore::check(const engine::CaseCommit& commit) const {
    if (commit.input)
        if (auto known = tables_.inputs.find(*commit.input); known != tables_.inputs.end())
            return std::unexpected(input_known(*commit.input, known->second.case_id));
    const auto row = tables_.cases.find(commit.case_id);
    const bool is_there = row != tables_.cases.end();
    const std::uint64_t version = is_there ? row->second.version : 0;
    const std::string head_hash = is_there ? row->second.head_hash : engine::chain_start(commit.case_id);
    if (version != commit.expected_version || head_hash != commit.expected_head)
        return std::unexpected(version_conflict(commit.case_id, commit.expected_version, version));
    return check_effects(commit);
}

Status EngineStore::check_effects(const engine::CaseCommit& commit) const {
    std::set<EffectId> ended;
    for (const engine::EffectUpdate& update : commit.effect_updates) {
        const auto effect = tables_.effects.find(update.id);
        if (effect != tables_.effects.end() && effect->second.effect.case_id == commit.case_id && !ended.contains(update.id)) {
            if (engine::has_ended(update.status)) ended.insert(update.id);
            continue;
        }
        const auto sent = tables_.sent.find(update.id);
        if (sent != tables_.sent.end() && sent->second.effect.case_id == commit.case_id)
            return std::unexpected(effect_ended(update.id, sent->second.status));
        return std::unexpected(effect_unknown(update.id));
    }
    std::set<EffectId> planned;
    for (const EffectRecord& record : commit.new_effects) {
        const EffectId& id = record.effect.id;
        const bool is_open = tables_.effects.contains(id) && !ended.contains(id);
        if (is_open || tables_.sent.contains(id) || !planned.insert(id).second) return std::unexpected(effect_known(id));
        if (record.resolves && !passes_refund_gate(commit, record)) return std::unexpected(refund_unapproved(commit.case_id));
    }
    return {};
}

std::optional<Money> EngineStore::refund_limit(const std::string& procedure_hash) const {
    const auto own = tables_.procedures.find(procedure_hash);
    if (own != tables_.procedures.end() && own->second.refund_limit) return own->second.refund_limit;
    if (tables_.procedures_with_limit.empty()) return std::nullopt;
    return tables_.procedures.at(tables_.procedures_with_limit.back()).refund_limit;
}

bool EngineStore::has_approval(const engine::CaseCommit& commit) const {
    const auto approves = [](const casework::Task& task) {
        return task.kind == procedure::TaskKind::approve && task.state == casework::TaskState::approved;
    };
    for (const casework::Task& task : commit.tasks)
        if (approves(task)) return true;
    return std::ranges::any_of(tables_.tasks, [&](const auto& entry) {
        const auto& [id, row] = entry;
        return row.case_id == commit.case_id && approves(row.task) && std::ranges::find(commit.tasks, id, &casework::Task::id) == commit.tasks.end();
    });
}

bool EngineStore::passes_refund_gate(const engine::CaseCommit& commit, const EffectRecord& record) const {
    using State = casework::Claim::State;
    const auto counts = [](const casework::Claim& claim) { return claim.state == State::pending || claim.state == State::granted; };
    const auto row = tables_.cases.find(commit.case_id);
    const casework::Claim own = commit.claim ? *commit.claim : row == tables_.cases.end() ? casework::Claim{} : row->second.claim;
    if (!counts(own)) return true;
    const auto limit = refund_limit(commit.procedure_hash);
    if (!limit || has_approval(commit)) return true;
    std::optional<Money> sum = own.amount;
    for (const auto& [id, other] : tables_.cases) {
        const casework::Claim& claim = other.claim;
        const bool is_of_order = own.order.empty() || claim.order.empty() || claim.order == own.order;
        if (id == commit.case_id || !counts(claim) || claim.customer != own.customer || !is_of_order) continue;
        if (claim.at < record.effect.planned_at - kClaimWindow) continue;
        if (!sum || !claim.amount) return false;
        const auto total = add(*sum, *claim.amount);
        if (!total) return false;
        sum = *total;
    }
    if (!sum) return false;
    const auto order = compare(*sum, *limit);
    return order && *order <= 0;
}

void EngineStore::apply(const engine::Lease& lease, const engine::CaseCommit& commit) {
    CaseRow& row = tables_.cases[commit.case_id];
    row.journal.insert(row.journal.end(), commit.rows.begin(), commit.rows.end());
    row.head_hash = head_after(commit);
    row.version = commit.version;
    row.lifecycle = commit.lifecycle;
    row.wake_at = commit.wake_at;
    row.rank = commit.rank;
    row.procedure_hash = commit.procedure_hash;
    row.data_subject = commit.data_subject;
    if (commit.summary) row.summary = *commit.summary;
    if (commit.claim) row.claim = *commit.claim;
    if (commit.snapshot) {
        row.snapshot = *commit.snapshot;
        row.snapshot_version = row.version;
    }
    apply_effects(lease, commit);
    if (commit.input) tables_.inputs[*commit.input] = {.case_id = commit.case_id, .version = row.version};
    // A sender chooses the Message-ID: whoever used it first keeps it, so that nobody can draw a conversation to another case.
    for (const std::string& id : commit.message_ids) tables_.message_ids.emplace(id, commit.case_id);
    for (const casework::Task& task : commit.tasks) tables_.tasks[task.id] = {.case_id = commit.case_id, .task = task};
}

void EngineStore::apply_effects(const engine::Lease& lease, const engine::CaseCommit& commit) {
    for (const engine::EffectUpdate& update : commit.effect_updates) {
        EffectRecord& record = tables_.effects.at(update.id);
        if (engine::has_ended(update.status)) {
            if (engine::is_remembered(record.effect.effect_class)) tables_.sent.emplace(update.id, remembered(record, update));
            tables_.effects.erase(update.id);
            continue;
        }
        if (record.status == EffectStatus::held) record.crashes = 0;  // A person answered for it: its crashes are forgiven.
        record.status = update.status;
        record.next_at = update.next_at;
        record.last_error = update.last_error;
        record.epoch = is_running(record) ? lease.epoch : 0;
    }
    for (const EffectRecord& planned : commit.new_effects) {
        EffectRecord& record = tables_.effects.emplace(planned.effect.id, planned).first->second;
        record.epoch = is_running(record) ? lease.epoch : 0;
    }
}

Result<engine::Committed> EngineStore::commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    for (const engine::CaseCommit& commit : commits) check_rows_link(commit);
    const std::lock_guard lock(tables_.mutex);
    TRY(engine::Worker* const worker, worker_of(lease));
    engine::Committed committed{.results = {}, .writes = ++worker->writes};
    committed.results.reserve(commits.size());
    for (const engine::CaseCommit& commit : commits) {
        Status status = check(commit);
        if (status) apply(lease, commit);
        committed.results.push_back(std::move(status));
    }
    return committed;
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
                              .version = row.version,
                              .data_subject = row.data_subject,
                              .lifecycle = row.lifecycle};
    const auto after = std::ranges::upper_bound(row.journal, row.snapshot_version, {}, &engine::JournalRow::number);
    loaded.tail.assign(after, row.journal.end());
    return loaded;
}

Result<std::vector<engine::JournalRow>> EngineStore::journal(const CaseId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.cases.find(id);
    if (found == tables_.cases.end()) return std::vector<engine::JournalRow>{};
    return found->second.journal;
}

Result<std::vector<CaseId>> EngineStore::claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) {
    const std::lock_guard lock(tables_.mutex);
    TRY_STATUS(worker_of(lease));
    std::vector<std::tuple<std::int64_t, Instant, CaseId>> due;
    for (const auto& [id, row] : tables_.cases)
        if (row.lifecycle == engine::Lifecycle::active && row.wake_at && *row.wake_at <= now)
            due.emplace_back(row.rank, *row.wake_at, id);
    std::ranges::sort(due);
    std::vector<CaseId> ids;
    for (const auto& [rank, wake, id] : due | std::views::take(limit)) {
        tables_.cases.at(id).wake_at = now + hold;
        ids.push_back(id);
    }
    return ids;
}

bool EngineStore::has_running_suspect() const {
    return std::ranges::any_of(tables_.effects | std::views::values,
                               [](const EffectRecord& record) { return record.crashes > 0 && is_running(record); });
}

Result<std::vector<EffectRecord>> EngineStore::claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                             bool suspects_only) {
    const std::lock_guard lock(tables_.mutex);
    TRY_STATUS(worker_of(lease));
    if (suspects_only && has_running_suspect()) return std::vector<EffectRecord>{};
    const bool stands_still = is_frozen();
    std::vector<EffectRecord*> ready;
    for (auto& [id, record] : tables_.effects) {
        if (stands_still && engine::is_remembered(record.effect.effect_class)) continue;
        if (is_claimable(record) && record.next_at <= now && (record.crashes > 0) == suspects_only) ready.push_back(&record);
    }
    std::ranges::sort(ready, {}, [](const EffectRecord* r) { return std::tie(r->rank, r->effect.planned_at, r->effect.id); });

    std::vector<EffectRecord> claimed;
    for (EffectRecord* record : ready | std::views::take(suspects_only ? std::min<std::size_t>(limit, 1) : limit)) {
        hand_out(*record, lease);
        claimed.push_back(*record);
    }
    return claimed;
}

Result<std::vector<EffectRecord>> EngineStore::claimed_effects(const engine::Lease& lease) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<EffectRecord> claimed;
    for (const auto& [id, record] : tables_.effects)
        if (is_running(record) && record.epoch == lease.epoch) claimed.push_back(record);
    return claimed;
}

Result<std::optional<Instant>> EngineStore::next_wake() {
    const std::lock_guard lock(tables_.mutex);
    std::optional<Instant> wake;
    const auto take = [&wake](Instant at) { wake = wake ? std::min(*wake, at) : at; };
    for (const auto& [id, row] : tables_.cases)
        if (row.lifecycle == engine::Lifecycle::active && row.wake_at) take(*row.wake_at);
    const bool suspects_wait = has_running_suspect();
    const bool stands_still = is_frozen();
    for (const auto& [id, record] : tables_.effects) {
        if (stands_still && engine::is_remembered(record.effect.effect_class)) continue;
        if (is_claimable(record) && (record.crashes == 0 || !suspects_wait)) take(record.next_at);
    }
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
    for (const auto* effects : {&tables_.effects, &tables_.sent})
        if (const auto found = effects->find(id); found != effects->end()) return found->second;
    return std::nullopt;
}

Status EngineStore::keep_procedure(const std::string& content_hash, const std::string& document, const std::optional<Money>& refund_limit) {
    const std::lock_guard lock(tables_.mutex);
    ProcedureRow& row = tables_.procedures.try_emplace(content_hash, ProcedureRow{.document = document, .refund_limit = {}}).first->second;
    if (!row.refund_limit && refund_limit) {
        row.refund_limit = refund_limit;
        tables_.procedures_with_limit.push_back(content_hash);
    }
    return {};
}

Result<std::optional<std::string>> EngineStore::load_procedure(const std::string& content_hash) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.procedures.find(content_hash);
    if (found == tables_.procedures.end()) return std::nullopt;
    return found->second.document;
}

}  // namespace resolute::storage::memory
