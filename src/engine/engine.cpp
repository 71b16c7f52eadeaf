// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/invariant.h"
#include "base/log.h"
#include "engine/slot.h"

namespace resolute::engine {
namespace {

using casework::CaseState;

constexpr Duration kHelpEvery = std::chrono::milliseconds(5);

/// Nothing will happen to it by itself any more.
bool is_over(const CaseState& state) {
    return state.phase == casework::Phase::closed && state.effects.empty() && state.timers.empty();
}

Lifecycle lifecycle_of(const CaseState& state) {
    if (state.is_quarantined) return Lifecycle::quarantined;
    return is_over(state) ? Lifecycle::closed : Lifecycle::active;
}

bool is_reachable(const Settlement& settlement) {
    using Kind = Settlement::Kind;
    if (settlement.kind == Kind::succeeded || settlement.kind == Kind::refused || settlement.kind == Kind::absent) return true;
    // Our own mistakes and brakes say nothing about the other side.
    return settlement.is_own_hold || settlement.error.kind == ErrorKind::invalid || settlement.error.kind == ErrorKind::not_found;
}

}  // namespace

Engine::Engine(const Clock& clock, Store& store, EffectRunner& runner, ProcedureBook& procedures, Vault& vault, Options options)
    : clock_(clock),
      store_(store),
      runner_(runner),
      procedures_(procedures),
      vault_(vault),
      options_(std::move(options)),
      dispatcher_(options_.queue_max, options_.bulkheads) {}

Engine::~Engine() = default;

// A case's turn -----------------------------------------------------------------------------------------------------

void Engine::submit(const CaseId& id, Work work) {
    SlotPtr slot;
    {
        std::lock_guard lock(mutex_);
        SlotPtr& found = slots_[id];
        if (!found) found = std::make_shared<Slot>(id);
        found->waiting.push_back(std::move(work));
        if (found->is_busy) return;  // Whoever is busy with the case comes to it.
        found->is_busy = true;
        slot = found;
    }
    play(slot);
}

/// Goes through what waits for the case, until an advance must become durable first.
void Engine::play(const SlotPtr& slot) {
    while (true) {
        std::optional<Work> work;
        {
            std::lock_guard lock(mutex_);
            if (slot->waiting.empty()) break;
            work = std::move(slot->waiting.front());
            slot->waiting.pop_front();
        }
        if (std::optional<Pending> pending = prepare(slot, *work)) {
            queue(*std::move(pending));
            return;
        }
    }
    give_back(slot);
}

/// The case is nobody's now, or the next one's to play.
void Engine::give_back(const SlotPtr& slot) {
    std::lock_guard lock(mutex_);
    if (!slot->waiting.empty()) {
        ready_.push_back(slot);
        dispatcher_.wake();
        return;
    }
    slot->is_busy = false;
    // A sleeping case is rows, not memory: only cases with effects in flight stay.
    if (!slot->is_loaded || !has_effect_in_flight(slot->state)) slots_.erase(slot->id);
}

/// Nearly always there is no such case yet, so nobody looks first: where there is one the commit is refused, and then it is read.
bool Engine::opens_anew(const Work& work) {
    const auto* signalled = std::get_if<Work::Signalled>(&work.what);
    return signalled != nullptr && work.tries == 0 && std::holds_alternative<casework::CaseOpened>(signalled->signal);
}

/// Nothing: the work changed nothing, or failed; it is answered for.
std::optional<Engine::Pending> Engine::prepare(const SlotPtr& slot, Work& work) {
    const Instant now = time();
    const bool is_shared = lease().lasts > Duration::zero();
    // Somebody asks how the case stands: in a shared store others may have gone on with it.
    if (std::holds_alternative<Work::Looked>(work.what) && is_shared) slot->is_loaded = false;
    const auto attempt = [&]() -> Result<std::optional<Pending>> {
        TRY_STATUS(load(*slot, opens_anew(work)));
        TRY(auto happening, happening_for(*slot, work, now));
        if (!happening) return std::optional<Pending>{};
        return decide(slot, work, *std::move(happening), now);
    };
    const bool is_from_memory = slot->is_loaded;
    Result<std::optional<Pending>> pending = attempt();
    // What memory would do is put to the proof by its commit. That there is nothing to do, or that it cannot be done, is asked of the
    // store: others may have gone on with the case, and a store that went back knows less of it than memory does.
    if (is_shared && is_from_memory && (!pending || !*pending)) {
        slot->is_loaded = false;
        pending = attempt();
    }
    if (!pending) {
        set_back(*slot, std::move(work), std::move(pending.error()));
        return std::nullopt;
    }
    if (*pending) return std::move(*pending);
    if (const auto* settled = std::get_if<Work::Settled>(&work.what)) let_go(settled->ticket);
    if (work.receipt != nullptr) {
        if (std::holds_alternative<Work::Looked>(work.what) && slot->state.version != 0) work.receipt->state = slot->state;
        work.receipt->set(Received{.case_id = slot->id, .version = slot->state.version});
    }
    return std::nullopt;
}

Result<std::shared_ptr<const procedure::Procedure>> Engine::procedure_for(const CaseState& state) {
    std::shared_ptr<const procedure::Procedure> current = procedures_.current();
    INVARIANT(current != nullptr, "an engine that works has a procedure");
    if (state.version == 0 || state.procedure_hash == current->content_hash) return current;
    return procedures_.find(state.procedure_hash);
}

Result<std::optional<Happening>> Engine::happening_for(const Slot& slot, const Work& work, Instant now) {
    const CaseState& state = slot.state;
    if (const auto* signalled = std::get_if<Work::Signalled>(&work.what)) {
        TRY(const auto procedure, procedure_for(state));
        TRY(auto events, casework::admit(state, *procedure, signalled->signal, now));
        return Happening{.events = std::move(events), .updates = {}};
    }
    if (const auto* settled = std::get_if<Work::Settled>(&work.what)) {
        if (!state.effects.contains(settled->ticket.effect.id)) return std::optional<Happening>{};  // Settled before: a late answer changes nothing.
        // Claimed under a lease that was lost: somebody else may be busy with it. That it was done is worth knowing all the same.
        if (settled->ticket.epoch != lease().epoch && settled->settlement.kind != Settlement::Kind::succeeded) return std::optional<Happening>{};
        if (settled->is_again) {
            TRY(const bool is_done, is_settled(settled->ticket));
            if (is_done) return std::optional<Happening>{};
        }
        return happening_of(settled->ticket, settled->settlement,
                            {.mail_quiet_period = options_.mail_quiet_period, .other_quiet_period = options_.other_quiet_period}, now);
    }
    if (const auto* aside = std::get_if<Work::SetAside>(&work.what)) {
        if (!state.effects.contains(aside->ticket.effect.id)) return std::optional<Happening>{};
        LOG(error, "case quarantined", kv("case", slot.id.value()), kv("tool", aside->ticket.effect.tool));
        return set_aside(state, aside->ticket, now);
    }
    if (const auto* erased = std::get_if<Work::Erased>(&work.what)) {
        if (state.version == 0) return fail("case.not_found", ErrorKind::not_found, fmt::format("there is no case {}", slot.id.value()));
        if (state.is_erased) return std::optional<Happening>{};
        return engine::erase(state, erased->by, now);
    }
    if (std::holds_alternative<Work::Woken>(work.what) && state.version != 0) return Happening{};
    return std::optional<Happening>{};
}

/// Whether an earlier commit of this result is there after all: then the row is not this attempt's any more.
Result<bool> Engine::is_settled(const EffectTicket& ticket) {
    if (ticket.epoch != lease().epoch) return false;  // A success of a lost lease: the state alone tells.
    TRY(const auto row, store_.find_effect(ticket.effect.id));
    if (!row) return true;
    const EffectStatus busy = ticket.is_lookup ? EffectStatus::reconciling : EffectStatus::intended;
    return row->status != busy || row->attempt != ticket.attempt || row->epoch != ticket.epoch;
}

void Engine::let_go(const EffectTicket& ticket) {
    std::lock_guard lock(mutex_);
    // The same effect may be in hand again: under a later lease, or since a lost reply hid that this one was settled.
    if (const auto held = in_hand_.find(ticket.effect.id); held != in_hand_.end() && held->second == Claim::of(ticket)) in_hand_.erase(held);
}

/// The heart: apply what happened, ask `decide` until it says nothing more, and make one commit of it.
Result<std::optional<Engine::Pending>> Engine::decide(const SlotPtr& slot, Work& work, Happening happening, Instant now) {
    const std::uint64_t version = slot->state.version;
    const casework::Claim claim = slot->state.claim;
    // Moved, not copied: a refused commit reads the case anew, which is rare, and a copy at each step would not be.
    Advance advance{.state = std::move(slot->state), .updates = std::move(happening.updates)};
    slot->is_loaded = false;
    advance.apply(std::move(happening.events), now);
    if (work.refused) {
        advance.give_up(*work.refused, now);
    } else if (!advance.state.is_erased) {
        TRY(const auto procedure, procedure_for(advance.state));
        advance.play(*procedure, now, options_.tokens);
    }
    if (advance.is_empty()) {
        slot->state = std::move(advance.state);
        slot->is_loaded = true;
        return std::optional<Pending>{};
    }
    CaseCommit commit;
    commit.case_id = slot->id;
    commit.expected_version = version;
    commit.expected_head = slot->head_hash;
    commit.version = advance.state.version;
    commit.procedure_hash = advance.state.procedure_hash;
    commit.data_subject = advance.state.data_subject;
    commit.lifecycle = lifecycle_of(advance.state);
    commit.wake_at = casework::next_wake(advance.state);
    commit.rank = rank_of(advance.state, now);
    if (const auto* signalled = std::get_if<Work::Signalled>(&work.what)) commit.input = signalled->input;
    commit.effect_updates = advance.updates;
    TRY_STATUS(write_rows(commit, advance));
    TRY_STATUS(add_effects(commit, advance, now));
    TRY_STATUS(add_snapshot(commit, advance, slot->snapshot_version));
    add_projections(commit, advance, slot->summary, claim);
    return Pending{.slot = slot, .work = std::move(work), .advance = std::move(advance), .commit = std::move(commit), .epoch = lease().epoch};
}

// In and out --------------------------------------------------------------------------------------------------------

Result<Received> Engine::receive(const CaseId& id, const casework::Signal& signal, const std::optional<InputId>& input) {
    std::vector<Arrival> one;
    one.push_back({.case_id = id, .signal = signal, .input = input});
    return std::move(receive_all(std::move(one)).front());
}

/// Between the first look and the case's turn the same input became durable: by another worker, or by a commit of ours whose reply
/// was lost. The case is there then, and rightly so.
Result<Received> Engine::known_after_all(Result<Received> received, const std::optional<InputId>& input) {
    if (received || received.error().code != "case.exists" || !input) return received;
    TRY(const auto known, store_.find_input(*input));
    if (!known) return received;
    return Received{.case_id = known->case_id, .was_known = true, .version = known->version};
}

std::vector<Result<Received>> Engine::receive_all(std::vector<Arrival> arrivals) {
    std::deque<Receipt> receipts(arrivals.size());
    std::vector<Result<std::optional<Received>>> early;
    early.reserve(arrivals.size());
    for (std::size_t i = 0; i < arrivals.size(); ++i)
        early.push_back(send(arrivals[i].case_id, std::move(arrivals[i].signal), arrivals[i].input, receipts[i]));
    std::vector<Result<Received>> all;
    all.reserve(arrivals.size());
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
        if (!early[i])
            all.emplace_back(std::unexpected(std::move(early[i]).error()));
        else if (*early[i])
            all.emplace_back(**std::move(early[i]));
        else
            all.push_back(known_after_all(wait_for(receipts[i]), arrivals[i].input));
        note_store(all.back() ? Status{} : Status(std::unexpected(all.back().error())));
    }
    return all;
}

/// On its way, the receipt will tell; or the answer is known already.
Result<std::optional<Received>> Engine::send(const CaseId& id, casework::Signal signal, const std::optional<InputId>& input, Receipt& receipt) {
    if (input) {
        TRY(const auto known, store_.find_input(*input));
        if (known) return Received{.case_id = known->case_id, .was_known = true, .version = known->version};
    }
    Work::Signalled signalled{.signal = std::move(signal), .input = input};
    if (auto* opened = std::get_if<casework::CaseOpened>(&signalled.signal); opened != nullptr && options_.journal_format > 1) {
        TRY(opened->data_subject, vault_.subject_of(opened->sender));
    }
    submit(id, {.what = std::move(signalled), .receipt = &receipt});
    return std::optional<Received>{};
}

/// A case whose next work nobody plays yet; nothing where there is none.
Engine::SlotPtr Engine::take_ready() {
    std::lock_guard lock(mutex_);
    if (ready_.empty()) return nullptr;
    SlotPtr slot = std::move(ready_.front());
    ready_.pop_front();
    return slot;
}

/// The caller helps until its own work is done: without other threads it does all of it.
Result<Received> Engine::wait_for(Receipt& receipt) {
    while (!receipt.wait(Duration::zero())) {
        const SlotPtr slot = take_ready();
        if (slot) play(slot);
        if ((!leaves_commit() && commit_once()) || slot) continue;
        receipt.wait(kHelpEvery);
    }
    if (!leaves_commit()) commit_queued();  // What came while this thread was committing is nobody's else.
    return receipt.take();
}

Result<std::optional<CaseState>> Engine::find_state(const CaseId& id) {
    Receipt receipt;
    submit(id, {.what = Work::Looked{}, .receipt = &receipt});
    TRY_STATUS(wait_for(receipt));
    return std::move(receipt.state);
}

Result<Received> Engine::erase(const CaseId& id, const std::string& by) {
    Receipt receipt;
    submit(id, {.what = Work::Erased{by}, .receipt = &receipt});
    Result<Received> received = wait_for(receipt);
    note_store(received ? Status{} : Status(std::unexpected(received.error())));
    if (!received) return received;
    std::lock_guard lock(mutex_);
    erased_.insert(id);
    return received;
}

bool Engine::is_running(const CaseId& id) const {
    std::lock_guard lock(mutex_);
    return running_cases_.contains(id);
}

/// False: its case was erased while it waited, and its row is gone with it.
bool Engine::may_begin(const EffectTicket& ticket) {
    {
        std::lock_guard lock(mutex_);
        if (!erased_.contains(ticket.effect.case_id)) {
            ++running_cases_[ticket.effect.case_id];
            return true;
        }
        in_hand_.erase(ticket.effect.id);
    }
    if (ticket.crashes > 0) suspect_in_flight_ = false;
    dispatcher_.finished(ticket.effect.integration, true, time());
    return false;
}

bool Engine::work_once() {
    if (const SlotPtr slot = take_ready()) {
        play(slot);
        if (!leaves_commit()) commit_queued();
        return true;
    }
    const Instant now = time();
    // Past its lease this worker begins nothing: somebody else may have taken over.
    if (clock_.monotonic().count() >= lease_ends_) return false;
    std::optional<EffectTicket> ticket = dispatcher_.take(now, is_frozen_);
    if (!ticket) return false;
    if (!may_begin(*ticket)) return true;
    ++running_;
    const Deadline deadline = Deadline::in(ticket->effect.timeout, clock_, lease_ends_);
    Settlement settlement = ticket->only_looks() ? runner_.look_up(*ticket, deadline) : runner_.run(*ticket, deadline);
    const Instant ended = time();
    const std::string integration = ticket->effect.integration;
    const Dispatcher::Change change = dispatcher_.finished(integration, is_reachable(settlement), ended);
    if (change != Dispatcher::Change::none && outage_observer_)
        outage_observer_(integration, change == Dispatcher::Change::opened ? std::optional(settlement.error) : std::nullopt, ended);
    if (ticket->crashes > 0) suspect_in_flight_ = false;  // Before its end is durable: see let_next_suspect_come.
    const CaseId id = ticket->effect.case_id;
    {
        std::lock_guard lock(mutex_);
        if (const auto running = running_cases_.find(id); --running->second == 0) running_cases_.erase(running);
    }
    submit(id, {.what = Work::Settled{.ticket = *std::move(ticket), .settlement = std::move(settlement)}});
    if (!leaves_commit()) commit_queued();
    --running_;
    return true;
}

Result<std::size_t> Engine::run_once(Instant now) {
    std::size_t done = 0;
    while (true) {
        TRY(const std::size_t claimed, claim_due(now));
        std::size_t worked = 0;
        while (work_once()) ++worked;
        done += claimed + worked;
        if (claimed + worked == 0 || unsettled() > 0) return done;
    }
}

// What others may know ----------------------------------------------------------------------------------------------

bool Engine::is_quiet() const {
    std::lock_guard lock(mutex_);
    return dispatcher_.queued() == 0 && running_ == 0 && unsettled_.empty() && queue_.empty() && ready_.empty() && !is_committing_;
}

std::size_t Engine::unsettled() const {
    std::lock_guard lock(mutex_);
    return unsettled_.size();
}

std::string Engine::store_problem() const {
    std::lock_guard lock(mutex_);
    return store_problem_;
}

Lease Engine::lease() const {
    std::lock_guard lock(mutex_);
    return lease_;
}

Anchor Engine::anchor() const {
    std::lock_guard lock(mutex_);
    return {.store_id = store_id_, .owner = lease_.owner, .epoch = lease_.epoch, .writes = writes_};
}

void Engine::note_store(const Status& status) {
    std::lock_guard lock(mutex_);
    if (status)
        store_problem_.clear();
    else if (status.error().code.starts_with("store."))
        store_problem_ = describe(status.error());
}

}  // namespace resolute::engine
