// SPDX-License-Identifier: Apache-2.0
// Cases and effects; leases, keys and the freeze are in lease.cpp.
#include <algorithm>

#include "base/clock.h"
#include "base/hash.h"
#include "storage/postgres/commit_writer.h"
#include "storage/postgres/listener.h"
#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

using engine::EffectRecord;
using engine::Lease;

namespace {

Status check_unfenced(const Rows& worker, const Lease& lease) {
    if (worker.is_empty() || worker.front().boolean(0)) return std::unexpected(fenced(lease));
    return {};
}

}  // namespace

Result<engine::Committed> EngineStore::commit(const Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    return write_commits(database_, lease, commits, tells_of(commits));
}

/// Whether others hear of this commit: it leaves effects that whoever made it did not claim, and nothing was said for a while.
bool EngineStore::tells_of(const std::vector<engine::CaseCommit>& commits) {
    const bool leaves_work = std::ranges::any_of(commits, [](const engine::CaseCommit& commit) {
        return std::ranges::any_of(commit.new_effects, [](const EffectRecord& record) { return record.status == engine::EffectStatus::waiting; });
    });
    if (!leaves_work) return false;
    const double now = monotonic_seconds();
    double before = told_at_;
    return now - before >= std::chrono::duration<double>(kTellEvery).count() && told_at_.compare_exchange_strong(before, now);
}

Result<std::optional<engine::LoadedCase>> EngineStore::load(const CaseId& id) {
    // Several looks at one state: a snapshot that somebody writes in between would hide rows.
    TRY(const auto answers, database_.read_all({Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                                                Statement(sql::kLoadCase, id), Statement(sql::kLoadTail, id), Statement("COMMIT")}));
    if (answers[1].is_empty()) return std::nullopt;
    const Row head = answers[1].front();
    engine::LoadedCase loaded;
    loaded.version = head.count(0);
    loaded.head_hash = hex(head.text(1));
    TRY(loaded.lifecycle, parse_lifecycle(head.text(2)));
    loaded.data_subject = head.text(3);
    loaded.snapshot_version = head.count(4);
    loaded.snapshot = head.text(5);
    for (const Row row : answers[2]) loaded.tail.push_back(journal_of(row));
    return loaded;
}

Result<std::vector<engine::JournalRow>> EngineStore::journal(const CaseId& id) {
    TRY(const Rows rows, database_.read(sql::kJournal, id));
    return each(rows, [](const Row& row) -> Result<engine::JournalRow> { return journal_of(row); });
}

Result<std::vector<CaseId>> EngineStore::claim_cases(const Lease& lease, Instant now, std::size_t limit, Duration hold) {
    TRY(const auto answers, database_.write_all({Statement(sql::kIsFenced, lease.epoch),
                                                 Statement(sql::kClaimCases, lease.epoch, now, limit, now + hold)}));
    TRY_STATUS(check_unfenced(answers[0], lease));
    return each(answers[1], [](const Row& row) -> Result<CaseId> { return CaseId(row.text(0)); });
}

Result<std::vector<EffectRecord>> EngineStore::claim_effects(const Lease& lease, Instant now, std::size_t limit, bool suspects_only) {
    std::vector<Statement> statements{Statement(sql::kIsFenced, lease.epoch)};
    if (suspects_only) {
        statements.emplace_back(sql::kLockSuspects);
        statements.emplace_back(sql::kClaimSuspects, lease.epoch, now, std::min<std::size_t>(limit, 1));
    } else {
        statements.emplace_back(sql::kClaimEffects, lease.epoch, now, limit);
    }
    TRY(const auto answers, database_.write_all(statements));
    TRY_STATUS(check_unfenced(answers.front(), lease));
    return each(answers.back(), effect_of<Row>);
}

Result<std::vector<EffectRecord>> EngineStore::claimed_effects(const Lease& lease) {
    TRY(const Rows rows, database_.read(sql::kClaimedEffects, lease.epoch));
    return each(rows, effect_of<Row>);
}

Result<std::optional<Instant>> EngineStore::next_wake() {
    TRY(const Rows rows, database_.read(sql::kNextWake));
    return rows.front().optional_instant(0);
}

Result<std::optional<engine::KnownInput>> EngineStore::find_input(const InputId& id) {
    TRY(const Rows rows, database_.read(sql::kFindInput, id));
    if (rows.is_empty()) return std::nullopt;
    return engine::KnownInput{.case_id = CaseId(rows.front().text(0)), .version = rows.front().count(1)};
}

Result<std::optional<EffectRecord>> EngineStore::find_effect(const EffectId& id) {
    // In this order: one that ends in between is found among the ended.
    TRY(const auto answers, database_.read_all({Statement(sql::kFindEffect, id), Statement(sql::kFindSent, id)}));
    if (!answers[0].is_empty()) {
        TRY(EffectRecord open, effect_of(answers[0].front()));
        return open;
    }
    if (answers[1].is_empty()) return std::nullopt;
    TRY(EffectRecord sent, sent_of(id, answers[1].front()));
    return sent;
}

Status EngineStore::keep_procedure(const std::string& content_hash, const std::string& document,
                                   const std::optional<Money>& refund_limit) {
    const auto minor = refund_limit ? std::optional(refund_limit->minor) : std::nullopt;
    const auto currency = refund_limit ? std::optional(refund_limit->currency) : std::nullopt;
    TRY(const Rows made, database_.write(sql::kInsertProcedure, content_hash, document, minor, currency));
    static_cast<void>(made);  // None: it is kept already.
    return {};
}

Result<std::optional<std::string>> EngineStore::load_procedure(const std::string& content_hash) {
    TRY(const Rows rows, database_.read(sql::kFindProcedure, content_hash));
    if (rows.is_empty()) return std::nullopt;
    return rows.front().text(0);
}

}  // namespace resolute::storage::postgres
