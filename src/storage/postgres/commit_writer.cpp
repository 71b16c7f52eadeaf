// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/commit_writer.h"

#include <map>
#include <set>

#include "base/invariant.h"
#include "storage/postgres/commit_statements.h"
#include "storage/postgres/listener.h"
#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

using engine::CaseCommit;
using engine::Committed;
using engine::Lease;

namespace {

constexpr int kAttemptsMax = 5;

/// Whether its rows go on from what it expects to find. One that does not is at fault, unless that is not what is there.
bool goes_on(const CaseCommit& commit) {
    std::uint64_t version = commit.expected_version;
    std::string hash = commit.expected_head;
    for (const engine::JournalRow& row : commit.rows) {
        if (row.number != version + 1) return false;
        version += row.count;
        hash = engine::chain_hash(hash, row.events, row.sealed);
        if (row.hash != hash) return false;
    }
    return commit.version == version && (commit.expected_version > 0 || (commit.summary && !commit.rows.empty()));
}

/// Each case once, and all as they should be.
bool is_simple(const std::vector<CaseCommit>& commits) {
    std::set<std::string_view> seen;
    for (const CaseCommit& commit : commits)
        if (!seen.insert(commit.case_id.value()).second || !goes_on(commit)) return false;
    return true;
}

Failure told_as_fenced(Failure failure, const Lease& lease) {
    if (failure.sqlstate == kFenced) failure.error = fenced(lease);
    return failure;
}

Statement tell(const Lease& lease) { return Statement(sql::kNotify, to_payload({.kind = Hint::Kind::work, .from_epoch = lease.epoch})); }

Answer<Committed> write_at_once(Database& database, const Lease& lease, const std::vector<EncodedCommit>& commits, bool tells) {
    std::vector<Statement> statements = statements_of(lease, commits, CommitMode::whole);
    // Before the others: the last one answers the count.
    if (tells) statements.insert(statements.begin(), tell(lease));
    auto answers = database.commit(statements);
    if (!answers) return std::unexpected(told_as_fenced(std::move(answers).error(), lease));
    return Committed{.results = std::vector<Status>(commits.size()), .writes = answers->back().front().count(0)};
}

/// What a commit is checked against.
struct Seen {
    std::uint64_t version = 0;
    std::string head_hash;
    std::optional<CaseId> input_owner;
    struct Known { std::string case_id; engine::EffectStatus status; };
    std::map<std::string, Known, std::less<>> effects;
};

Answer<Seen> look(Transaction& transaction, const CaseCommit& commit) {
    Column effects = Column::texts();
    for (const auto& record : commit.new_effects) effects.add(record.effect.id);
    for (const auto& update : commit.effect_updates) effects.add(update.id);
    auto answers = transaction.run({Statement("SAVEPOINT one"), Statement(sql::kHead, commit.case_id),
                                    Statement(sql::kFindInput, commit.input.value_or(InputId())), Statement(sql::kEffectStates, effects)});
    if (!answers) return std::unexpected(std::move(answers).error());
    const Rows& head = (*answers)[1];
    const Rows& input = (*answers)[2];
    Seen seen;
    seen.head_hash = bytes_of_hash(engine::chain_start(commit.case_id));
    if (!head.is_empty()) {
        seen.version = head.front().count(0);
        seen.head_hash = head.front().text(1);
    }
    if (commit.input && !input.is_empty()) seen.input_owner = CaseId(input.front().text(0));
    for (const Row row : (*answers)[3])
        if (const auto status = engine::parse_effect_status(row.text(2)))
            seen.effects.emplace(row.text(0), Seen::Known{.case_id = row.text(1), .status = *status});
    return seen;
}

Status check_updates(const CaseCommit& commit, const Seen& seen) {
    std::map<EffectId, engine::EffectStatus> ended;
    for (const engine::EffectUpdate& update : commit.effect_updates) {
        const auto known = seen.effects.find(update.id.value());
        if (known == seen.effects.end() || known->second.case_id != commit.case_id.value()) return std::unexpected(effect_unknown(update.id));
        if (engine::has_ended(known->second.status)) return std::unexpected(effect_ended(update.id, known->second.status));
        if (const auto earlier = ended.find(update.id); earlier != ended.end())
            return std::unexpected(effect_ended(update.id, earlier->second));
        if (engine::has_ended(update.status)) ended.emplace(update.id, update.status);
    }
    return {};
}

Status check(const CaseCommit& commit, const Seen& seen) {
    if (seen.input_owner) return std::unexpected(input_known(*commit.input, *seen.input_owner));
    const bool is_same_head = seen.head_hash == bytes_of_hash(commit.expected_head);
    if (seen.version != commit.expected_version || !is_same_head)
        return std::unexpected(version_conflict(commit.case_id, commit.expected_version, seen.version));
    TRY_STATUS(check_updates(commit, seen));
    std::set<EffectId> planned;
    for (const engine::EffectRecord& record : commit.new_effects)
        if (seen.effects.contains(record.effect.id.value()) || !planned.insert(record.effect.id).second)
            return std::unexpected(effect_known(record.effect.id));
    return {};
}

Error refusal_of(const CaseCommit& commit, const Failure& failure) {
    return failure.error.code == "gate.refund_unapproved" ? refund_unapproved(commit.case_id) : failure.error;
}

/// Its part of the transaction; a refused one leaves nothing.
Answer<Status> write_one(Transaction& transaction, const Lease& lease, const EncodedCommit& encoded) {
    const CaseCommit& commit = *encoded.commit;
    std::optional<Error> refused;
    // Somebody may have made the same case, or taken the same input, between the look and the write: then it is looked at again.
    for (int attempt = 1; attempt <= 2; ++attempt) {
        auto seen = look(transaction, commit);
        if (!seen) return std::unexpected(std::move(seen).error());
        if (Status checked = check(commit, *seen); !checked) return checked;
        check_rows_link(commit);
        std::vector<Statement> statements = statements_of(lease, {&encoded, 1}, CommitMode::one_of_several);
        statements.emplace_back("RELEASE SAVEPOINT one");
        auto written = transaction.run(statements);
        if (written) return Status{};
        if (!is_about_data(written.error())) return std::unexpected(std::move(written).error());
        refused = refusal_of(commit, written.error());
        auto undone = transaction.run({Statement("ROLLBACK TO SAVEPOINT one")});
        if (!undone) return std::unexpected(std::move(undone).error());
    }
    return Status(std::unexpected(*std::move(refused)));
}

Statement lock(const char* sql, const std::vector<EncodedCommit>& commits) {
    Column ids = Column::texts();
    for (const EncodedCommit& encoded : commits) ids.add(encoded.commit->case_id);
    return Statement(sql, ids);
}

Answer<Committed> write_one_by_one(Database& database, const Lease& lease, const std::vector<EncodedCommit>& commits, bool tells) {
    auto transaction = Transaction::begin_commit(database);
    if (!transaction) return std::unexpected(std::move(transaction).error());
    std::vector<Statement> first{Statement(sql::kCarefully), lock(sql::kLockCases, commits), lock(sql::kLockClosedCases, commits)};
    if (tells) first.push_back(tell(lease));
    auto locked = transaction->run(first);
    if (!locked) return std::unexpected(std::move(locked).error());
    Committed committed;
    for (const EncodedCommit& encoded : commits) {
        auto status = write_one(*transaction, lease, encoded);
        if (!status) return std::unexpected(std::move(status).error());
        committed.results.push_back(*std::move(status));
    }
    auto ended = transaction->commit(statements_of(lease, {}, CommitMode::whole));
    if (!ended) return std::unexpected(told_as_fenced(std::move(ended).error(), lease));
    committed.writes = ended->front().front().count(0);
    return committed;
}

Result<Committed> write_carefully(Database& database, const Lease& lease, const std::vector<EncodedCommit>& commits, bool tells) {
    for (int attempt = 1;; ++attempt) {
        auto committed = write_one_by_one(database, lease, commits, tells);
        if (committed || !is_transient(committed.error()) || attempt == kAttemptsMax) return told(std::move(committed));
    }
}

}  // namespace

Result<Committed> write_commits(Database& database, const Lease& lease, const std::vector<CaseCommit>& commits, bool tells) {
    std::vector<EncodedCommit> encoded;
    encoded.reserve(commits.size());
    for (const CaseCommit& commit : commits) encoded.push_back(encode(commit));
    if (!is_simple(commits)) return write_carefully(database, lease, encoded, tells);
    auto committed = write_at_once(database, lease, encoded, tells);
    if (committed || !is_about_data(committed.error())) return told(std::move(committed));
    return write_carefully(database, lease, encoded, tells);
}

}  // namespace resolute::storage::postgres
