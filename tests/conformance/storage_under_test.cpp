// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/storage_under_test.h"

#include <cstdlib>

#include "base/hash.h"
#include "base/invariant.h"

namespace resolute::conformance {

TempFolder::TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "resolute-storage-XXXXXX").string();
    INVARIANT(mkdtemp(pattern.data()) != nullptr, "tests can make a folder");
    path_ = pattern;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

engine::Lease StorageTest::acquire(const std::string& owner, Instant now) {
    auto lease = store().acquire(owner, now, engine::kJournalFormat);
    EXPECT_TRUE(lease.has_value()) << (lease ? "" : describe(lease.error()));
    return lease ? *lease : engine::Lease{};
}

engine::Lease StorageTest::succeed(const engine::Lease& dead, Instant now) {
    storage_->let_lease_run_out(dead);
    return acquire("next", now);
}

Instant at(int seconds) { return from_unix_ms(1'795'000'000'000 + std::int64_t{seconds} * 1000); }

CaseWriter::CaseWriter(std::string id) : id_(std::move(id)), hash_(engine::chain_start(id_)), hash_before_(hash_) {}

engine::CaseCommit CaseWriter::begin() {
    engine::CaseCommit commit;
    commit.case_id = id_;
    commit.expected_version = version_;
    commit.expected_head = hash_;
    commit.data_subject = "5f0c:1";
    commit.procedure_hash = "p1";
    if (version_ == 0) commit.summary = summary(id_);
    hash_before_ = hash_;
    return commit;
}

engine::CaseCommit CaseWriter::commit(int events) {
    engine::CaseCommit commit = begin();
    engine::JournalRow row{.number = version_ + 1, .count = static_cast<std::uint64_t>(events), .events = "[", .sealed = {}, .hash = {}};
    for (int i = 0; i < events; ++i)
        row.events += (i == 0 ? "" : ",") + (R"({"kind":"StepEntered","step":)" + std::to_string(++version_)) + "}";
    row.events += "]";
    row.sealed = std::string("\0sealed\xff", 8) + std::to_string(version_);  // Bytes, not text.
    hash_ = engine::chain_hash(hash_, row.events, row.sealed);
    row.hash = hash_;
    commit.rows.push_back(std::move(row));
    commit.version = version_;
    return commit;
}

engine::CaseCommit CaseWriter::commit_format_1(int events) {
    engine::CaseCommit commit = begin();
    for (int i = 0; i < events; ++i) {
        std::string event = R"({"kind":"StepEntered","step":)" + std::to_string(++version_) + "}";
        hash_ = engine::chain_hash(hash_, event);
        commit.rows.push_back({.number = version_, .count = 1, .events = std::move(event), .sealed = {}, .hash = hash_});
    }
    commit.version = version_;
    return commit;
}

casework::CaseSummary summary(const CaseId& id) {
    casework::CaseSummary summary;
    summary.id = id;
    summary.from = id.value() + "@example.com";
    summary.subject = "About " + id.value();
    summary.tier = "regular";
    summary.status = "open";
    summary.opened_at = at(0);
    return summary;
}

void CaseWriter::rewind(const engine::CaseCommit& refused) {
    version_ = refused.expected_version;
    hash_ = hash_before_;
}

engine::EffectRecord effect(const CaseId& case_id, const std::string& id, engine::EffectStatus status) {
    engine::EffectRecord record;
    record.effect.id = EffectId(id);
    record.effect.case_id = case_id;
    record.effect.tool = "crm.find_customer";
    record.effect.integration = "crm";
    record.effect.effect_class = procedure::EffectClass::reads;
    record.effect.purpose = casework::Purpose::action;
    record.effect.step = 2;
    record.effect.payload = R"({"args":{"address":"ann@example.com"}})";
    record.effect.payload_hash = sha256_hex(record.effect.payload);
    record.effect.timeout = std::chrono::seconds(7);
    record.effect.retry = {.attempts_max = 3, .first_delay = std::chrono::seconds(1), .delay_max = std::chrono::seconds(9)};
    record.effect.planned_at = at(0);
    record.status = status;
    record.attempt = status == engine::EffectStatus::intended ? 1 : 0;
    record.next_at = at(0);
    return record;
}

casework::Task task(const std::string& id, Instant opened_at) {
    casework::Task task;
    task.id = TaskId(id);
    task.kind = procedure::TaskKind::approve;
    task.role = "manager";
    task.assignee = "dana";
    task.reason = "A refund over the limit.";
    task.opened_at = opened_at;
    task.due = opened_at + std::chrono::hours(1);
    task.amount = Money{.minor = 60000, .currency = "USD"};
    task.order = "1001";
    task.bound_hash = "abc";
    task.step = 11;
    return task;
}

Status commit_one(engine::Store& store, const engine::Lease& lease, const engine::CaseCommit& commit) {
    auto results = store.commit(lease, {commit});
    if (!results) return std::unexpected(results.error());
    return results->results.at(0);
}

}  // namespace resolute::conformance
