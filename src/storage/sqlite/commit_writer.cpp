// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/commit_writer.h"

#include <set>

#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/rows.h"

namespace resolute::storage::sqlite {

using engine::CaseCommit;
using engine::EffectRecord;

namespace {

struct Head {
    std::uint64_t version = 0;
    std::string hash;
};

Result<Head> find_head(Connection& connection, const CaseId& id) {
    TRY(auto query, connection.query(sql::kCaseHead, id));
    TRY(const bool is_there, query.step());
    if (!is_there) return Head{.version = 0, .hash = engine::chain_start(id)};
    return Head{.version = static_cast<std::uint64_t>(query.integer(0)), .hash = query.text(1)};
}

Result<Status> check_input(Connection& connection, const CaseCommit& commit) {
    if (!commit.input) return Status{};
    TRY(auto query, connection.query(sql::kFindInput, *commit.input));
    TRY(const bool is_known, query.step());
    if (is_known) return Status(std::unexpected(input_known(*commit.input, CaseId(query.text(0)))));
    return Status{};
}

Result<Status> check_effects(Connection& connection, const CaseCommit& commit) {
    std::set<EffectId> planned;
    for (const EffectRecord& record : commit.new_effects) {
        TRY(auto query, connection.query(sql::kEffectState, record.effect.id));
        TRY(const bool is_known, query.step());
        if (is_known || !planned.insert(record.effect.id).second)
            return Status(std::unexpected(effect_known(record.effect.id)));
    }
    for (const engine::EffectUpdate& update : commit.effect_updates) {
        TRY(auto query, connection.query(sql::kEffectState, update.id));
        TRY(const bool is_known, query.step());
        if (!is_known || query.text(0) != commit.case_id.value()) return Status(std::unexpected(effect_unknown(update.id)));
        const auto status = engine::parse_effect_status(query.text(1));
        if (!status) return corrupt_row("effect status");
        if (has_ended(*status)) return Status(std::unexpected(effect_ended(update.id, *status)));
    }
    return Status{};
}

Result<Status> check(Connection& connection, const engine::Lease& lease, const CaseCommit& commit, const Head& head) {
    TRY(const std::uint64_t epoch, current_epoch(connection));
    if (lease.epoch != epoch) return Status(std::unexpected(fenced(lease, epoch)));
    TRY(Status input, check_input(connection, commit));
    if (!input) return input;
    if (head.version != commit.expected_version)
        return Status(std::unexpected(version_conflict(commit.case_id, commit.expected_version, head.version)));
    return check_effects(connection, commit);
}

Status write_effects(Connection& connection, const engine::Lease& lease, const CaseCommit& commit) {
    for (const EffectRecord& record : commit.new_effects) {
        const casework::Effect& effect = record.effect;
        INVARIANT(effect.case_id == commit.case_id, "a case plans effects of its own");
        TRY_STATUS(connection.run(sql::kInsertEffect, effect.id, effect.case_id, effect.tool, effect.integration,
                                  name_of(effect.effect_class), name_of(effect.purpose), effect.step, effect.payload_hash,
                                  effect.timeout, effect.retry.attempts_max, effect.retry.first_delay, effect.retry.delay_max,
                                  effect.planned_at, to_string(record.status), record.attempt, record.crashes, record.next_at,
                                  record.rank, lease.epoch, record.last_error, effect.payload));
    }
    for (const engine::EffectUpdate& update : commit.effect_updates)
        TRY_STATUS(connection.run(sql::kUpdateEffect, to_string(update.status), update.next_at, update.last_error, update.id));
    return {};
}

Status write_claim(Connection& connection, const CaseCommit& commit) {
    const casework::Claim& claim = commit.claim;
    if (claim.state == casework::Claim::State::none) return connection.run(sql::kDeleteClaim, commit.case_id);
    const auto minor = claim.amount ? std::optional(claim.amount->minor) : std::nullopt;
    const auto currency = claim.amount ? std::optional(claim.amount->currency) : std::nullopt;
    return connection.run(sql::kPutClaim, commit.case_id, claim.customer, claim.order, minor, currency, name_of(claim.state), claim.at);
}

Status write_tasks(Connection& connection, const EncodedCommit& encoded) {
    const CaseCommit& commit = *encoded.commit;
    for (std::size_t i = 0; i < encoded.tasks.size(); ++i) {
        const casework::Task& task = commit.summary.tasks[i];
        TRY_STATUS(connection.run(sql::kPutTask, task.id, commit.case_id, casework::to_string(task.state), task.assignee,
                                  task.opened_at, encoded.tasks[i]));
    }
    return {};
}

Status write(Connection& connection, const engine::Lease& lease, const EncodedCommit& encoded, const Head& head) {
    const CaseCommit& commit = *encoded.commit;
    const casework::CaseSummary& summary = commit.summary;
    const std::uint64_t version = head.version + commit.events.size();
    const std::string& head_hash = commit.events.empty() ? head.hash : commit.events.back().hash;
    TRY_STATUS(connection.run(sql::kPutCase, commit.case_id, version, head_hash, name_of(commit.lifecycle), commit.wake_at,
                              commit.rank, summary.opened_at, summary.status, summary.category, summary.ticket, summary.from,
                              summary.subject, encoded.summary));
    for (const engine::JournalRow& row : commit.events)
        TRY_STATUS(connection.run(sql::kInsertEvent, commit.case_id, row.number, row.event, row.hash));
    if (commit.snapshot) TRY_STATUS(connection.run(sql::kPutSnapshot, commit.case_id, version, *commit.snapshot));
    TRY_STATUS(write_effects(connection, lease, commit));
    if (commit.input) TRY_STATUS(connection.run(sql::kInsertInput, *commit.input, commit.case_id, version));
    for (const std::string& id : commit.message_ids) TRY_STATUS(connection.run(sql::kInsertMessageId, id, commit.case_id));
    TRY_STATUS(write_tasks(connection, encoded));
    return write_claim(connection, commit);
}

}  // namespace

EncodedCommit encode(const CaseCommit& commit) {
    EncodedCommit encoded{.commit = &commit, .summary = json::dump(casework::to_json(commit.summary)), .tasks = {}};
    encoded.tasks.reserve(commit.summary.tasks.size());
    for (const casework::Task& task : commit.summary.tasks) encoded.tasks.push_back(json::dump(casework::to_json(task)));
    return encoded;
}

Result<std::uint64_t> current_epoch(Connection& connection) {
    TRY(auto query, connection.query(sql::kEpoch));
    TRY_STATUS(query.expect_row());
    return static_cast<std::uint64_t>(query.integer(0));
}

Result<Status> write_commit(Connection& connection, const engine::Lease& lease, const EncodedCommit& encoded) {
    const CaseCommit& commit = *encoded.commit;
    TRY(const Head head, find_head(connection, commit.case_id));
    TRY(Status checked, check(connection, lease, commit, head));
    if (!checked) return checked;
    check_rows_link(commit, head.hash, head.version);
    TRY_STATUS(write(connection, lease, encoded, head));
    return Status{};
}

}  // namespace resolute::storage::sqlite
