// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "casework/casework.h"
#include "engine/dispatcher.h"
#include "engine/effect_runner.h"
#include "engine/procedure_book.h"
#include "engine/store.h"

namespace resolute::engine {

struct Options {
    std::string owner = "resolute";
    std::size_t queue_max = 4'096;        ///< effects claimed and waiting for a thread; above it claims stay in the store
    std::size_t claim_batch = 64;
    int crashes_max = 3;                  ///< an effect that was running in so many crashes quarantines its case
    int snapshot_every = 64;              ///< events between snapshots of a case that does not sleep
    Duration mail_quiet_period = std::chrono::minutes(10);  ///< before an unclear effect is looked up
    Duration other_quiet_period = std::chrono::minutes(2);
    std::map<std::string, Bulkhead, std::less<>> bulkheads;  ///< by integration; others get the default
};

/// What `receive` did.
struct Received {
    CaseId case_id;
    bool was_known = false;  ///< this input had been taken before; nothing happened now
    std::uint64_t version = 0;
};

/// How urgent a case is: the moment it began to wait, moved back by a head start for VIPs and high priority. Smaller goes first;
/// since the head start is finite, whoever waits longer than it overtakes: nothing starves.
std::int64_t rank_of(const casework::CaseState& state, Instant waiting_since);

/// Whether the same call may end otherwise later. Pure.
bool may_help(ErrorKind kind);

/// When and whether to try again: exponential backoff with jitter drawn from the effect's id, by kind of error. Pure.
std::optional<Instant> retry_at(const casework::Effect& effect, int attempt, const Error& error, Instant now);

/// The durable machine. A case advances only here: load, evolve, decide, commit, then let the effects go.
///
/// Threads: `receive`, `work_once` and `settle` may be called from any number of threads; one case has one turn at a time.
/// Without threads (`run_once`) everything happens in the caller, which is how tests, the simulator and virtual time run.
class Engine {
public:
    Engine(const Clock& clock, Store& store, EffectRunner& runner, ProcedureBook& procedures, Options options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Takes the lease (fencing every earlier owner) and takes up what a crash left behind.
    Status start();

    /// A signal for a case, durable when it returns. `input` makes it exactly-once: the same id again is `was_known`.
    Result<Received> receive(const CaseId& id, const casework::Signal& signal, const std::optional<InputId>& input = std::nullopt);

    /// What was done with this input, if it was taken.
    Result<std::optional<KnownInput>> find_input(const InputId& input) { return store_.find_input(input); }

    /// The state now, from memory or the store.
    Result<std::optional<casework::CaseState>> find_state(const CaseId& id);

    /// Claims what is due (timers, retries, reconciliations) into the queue. Returns how many things it took up.
    Result<std::size_t> claim_due(Instant now);
    /// Runs at most one queued effect and settles it. False: there was nothing to run.
    bool work_once();
    /// claim_due, then work_once until the queue is empty; for single-threaded use. Returns the number of things done.
    Result<std::size_t> run_once(Instant now);

    /// For worker threads: waits until there may be work, or `stop_waiting` was called.
    void wait_for_work(Duration at_most) { dispatcher_.wait(at_most); }
    void stop_waiting() { dispatcher_.stop(); }

    /// The earliest moment at which something becomes due by itself; nothing: never.
    Result<std::optional<Instant>> next_wake();
    /// Nothing queued, nothing running, nothing unsettled (due timers apart).
    [[nodiscard]] bool is_quiet() const;
    /// Effects that were done but whose result could not be stored yet (disk full); retried by claim_due.
    [[nodiscard]] std::size_t unsettled() const;
    /// The last store error, for people; empty when the last commit worked.
    [[nodiscard]] std::string store_problem() const;

    [[nodiscard]] const Lease& lease() const { return lease_; }

    /// Called after each commit with the case's new state and the events committed; for probes and projections in tests and the
    /// demo's coverage. It observes, never steers. Set before the first use.
    using Observer = std::function<void(const casework::CaseState&, const std::vector<casework::CaseEvent>&)>;
    void observe(Observer observer) { observer_ = std::move(observer); }
    /// Called when an integration's breaker opens or closes again.
    using OutageObserver = std::function<void(const std::string& integration, const std::optional<Error>& error, Instant at)>;
    void observe_outages(OutageObserver observer) { outage_observer_ = std::move(observer); }

private:
    struct Slot;
    struct Turn;
    std::shared_ptr<Slot> slot_for(const CaseId& id);
    void release(const std::shared_ptr<Slot>& slot);
    Status load(Slot& slot);
    Status advance(Slot& slot, std::vector<casework::EventBody> events, std::vector<EffectUpdate> updates,
                   const std::optional<InputId>& input, Instant now);
    void release_effects(CaseCommit& commit, Instant now);
    Status settle(const EffectTicket& ticket, const Settlement& settlement, Instant now);
    Status wake(const CaseId& id, Instant now);
    Status quarantine(const EffectTicket& ticket, Instant now);
    [[nodiscard]] bool is_poison(const EffectTicket& ticket) const;
    void take_up(std::vector<EffectRecord> claimed, Instant now);
    void note_due(std::optional<Instant> at);
    void note_store(const Status& status);

    const Clock& clock_;
    Store& store_;
    EffectRunner& runner_;
    ProcedureBook& procedures_;
    const Options options_;
    Lease lease_;
    Dispatcher dispatcher_;
    Observer observer_;
    OutageObserver outage_observer_;

    mutable std::mutex mutex_;  // Guards the members below; never held during I/O.
    std::unordered_map<CaseId, std::shared_ptr<Slot>> slots_;
    std::vector<std::pair<EffectTicket, Settlement>> unsettled_;
    std::optional<Instant> next_due_;  // A hint that spares polling; a missed one costs a poll, never a wake.
    bool is_due_known_ = false;
    std::atomic<std::uint64_t> due_noted_{0};  // Grows with every hint, so that claim_due sees one that came while it asked.
    bool has_suspects_ = true;
    std::string store_problem_;
    std::atomic<int> running_{0};
    std::atomic<bool> suspect_in_flight_{false};
    std::atomic<bool> has_backlog_{false};  // Effects wait in the store for room in the queue.
};

}  // namespace resolute::engine
