// SPDX-License-Identifier: Apache-2.0
#include "storage/records.h"
#include "storage/sqlite/commit_writer.h"

#include "storage/rules.h"
#include "storage/sqlite/queries.h"

namespace resolute::storage::sqlite {

using engine::CaseCommit;
using engine::EffectRecord;
using engine::EffectStatus;
using engine::EffectUpdate;

namespace {

/// What became of one commit; a refused one that wrote before leaves its traces for the caller to take back.
struct Attempt {
    Status status;
    bool wrote = false;
};

Attempt refused(Error error, bool wrote) { return {.status = std::unexpected(std::move(error)), .wrote = wrote}; }

Result<Status> check_input(Connection& connection, const CaseCommit& commit) {
    if (!commit.input) return Status{};
    TRY(auto query, connection.query(sql::kFindInput, *commit.input));
    TRY(const bool is_known, query.step());
    if (is_known) return Status(std::unexpected(input_known(*commit.input, CaseId(query.text(0)))));
    return Status{};
}

struct Table {
    const char* insert;
    const char* update;
    const char* remove;
    const char* head;
};
constexpr Table kOpen{sql::kInsertOpen, sql::kUpdateOpen, sql::kDeleteOpen, sql::kOpenHead};
constexpr Table kClosed{sql::kInsertClosed, sql::kUpdateClosed, sql::kDeleteClosed, sql::kClosedHead};

/// The version that the case has; 0: it is not there.
Result<std::uint64_t> find_version(Connection& connection, const CaseId& id) {
    for (const Table* table : {&kOpen, &kClosed}) {
        TRY(auto query, connection.query(table->head, id));
        TRY(const bool is_there, query.step());
        if (is_there) return static_cast<std::uint64_t>(query.integer(0));
    }
    return 0;
}

Status insert_head(Connection& connection, const CaseCommit& commit, const Table& to) {
    return connection.run(to.insert, commit.version, head_after(commit), name_of(commit.lifecycle), commit.wake_at, commit.rank,
                          commit.procedure_hash, commit.data_subject, commit.case_id);
}

/// Where the case stands as the commit expects it, it stands now as the commit says. Else nothing is written: false.
Result<bool> move_head(Connection& connection, const CaseCommit& commit) {
    const bool closes = commit.lifecycle == engine::Lifecycle::closed;
    const Table& here = closes ? kClosed : kOpen;
    const Table& there = closes ? kOpen : kClosed;
    const auto update = [&] {
        return connection.run(here.update, commit.version, head_after(commit), name_of(commit.lifecycle), commit.wake_at, commit.rank,
                              commit.procedure_hash, commit.data_subject, commit.case_id, commit.expected_version, commit.expected_head);
    };
    if (!closes) {  // What nearly always is so comes first: an open case stays open.
        TRY_STATUS(update());
        if (connection.changes() > 0) return true;
    }
    TRY_STATUS(connection.run(there.remove, commit.case_id, commit.expected_version, commit.expected_head));
    if (connection.changes() > 0) {
        TRY_STATUS(insert_head(connection, commit, here));
        return true;
    }
    if (closes) {
        TRY_STATUS(update());
        if (connection.changes() > 0) return true;
    }
    return false;
}

/// Refused: nothing was written.
Result<Status> write_head(Connection& connection, const CaseCommit& commit) {
    const auto conflict = [&](std::uint64_t actual) {
        return Status(std::unexpected(version_conflict(commit.case_id, commit.expected_version, actual)));
    };
    if (commit.expected_version == 0) {
        TRY(const std::uint64_t version, find_version(connection, commit.case_id));
        if (version != 0 || commit.expected_head != engine::chain_start(commit.case_id)) return conflict(version);
        TRY_STATUS(insert_head(connection, commit, commit.lifecycle == engine::Lifecycle::closed ? kClosed : kOpen));
        return Status{};
    }
    TRY(const bool has_moved, move_head(connection, commit));
    if (has_moved) return Status{};
    TRY(const std::uint64_t version, find_version(connection, commit.case_id));
    return conflict(version);
}

Status write_listed(Connection& connection, const EncodedCommit& encoded) {
    const CaseCommit& commit = *encoded.commit;
    if (!commit.summary) return {};
    const casework::CaseSummary& summary = *commit.summary;
    return connection.run(sql::kPutListed, commit.case_id, summary.opened_at, summary.status, summary.category, summary.ticket,
                          summary.from, summary.subject, encoded.summary);
}

Status write_claim(Connection& connection, const CaseCommit& commit) {
    if (!commit.claim) return {};
    const casework::Claim& claim = *commit.claim;
    if (claim.state == casework::Claim::State::none) return connection.run(sql::kDeleteClaim, commit.case_id);
    const auto minor = claim.amount ? std::optional(claim.amount->minor) : std::nullopt;
    const auto currency = claim.amount ? std::optional(claim.amount->currency) : std::nullopt;
    return connection.run(sql::kPutClaim, commit.case_id, claim.customer, claim.order, minor, currency, name_of(claim.state), claim.at);
}

Status write_tasks(Connection& connection, const EncodedCommit& encoded) {
    const CaseCommit& commit = *encoded.commit;
    for (std::size_t i = 0; i < encoded.tasks.size(); ++i) {
        const casework::Task& task = commit.tasks[i];
        TRY_STATUS(connection.run(sql::kPutTask, task.id, commit.case_id, procedure::to_string(task.kind),
                                  casework::to_string(task.state), task.assignee, task.opened_at, encoded.tasks[i]));
    }
    return {};
}

/// All but the head and the effects: nothing here can be refused.
Status write_case(Connection& connection, const EncodedCommit& encoded) {
    const CaseCommit& commit = *encoded.commit;
    TRY_STATUS(write_listed(connection, encoded));
    for (const engine::JournalRow& row : commit.rows)
        TRY_STATUS(connection.run(sql::kInsertJournal, commit.case_id, row.number, row.count, row.events, Blob{row.sealed}, row.hash));
    if (commit.snapshot) TRY_STATUS(connection.run(sql::kPutSnapshot, commit.case_id, commit.version, Blob{*commit.snapshot}));
    if (commit.input) TRY_STATUS(connection.run(sql::kInsertInput, *commit.input, commit.case_id, commit.version));
    for (const std::string& id : commit.message_ids) TRY_STATUS(connection.run(sql::kInsertMessageId, id, commit.case_id));
    TRY_STATUS(write_tasks(connection, encoded));
    return write_claim(connection, commit);
}

/// Why there was nothing to change.
Result<Status> explain_missing(Connection& connection, const CaseCommit& commit, const EffectId& id) {
    TRY(auto query, connection.query(sql::kFindSent, id));
    TRY(const bool was_there, query.step());
    if (!was_there || query.text(0) != commit.case_id.value()) return Status(std::unexpected(effect_unknown(id)));
    TRY(const EffectRecord sent, sent_of(id, query));
    return Status(std::unexpected(effect_ended(id, sent.status)));
}

/// Of a mail and a guarded call a line stays for ever.
Result<Status> end_remembered(Connection& connection, const CaseCommit& commit, const EffectUpdate& update) {
    std::string tool;
    std::string effect_class;
    std::string payload_hash;
    std::int64_t attempts = 0;
    {
        TRY(auto query, connection.query(sql::kEndEffect, update.id, commit.case_id));
        TRY(const bool was_open, query.step());
        if (!was_open) return explain_missing(connection, commit, update.id);
        tool = query.text(0);
        effect_class = query.text(1);
        attempts = query.integer(2);
        payload_hash = query.text(3);
        TRY_STATUS(query.run());
    }
    TRY_STATUS(connection.run(sql::kInsertSent, update.id, commit.case_id, tool, effect_class, to_string(update.status), attempts,
                              payload_hash, update.next_at));
    return Status{};
}

/// What need not be remembered, which is most, comes first: what RETURNING tells costs a table of its own each time.
Result<Status> end_effect(Connection& connection, const CaseCommit& commit, const EffectUpdate& update) {
    TRY_STATUS(connection.run(sql::kForgetEffect, update.id, commit.case_id));
    if (connection.changes() > 0) return Status{};
    return end_remembered(connection, commit, update);
}

bool is_running(EffectStatus status) { return status == EffectStatus::intended || status == EffectStatus::reconciling; }

Result<Status> move_effect(Connection& connection, const engine::Lease& lease, const CaseCommit& commit, const EffectUpdate& update) {
    if (engine::has_ended(update.status)) return end_effect(connection, commit, update);
    TRY_STATUS(connection.run(sql::kUpdateEffect, to_string(update.status), update.next_at, update.last_error,
                              is_running(update.status) ? lease.epoch : 0, update.id, commit.case_id));
    if (connection.changes() == 0) return explain_missing(connection, commit, update.id);
    return Status{};
}

Result<Status> plan_effect(Connection& connection, const engine::Lease& lease, const EffectRecord& record) {
    const casework::Effect& effect = record.effect;
    if (engine::is_remembered(effect.effect_class)) {
        TRY(auto query, connection.query(sql::kFindSent, effect.id));
        TRY(const bool is_known, query.step());
        if (is_known) return Status(std::unexpected(effect_known(effect.id)));
    }
    Status inserted = connection.run(
        sql::kInsertEffect, effect.id, effect.case_id, effect.tool, effect.integration, name_of(effect.effect_class),
        name_of(effect.purpose), effect.step, effect.payload_hash, effect.timeout, effect.retry.attempts_max, effect.retry.first_delay,
        effect.retry.delay_max, effect.planned_at, to_string(record.status), record.attempt, record.crashes, record.next_at, record.rank,
        record.last_error, Blob{effect.payload}, is_running(record.status) ? lease.epoch : 0, record.resolves, record.data_subject);
    if (!inserted && inserted.error().code == "gate.refund_unapproved") return Status(std::unexpected(refund_unapproved(effect.case_id)));
    if (!inserted) return std::unexpected(std::move(inserted).error());
    if (connection.changes() == 0) return Status(std::unexpected(effect_known(effect.id)));
    return Status{};
}

Result<Status> write_effects(Connection& connection, const engine::Lease& lease, const CaseCommit& commit) {
    for (const EffectUpdate& update : commit.effect_updates) {
        TRY(Status moved, move_effect(connection, lease, commit, update));
        if (!moved) return moved;
    }
    for (const EffectRecord& record : commit.new_effects) {
        TRY(Status planned, plan_effect(connection, lease, record));
        if (!planned) return planned;
    }
    return Status{};
}

/// The outer error is the store's own trouble.
Result<Attempt> try_commit(Connection& connection, const engine::Lease& lease, const EncodedCommit& encoded) {
    const CaseCommit& commit = *encoded.commit;
    TRY(Status input, check_input(connection, commit));
    if (!input) return refused(std::move(input).error(), false);
    TRY(Status head, write_head(connection, commit));
    if (!head) return refused(std::move(head).error(), false);
    // Effects come last: what the database checks on them by itself looks at the case, its tasks and its claim.
    TRY_STATUS(write_case(connection, encoded));
    TRY(Status effects, write_effects(connection, lease, commit));
    return Attempt{.status = std::move(effects), .wrote = true};
}

/// The number of the lease's transactions, this one counted; `store.fenced` where the lease is over.
Result<std::uint64_t> count_write(Connection& connection, const engine::Lease& lease) {
    TRY(auto query, connection.query(sql::kCountWrite, lease.epoch));
    TRY(const bool may_write, query.step());
    if (!may_write) return std::unexpected(fenced(lease));
    const auto writes = static_cast<std::uint64_t>(query.integer(0));
    TRY_STATUS(query.run());
    return writes;
}

}  // namespace

EncodedCommit encode(const CaseCommit& commit) {
    check_rows_link(commit);
    EncodedCommit encoded{.commit = &commit, .summary = {}, .tasks = {}};
    if (commit.summary) encoded.summary = json::dump(casework::to_json(*commit.summary));
    encoded.tasks.reserve(commit.tasks.size());
    for (const casework::Task& task : commit.tasks) encoded.tasks.push_back(json::dump(casework::to_json(task)));
    return encoded;
}

Result<engine::Committed> write_at_once(Connection& connection, const engine::Lease& lease, const std::vector<EncodedCommit>& commits,
                                        bool& is_halfway) {
    engine::Committed committed;
    TRY(committed.writes, count_write(connection, lease));
    committed.results.reserve(commits.size());
    for (const EncodedCommit& commit : commits) {
        TRY(Attempt attempt, try_commit(connection, lease, commit));
        is_halfway = !attempt.status && attempt.wrote;
        if (is_halfway) return std::unexpected(std::move(attempt.status).error());
        committed.results.push_back(std::move(attempt.status));
    }
    return committed;
}

Result<engine::Committed> write_one_by_one(Connection& connection, const engine::Lease& lease, const std::vector<EncodedCommit>& commits) {
    engine::Committed committed;
    TRY(committed.writes, count_write(connection, lease));
    committed.results.reserve(commits.size());
    for (const EncodedCommit& commit : commits) {
        TRY_STATUS(connection.run("SAVEPOINT one"));
        TRY(Attempt attempt, try_commit(connection, lease, commit));
        if (!attempt.status) TRY_STATUS(connection.run("ROLLBACK TO one"));
        TRY_STATUS(connection.run("RELEASE one"));
        committed.results.push_back(std::move(attempt.status));
    }
    return committed;
}

}  // namespace resolute::storage::sqlite
