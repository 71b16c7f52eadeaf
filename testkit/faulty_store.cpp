// SPDX-License-Identifier: Apache-2.0
#include "testkit/faulty_store.h"

namespace resolute::testkit {
namespace {

std::unexpected<Error> disk_full() { return fail("store.disk_full", ErrorKind::exhausted, "the test's disk is full"); }

}  // namespace

Result<engine::Lease> FaultyStore::acquire(std::string owner, Instant now, int journal_format) {
    if (is_down) return disk_full();
    return inner_.acquire(std::move(owner), now, journal_format);
}

Result<engine::Renewal> FaultyStore::renew(const engine::Lease& lease, Instant now) {
    if (is_down) return disk_full();
    return inner_.renew(lease, now);
}

Result<std::size_t> FaultyStore::take_over(const engine::Lease& lease, Instant now) {
    if (is_down) return disk_full();
    return inner_.take_over(lease, now);
}

Status FaultyStore::release(const engine::Lease& lease, const std::vector<EffectId>& not_started, Instant now) {
    if (is_down) return disk_full();
    return inner_.release(lease, not_started, now);
}

Result<std::vector<engine::Worker>> FaultyStore::workers() {
    if (is_down) return disk_full();
    return inner_.workers();
}

Result<std::string> FaultyStore::store_id() {
    if (is_down) return disk_full();
    return inner_.store_id();
}

Result<engine::Committed> FaultyStore::commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
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

Result<std::vector<CaseId>> FaultyStore::claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) {
    if (is_down) return disk_full();
    return inner_.claim_cases(lease, now, limit, hold);
}

Result<std::vector<engine::EffectRecord>> FaultyStore::claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                                     bool suspects_only) {
    if (failing_claims.contains(++claims_) || is_down) return disk_full();
    return inner_.claim_effects(lease, now, limit, suspects_only);
}

Result<std::vector<engine::EffectRecord>> FaultyStore::claimed_effects(const engine::Lease& lease) {
    if (is_down) return disk_full();
    return inner_.claimed_effects(lease);
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

Status FaultyStore::keep_procedure(const std::string& content_hash, const std::string& document,
                                   const std::optional<Money>& refund_limit) {
    if (is_down) return disk_full();
    return inner_.keep_procedure(content_hash, document, refund_limit);
}

Result<std::optional<std::string>> FaultyStore::load_procedure(const std::string& content_hash) {
    if (is_down) return disk_full();
    return inner_.load_procedure(content_hash);
}

Result<engine::SubjectRow> FaultyStore::keep_subject(const std::string& blind_name, const std::string& wrapped_key) {
    if (is_down) return disk_full();
    return inner_.keep_subject(blind_name, wrapped_key);
}

Result<std::optional<engine::SubjectRow>> FaultyStore::find_subject(const std::string& id) {
    if (is_down) return disk_full();
    return inner_.find_subject(id);
}

Status FaultyStore::end_subject(const std::string& id, bool destroy) {
    if (is_down) return disk_full();
    return inner_.end_subject(id, destroy);
}

Result<std::optional<engine::Freeze>> FaultyStore::last_freeze() {
    if (is_down) return disk_full();
    return inner_.last_freeze();
}

Status FaultyStore::freeze(const std::string& why, const std::string& by, Instant now) {
    if (is_down) return disk_full();
    return inner_.freeze(why, by, now);
}

Status FaultyStore::release_freeze(const std::string& by, Instant now, Instant look_first_until) {
    if (is_down) return disk_full();
    return inner_.release_freeze(by, now, look_first_until);
}

}  // namespace resolute::testkit
