// SPDX-License-Identifier: Apache-2.0
// Who may write, and what stands still: owners, freezes, and the keys of persons.
#include <algorithm>

#include "base/invariant.h"
#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

using engine::EffectRecord;
using engine::EffectStatus;
using engine::Lease;
using engine::Worker;

Result<Worker*> EngineStore::worker_of(const Lease& lease) {
    if (lease.epoch == 0 || lease.epoch > tables_.workers.size()) return std::unexpected(fenced(lease));
    Worker& worker = tables_.workers[lease.epoch - 1];
    if (worker.is_fenced) return std::unexpected(fenced(lease));
    return &worker;
}

/// What fenced owners were busy with.
std::size_t EngineStore::free_effects(Instant now) {
    std::size_t freed = 0;
    for (auto& [id, record] : tables_.effects) {
        const bool is_running = record.status == EffectStatus::intended || record.status == EffectStatus::reconciling;
        if (!is_running || !tables_.workers.at(record.epoch - 1).is_fenced) continue;
        const bool may_be_under_way = record.status == EffectStatus::intended;
        record.status = status_after_crash(record.status, record.effect.effect_class);
        record.next_at = may_be_under_way && record.status == EffectStatus::unclear ? now + engine::kQuietAfterDeath : now;
        record.epoch = 0;
        ++record.crashes;
        ++freed;
    }
    return freed;
}

Result<Lease> EngineStore::acquire(std::string owner, Instant now, int journal_format) {
    const std::lock_guard lock(tables_.mutex);
    if (tables_.journal_format > engine::kJournalFormat) return std::unexpected(format_newer(tables_.journal_format));
    tables_.journal_format = std::max(tables_.journal_format, journal_format);
    for (Worker& worker : tables_.workers)
        if (!tables_.shared || worker.lease_until < now) worker.is_fenced = true;
    free_effects(now);
    const std::uint64_t epoch = tables_.workers.size() + 1;
    tables_.workers.push_back({.owner = owner, .epoch = epoch, .lease_until = now + tables_.lease_lasts});
    return Lease{.owner = std::move(owner), .epoch = epoch, .lasts = tables_.shared ? tables_.lease_lasts : Duration{}};
}

Result<engine::Renewal> EngineStore::renew(const Lease& lease, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    TRY(Worker* const worker, worker_of(lease));
    worker->lease_until = now + tables_.lease_lasts;
    engine::Renewal renewal{.store_time = now, .is_frozen = is_frozen(), .look_first_until = {}};
    if (!tables_.freezes.empty()) renewal.look_first_until = tables_.freezes.back().look_first_until;
    return renewal;
}

Result<std::size_t> EngineStore::take_over(const Lease& lease, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    TRY_STATUS(worker_of(lease));
    if (tables_.shared)
        for (Worker& worker : tables_.workers)
            if (worker.epoch != lease.epoch && worker.lease_until < now) worker.is_fenced = true;
    return free_effects(now);
}

Status EngineStore::release(const Lease& lease, const std::vector<EffectId>& not_started, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    TRY(Worker* const worker, worker_of(lease));
    for (const EffectId& id : not_started) {
        const auto found = tables_.effects.find(id);
        if (found == tables_.effects.end() || found->second.epoch != lease.epoch) continue;
        EffectRecord& record = found->second;
        if (record.status == EffectStatus::intended) --record.attempt;
        record.status = record.status == EffectStatus::intended ? EffectStatus::waiting : EffectStatus::unclear;
        record.epoch = 0;
    }
    worker->is_fenced = true;
    free_effects(now);
    return {};
}

Result<std::vector<Worker>> EngineStore::workers() {
    const std::lock_guard lock(tables_.mutex);
    return tables_.workers;
}

Result<std::string> EngineStore::store_id() { return "memory"; }

bool EngineStore::is_frozen() const { return !tables_.freezes.empty() && !tables_.freezes.back().released_at; }

Result<std::optional<engine::Freeze>> EngineStore::last_freeze() {
    const std::lock_guard lock(tables_.mutex);
    if (tables_.freezes.empty()) return std::nullopt;
    return tables_.freezes.back();
}

Status EngineStore::freeze(const std::string& why, const std::string& by, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    if (!is_frozen())
        tables_.freezes.push_back(
            {.since = now, .why = why, .by = by, .released_at = {}, .released_by = {}, .look_first_until = {}});
    return {};
}

Status EngineStore::release_freeze(const std::string& by, Instant now, Instant look_first_until) {
    const std::lock_guard lock(tables_.mutex);
    if (!is_frozen()) return std::unexpected(not_frozen());
    engine::Freeze& freeze = tables_.freezes.back();
    freeze.released_at = now;
    freeze.released_by = by;
    freeze.look_first_until = look_first_until;
    for (auto& [id, record] : tables_.effects)
        if (record.effect.effect_class == procedure::EffectClass::mails && record.status == EffectStatus::waiting)
            record.status = EffectStatus::unclear;
    return {};
}

Result<engine::SubjectRow> EngineStore::keep_subject(const std::string& blind_name, const std::string& wrapped_key) {
    INVARIANT(!wrapped_key.empty(), "a new key is a key");
    const std::lock_guard lock(tables_.mutex);
    std::vector<SubjectKey>& generations = tables_.subjects[blind_name];
    if (generations.empty() || !generations.back().is_living) generations.push_back({.wrapped_key = wrapped_key, .is_living = true});
    return engine::SubjectRow{.id = subject_id(blind_name, static_cast<std::int64_t>(generations.size())),
                              .wrapped_key = generations.back().wrapped_key};
}

Result<std::optional<engine::SubjectRow>> EngineStore::find_subject(const std::string& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto parsed = parse_subject_id(id);
    if (!parsed) return std::nullopt;
    const auto found = tables_.subjects.find(parsed->first);
    const auto generation = static_cast<std::size_t>(parsed->second);
    if (found == tables_.subjects.end() || generation == 0 || generation > found->second.size()) return std::nullopt;
    return engine::SubjectRow{.id = id, .wrapped_key = found->second[generation - 1].wrapped_key};
}

Status EngineStore::end_subject(const std::string& id, bool destroy) {
    const std::lock_guard lock(tables_.mutex);
    const auto parsed = parse_subject_id(id);
    const auto found = parsed ? tables_.subjects.find(parsed->first) : tables_.subjects.end();
    if (found == tables_.subjects.end()) return std::unexpected(subject_unknown(id));
    const auto generation = static_cast<std::size_t>(parsed->second);
    if (generation == 0 || generation > found->second.size()) return std::unexpected(subject_unknown(id));
    SubjectKey& key = found->second[generation - 1];
    key.is_living = false;
    if (destroy) key.wrapped_key.clear();
    return {};
}

}  // namespace resolute::storage::memory
