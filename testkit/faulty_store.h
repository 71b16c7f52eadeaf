// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "engine/store.h"

namespace resolute::testkit {

/// A store whose calls fail where a test says so: a failed commit leaves nothing behind, as the contract says.
class FaultyStore final : public engine::Store {
public:
    explicit FaultyStore(engine::Store& inner) : inner_(inner) {}

    std::set<int> failing_commits;  ///< by number, from 1
    std::set<int> failing_claims;
    bool is_down = false;           ///< every call fails
    [[nodiscard]] int commits() const { return commits_; }
    [[nodiscard]] int claims() const { return claims_; }

    Result<engine::Lease> acquire(std::string owner, Instant now, int journal_format) override;
    Result<engine::Renewal> renew(const engine::Lease& lease, Instant now) override;
    Result<std::size_t> take_over(const engine::Lease& lease, Instant now) override;
    Status release(const engine::Lease& lease, const std::vector<EffectId>& not_started, Instant now) override;
    Result<std::vector<engine::Worker>> workers() override;
    Result<std::string> store_id() override;
    Result<engine::Committed> commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) override;
    Result<std::optional<engine::LoadedCase>> load(const CaseId& id) override;
    Result<std::vector<engine::JournalRow>> journal(const CaseId& id) override;
    Result<std::vector<CaseId>> claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) override;
    Result<std::vector<engine::EffectRecord>> claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                            bool suspects_only) override;
    Result<std::vector<engine::EffectRecord>> claimed_effects(const engine::Lease& lease) override;
    Result<std::optional<Instant>> next_wake() override;
    Result<std::optional<engine::KnownInput>> find_input(const InputId& id) override;
    Result<std::optional<engine::EffectRecord>> find_effect(const EffectId& id) override;
    Status keep_procedure(const std::string& content_hash, const std::string& document, const std::optional<Money>& refund_limit) override;
    Result<std::optional<std::string>> load_procedure(const std::string& content_hash) override;
    Result<engine::SubjectRow> keep_subject(const std::string& blind_name, const std::string& wrapped_key) override;
    Result<std::optional<engine::SubjectRow>> find_subject(const std::string& id) override;
    Status end_subject(const std::string& id, bool destroy) override;
    Result<std::optional<engine::Freeze>> last_freeze() override;
    Status freeze(const std::string& why, const std::string& by, Instant now) override;
    Status release_freeze(const std::string& by, Instant now, Instant look_first_until) override;

private:
    engine::Store& inner_;
    int commits_ = 0;
    int claims_ = 0;
};

}  // namespace resolute::testkit
