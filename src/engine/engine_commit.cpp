// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "engine/engine.h"
#include "engine/slot.h"

/// Advances become durable here, many cases in one transaction, and only then their effects go.
namespace resolute::engine {
namespace {

constexpr int kTriesMax = 8;
constexpr std::size_t kReleasedMax = 32;
constexpr auto kLookEvery = std::chrono::milliseconds(50);

/// The store examined the advance itself and did not want it; deciding again would end the same way.
bool is_refusal(const Error& error) { return error.code == "gate.refund_unapproved" || error.code == "store.effect_known"; }

}  // namespace

void Engine::queue(Pending pending) {
    std::lock_guard lock(mutex_);
    if (queue_.empty()) queued_since_ = monotonic_seconds();
    queue_.push_back(std::move(pending));
    if (queue_.size() == 1 || queue_.size() == options_.commit_batch) queued_.notify_one();
}

/// True: another thread will commit what is queued, and this one has more to do first.
bool Engine::leaves_commit() const {
    {
        std::lock_guard lock(mutex_);
        if (!has_committer_ || queue_.size() >= options_.commit_batch) return false;
    }
    return dispatcher_.queued() > 0;
}

void Engine::commit_gathered() {
    std::unique_lock lock(mutex_);
    has_committer_ = true;
    while (!is_stopping_) {
        queued_.wait_for(lock, kLookEvery, [this] { return (!queue_.empty() && !is_committing_) || is_stopping_; });
        if (queue_.empty() || is_committing_) continue;
        if (queue_.size() < options_.commit_batch && dispatcher_.queued() > 0) {
            const std::chrono::duration<double> gather = options_.gather;
            const std::chrono::duration<double> left = gather - std::chrono::duration<double>(monotonic_seconds() - queued_since_);
            if (left.count() > 0) queued_.wait_for(lock, left, [this] { return queue_.size() >= options_.commit_batch || is_stopping_; });
        }
        lock.unlock();
        commit_once();
        lock.lock();
    }
    has_committer_ = false;
    lock.unlock();
    commit_queued();
}

void Engine::stop_waiting() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
        queued_.notify_all();
        claim_wanted_.notify_all();
    }
    dispatcher_.stop();
}

void Engine::commit_queued() {
    while (commit_once()) {
    }
}

/// Commits all that is queued, unless another thread is at it: that one comes back for what is queued meanwhile.
bool Engine::commit_once() {
    std::vector<Pending> batch;
    Lease lease;
    {
        std::lock_guard lock(mutex_);
        if (is_committing_ || queue_.empty()) return false;
        is_committing_ = true;
        lease = lease_;
        batch.reserve(std::min(queue_.size(), options_.commit_batch));  // They are large: let none move again.
        while (!queue_.empty() && batch.size() < options_.commit_batch) {
            batch.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
        queued_since_ = monotonic_seconds();
    }
    std::vector<CaseCommit> commits;
    commits.reserve(batch.size());
    std::vector<std::size_t> committed;  // Indices into the batch.
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (batch[i].epoch != lease.epoch) continue;  // Decided under a lease that was lost.
        commits.push_back(std::move(batch[i].commit));
        committed.push_back(i);
    }
    std::vector<Status> results(batch.size(), fail("store.fenced", ErrorKind::conflict, "the lease was lost before the commit"));
    if (!commits.empty()) {
        Result<Committed> done = store_.commit(lease, commits);
        if (done) note_writes(lease.epoch, done->writes);
        if (!done && done.error().code == "store.fenced" && lease.epoch == this->lease().epoch) is_fenced_ = true;
        // Whoever answers next may be a standby that was promoted.
        if (!done) vault_.forget_all();
        if (!done && done.error().code == "store.commit_unknown") may_have_strays_ = true;
        for (std::size_t i = 0; i < committed.size(); ++i) {
            batch[committed[i]].commit = std::move(commits[i]);
            results[committed[i]] = done ? std::move(done->results[i]) : Status(std::unexpected(done.error()));
        }
    }
    std::vector<EffectTicket> released;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        conclude(batch[i], std::move(results[i]), released);
        // The workers need not wait for the last of them.
        if (released.size() >= kReleasedMax || i + 1 == batch.size()) dispatcher_.offer(std::move(released));
    }
    std::lock_guard lock(mutex_);
    is_committing_ = false;
    if (!queue_.empty()) queued_.notify_one();
    return true;
}

void Engine::conclude(Pending& pending, Status status, std::vector<EffectTicket>& released) {
    Slot& slot = *pending.slot;
    Work& work = pending.work;
    note_store(status);
    if (status) {
        slot.state = std::move(pending.advance.state);
        slot.is_loaded = true;
        if (!pending.commit.rows.empty()) slot.head_hash = pending.commit.rows.back().hash;
        if (pending.commit.snapshot) slot.snapshot_version = pending.commit.version;
        if (pending.commit.summary) slot.summary = *std::move(pending.commit.summary);
        if (observer_) observer_(slot.state, pending.advance.happened);
        const auto* settled = std::get_if<Work::Settled>(&work.what);
        const auto* aside = std::get_if<Work::SetAside>(&work.what);
        if (settled != nullptr) let_go(settled->ticket);
        if (aside != nullptr) let_go(aside->ticket);
        if (aside != nullptr || (settled != nullptr && settled->ticket.crashes > 0)) let_next_suspect_come();
        release_effects(pending, time(), released);
        if (work.receipt != nullptr) work.receipt->set(Received{.case_id = slot.id, .version = pending.commit.version});
        return give_back(pending.slot);
    }
    slot.is_loaded = false;
    const Error& error = status.error();
    if (error.code == "store.input_known" && work.receipt != nullptr) {
        const auto* signalled = std::get_if<Work::Signalled>(&work.what);
        auto known = store_.find_input(signalled->input.value_or(InputId{}));
        const bool is_found = known && *known;
        work.receipt->set(Received{.case_id = is_found ? (*known)->case_id : slot.id, .was_known = true, .version = is_found ? (*known)->version : 0});
        return give_back(pending.slot);
    }
    if (error.code == "store.version_conflict" && work.tries < kTriesMax) return again(pending.slot, std::move(work));
    if (is_refusal(error) && !work.refused) {
        LOG(error, "the store refused an advance", kv("case", slot.id.value()), kv("error", error.code));
        work.refused = error;
        return again(pending.slot, std::move(work));
    }
    set_back(slot, std::move(work), error);
    give_back(pending.slot);
}

/// Somebody else was faster, or a person must be asked: the case is read and decided anew.
void Engine::again(const SlotPtr& slot, Work work) {
    ++work.tries;
    std::lock_guard lock(mutex_);
    slot->waiting.push_front(std::move(work));
    ready_.push_back(slot);
    dispatcher_.wake();
}

/// It could not be done now. A caller that waits hears so and comes again; what was done outside is kept until it can be stored.
void Engine::set_back(Slot& slot, Work work, Error error) {
    note_store(std::unexpected(error));
    if (work.receipt != nullptr) return work.receipt->set(std::unexpected(std::move(error)));
    if (std::holds_alternative<Work::Woken>(work.what)) return;  // Its wake comes again when nobody holds it any more.
    LOG(error, "result kept until it can be stored", kv("case", slot.id.value()), kv("error", error.code));
    work.tries = 0;
    if (auto* settled = std::get_if<Work::Settled>(&work.what)) settled->is_again = true;
    std::lock_guard lock(mutex_);
    unsettled_.emplace_back(slot.id, std::move(work));
}

/// After the commit, and only then: what it claimed may run, what it left to the store is due there.
void Engine::release_effects(Pending& pending, Instant now, std::vector<EffectTicket>& released) {
    CaseCommit& commit = pending.commit;
    note_due(commit.wake_at);
    for (const EffectUpdate& update : commit.effect_updates)
        if (update.status == EffectStatus::waiting || update.status == EffectStatus::unclear) note_due(update.next_at);
    for (std::size_t i = 0; i < commit.new_effects.size(); ++i) {
        if (commit.new_effects[i].status != EffectStatus::intended) {
            note_due(now);
            continue;
        }
        casework::Effect& effect = pending.advance.effects[i];
        EffectTicket ticket{.effect = std::move(effect), .attempt = 1, .crashes = 0, .is_lookup = false, .rank = commit.rank, .epoch = pending.epoch};
        {
            std::lock_guard lock(mutex_);
            in_hand_[ticket.effect.id] = Claim::of(ticket);
        }
        released.push_back(std::move(ticket));
    }
}

/// The store counts this lease's transactions too. Fewer than we know of: it went back in time under us.
void Engine::note_writes(std::uint64_t epoch, std::uint64_t writes) {
    std::uint64_t known = 0;
    {
        std::lock_guard lock(mutex_);
        if (epoch != lease_.epoch) return;  // This worker began anew while the reply was on its way.
        known = writes_;
        writes_ = writes;
    }
    if (writes > known) return;
    const Status frozen = freeze(fmt::format("the store knows {} writes of this worker, which made {}: it lost what was committed", writes - 1, known),
                                 options_.owner, time());
    note_store(frozen);
    is_fenced_ = true;  // Nothing that is in memory may be trusted: begin anew.
}

}  // namespace resolute::engine
