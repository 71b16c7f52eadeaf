// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "storage/rules.h"
#include "storage/sqlite/commit_writer.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/rows.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using engine::EffectRecord;
using engine::JournalRow;

namespace {

Result<std::vector<JournalRow>> read_events(Connection& connection, const CaseId& id, std::uint64_t after) {
    TRY(auto query, connection.query(sql::kEventsAfter, id, after));
    std::vector<JournalRow> rows;
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return rows;
        rows.push_back({.number = static_cast<std::uint64_t>(query.integer(0)), .event = query.text(1), .hash = query.text(2)});
    }
}

Result<std::optional<EffectRecord>> read_effect(Connection& connection, const EffectId& id) {
    TRY(auto query, connection.query(sql::kFindEffect, id));
    TRY(const bool has_row, query.step());
    if (!has_row) return std::nullopt;
    TRY(EffectRecord record, effect_of(query));
    return record;
}

Result<bool> has_running_suspect(Connection& connection) {
    TRY(auto query, connection.query(sql::kHasRunningSuspect));
    TRY_STATUS(query.expect_row());
    return query.integer(0) != 0;
}

Result<std::vector<EffectId>> find_claimable(Connection& connection, Instant now, std::size_t limit, bool suspects_only) {
    std::vector<EffectId> ids;
    if (suspects_only) {
        TRY(const bool must_wait, has_running_suspect(connection));
        if (must_wait) return ids;
        limit = std::min<std::size_t>(limit, 1);
    }
    TRY(auto query, connection.query(suspects_only ? sql::kSuspects : sql::kClaimable, now, limit));
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return ids;
        ids.emplace_back(query.text(0));
    }
}

Status take_earliest(Connection& connection, const char* sql, std::optional<Instant>& wake) {
    TRY(auto query, connection.query(sql));
    TRY_STATUS(query.expect_row());
    if (const auto at = query.optional_instant(0)) wake = wake ? std::min(*wake, *at) : *at;
    return {};
}

}  // namespace

Result<engine::Lease> EngineStore::acquire(std::string owner, Instant now) {
    return database_.writing([&](Connection& connection) -> Result<engine::Lease> {
        std::uint64_t epoch = 0;
        {
            TRY(auto query, connection.query(sql::kNextEpoch, owner));
            TRY_STATUS(query.expect_row());
            epoch = static_cast<std::uint64_t>(query.integer(0));
        }
        TRY_STATUS(connection.run(sql::kRecoverEffects, now));
        return engine::Lease{.owner = owner, .epoch = epoch};
    });
}

Result<std::vector<Status>> EngineStore::commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    std::vector<EncodedCommit> encoded;
    encoded.reserve(commits.size());
    for (const engine::CaseCommit& commit : commits) encoded.push_back(encode(commit));
    return database_.writing([&](Connection& connection) -> Result<std::vector<Status>> {
        std::vector<Status> results;
        results.reserve(encoded.size());
        for (const EncodedCommit& commit : encoded) {
            TRY(Status status, write_commit(connection, lease, commit));
            results.push_back(std::move(status));
        }
        return results;
    });
}

Result<std::optional<engine::LoadedCase>> EngineStore::load(const CaseId& id) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<engine::LoadedCase>> {
        TRY(auto query, connection.query(sql::kLoadCase, id));
        TRY(const bool is_there, query.step());
        if (!is_there) return std::nullopt;
        engine::LoadedCase loaded;
        loaded.version = static_cast<std::uint64_t>(query.integer(0));
        loaded.head_hash = query.text(1);
        TRY(loaded.lifecycle, parse_lifecycle(query.text(2)));
        loaded.snapshot_version = static_cast<std::uint64_t>(query.integer(3));
        loaded.snapshot = query.text(4);
        TRY(loaded.tail, read_events(connection, id, loaded.snapshot_version));
        return loaded;
    });
}

Result<std::vector<JournalRow>> EngineStore::journal(const CaseId& id) {
    return database_.reading([&](Connection& connection) { return read_events(connection, id, 0); });
}

Result<std::vector<CaseId>> EngineStore::due_cases(Instant now, std::size_t limit) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<CaseId>> {
        TRY(auto query, connection.query(sql::kDueCases, now, limit));
        std::vector<CaseId> ids;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return ids;
            ids.emplace_back(query.text(0));
        }
    });
}

Result<std::vector<EffectRecord>> EngineStore::claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                             bool suspects_only) {
    const auto look = [&](Connection& connection) { return find_claimable(connection, now, limit, suspects_only); };
    // Idle loops ask often: without anything to claim no transaction is written.
    TRY(const auto candidates, database_.reading(look));
    if (candidates.empty()) {
        TRY(const std::uint64_t epoch, database_.reading(current_epoch));
        if (lease.epoch != epoch) return std::unexpected(fenced(lease, epoch));
        return std::vector<EffectRecord>{};
    }
    return database_.writing([&](Connection& connection) -> Result<std::vector<EffectRecord>> {
        TRY(const std::uint64_t epoch, current_epoch(connection));
        if (lease.epoch != epoch) return std::unexpected(fenced(lease, epoch));
        TRY(const auto ids, look(connection));
        std::vector<EffectRecord> claimed;
        for (const EffectId& id : ids) {
            TRY_STATUS(connection.run(sql::kHandOut, lease.epoch, id));
            TRY(auto record, read_effect(connection, id));
            INVARIANT(record.has_value(), "an effect that was just claimed is there");
            claimed.push_back(*std::move(record));
        }
        return claimed;
    });
}

Result<std::optional<Instant>> EngineStore::next_wake() {
    return database_.reading([](Connection& connection) -> Result<std::optional<Instant>> {
        std::optional<Instant> wake;
        TRY_STATUS(take_earliest(connection, sql::kNextCaseWake, wake));
        TRY_STATUS(take_earliest(connection, sql::kNextEffectWake, wake));
        TRY(const bool suspects_wait, has_running_suspect(connection));
        if (!suspects_wait) TRY_STATUS(take_earliest(connection, sql::kNextSuspectWake, wake));
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

Status EngineStore::keep_procedure(const std::string& content_hash, const std::string& document) {
    return database_.write([&](Connection& connection) { return connection.run(sql::kInsertProcedure, content_hash, document); });
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
