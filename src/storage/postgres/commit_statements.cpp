// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/commit_statements.h"

#include "base/hash.h"
#include "base/invariant.h"
#include "json/json.h"
#include "storage/encoding.h"
#include "storage/postgres/commit_queries.h"
#include "storage/postgres/records.h"

namespace resolute::storage::postgres {

using engine::CaseCommit;
using engine::EffectRecord;
using engine::EffectStatus;
using engine::EffectUpdate;
using engine::Lifecycle;

namespace {

/// The arrays of one statement, filled row by row.
template <std::size_t N>
struct Table {
    template <class... Columns>
    explicit Table(Columns... made) : columns{std::move(made)...} {}
    template <class... Values>
    void add(const Values&... values) {
        static_assert(sizeof...(values) == N);
        std::size_t place = 0;
        (columns[place++].add(values), ...);
    }
    [[nodiscard]] bool is_empty() const { return columns.front().is_empty(); }
    /// Where there are rows.
    void write(std::vector<Statement>& statements, const char* sql) {
        if (is_empty()) return;
        Statement statement(sql);
        write_to(statement);
        statements.push_back(std::move(statement));
    }
    void write_to(Statement& statement) {
        for (Column& column : columns) statement.add(std::move(column));
    }
    std::array<Column, N> columns;
};

Column text() { return Column::texts(); }
Column number() { return Column::numbers(); }
Column bytes() { return Column::bytes(); }

using Heads = Table<12>;

/// The row of the journal goes with the head where it is the only one, as it is for almost every commit.
const engine::JournalRow* only_row(const CaseCommit& commit) {
    return commit.rows.size() == 1 && commit.expected_version > 0 && commit.lifecycle != Lifecycle::closed ? &commit.rows.front() : nullptr;
}

void add_head(Heads& heads, const CaseCommit& commit) {
    std::optional<std::string> hash;
    if (!commit.rows.empty()) hash = bytes_of_hash(commit.rows.back().hash);
    const engine::JournalRow* row = only_row(commit);
    heads.add(commit.case_id, commit.expected_version, std::string_view(bytes_of_hash(commit.expected_head)), commit.version, commit.rank,
              commit.wake_at, hash, name_of(commit.lifecycle), std::string_view(commit.procedure_hash),
              std::string_view(commit.data_subject), row ? std::optional(std::string_view(row->events)) : std::nullopt,
              row ? std::optional(std::string_view(row->sealed)) : std::nullopt);
}

using ClosingHeads = Table<10>;

void add_closing(ClosingHeads& heads, const CaseCommit& commit) {
    std::optional<std::string> hash;
    if (!commit.rows.empty()) hash = bytes_of_hash(commit.rows.back().hash);
    heads.add(commit.case_id, commit.expected_version, std::string_view(bytes_of_hash(commit.expected_head)), commit.version, commit.rank,
              commit.wake_at, hash, name_of(commit.lifecycle), std::string_view(commit.procedure_hash),
              std::string_view(commit.data_subject));
}

void write_heads(std::vector<Statement>& statements, std::span<const EncodedCommit> commits, bool look_among_closed) {
    Table<2> perhaps_closed(text(), number());
    Heads going_on(text(), number(), bytes(), number(), number(), number(), bytes(), text(), text(), text(), text(), bytes());
    ClosingHeads closing(text(), number(), bytes(), number(), number(), number(), bytes(), text(), text(), text());
    Table<8> opening(text(), number(), number(), number(), bytes(), text(), text(), text());
    for (const EncodedCommit& encoded : commits) {
        const CaseCommit& commit = *encoded.commit;
        if (commit.expected_version == 0) {
            opening.add(commit.case_id, commit.version, commit.rank, commit.wake_at,
                        std::string_view(bytes_of_hash(commit.rows.back().hash)), name_of(commit.lifecycle),
                        std::string_view(commit.procedure_hash), std::string_view(commit.data_subject));
            continue;
        }
        if (look_among_closed || commit.input) perhaps_closed.add(commit.case_id, commit.expected_version);
        if (commit.lifecycle == Lifecycle::closed) add_closing(closing, commit);
        else add_head(going_on, commit);
    }
    perhaps_closed.write(statements, sql::kReopenCases);
    going_on.write(statements, sql::kContinueCases);
    closing.write(statements, sql::kCloseCases);
    opening.write(statements, sql::kOpenCases);
}

void write_listed(std::vector<Statement>& statements, std::span<const EncodedCommit> commits) {
    Table<8> listed(text(), number(), text(), text(), text(), text(), text(), text());
    for (const EncodedCommit& encoded : commits) {
        if (!encoded.commit->summary) continue;
        const casework::CaseSummary& summary = *encoded.commit->summary;
        listed.add(encoded.commit->case_id, summary.opened_at, std::string_view(summary.status), std::string_view(summary.category),
                   std::string_view(summary.ticket), std::string_view(summary.from), std::string_view(summary.subject),
                   std::string_view(encoded.summary));
    }
    listed.write(statements, sql::kPutListed);
}

void write_journal(std::vector<Statement>& statements, std::span<const EncodedCommit> commits) {
    Table<6> journal(text(), number(), number(), bytes(), text(), bytes());
    Table<3> snapshots(text(), number(), bytes());
    Table<3> inputs(text(), text(), number());
    Table<2> message_ids(bytes(), text());
    for (const EncodedCommit& encoded : commits) {
        const CaseCommit& commit = *encoded.commit;
        for (const engine::JournalRow& row : commit.rows) {
            if (only_row(commit) != nullptr) break;
            journal.add(commit.case_id, row.number, row.count, std::string_view(bytes_of_hash(row.hash)), std::string_view(row.events),
                        std::string_view(row.sealed));
        }
        if (commit.snapshot) snapshots.add(commit.case_id, commit.version, std::string_view(*commit.snapshot));
        if (commit.input) inputs.add(*commit.input, commit.case_id, commit.version);
        for (const std::string& id : commit.message_ids) {
            const Sha256 key = sha256(id);
            message_ids.add(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()), commit.case_id);
        }
    }
    journal.write(statements, sql::kInsertJournal);
    snapshots.write(statements, sql::kPutSnapshots);
    inputs.write(statements, sql::kInsertInputs);
    message_ids.write(statements, sql::kInsertMessageIds);
}

void write_tasks_and_claims(std::vector<Statement>& statements, std::span<const EncodedCommit> commits) {
    Table<7> tasks(text(), text(), text(), text(), text(), number(), text());
    Table<7> claims(text(), text(), text(), number(), text(), text(), number());
    Column no_claims = text();
    for (const EncodedCommit& encoded : commits) {
        const CaseCommit& commit = *encoded.commit;
        for (std::size_t i = 0; i < encoded.tasks.size(); ++i) {
            const casework::Task& task = commit.tasks[i];
            tasks.add(task.id, commit.case_id, procedure::to_string(task.kind), casework::to_string(task.state),
                      std::string_view(task.assignee), task.opened_at, std::string_view(encoded.tasks[i]));
        }
        if (!commit.claim) continue;
        const casework::Claim& claim = *commit.claim;
        if (claim.state == casework::Claim::State::none) {
            no_claims.add(commit.case_id);
            continue;
        }
        const auto minor = claim.amount ? std::optional(claim.amount->minor) : std::nullopt;
        const auto currency = claim.amount ? std::optional(std::string_view(claim.amount->currency)) : std::nullopt;
        claims.add(commit.case_id, std::string_view(claim.customer), std::string_view(claim.order), minor, currency, name_of(claim.state),
                   claim.at);
    }
    tasks.write(statements, sql::kPutTasks);
    claims.write(statements, sql::kPutClaims);
    if (!no_claims.is_empty()) statements.emplace_back(sql::kDeleteClaims, std::move(no_claims));
}

std::uint64_t holder(const engine::Lease& lease, EffectStatus status) {
    return status == EffectStatus::intended || status == EffectStatus::reconciling ? lease.epoch : 0;
}

using Planned = Table<23>;

void add_planned(Planned& planned, const engine::Lease& lease, const EffectRecord& record) {
    const casework::Effect& effect = record.effect;
    planned.add(effect.id, effect.case_id, effect.planned_at, record.next_at, record.rank, holder(lease, record.status), effect.timeout,
                effect.retry.first_delay, effect.retry.delay_max, effect.retry.attempts_max, effect.step, record.attempt, record.crashes,
                record.resolves ? 1 : 0, to_string(record.status), name_of(effect.effect_class), name_of(effect.purpose),
                std::string_view(effect.tool), std::string_view(effect.integration), std::string_view(effect.payload_hash),
                std::string_view(record.last_error), std::string_view(record.data_subject), std::string_view(effect.payload));
}

/// They come last: what the database checks on them by itself looks at the case, its tasks and its claim.
void write_effects(std::vector<Statement>& statements, const engine::Lease& lease, std::span<const EncodedCommit> commits, bool counted) {
    Table<4> ended(text(), text(), text(), number());
    Table<6> moved(text(), text(), text(), number(), text(), number());
    Planned planned(text(), text(), number(), number(), number(), number(), number(), number(), number(), number(), number(), number(),
                    number(), number(), text(), text(), text(), text(), text(), text(), text(), text(), bytes());
    for (const EncodedCommit& encoded : commits) {
        const CaseCommit& commit = *encoded.commit;
        for (const EffectUpdate& update : commit.effect_updates) {
            if (engine::has_ended(update.status)) ended.add(update.id, commit.case_id, to_string(update.status), update.next_at);
            else moved.add(update.id, commit.case_id, to_string(update.status), update.next_at, std::string_view(update.last_error),
                           holder(lease, update.status));
        }
        for (const EffectRecord& record : commit.new_effects) add_planned(planned, lease, record);
    }
    if (!counted && ended.is_empty() && moved.is_empty() && planned.is_empty()) return;
    Statement statement(sql::kWriteEffects, counted ? std::optional(lease.epoch) : std::nullopt);
    ended.write_to(statement);
    moved.write_to(statement);
    planned.write_to(statement);
    statements.push_back(std::move(statement));
}

/// A case goes on by one row, and at most one effect ends and one is planned.
bool is_step(const CaseCommit& commit) {
    return only_row(commit) != nullptr && !commit.input && commit.new_effects.size() <= 1 && commit.effect_updates.size() <= 1 &&
           (commit.effect_updates.empty() || engine::has_ended(commit.effect_updates.front().status));
}

Statement step_of(const engine::Lease& lease, const CaseCommit& commit) {
    static const EffectRecord kNothing{};
    const engine::JournalRow& row = commit.rows.front();
    const EffectUpdate ended = commit.effect_updates.empty() ? EffectUpdate{} : commit.effect_updates.front();
    const EffectRecord& record = commit.new_effects.empty() ? kNothing : commit.new_effects.front();
    const casework::Effect& effect = record.effect;
    const auto ended_id = commit.effect_updates.empty() ? std::nullopt : std::optional(ended.id);
    const auto new_id = commit.new_effects.empty() ? std::nullopt : std::optional(effect.id);
    return Statement(sql::kCommitStep, lease.epoch, commit.case_id, commit.expected_version, Bytes{bytes_of_hash(commit.expected_head)},
                     commit.version, commit.rank, commit.wake_at, Bytes{bytes_of_hash(row.hash)}, name_of(commit.lifecycle),
                     commit.procedure_hash, commit.data_subject, row.events, Bytes{row.sealed}, ended_id, to_string(ended.status),
                     ended.next_at, new_id, effect.planned_at, record.next_at, record.rank, holder(lease, record.status), effect.timeout,
                     effect.retry.first_delay, effect.retry.delay_max, effect.retry.attempts_max, effect.step, record.attempt,
                     record.crashes, record.resolves ? 1 : 0, to_string(record.status), name_of(effect.effect_class),
                     name_of(effect.purpose), effect.tool, effect.integration, effect.payload_hash, record.last_error,
                     record.data_subject, Bytes{effect.payload});
}

}  // namespace

EncodedCommit encode(const CaseCommit& commit) {
    EncodedCommit encoded{.commit = &commit, .summary = {}, .tasks = {}};
    if (commit.summary) encoded.summary = json::dump(casework::to_json(*commit.summary));
    encoded.tasks.reserve(commit.tasks.size());
    for (const casework::Task& task : commit.tasks) encoded.tasks.push_back(json::dump(casework::to_json(task)));
    return encoded;
}

std::vector<Statement> statements_of(const engine::Lease& lease, std::span<const EncodedCommit> commits, CommitMode mode) {
    std::vector<Statement> statements;
    if (mode == CommitMode::whole && commits.size() == 1 && is_step(*commits.front().commit)) {
        write_listed(statements, commits);
        write_journal(statements, commits);
        write_tasks_and_claims(statements, commits);
        statements.push_back(step_of(lease, *commits.front().commit));
        return statements;
    }
    write_heads(statements, commits, mode == CommitMode::one_of_several);
    write_listed(statements, commits);
    write_journal(statements, commits);
    write_tasks_and_claims(statements, commits);
    write_effects(statements, lease, commits, mode == CommitMode::whole);
    return statements;
}

}  // namespace resolute::storage::postgres
