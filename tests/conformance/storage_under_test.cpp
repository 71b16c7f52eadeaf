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

Instant at(int seconds) { return from_unix_ms(1'795'000'000'000 + std::int64_t{seconds} * 1000); }

CaseWriter::CaseWriter(std::string id) : id_(std::move(id)), hash_(engine::chain_start(id_)), hash_before_(hash_) {}

engine::CaseCommit CaseWriter::commit(int events) {
    engine::CaseCommit commit;
    commit.case_id = id_;
    commit.expected_version = version_;
    hash_before_ = hash_;
    for (int i = 0; i < events; ++i) {
        std::string event = R"({"kind":"StepEntered","step":)" + std::to_string(++version_) + "}";
        hash_ = engine::chain_hash(hash_, event);
        commit.events.push_back({.number = version_, .event = std::move(event), .hash = hash_});
    }
    commit.summary.id = id_;
    commit.summary.from = id_.value() + "@example.com";
    commit.summary.subject = "About " + id_.value();
    commit.summary.tier = "regular";
    commit.summary.status = "open";
    commit.summary.opened_at = at(0);
    return commit;
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
    return results->at(0);
}

}  // namespace resolute::conformance
