// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/faulty_stores.h"

#include <algorithm>

#include <fmt/format.h>

namespace resolute::sim {
namespace {

std::unexpected<Error> gone() { return fail("store.unavailable", ErrorKind::unavailable, "the program that asks is dead"); }
std::unexpected<Error> unavailable() { return fail("store.unavailable", ErrorKind::unavailable, "the simulated database is away"); }
std::unexpected<Error> disk_full() { return fail("store.disk_full", ErrorKind::exhausted, "the simulated disk is full"); }
std::unexpected<Error> unknown() {
    return fail("store.commit_unknown", ErrorKind::unavailable, "the connection broke at COMMIT", EffectState::unknown);
}

bool is_mail(const Witness& witness, const EffectId& id) {
    const auto planned = witness.planned.find(id);
    return planned != witness.planned.end() && engine::is_remembered(planned->second.effect_class);
}

}  // namespace

// --- Witness --------------------------------------------------------------------------------------------------------------------

void Witness::committed(const engine::Lease& lease, const engine::CaseCommit& commit) {
    auto& journal = journals[commit.case_id];
    journal.insert(journal.end(), commit.rows.begin(), commit.rows.end());
    for (const engine::EffectRecord& record : commit.new_effects) {
        intentions.emplace(record.effect.id, record.effect.payload_hash);
        planned.insert_or_assign(record.effect.id, Planned{commit.case_id, record.effect.tool, record.effect.payload_hash,
                                                           record.effect.effect_class, world_.clock.true_now()});
    }
    if (on_task)
        for (const casework::Task& task : commit.tasks) on_task(commit.case_id, task);
    for (const casework::Task& task : commit.tasks)
        if (task.kind == procedure::TaskKind::approve && task.state == casework::TaskState::approved) approved[commit.case_id].insert(task.id);
    if (commit.claim) claims[commit.case_id] = *commit.claim;
    ++commits;
    last_commit = world_.clock.true_now();
    if (lease.epoch < fenced.size() && fenced[lease.epoch])
        world_.breach("9 one epoch writes", fmt::format("the fenced epoch {} wrote", lease.epoch), commit.case_id);
}

void Witness::look_at_workers(engine::Store& real) {
    const auto workers = real.workers();
    if (!workers) return;
    for (const engine::Worker& worker : *workers) {
        if (worker.epoch >= fenced.size()) fenced.resize(worker.epoch + 1);
        if (worker.is_fenced) fenced[worker.epoch] = true;
    }
}

void Witness::went_back(engine::Store& real) {
    for (auto journal = journals.begin(); journal != journals.end();) {
        const auto rows = real.journal(journal->first);
        if (!rows || rows->empty()) {
            claims.erase(journal->first);
            approved.erase(journal->first);
            journal = journals.erase(journal);
            continue;
        }
        journal->second = *rows;
        ++journal;
    }
    fenced.clear();
    look_at_workers(real);
}

// --- SimStore -------------------------------------------------------------------------------------------------------------------

template <class R, class Body>
R SimStore::simple(Site site, Body body) {
    if (world_.is_dead(worker_)) return gone();
    const Fault fault = world_.draw(site);
    if (fault == Fault::crash_before) {
        world_.die(worker_);
        return gone();
    }
    if (fault == Fault::unavailable) return unavailable();
    if (fault == Fault::busy) return disk_full();
    if (fault == Fault::paused_before) world_.stand_still(worker_, world_.random.between(std::chrono::seconds(5), std::chrono::minutes(30)));
    R result = body();
    if (fault == Fault::crash_after) {
        world_.die(worker_);
        return gone();
    }
    if (fault == Fault::paused_after) world_.stand_still(worker_, world_.random.between(std::chrono::seconds(5), std::chrono::minutes(30)));
    return result;
}

Site SimStore::site_of(const engine::CaseCommit& commit) const {
    if (commit.input || commit.expected_version == 0) return commit.expected_version == 0 ? Site::commit_open : Site::commit_signal;
    for (const engine::EffectUpdate& update : commit.effect_updates)
        return is_mail(witness_, update.id) ? Site::commit_mail_end : Site::commit_settle;
    return Site::commit_wake;
}

Result<engine::Committed> SimStore::apply(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    auto committed = inner_.commit(lease, commits);
    if (!committed) {
        world_.coverage.note(committed.error().code);
        return committed;
    }
    witness_.writes[lease.epoch] = committed->writes;
    for (std::size_t i = 0; i < commits.size() && i < committed->results.size(); ++i) {
        if (committed->results[i])
            witness_.committed(lease, commits[i]);
        else
            world_.coverage.note(committed->results[i].error().code);
    }
    return committed;
}

Result<engine::Committed> SimStore::commit(const engine::Lease& lease, const std::vector<engine::CaseCommit>& commits) {
    if (world_.is_dead(worker_)) return gone();
    world_.steps += commits.size();
    const Fault fault = world_.draw(commits.empty() ? Site::commit_wake : site_of(commits.front()));
    const auto pause = [&] { world_.stand_still(worker_, world_.random.between(std::chrono::seconds(5), std::chrono::minutes(30))); };
    switch (fault) {
        case Fault::crash_before: world_.die(worker_); return gone();
        case Fault::unavailable: return unavailable();
        case Fault::busy: return disk_full();
        case Fault::lost_request: world_.coverage.note("store.commit_unknown"); return unknown();
        case Fault::paused_before: pause(); break;
        default: break;
    }
    auto committed = apply(lease, commits);
    if (fault == Fault::crash_after) {
        world_.die(worker_);
        return gone();
    }
    if (fault == Fault::lost_reply) {
        world_.coverage.note("store.commit_unknown");
        return unknown();
    }
    if (fault == Fault::paused_after) pause();
    return committed;
}

// The database has a clock of its own, which does not jump: leases go by it.
Result<engine::Lease> SimStore::acquire(std::string owner, Instant, int journal_format) {
    return simple<Result<engine::Lease>>(Site::load, [&] {
        auto lease = inner_.acquire(std::move(owner), world_.clock.true_now(), journal_format);
        witness_.look_at_workers(real_);
        return lease;
    });
}
Result<engine::Renewal> SimStore::renew(const engine::Lease& lease, Instant) {
    return simple<Result<engine::Renewal>>(Site::load, [&] {
        auto renewal = inner_.renew(lease, world_.clock.true_now());
        if (!renewal) world_.coverage.note(renewal.error().code);
        return renewal;
    });
}
Result<std::size_t> SimStore::take_over(const engine::Lease& lease, Instant) {
    return simple<Result<std::size_t>>(Site::claim, [&] {
        auto taken = inner_.take_over(lease, world_.clock.true_now());
        witness_.look_at_workers(real_);
        if (taken && *taken > 0) world_.coverage.note("taken over");
        return taken;
    });
}
Status SimStore::release(const engine::Lease& lease, const std::vector<EffectId>& not_started, Instant now) {
    if (world_.is_dead(worker_)) return gone();
    return inner_.release(lease, not_started, now);
}
Result<std::vector<engine::Worker>> SimStore::workers() {
    return simple<Result<std::vector<engine::Worker>>>(Site::load, [&] { return inner_.workers(); });
}
Result<std::string> SimStore::store_id() {
    return simple<Result<std::string>>(Site::load, [&] { return inner_.store_id(); });
}
Result<std::optional<engine::LoadedCase>> SimStore::load(const CaseId& id) {
    return simple<Result<std::optional<engine::LoadedCase>>>(Site::load, [&] { return inner_.load(id); });
}
Result<std::vector<engine::JournalRow>> SimStore::journal(const CaseId& id) {
    return simple<Result<std::vector<engine::JournalRow>>>(Site::load, [&] { return inner_.journal(id); });
}
Result<std::vector<CaseId>> SimStore::claim_cases(const engine::Lease& lease, Instant now, std::size_t limit, Duration hold) {
    return simple<Result<std::vector<CaseId>>>(Site::claim, [&] { return inner_.claim_cases(lease, now, limit, hold); });
}
Result<std::vector<engine::EffectRecord>> SimStore::claim_effects(const engine::Lease& lease, Instant now, std::size_t limit,
                                                                  bool suspects_only) {
    return simple<Result<std::vector<engine::EffectRecord>>>(Site::claim, [&] {
        auto claimed = inner_.claim_effects(lease, now, limit, suspects_only);
        if (claimed) world_.steps += claimed->size();
        return claimed;
    });
}
Result<std::vector<engine::EffectRecord>> SimStore::claimed_effects(const engine::Lease& lease) {
    return simple<Result<std::vector<engine::EffectRecord>>>(Site::load, [&] { return inner_.claimed_effects(lease); });
}
Result<std::optional<Instant>> SimStore::next_wake() {
    if (world_.is_dead(worker_)) return gone();
    return inner_.next_wake();
}
Result<std::optional<engine::KnownInput>> SimStore::find_input(const InputId& id) {
    return simple<Result<std::optional<engine::KnownInput>>>(Site::load, [&] {
        auto known = inner_.find_input(id);
        if (known && *known) world_.coverage.note("input known");
        return known;
    });
}
Result<std::optional<engine::EffectRecord>> SimStore::find_effect(const EffectId& id) {
    return simple<Result<std::optional<engine::EffectRecord>>>(Site::load, [&] { return inner_.find_effect(id); });
}
Status SimStore::keep_procedure(const std::string& content_hash, const std::string& document, const std::optional<Money>& refund_limit) {
    return simple<Status>(Site::load, [&] { return inner_.keep_procedure(content_hash, document, refund_limit); });
}
Result<std::optional<std::string>> SimStore::load_procedure(const std::string& content_hash) {
    return simple<Result<std::optional<std::string>>>(Site::load, [&] { return inner_.load_procedure(content_hash); });
}
Result<engine::SubjectRow> SimStore::keep_subject(const std::string& blind_name, const std::string& wrapped_key) {
    return simple<Result<engine::SubjectRow>>(Site::load, [&] { return inner_.keep_subject(blind_name, wrapped_key); });
}
Result<std::optional<engine::SubjectRow>> SimStore::find_subject(const std::string& id) {
    return simple<Result<std::optional<engine::SubjectRow>>>(Site::load, [&] { return inner_.find_subject(id); });
}
Status SimStore::end_subject(const std::string& id, bool destroy) {
    if (world_.is_dead(worker_)) return gone();
    return inner_.end_subject(id, destroy);
}
Result<std::optional<engine::Freeze>> SimStore::last_freeze() {
    return simple<Result<std::optional<engine::Freeze>>>(Site::load, [&] { return inner_.last_freeze(); });
}
Status SimStore::freeze(const std::string& why, const std::string& by, Instant now) {
    return simple<Status>(Site::load, [&] {
        world_.coverage.note("frozen");
        return inner_.freeze(why, by, now);
    });
}
Status SimStore::release_freeze(const std::string& by, Instant now, Instant look_first_until) {
    if (world_.is_dead(worker_)) return gone();
    return inner_.release_freeze(by, now, look_first_until);
}

// --- SimIntakeStore ---------------------------------------------------------------------------------------------------------------

template <class R, class Body>
R SimIntakeStore::struck(Site site, Body body) {
    if (world_.is_dead(worker_)) return gone();
    const Fault fault = world_.draw(site);
    if (fault == Fault::crash_before) {
        world_.die(worker_);
        return gone();
    }
    if (fault == Fault::unavailable) return unavailable();
    if (fault == Fault::busy) return disk_full();
    R result = body();
    if (fault == Fault::crash_after) {
        world_.die(worker_);
        return gone();
    }
    return result;
}

Result<std::vector<bool>> SimIntakeStore::keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& original_sizes) {
    return struck<Result<std::vector<bool>>>(Site::intake_keep, [&] { return inner_.keep(mails, original_sizes); });
}
Result<std::vector<ports::MailRecord>> SimIntakeStore::claim_pending(Instant now, std::size_t limit, Duration hold) {
    return struck<Result<std::vector<ports::MailRecord>>>(Site::intake_read, [&] { return inner_.claim_pending(now, limit, hold); });
}
Result<std::vector<ports::MailRecord>> SimIntakeStore::claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) {
    return struck<Result<std::vector<ports::MailRecord>>>(Site::intake_read, [&] { return inner_.claim_mails(ids, now, hold); });
}
Result<int> SimIntakeStore::count_attempt(const MailId& id) {
    return struck<Result<int>>(Site::intake_count, [&] { return inner_.count_attempt(id); });
}
Result<std::optional<ports::MailRecord>> SimIntakeStore::hold_content(const MailId& id, const std::string& key) {
    return struck<Result<std::optional<ports::MailRecord>>>(Site::intake_count, [&] { return inner_.hold_content(id, key); });
}
Status SimIntakeStore::conclude(const ports::MailRecord& record) {
    return struck<Status>(Site::intake_conclude, [&] {
        Status concluded = inner_.conclude(record);
        if (concluded && record.reason.starts_with("mail.duplicate")) world_.coverage.note("mail refused as duplicate");
        if (concluded && record.outcome == ports::MailOutcome::ignored && !record.reason.starts_with("mail.duplicate"))
            world_.coverage.note("automatic mail ignored");
        return concluded;
    });
}
Result<std::optional<ports::MailRecord>> SimIntakeStore::find(const MailId& id) {
    return struck<Result<std::optional<ports::MailRecord>>>(Site::intake_read, [&] { return inner_.find(id); });
}

}  // namespace resolute::sim
