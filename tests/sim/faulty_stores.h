// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "engine/store.h"
#include "ports/intake_store.h"
#include "tests/sim/world.h"

/// The database as one worker sees it: the real one in memory, under the plan's faults. What a dead program still does comes to nothing.
namespace resolute::sim {

/// What truly became durable: seen from beneath every wrapper, so that a lying one is found out.
class Witness {
public:
    struct Planned { CaseId case_id; std::string tool; std::string payload_hash; procedure::EffectClass effect_class; Instant at; };

    explicit Witness(World& world) : world_(world) {}
    /// After a commit that the real store took.
    void committed(const engine::Lease& lease, const engine::CaseCommit& commit);
    /// Whose leases are over, by the real store.
    void look_at_workers(engine::Store& real);
    /// The store is what it was: what came later did not happen.
    void went_back(engine::Store& real);

    std::map<CaseId, std::vector<engine::JournalRow>> journals;
    std::map<EffectId, Planned> planned;
    std::set<std::pair<EffectId, std::string>> intentions;  ///< every effect that was ever planned, with its payload's hash
    std::function<void(const CaseId&, const casework::Task&)> on_task;
    std::map<CaseId, casework::Claim> claims;
    std::map<CaseId, std::set<TaskId>> approved;   ///< approve tasks that a manager said yes to
    std::vector<bool> fenced;                      ///< by epoch
    std::map<std::uint64_t, std::uint64_t> writes; ///< transactions by epoch
    Instant last_commit;
    std::uint64_t commits = 0;

private:
    World& world_;
};

class SimStore final : public engine::Store {
public:
    /// `real` is asked for the truth, `inner` may be a planted bug over it.
    SimStore(World& world, Witness& witness, int worker, engine::Store& inner, engine::Store& real)
        : world_(world), witness_(witness), worker_(worker), inner_(inner), real_(real) {}

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
    /// Calls without meaning for crash points of their own: the program may die before or after them, or they fail.
    template <class R, class Body>
    R simple(Site site, Body body);
    [[nodiscard]] Site site_of(const engine::CaseCommit& commit) const;
    Result<engine::Committed> apply(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits);

    World& world_;
    Witness& witness_;
    int worker_;
    engine::Store& inner_;
    engine::Store& real_;
};

class SimIntakeStore final : public ports::IntakeStore {
public:
    SimIntakeStore(World& world, int worker, ports::IntakeStore& inner) : world_(world), worker_(worker), inner_(inner) {}

    Result<std::vector<bool>> keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& original_sizes) override;
    Result<std::vector<bool>> are_kept(const std::vector<mail::SourcePosition>& positions) override { return inner_.are_kept(positions); }
    Result<std::vector<ports::MailRecord>> claim_pending(Instant now, std::size_t limit, Duration hold) override;
    Result<std::vector<ports::MailRecord>> claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) override;
    Result<int> count_attempt(const MailId& id) override;
    Status conclude(const ports::MailRecord& record) override;
    Result<std::optional<ports::MailRecord>> find(const MailId& id) override;
    Result<std::optional<ports::MailRecord>> hold_content(const MailId& id, const std::string& key) override;
    Result<std::vector<ports::MailRecord>> list(const ports::MailFilter& filter) override { return inner_.list(filter); }
    Result<std::string> load_blob(const std::string& hash) override { return inner_.load_blob(hash); }
    Result<std::string> keep_blob(std::string_view bytes) override { return inner_.keep_blob(bytes); }

private:
    template <class R, class Body>
    R struck(Site site, Body body);
    World& world_;
    int worker_;
    ports::IntakeStore& inner_;
};

}  // namespace resolute::sim
