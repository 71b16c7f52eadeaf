// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "engine/store.h"
#include "ports/intake_store.h"
#include "tests/sim/world.h"

/// Ports that pass everything on, but for what a planted bug changes.
namespace resolute::sim {

class LyingStore final : public engine::Store {
public:
    LyingStore(World& world, engine::Store& real) : world_(world), real_(real) {}

    std::function<void(World&, engine::CaseCommit&)> change;
    bool ignores_fence = false;
    double acknowledges_nothing = 0;
    double says_full_after = 0;
    bool hands_out_twice = false;
    double loses_claims = 0;
    bool forgets_freeze = false;

    Result<engine::Committed> commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) override {
        if (strikes(acknowledges_nothing)) {
            engine::Committed nothing{.results = std::vector<Status>(commits.size()), .writes = last_writes_ + 1};
            return nothing;
        }
        std::vector<engine::CaseCommit> changed = commits;
        if (change)
            for (engine::CaseCommit& one : changed) change(world_, one);
        auto committed = real_.commit(lease, changed);
        if (!committed && committed.error().code == "store.fenced" && ignores_fence) {
            auto other = real_.acquire("ghost", world_.clock.true_now(), engine::kJournalFormat);
            if (other) committed = real_.commit(*other, changed);
        }
        if (committed) last_writes_ = committed->writes;
        if (committed && strikes(says_full_after)) return fail("store.disk_full", ErrorKind::exhausted);
        return committed;
    }
    Result<std::vector<engine::EffectRecord>> claim_effects(const engine::Lease& lease, Instant now, std::size_t limit, bool suspects) override {
        TRY(auto claimed, real_.claim_effects(lease, now, limit, suspects));
        if (hands_out_twice && !claimed.empty()) claimed.push_back(claimed.front());
        if (!claimed.empty() && strikes(loses_claims)) claimed.pop_back();
        return claimed;
    }
    Result<engine::Renewal> renew(const engine::Lease& lease, Instant now) override {
        TRY(auto renewal, real_.renew(lease, now));
        if (forgets_freeze) renewal.is_frozen = false;
        return renewal;
    }
    Status freeze(const std::string& why, const std::string& by, Instant now) override {
        if (forgets_freeze) return {};
        return real_.freeze(why, by, now);
    }

    Result<engine::Lease> acquire(std::string owner, Instant now, int format) override { return real_.acquire(std::move(owner), now, format); }
    Result<std::size_t> take_over(const engine::Lease& lease, Instant now) override { return real_.take_over(lease, now); }
    Status release(const engine::Lease& lease, const std::vector<EffectId>& free, Instant now) override { return real_.release(lease, free, now); }
    Result<std::vector<engine::Worker>> workers() override { return real_.workers(); }
    Result<std::string> store_id() override { return real_.store_id(); }
    Result<std::optional<engine::LoadedCase>> load(const CaseId& id) override { return real_.load(id); }
    Result<std::vector<engine::JournalRow>> journal(const CaseId& id) override { return real_.journal(id); }
    Result<std::vector<CaseId>> claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) override {
        return real_.claim_cases(lease, now, limit, hold);
    }
    Result<std::vector<engine::EffectRecord>> claimed_effects(const engine::Lease& lease) override { return real_.claimed_effects(lease); }
    Result<std::optional<Instant>> next_wake() override { return real_.next_wake(); }
    Result<std::optional<engine::KnownInput>> find_input(const InputId& id) override { return real_.find_input(id); }
    Result<std::optional<engine::EffectRecord>> find_effect(const EffectId& id) override { return real_.find_effect(id); }
    Status keep_procedure(const std::string& hash, const std::string& document, const std::optional<Money>& limit) override {
        return real_.keep_procedure(hash, document, limit);
    }
    Result<std::optional<std::string>> load_procedure(const std::string& hash) override { return real_.load_procedure(hash); }
    Result<engine::SubjectRow> keep_subject(const std::string& name, const std::string& key) override { return real_.keep_subject(name, key); }
    Result<std::optional<engine::SubjectRow>> find_subject(const std::string& id) override { return real_.find_subject(id); }
    Status end_subject(const std::string& id, bool destroy) override { return real_.end_subject(id, destroy); }
    Result<std::optional<engine::Freeze>> last_freeze() override { return real_.last_freeze(); }
    Status release_freeze(const std::string& by, Instant now, Instant until) override { return real_.release_freeze(by, now, until); }

private:
    bool strikes(double probability) { return probability > 0 && world_.random.chance(probability); }
    World& world_;
    engine::Store& real_;
    std::uint64_t last_writes_ = 0;
};

class LyingIntakeStore final : public ports::IntakeStore {
public:
    LyingIntakeStore(World& world, ports::IntakeStore& real) : world_(world), real_(real) {}

    double keeps_nothing = 0;
    double keeps_half = 0;
    bool forgets_conclusions = false;
    bool sees_no_duplicates = false;

    Result<std::vector<bool>> keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& sizes) override {
        if (keeps_nothing > 0 && world_.random.chance(keeps_nothing)) return std::vector<bool>(mails.size(), true);
        if (keeps_half > 0 && world_.random.chance(keeps_half)) {
            std::vector<mail::RawMail> halves = mails;
            for (mail::RawMail& mail : halves) mail.bytes.resize(mail.bytes.size() / 2);
            return real_.keep(halves, sizes);
        }
        return real_.keep(mails, sizes);
    }
    Status conclude(const ports::MailRecord& record) override {
        if (forgets_conclusions && record.id.value().back() == 'a') return {};
        return real_.conclude(record);
    }
    Result<std::optional<ports::MailRecord>> hold_content(const MailId& id, const std::string& key) override {
        if (sees_no_duplicates) return std::nullopt;
        return real_.hold_content(id, key);
    }
    Result<std::vector<bool>> are_kept(const std::vector<mail::SourcePosition>& positions) override { return real_.are_kept(positions); }
    Result<std::vector<ports::MailRecord>> claim_pending(Instant now, std::size_t limit, Duration hold) override {
        return real_.claim_pending(now, limit, hold);
    }
    Result<std::vector<ports::MailRecord>> claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) override {
        return real_.claim_mails(ids, now, hold);
    }
    Result<int> count_attempt(const MailId& id) override { return real_.count_attempt(id); }
    Result<std::optional<ports::MailRecord>> find(const MailId& id) override { return real_.find(id); }
    Result<std::vector<ports::MailRecord>> list(const ports::MailFilter& filter) override { return real_.list(filter); }
    Result<std::string> load_blob(const std::string& hash) override { return real_.load_blob(hash); }
    Result<std::string> keep_blob(std::string_view bytes) override { return real_.keep_blob(bytes); }

private:
    World& world_;
    ports::IntakeStore& real_;
};

/// Passes calls on as the bug would.
class LoneRunner final : public engine::EffectRunner {
public:
    using Call = std::function<engine::Settlement(World&, engine::EffectRunner& real, const engine::EffectTicket&, Deadline)>;
    LoneRunner(World& world, engine::EffectRunner& real, Call run, Call look_up)
        : world_(world), real_(real), run_(std::move(run)), look_up_(std::move(look_up)) {}
    engine::Settlement run(const engine::EffectTicket& ticket, Deadline deadline) override {
        return run_ ? run_(world_, real_, ticket, deadline) : real_.run(ticket, deadline);
    }
    engine::Settlement look_up(const engine::EffectTicket& ticket, Deadline deadline) override {
        return look_up_ ? look_up_(world_, real_, ticket, deadline) : real_.look_up(ticket, deadline);
    }

private:
    World& world_;
    engine::EffectRunner& real_;
    Call run_;
    Call look_up_;
};

}  // namespace resolute::sim
