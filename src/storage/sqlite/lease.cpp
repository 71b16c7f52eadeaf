// SPDX-License-Identifier: Apache-2.0
// Who may write, and what stands still: owners, freezes, and the keys of persons.
#include "storage/records.h"
#include "storage/sqlite/lease.h"

#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using engine::Freeze;
using engine::Lease;
using engine::SubjectRow;

namespace {

Result<std::int64_t> number(Connection& connection, const char* sql) {
    TRY(auto query, connection.query(sql));
    TRY_STATUS(query.expect_row());
    return query.integer(0);
}

Result<std::uint64_t> insert_worker(Connection& connection, const std::string& owner) {
    TRY(auto query, connection.query(sql::kInsertWorker, owner));
    TRY_STATUS(query.expect_row());
    const auto epoch = static_cast<std::uint64_t>(query.integer(0));
    TRY_STATUS(query.run());
    return epoch;
}

Result<std::optional<SubjectRow>> read_living(Connection& connection, const std::string& blind_name) {
    TRY(auto query, connection.query(sql::kLivingSubject, blind_name));
    TRY(const bool is_there, query.step());
    if (!is_there) return std::nullopt;
    return SubjectRow{.id = subject_id(blind_name, query.integer(0)), .wrapped_key = query.text(1)};
}

Result<std::optional<Freeze>> read_freeze(Connection& connection) {
    TRY(auto query, connection.query(sql::kLastFreeze));
    TRY(const bool has_row, query.step());
    if (!has_row) return std::nullopt;
    return freeze_of(query);
}

}  // namespace

Status check_lease(Connection& connection, const Lease& lease) {
    TRY(auto query, connection.query(sql::kHasLease, lease.epoch));
    TRY(const bool may_write, query.step());
    if (!may_write) return std::unexpected(fenced(lease));
    return {};
}

Result<Lease> EngineStore::acquire(std::string owner, Instant now, int journal_format) {
    return database_.writing([&](Connection& connection) -> Result<Lease> {
        TRY(const std::int64_t kept, number(connection, sql::kJournalFormat));
        if (kept > engine::kJournalFormat) return std::unexpected(format_newer(static_cast<int>(kept)));
        TRY_STATUS(connection.run(sql::kRaiseJournalFormat, journal_format));
        TRY_STATUS(connection.run(sql::kFenceAll));
        TRY(const std::uint64_t epoch, insert_worker(connection, owner));
        TRY_STATUS(connection.run(sql::kRecoverEffects, now));
        return Lease{.owner = owner, .epoch = epoch, .lasts = {}};
    });
}

Result<engine::Renewal> EngineStore::renew(const Lease& lease, Instant now) {
    return database_.reading([&](Connection& connection) -> Result<engine::Renewal> {
        TRY_STATUS(check_lease(connection, lease));
        TRY(const auto freeze, read_freeze(connection));
        engine::Renewal renewal{.store_time = now, .is_frozen = false, .look_first_until = {}};
        if (freeze) {
            renewal.is_frozen = !freeze->released_at;
            renewal.look_first_until = freeze->look_first_until;
        }
        return renewal;
    });
}

// There is one owner, and whoever it came after was fenced and relieved when it came.
Result<std::size_t> EngineStore::take_over(const Lease& lease, Instant) {
    TRY_STATUS(database_.read([&](Connection& connection) { return check_lease(connection, lease); }));
    return std::size_t{0};
}

Status EngineStore::release(const Lease& lease, const std::vector<EffectId>& not_started, Instant now) {
    return database_.write([&](Connection& connection) -> Status {
        TRY_STATUS(check_lease(connection, lease));
        for (const EffectId& id : not_started) TRY_STATUS(connection.run(sql::kGiveBack, id, lease.epoch));
        TRY_STATUS(connection.run(sql::kRecoverEffects, now));
        return connection.run(sql::kFence, lease.epoch);
    });
}

Result<std::vector<engine::Worker>> EngineStore::workers() {
    return database_.reading([](Connection& connection) -> Result<std::vector<engine::Worker>> {
        TRY(auto query, connection.query(sql::kWorkers));
        std::vector<engine::Worker> workers;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return workers;
            workers.push_back({.owner = query.text(0),
                               .epoch = static_cast<std::uint64_t>(query.integer(1)),
                               .lease_until = {},
                               .is_fenced = query.integer(2) != 0,
                               .writes = static_cast<std::uint64_t>(query.integer(3))});
        }
    });
}

Result<std::string> EngineStore::store_id() {
    return database_.reading([](Connection& connection) -> Result<std::string> {
        TRY(auto query, connection.query(sql::kStoreId));
        TRY_STATUS(query.expect_row());
        return query.text(0);
    });
}

Result<std::optional<Freeze>> EngineStore::last_freeze() {
    return database_.reading([](Connection& connection) { return read_freeze(connection); });
}

Status EngineStore::freeze(const std::string& why, const std::string& by, Instant now) {
    return database_.write([&](Connection& connection) { return connection.run(sql::kInsertFreeze, now, why, by); });
}

Status EngineStore::release_freeze(const std::string& by, Instant now, Instant look_first_until) {
    return database_.write([&](Connection& connection) -> Status {
        TRY_STATUS(connection.run(sql::kReleaseFreeze, now, by, look_first_until));
        if (connection.changes() == 0) return std::unexpected(not_frozen());
        return connection.run(sql::kLookFirst);
    });
}

Result<SubjectRow> EngineStore::keep_subject(const std::string& blind_name, const std::string& wrapped_key) {
    TRY(auto known, database_.reading([&](Connection& connection) { return read_living(connection, blind_name); }));
    if (known) return *std::move(known);
    return database_.writing([&](Connection& connection) -> Result<SubjectRow> {
        TRY(auto living, read_living(connection, blind_name));
        if (living) return *std::move(living);
        TRY(auto query, connection.query(sql::kInsertSubject, blind_name, Blob{wrapped_key}));
        TRY_STATUS(query.expect_row());
        SubjectRow row{.id = subject_id(blind_name, query.integer(0)), .wrapped_key = wrapped_key};
        TRY_STATUS(query.run());
        return row;
    });
}

Result<std::optional<SubjectRow>> EngineStore::find_subject(const std::string& id) {
    const auto parsed = parse_subject_id(id);
    if (!parsed) return std::nullopt;
    return database_.reading([&](Connection& connection) -> Result<std::optional<SubjectRow>> {
        TRY(auto query, connection.query(sql::kFindSubject, parsed->first, parsed->second));
        TRY(const bool is_there, query.step());
        if (!is_there) return std::nullopt;
        return SubjectRow{.id = id, .wrapped_key = query.text(0)};
    });
}

Status EngineStore::end_subject(const std::string& id, bool destroy) {
    const auto parsed = parse_subject_id(id);
    if (!parsed) return std::unexpected(subject_unknown(id));
    return database_.write([&](Connection& connection) -> Status {
        TRY_STATUS(connection.run(sql::kEndSubject, parsed->first, parsed->second, destroy));
        if (connection.changes() == 0) return std::unexpected(subject_unknown(id));
        return {};
    });
}

}  // namespace resolute::storage::sqlite
