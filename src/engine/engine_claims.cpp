// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/log.h"
#include "engine/engine.h"
#include "engine/rows.h"
#include "engine/slot.h"

/// The lease, and what is claimed under it: due cases, retries, reconciliations, and what a lost reply hid.
namespace resolute::engine {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr Duration kRenewEvery = std::chrono::seconds(5);  ///< where the lease does not end by itself

}  // namespace

std::optional<std::string> find_step_back(const Anchor& anchor, const std::string& store_id, const std::vector<Worker>& workers) {
    if (anchor.store_id != store_id) return "this is another database than the one this worker wrote to last";
    const Worker* newest = nullptr;
    for (const Worker& worker : workers)
        if (worker.owner == anchor.owner && (newest == nullptr || worker.epoch > newest->epoch)) newest = &worker;
    if (newest == nullptr || newest->epoch < anchor.epoch)
        return fmt::format("the database does not know lease {} of this worker: it is older than what was done", anchor.epoch);
    if (newest->epoch == anchor.epoch && newest->writes < anchor.writes)
        return fmt::format("the database knows {} writes of this worker, which made {}: it is older than what was done", newest->writes, anchor.writes);
    return std::nullopt;
}

Status Engine::start(const std::optional<Anchor>& anchor) {
    std::lock_guard claiming(claim_mutex_);
    const Instant now = clock_.now();
    TRY(const std::string store_id, store_.store_id());
    {
        std::lock_guard lock(mutex_);
        store_id_ = store_id;
    }
    if (anchor) {
        TRY(const auto workers, store_.workers());
        if (const auto why = find_step_back(*anchor, store_id, workers)) TRY_STATUS(store_.freeze(*why, options_.owner, now));
    }
    return start_over(now);
}

Status Engine::finish() {
    std::lock_guard claiming(claim_mutex_);
    commit_queued();
    std::vector<EffectId> not_started;
    for (const EffectTicket& ticket : dispatcher_.clear())
        if (!ticket.only_looks()) not_started.push_back(ticket.effect.id);
    return store_.release(lease(), not_started, time());
}

/// A new lease. What is in memory was decided under the old one and is dropped; the store has what counts.
Status Engine::start_over(Instant now) {
    // A lease that ran out is still known. One that the store knows nothing of, or less than was done, was lost with what it did.
    if (const Anchor last = anchor(); last.epoch > 0) {
        TRY(const auto workers, store_.workers());
        if (const auto why = find_step_back(last, last.store_id, workers)) TRY_STATUS(freeze(*why, options_.owner, now));
    }
    const Duration since = clock_.monotonic();
    TRY(const Lease lease, store_.acquire(options_.owner, now, options_.journal_format));
    dispatcher_.clear();
    vault_.forget_all();
    {
        std::lock_guard lock(mutex_);
        lease_ = lease;
        writes_ = 0;
        in_hand_.clear();
        std::erase_if(slots_, [](const auto& entry) { return !entry.second->is_busy; });
        is_due_known_ = false;
        has_suspects_ = true;
        is_fenced_ = false;
    }
    suspect_in_flight_ = false;
    has_backlog_ = false;
    hold_lease(lease, since);
    TRY(const Renewal renewal, store_.renew(lease, now));
    learn(renewal, now, since);
    LOG(info, "engine started", kv("owner", lease.owner), kv("epoch", static_cast<std::int64_t>(lease.epoch)), kv("frozen", renewal.is_frozen));
    return {};
}

void Engine::hold_lease(const Lease& lease, Duration since) {
    const bool ends = lease.lasts > Duration::zero();
    // A fifth of it is for what cannot look at a clock any more.
    lease_ends_ = ends ? (since + lease.lasts * 4 / 5).count() : kNever;
    renew_at_ = since + (ends ? lease.lasts / 3 : kRenewEvery);
}

void Engine::learn(const Renewal& renewal, Instant now, Duration since) {
    const bool was_frozen = is_frozen_.exchange(renewal.is_frozen);
    if (!was_frozen && renewal.is_frozen) vault_.forget_all();
    if (was_frozen && !renewal.is_frozen) dispatcher_.look_first();
    clock_skew_ = (now - renewal.store_time).count();
    const Duration skew = now > renewal.store_time ? now - renewal.store_time : renewal.store_time - now;
    std::lock_guard lock(mutex_);
    look_first_until_ = renewal.look_first_until;
    if (lease_.lasts == Duration::zero()) return;
    store_time_.emplace(renewal.store_time, since);
    if (skew > options_.clock_skew_max)
        LOG(warning, "this machine's clock is off; the store's counts", kv("by", format_duration(skew)));
}

Instant Engine::time() const {
    std::lock_guard lock(mutex_);
    if (!store_time_) return clock_.now();
    return store_time_->first + (clock_.monotonic() - store_time_->second);
}

Status Engine::keep_lease(Instant now) {
    if (is_fenced_) return start_over(now);
    const Duration since = clock_.monotonic();
    if (const bool is_asked = renews_at_once_.exchange(false); since < renew_at_ && !is_asked) return {};
    const Lease held = lease();
    const Result<Renewal> renewal = store_.renew(held, now);
    if (!renewal && renewal.error().code == "store.fenced") return start_over(now);
    if (!renewal) {
        note_store(std::unexpected(renewal.error()));  // The lease holds for a while yet.
        return {};
    }
    // Whoever ends what waits here relies on this worker's knowing it when a lease is over; without that it is not lengthened.
    if (const Status dropped = drop_ended(held); !dropped) {
        note_store(dropped);
        return {};
    }
    hold_lease(held, since);
    learn(*renewal, now, since);
    vault_.renew();
    TRY(const std::size_t freed, store_.take_over(held, now));
    if (freed > 0) LOG(warning, "took over from a worker that ended", kv("effects", static_cast<std::int64_t>(freed)));
    return {};
}

Status Engine::freeze(const std::string& why, const std::string& by, Instant now) {
    LOG(error, "sending is frozen", kv("why", why));
    is_frozen_ = true;
    return store_.freeze(why, by, now);
}

Status Engine::release_freeze(const std::string& by, Instant now, Instant look_first_until) {
    std::lock_guard claiming(claim_mutex_);
    TRY_STATUS(store_.release_freeze(by, now, look_first_until));
    LOG(warning, "sending is released", kv("by", by));
    const Duration since = clock_.monotonic();
    TRY(const Renewal renewal, store_.renew(lease(), now));
    learn(renewal, now, since);
    std::lock_guard lock(mutex_);
    is_due_known_ = false;
    return {};
}

bool Engine::may_claim_now(procedure::EffectClass effect_class) const { return !is_frozen_ || !is_remembered(effect_class); }

/// While sending stands still too: it may be released already, and this worker has yet to hear of it. For the mails of a case that was opened
/// before the time for looking ended there is no such end: it may wait for a person for weeks, and what it says then may have gone out before.
bool Engine::must_look_first(procedure::EffectClass effect_class, Instant opened_at) const {
    if (effect_class != procedure::EffectClass::mails) return false;
    std::lock_guard lock(mutex_);
    return is_frozen_ || (look_first_until_ && opened_at < *look_first_until_);
}

Result<std::size_t> Engine::claim_due(Instant now) {
    std::lock_guard claiming(claim_mutex_);
    const Status kept = keep_lease(now);
    note_store(kept);
    if (!kept) return std::unexpected(kept.error());
    if (lease().lasts > Duration::zero()) now = time();
    if (may_have_strays_) TRY_STATUS(find_strays());
    std::size_t taken = try_unsettled();
    if (!options_.runs_effects) return taken;
    if (!has_waited_for_poll()) {
        std::lock_guard lock(mutex_);
        if (is_due_known_ && (!next_due_ || *next_due_ > now) && !has_suspects_) return taken;
    }
    const std::uint64_t noted = due_noted_;
    const Result<std::size_t> woken = wake_cases(now);
    note_store(woken ? Status{} : Status(std::unexpected(woken.error())));
    if (!woken) return std::unexpected(woken.error());
    TRY(const std::size_t claimed, claim_effects(now));
    taken += *woken + claimed;
    TRY(const auto next, store_.next_wake());
    std::lock_guard lock(mutex_);
    next_due_ = next;
    is_due_known_ = noted == due_noted_;  // Something became due while we asked: ask again.
    return taken;
}

/// Only now that its end is durable may another one run, here or elsewhere: one after the other they would cost a poll each.
void Engine::let_next_suspect_come() {
    suspect_in_flight_ = false;
    std::lock_guard lock(mutex_);
    has_suspects_ = true;
    is_claim_wanted_ = true;
    claim_wanted_.notify_all();
}

void Engine::wait_to_claim(Duration at_most) {
    std::unique_lock lock(mutex_);
    claim_wanted_.wait_for(lock, at_most, [this] { return is_claim_wanted_ || is_stopping_; });
    is_claim_wanted_ = false;
}

void Engine::look_at_once() {
    std::lock_guard lock(mutex_);
    polled_at_ = clock_.monotonic() - options_.poll_every;
    is_claim_wanted_ = true;
    claim_wanted_.notify_all();
}

/// Others make work too, and whether they tell is not certain.
bool Engine::has_waited_for_poll() {
    const Duration at = clock_.monotonic();
    std::lock_guard lock(mutex_);
    if (lease_.lasts == Duration::zero() || at - polled_at_ < options_.poll_every) return false;
    polled_at_ = at;
    return true;
}

/// Done outside, not yet stored: the result is kept until it is.
std::size_t Engine::try_unsettled() {
    std::vector<std::pair<CaseId, Work>> again;
    {
        std::lock_guard lock(mutex_);
        again.swap(unsettled_);
    }
    const std::size_t tried = again.size();
    for (auto& [id, work] : again) submit(id, std::move(work));
    commit_queued();
    const std::size_t left = unsettled();
    return tried > left ? tried - left : 0;
}

Result<std::size_t> Engine::wake_cases(Instant now) {
    TRY(const std::vector<CaseId> due, store_.claim_cases(lease(), now, options_.claim_batch, options_.wake_hold));
    for (const CaseId& id : due) submit(id, {.what = Work::Woken{}});
    commit_queued();
    return due.size();
}

Result<std::size_t> Engine::claim_effects(Instant now) {
    const std::size_t queued = dispatcher_.queued();
    if (queued >= options_.queue_max) return 0;
    const Lease held = lease();
    std::size_t taken = 0;
    const auto claim = [&](std::size_t limit, bool suspects_only) -> Result<std::size_t> {
        Result<std::vector<EffectRecord>> claimed = store_.claim_effects(held, now, limit, suspects_only);
        if (!claimed) {
            may_have_strays_ = true;  // The store may have handed out what never arrived.
            if (claimed.error().code == "store.fenced") is_fenced_ = true;
            return std::unexpected(claimed.error());
        }
        const std::size_t count = claimed->size();
        if (suspects_only) suspect_in_flight_ = count > 0;
        take_up(*std::move(claimed), held.epoch);
        return count;
    };
    // What ran while the program died is tried alone, so that a poison case is told from those that stood beside it.
    if (!suspect_in_flight_) {
        TRY(const std::size_t suspects, claim(1, true));
        taken += suspects;
    }
    {
        std::lock_guard lock(mutex_);
        has_suspects_ = suspect_in_flight_;
    }
    const std::size_t limit = std::min(options_.claim_batch, options_.queue_max - queued);
    TRY(const std::size_t claimed, claim(limit, false));
    if (claimed < limit) has_backlog_ = false;
    return taken + claimed;
}

void Engine::take_up(std::vector<EffectRecord> claimed, std::uint64_t epoch) {
    for (EffectRecord& record : claimed) {
        Result<std::string> payload = open_payload(vault_, record);
        EffectTicket ticket{.effect = std::move(record.effect), .attempt = record.attempt, .crashes = record.crashes,
                            .is_lookup = record.status == EffectStatus::reconciling, .rank = record.rank, .epoch = epoch};
        {
            std::lock_guard lock(mutex_);
            in_hand_[ticket.effect.id] = Claim::of(ticket);
        }
        const CaseId id = ticket.effect.case_id;
        if (!payload) {
            submit(id, {.what = Work::Settled{.ticket = std::move(ticket), .settlement = Settlement::from(payload.error())}});
        } else if (ticket.crashes >= options_.crashes_max) {
            suspect_in_flight_ = false;
            submit(id, {.what = Work::SetAside{.ticket = std::move(ticket)}});
        } else {
            ticket.effect.payload = *std::move(payload);
            dispatcher_.offer(std::move(ticket));
        }
    }
    commit_queued();
}

/// The store says what we hold; what we do not know of was never begun here, since its claim's reply was lost.
Status Engine::find_strays() {
    {
        std::lock_guard lock(mutex_);
        if (is_committing_) return {};  // Its effects are held and not yet known here; the next round looks.
        is_committing_ = true;
    }
    const Lease lease = this->lease();
    Result<std::vector<EffectRecord>> held = store_.claimed_effects(lease);
    {
        std::lock_guard lock(mutex_);
        is_committing_ = false;
        if (held)
            std::erase_if(*held, [this](const EffectRecord& record) {
                const auto known = in_hand_.find(record.effect.id);
                return known != in_hand_.end() && known->second == Claim{record.epoch, record.attempt, record.status == EffectStatus::reconciling};
            });
    }
    if (!held) return std::unexpected(held.error());
    may_have_strays_ = false;
    if (!held->empty()) LOG(warning, "took up claims whose reply was lost", kv("effects", static_cast<std::int64_t>(held->size())));
    take_up(*std::move(held), lease.epoch);
    return {};
}

/// What another worker ended while it waits here (it erased the person) is not begun: the store does not hold it for us any more.
Status Engine::drop_ended(const Lease& held) {
    if (held.lasts == Duration::zero() || dispatcher_.queued() == 0) return {};
    std::unordered_set<EffectId> gone;
    {
        std::lock_guard lock(mutex_);
        for (const auto& [id, claim] : in_hand_)
            if (claim.epoch == held.epoch) gone.insert(id);
    }
    TRY(const auto ours, store_.claimed_effects(held));
    for (const EffectRecord& record : ours) gone.erase(record.effect.id);
    for (const EffectTicket& ticket : dispatcher_.drop(gone)) {
        if (ticket.crashes > 0) suspect_in_flight_ = false;
        let_go(ticket);
    }
    return {};
}

Result<std::optional<Instant>> Engine::next_wake() {
    TRY(auto next, store_.next_wake());
    if (const auto probe = dispatcher_.next_probe(); probe && (!next || *probe < *next)) next = probe;
    return next;
}

void Engine::note_due(std::optional<Instant> at) {
    if (!at) return;
    std::lock_guard lock(mutex_);
    ++due_noted_;
    if (!next_due_ || *at < *next_due_) next_due_ = at;
}

}  // namespace resolute::engine
