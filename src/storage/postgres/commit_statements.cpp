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
    [[nodiscard]] std::int64_t size() const { return columns.front().size(); }
    /// Where there are rows; `counted`: the statement is told how many it must find.
    void write(std::vector<Statement>& statements, const char* sql, bool counted = false) const {
        if (is_empty()) return;
        std::apply([&](const auto&... each) {
            if (counted) statements.emplace_back(sql, each..., size());
            else statements.emplace_back(sql, each...);
        }, columns);
    }
    std::array<Column, N> columns;
};

Column text() { return Column::texts(); }
Column number() { return Column::numbers(); }
Column bytes() { return Column::bytes(); }

using Heads = Table<10>;
Heads heads() { return Heads(text(), number(), bytes(), number(), number(), number(), bytes(), text(), text(), text()); }

void add_head(Heads& heads, const CaseCommit& commit) {
    std::optional<std::string> hash;
    if (!commit.rows.empty()) hash = bytes_of_hash(commit.rows.back().hash);
    heads.add(commit.case_id, commit.expected_version, std::string_view(bytes_of_hash(commit.expected_head)), commit.version, commit.rank,
              commit.wake_at, hash, name_of(commit.lifecycle), std::string_view(commit.procedure_hash),
              std::string_view(commit.data_subject));
}

void write_heads(std::vector<Statement>& statements, std::span<const EncodedCommit> commits, bool look_among_closed) {
    Table<2> perhaps_closed(text(), number());
    Heads going_on = heads();
    Heads closing = heads();
    Heads opening = heads();
    Heads opening_closed = heads();
    for (const EncodedCommit& encoded : commits) {
        const CaseCommit& commit = *encoded.commit;
        const bool is_closed = commit.lifecycle == Lifecycle::closed;
        if (commit.expected_version == 0) {
            add_head(is_closed ? opening_closed : opening, commit);
            continue;
        }
        if (look_among_closed || commit.input) perhaps_closed.add(commit.case_id, commit.expected_version);
        add_head(is_closed ? closing : going_on, commit);
    }
    perhaps_closed.write(statements, sql::kReopenCases);
    going_on.write(statements, sql::kContinueCases, true);
    closing.write(statements, sql::kCloseCases, true);
    opening.write(statements, sql::kOpenCases, true);
    opening_closed.write(statements, sql::kOpenClosedCases, true);
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
        for (const engine::JournalRow& row : commit.rows)
            journal.add(commit.case_id, row.number, row.count, std::string_view(bytes_of_hash(row.hash)), std::string_view(row.events),
                        std::string_view(row.sealed));
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
    if (!no_claims.is_empty()) statements.emplace_back(sql::kDeleteClaims, no_claims);
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

void write_effects(std::vector<Statement>& statements, const engine::Lease& lease, std::span<const EncodedCommit> commits) {
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
    ended.write(statements, sql::kEndEffects, true);
    moved.write(statements, sql::kMoveEffects, true);
    planned.write(statements, sql::kPlanEffects, true);
}

}  // namespace

EncodedCommit encode(const CaseCommit& commit) {
    EncodedCommit encoded{.commit = &commit, .summary = {}, .tasks = {}};
    if (commit.summary) encoded.summary = json::dump(casework::to_json(*commit.summary));
    encoded.tasks.reserve(commit.tasks.size());
    for (const casework::Task& task : commit.tasks) encoded.tasks.push_back(json::dump(casework::to_json(task)));
    return encoded;
}

std::vector<Statement> statements_of(const engine::Lease& lease, std::span<const EncodedCommit> commits, bool look_among_closed) {
    std::vector<Statement> statements;
    write_heads(statements, commits, look_among_closed);
    write_listed(statements, commits);
    write_journal(statements, commits);
    write_tasks_and_claims(statements, commits);
    // Effects come last: what the database checks on them by itself looks at the case, its tasks and its claim.
    write_effects(statements, lease, commits);
    return statements;
}

}  // namespace resolute::storage::postgres
