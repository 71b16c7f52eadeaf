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

    Result<engine::Lease> acquire(std::string owner, Instant now) override;
    Result<std::vector<Status>> commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) override;
    Result<std::optional<engine::LoadedCase>> load(const CaseId& id) override;
    Result<std::vector<engine::JournalRow>> journal(const CaseId& id) override;
    Result<std::vector<CaseId>> due_cases(Instant now, std::size_t limit) override;
    Result<std::vector<engine::EffectRecord>> claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                            bool suspects_only) override;
    Result<std::optional<Instant>> next_wake() override;
    Result<std::optional<engine::KnownInput>> find_input(const InputId& id) override;
    Result<std::optional<engine::EffectRecord>> find_effect(const EffectId& id) override;
    Status keep_procedure(const std::string& content_hash, const std::string& document) override;
    Result<std::optional<std::string>> load_procedure(const std::string& content_hash) override;

private:
    engine::Store& inner_;
    int commits_ = 0;
    int claims_ = 0;
};

}  // namespace resolute::testkit
