// SPDX-License-Identifier: Apache-2.0
// Who may write, what dead workers leave, subjects' keys and the freeze; cases and effects are in engine_store.cpp.
#include "storage/postgres/listener.h"
#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

using engine::Freeze;
using engine::Lease;
using engine::SubjectRow;

namespace {

std::optional<Freeze> first_freeze(const Rows& rows) {
    if (rows.is_empty()) return std::nullopt;
    return freeze_of(rows.front());
}

Status check_lease(const Rows& worker, const Lease& lease) {
    if (worker.is_empty() || worker.front().boolean(0)) return std::unexpected(fenced(lease));
    return {};
}

Statement tell_of_freeze() { return Statement(sql::kNotify, to_payload({.kind = Hint::Kind::freeze})); }

/// A fence and what follows from it are two transactions: the second sees all that the fenced worker could still write.
Result<std::size_t> free_effects(Database& database, Instant now) {
    TRY(const Rows freed, database.write(sql::kFreeEffects, now));
    return static_cast<std::size_t>(freed.front().integer(0));
}

std::optional<SubjectRow> living(const std::string& blind_name, const Rows& rows) {
    if (rows.is_empty()) return std::nullopt;
    return SubjectRow{.id = subject_id(blind_name, rows.front().integer(0)), .wrapped_key = rows.front().text(1)};
}

}  // namespace

Result<Lease> EngineStore::acquire(std::string owner, Instant now, int journal_format) {
    TRY(const Rows made, database_.write(sql::kAcquire, owner, database_.settings().lease, journal_format, engine::kJournalFormat));
    if (made.is_empty()) {
        TRY(const Rows kept, database_.read(sql::kJournalFormat));
        return std::unexpected(format_newer(static_cast<int>(kept.front().integer(0))));
    }
    Lease lease{.owner = std::move(owner), .epoch = made.front().count(0), .lasts = database_.settings().lease};
    TRY(const std::size_t freed, take_over(lease, now));
    static_cast<void>(freed);  // A number for those who watch.
    return lease;
}

Result<engine::Renewal> EngineStore::renew(const Lease& lease, Instant) {
    TRY(const auto answers,
        database_.write_all({Statement(sql::kRenew, lease.epoch, database_.settings().lease), Statement(sql::kLastFreeze)}));
    if (answers[0].is_empty()) return std::unexpected(fenced(lease));
    engine::Renewal renewal{.store_time = answers[0].front().instant(0), .is_frozen = false, .look_first_until = {}};
    if (const auto freeze = first_freeze(answers[1])) {
        renewal.is_frozen = !freeze->released_at;
        renewal.look_first_until = freeze->look_first_until;
    }
    return renewal;
}

Result<std::size_t> EngineStore::take_over(const Lease& lease, Instant now) {
    TRY(const auto looked, database_.read_all({Statement(sql::kIsFenced, lease.epoch), Statement(sql::kHasDead, lease.epoch)}));
    TRY_STATUS(check_lease(looked[0], lease));
    if (looked[1].front().boolean(0)) {
        TRY(const Rows fenced_now, database_.write(sql::kFenceDead, lease.epoch));
        static_cast<void>(fenced_now);
    } else if (!looked[1].front().boolean(1)) {
        return std::size_t{0};
    }
    return free_effects(database_, now);
}

Status EngineStore::release(const Lease& lease, const std::vector<EffectId>& not_started, Instant now) {
    Column ids = Column::texts();
    for (const EffectId& id : not_started) ids.add(id);
    TRY(const auto answers, database_.write_all({Statement(sql::kFenceMine, lease.epoch), Statement(sql::kUnclaim, ids, lease.epoch)}));
    if (answers[0].is_empty()) return std::unexpected(fenced(lease));
    TRY(const std::size_t freed, free_effects(database_, now));
    static_cast<void>(freed);
    return {};
}

Result<std::vector<engine::Worker>> EngineStore::workers() {
    TRY(const Rows rows, database_.read(sql::kWorkers));
    return each(rows, [](const Row& row) -> Result<engine::Worker> {
        return engine::Worker{.owner = row.text(0),
                              .epoch = row.count(1),
                              .lease_until = row.instant(2),
                              .is_fenced = row.boolean(3),
                              .writes = row.count(4)};
    });
}

Result<std::string> EngineStore::store_id() {
    TRY(const Rows rows, database_.read(sql::kStoreId));
    return rows.front().text(0);
}

Result<SubjectRow> EngineStore::keep_subject(const std::string& blind_name, const std::string& wrapped_key) {
    {
        TRY(const Rows known, database_.read(sql::kLivingSubject, blind_name));
        if (auto row = living(blind_name, known)) return *std::move(row);
    }
    // Of two that make the first key of a person at once one waits for the other's, and both take it.
    TRY(const auto answers,
        database_.write_all({Statement(sql::kNextSubject, blind_name, Bytes{wrapped_key}), Statement(sql::kLivingSubject, blind_name)}));
    if (auto row = living(blind_name, answers[1])) return *std::move(row);
    return fail("store.unavailable", ErrorKind::unavailable, "the key of a person changed while it was made: try again");
}

Result<std::optional<SubjectRow>> EngineStore::find_subject(const std::string& id) {
    const auto parsed = parse_subject_id(id);
    if (!parsed) return std::nullopt;
    TRY(const Rows rows, database_.read(sql::kFindSubject, parsed->first, parsed->second));
    if (rows.is_empty()) return std::nullopt;
    return SubjectRow{.id = id, .wrapped_key = rows.front().text(0)};
}

Status EngineStore::end_subject(const std::string& id, bool destroy) {
    const auto parsed = parse_subject_id(id);
    if (!parsed) return std::unexpected(subject_unknown(id));
    TRY(const Rows ended, database_.write(sql::kEndSubject, parsed->first, parsed->second, destroy));
    if (ended.changes() == 0) return std::unexpected(subject_unknown(id));
    return {};
}

Result<std::optional<Freeze>> EngineStore::last_freeze() {
    TRY(const Rows rows, database_.read(sql::kLastFreeze));
    return first_freeze(rows);
}

Status EngineStore::freeze(const std::string& why, const std::string& by, Instant now) {
    TRY(const auto made, database_.write_all({Statement(sql::kFreeze, now, why, by), tell_of_freeze()}));
    static_cast<void>(made);  // None: it is frozen already.
    return {};
}

Status EngineStore::release_freeze(const std::string& by, Instant now, Instant look_first_until) {
    TRY(const auto answers, database_.write_all({Statement(sql::kReleaseFreeze, now, by, look_first_until), Statement(sql::kLookFirst), tell_of_freeze()}));
    if (answers[0].changes() == 0) return std::unexpected(not_frozen());
    return {};
}

}  // namespace resolute::storage::postgres
