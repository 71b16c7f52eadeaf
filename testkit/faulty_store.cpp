// SPDX-License-Identifier: Apache-2.0
#include "testkit/faulty_store.h"

namespace resolute::testkit {
namespace {

std::unexpected<Error> disk_full() { return fail("store.disk_full", ErrorKind::exhausted, "the test's disk is full"); }

}  // namespace

Result<engine::Lease> FaultyStore::acquire(std::string owner, Instant now) {
    if (is_down) return disk_full();
    return inner_.acquire(std::move(owner), now);
}

Result<std::vector<Status>> FaultyStore::commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    if (failing_commits.contains(++commits_) || is_down) return disk_full();
    return inner_.commit(lease, commits);
}

Result<std::optional<engine::LoadedCase>> FaultyStore::load(const CaseId& id) {
    if (is_down) return disk_full();
    return inner_.load(id);
}

Result<std::vector<engine::JournalRow>> FaultyStore::journal(const CaseId& id) {
    if (is_down) return disk_full();
    return inner_.journal(id);
}

Result<std::vector<CaseId>> FaultyStore::due_cases(Instant now, std::size_t limit) {
    if (is_down) return disk_full();
    return inner_.due_cases(now, limit);
}

Result<std::vector<engine::EffectRecord>> FaultyStore::claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                                     bool suspects_only) {
    if (failing_claims.contains(++claims_) || is_down) return disk_full();
    return inner_.claim_effects(lease, now, limit, suspects_only);
}

Result<std::optional<Instant>> FaultyStore::next_wake() {
    if (is_down) return disk_full();
    return inner_.next_wake();
}

Result<std::optional<engine::KnownInput>> FaultyStore::find_input(const InputId& id) {
    if (is_down) return disk_full();
    return inner_.find_input(id);
}

Result<std::optional<engine::EffectRecord>> FaultyStore::find_effect(const EffectId& id) {
    if (is_down) return disk_full();
    return inner_.find_effect(id);
}

Status FaultyStore::keep_procedure(const std::string& content_hash, const std::string& document) {
    if (is_down) return disk_full();
    return inner_.keep_procedure(content_hash, document);
}

Result<std::optional<std::string>> FaultyStore::load_procedure(const std::string& content_hash) {
    if (is_down) return disk_full();
    return inner_.load_procedure(content_hash);
}

}  // namespace resolute::testkit
