// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "storage/records.h"
#include "storage/rules.h"
#include "storage/sqlite/commit_writer.h"
#include "storage/sqlite/lease.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using engine::EffectRecord;
using engine::JournalRow;

namespace {

Result<std::vector<JournalRow>> read_journal(Connection& connection, const CaseId& id, std::uint64_t after) {
    TRY(auto query, connection.query(sql::kJournalAfter, id, after));
    std::vector<JournalRow> rows;
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return rows;
        rows.push_back({.number = static_cast<std::uint64_t>(query.integer(0)),
                        .count = static_cast<std::uint64_t>(query.integer(1)),
                        .events = query.text(2),
                        .sealed = query.text(3),
                        .hash = query.text(4)});
    }
}

Result<std::optional<engine::LoadedCase>> read_case(Connection& connection, const char* sql, const CaseId& id) {
    TRY(auto query, connection.query(sql, id));
    TRY(const bool is_there, query.step());
    if (!is_there) return std::nullopt;
    engine::LoadedCase loaded;
    loaded.version = static_cast<std::uint64_t>(query.integer(0));
    loaded.head_hash = query.text(1);
    TRY(loaded.lifecycle, parse_lifecycle(query.text(2)));
    loaded.data_subject = query.text(3);
    loaded.snapshot_version = static_cast<std::uint64_t>(query.integer(4));
    loaded.snapshot = query.text(5);
    TRY(loaded.tail, read_journal(connection, id, loaded.snapshot_version));
    return loaded;
}

Result<std::optional<EffectRecord>> read_effect(Connection& connection, const EffectId& id) {
    {
        TRY(auto query, connection.query(sql::kFindEffect, id));
        TRY(const bool is_open, query.step());
        if (is_open) {
            TRY(EffectRecord record, effect_of(query));
            return record;
        }
    }
    TRY(auto query, connection.query(sql::kFindSent, id));
    TRY(const bool is_remembered, query.step());
    if (!is_remembered) return std::nullopt;
    TRY(EffectRecord record, sent_of(id, query));
    return record;
}

Result<bool> ask(Connection& connection, const char* sql) {
    TRY(auto query, connection.query(sql));
    TRY_STATUS(query.expect_row());
    return query.integer(0) != 0;
}

template <class IdType>
Result<std::vector<IdType>> ids_of(Query query) {
    std::vector<IdType> ids;
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return ids;
        ids.emplace_back(query.text(0));
    }
}

Result<std::vector<CaseId>> find_due(Connection& connection, Instant now, std::size_t limit) {
    TRY(auto query, connection.query(sql::kDueCases, now, limit));
    return ids_of<CaseId>(std::move(query));
}

Result<std::vector<EffectId>> find_claimable(Connection& connection, Instant now, std::size_t limit, bool suspects_only) {
    if (suspects_only) {
        TRY(const bool must_wait, ask(connection, sql::kHasRunningSuspect));
        if (must_wait) return std::vector<EffectId>{};
        limit = std::min<std::size_t>(limit, 1);
    }
    TRY(const bool is_frozen, ask(connection, sql::kIsFrozen));
    TRY(auto query, connection.query(suspects_only ? sql::kSuspects : sql::kClaimable, now, is_frozen, limit));
    return ids_of<EffectId>(std::move(query));
}

Result<EffectRecord> hand_out(Connection& connection, const engine::Lease& lease, const EffectId& id) {
    TRY(auto query, connection.query(sql::kHandOut, lease.epoch, id));
    TRY_STATUS(query.expect_row());
    TRY(EffectRecord record, effect_of(query));
    TRY_STATUS(query.run());
    return record;
}

template <class... Values>
Status take_earliest(std::optional<Instant>& wake, Connection& connection, const char* sql, const Values&... values) {
    TRY(auto query, connection.query(sql, values...));
    TRY_STATUS(query.expect_row());
    if (const auto at = query.optional_instant(0)) wake = wake ? std::min(*wake, *at) : *at;
    return {};
}

/// Looks first, then takes in a transaction what is still there. Idle loops ask often: without anything to take none is written.
template <class Look, class Take>
std::invoke_result_t<Take, Connection&> take_if_any(Database& database, const engine::Lease& lease, Look look, Take take) {
    TRY(const bool has_any, database.reading([&](Connection& connection) -> Result<bool> {
        TRY_STATUS(check_lease(connection, lease));
        TRY(const auto found, look(connection));
        return !found.empty();
    }));
    if (!has_any) return typename std::invoke_result_t<Take, Connection&>::value_type{};
    return database.writing([&](Connection& connection) -> std::invoke_result_t<Take, Connection&> {
        TRY_STATUS(check_lease(connection, lease));
        return take(connection);
    });
}

}  // namespace

Result<engine::Committed> EngineStore::commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    std::vector<EncodedCommit> encoded;
    encoded.reserve(commits.size());
    for (const engine::CaseCommit& commit : commits) encoded.push_back(encode(commit));
    bool is_halfway = false;
    auto committed = database_.writing([&](Connection& connection) { return write_at_once(connection, lease, encoded, is_halfway); });
    if (!is_halfway) return committed;
    return database_.writing([&](Connection& connection) { return write_one_by_one(connection, lease, encoded); });
}

Result<std::optional<engine::LoadedCase>> EngineStore::load(const CaseId& id) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<engine::LoadedCase>> {
        TRY(auto open, read_case(connection, sql::kLoadOpen, id));
        if (open) return open;
        return read_case(connection, sql::kLoadClosed, id);
    });
}

Result<std::vector<JournalRow>> EngineStore::journal(const CaseId& id) {
    return database_.reading([&](Connection& connection) { return read_journal(connection, id, 0); });
}

Result<std::vector<CaseId>> EngineStore::claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) {
    const auto look = [&](Connection& connection) { return find_due(connection, now, limit); };
    return take_if_any(database_, lease, look, [&](Connection& connection) -> Result<std::vector<CaseId>> {
        TRY(auto due, look(connection));
        for (const CaseId& id : due) TRY_STATUS(connection.run(sql::kMoveWake, now + hold, id));
        return due;
    });
}

Result<std::vector<EffectRecord>> EngineStore::claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                             bool suspects_only) {
    const auto look = [&](Connection& connection) { return find_claimable(connection, now, limit, suspects_only); };
    return take_if_any(database_, lease, look, [&](Connection& connection) -> Result<std::vector<EffectRecord>> {
        TRY(const auto ids, look(connection));
        std::vector<EffectRecord> claimed;
        claimed.reserve(ids.size());
        for (const EffectId& id : ids) {
            TRY(EffectRecord record, hand_out(connection, lease, id));
            claimed.push_back(std::move(record));
        }
        return claimed;
    });
}

Result<std::vector<EffectRecord>> EngineStore::claimed_effects(const engine::Lease& lease) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<EffectRecord>> {
        TRY(auto query, connection.query(sql::kClaimed, lease.epoch));
        std::vector<EffectRecord> claimed;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return claimed;
            TRY(EffectRecord record, effect_of(query));
            claimed.push_back(std::move(record));
        }
    });
}

Result<std::optional<Instant>> EngineStore::next_wake() {
    return database_.reading([](Connection& connection) -> Result<std::optional<Instant>> {
        std::optional<Instant> wake;
        TRY(const bool is_frozen, ask(connection, sql::kIsFrozen));
        TRY_STATUS(take_earliest(wake, connection, sql::kNextCaseWake));
        TRY_STATUS(take_earliest(wake, connection, sql::kNextEffectWake, is_frozen));
        TRY(const bool suspects_wait, ask(connection, sql::kHasRunningSuspect));
        if (!suspects_wait) TRY_STATUS(take_earliest(wake, connection, sql::kNextSuspectWake, is_frozen));
        return wake;
    });
}

Result<std::optional<engine::KnownInput>> EngineStore::find_input(const InputId& id) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<engine::KnownInput>> {
        TRY(auto query, connection.query(sql::kFindInput, id));
        TRY(const bool has_row, query.step());
        if (!has_row) return std::nullopt;
        return engine::KnownInput{.case_id = CaseId(query.text(0)), .version = static_cast<std::uint64_t>(query.integer(1))};
    });
}

Result<std::optional<EffectRecord>> EngineStore::find_effect(const EffectId& id) {
    return database_.reading([&](Connection& connection) { return read_effect(connection, id); });
}

Status EngineStore::keep_procedure(const std::string& content_hash, const std::string& document, const std::optional<Money>& refund_limit) {
    const auto minor = refund_limit ? std::optional(refund_limit->minor) : std::nullopt;
    const auto currency = refund_limit ? std::optional(refund_limit->currency) : std::nullopt;
    return database_.write(
        [&](Connection& connection) { return connection.run(sql::kInsertProcedure, content_hash, document, minor, currency); });
}

Result<std::optional<std::string>> EngineStore::load_procedure(const std::string& content_hash) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<std::string>> {
        TRY(auto query, connection.query(sql::kFindProcedure, content_hash));
        TRY(const bool has_row, query.step());
        if (!has_row) return std::nullopt;
        return query.text(0);
    });
}

}  // namespace resolute::storage::sqlite
