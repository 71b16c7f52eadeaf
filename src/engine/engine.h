// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "casework/casework.h"
#include "engine/dispatcher.h"
#include "engine/effect_runner.h"
#include "engine/procedure_book.h"
#include "engine/store.h"
#include "engine/vault.h"

namespace resolute::engine {

struct Advance;
struct Happening;

struct Options {
    std::string owner = "resolute";
    bool runs_effects = true;             ///< false: signals are taken in, what they plan is left to other workers
    std::size_t queue_max = 4'096;        ///< effects claimed and waiting for a thread; above it claims stay in the store
    std::size_t claim_batch = 64;
    std::size_t commit_batch = 256;       ///< cases in one transaction
    Duration gather{5};                   ///< while workers have more to do, a step waits so long for others to share its commit: see commit_gathered
    int crashes_max = 3;                  ///< an effect that was running in so many crashes quarantines its case
    int snapshot_every = 64;              ///< events between snapshots of a case that does not sleep
    int journal_format = kJournalFormat;  ///< 1 while programs that know no other still work on the same store; nothing is sealed then
    Duration mail_quiet_period = std::chrono::minutes(10);  ///< before an unclear effect is looked up
    Duration other_quiet_period = std::chrono::minutes(2);
    Duration wake_hold = std::chrono::seconds(30);    ///< how long a due case is this worker's before another may take it
    Duration poll_every = std::chrono::milliseconds(250);  ///< in a shared store: others make work too
    Duration clock_skew_max = std::chrono::seconds(30);    ///< against the store's clock; beyond it people are told
    std::map<std::string, Bulkhead, std::less<>> bulkheads;  ///< by integration; others get the default
    const mail::ThreadTokens* tokens = nullptr;  ///< marks the mails that are planned; outlives the engine. Null: no marks
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

/// Where the store stood when this worker last wrote: kept outside of it, it tells whether the store went back in time.
struct Anchor {
    std::string store_id;
    std::string owner;
    std::uint64_t epoch = 0;
    std::uint64_t writes = 0;
};
/// Why the store is not where the anchor was, one sentence; nothing: it is. Pure.
std::optional<std::string> find_step_back(const Anchor& anchor, const std::string& store_id, const std::vector<Worker>& workers);

/// The durable machine. A case advances only here: load, evolve, decide, commit, then let the effects go. Any number of engines may
/// share a store (store.h: leases); each case's version and head decide who was first, and who was not looks again.
///
/// Threads: all but `start` and `observe…` may be called from any number of threads. No thread waits for a commit but `receive`'s own
/// caller: what is decided is queued, and whichever thread finds nobody committing commits all that is queued in one transaction.
/// Without threads (`run_once`) everything happens in the caller, which is how tests, the simulator and virtual time run.
class Engine {
public:
    /// All arguments outlive the engine.
    Engine(const Clock& clock, Store& store, EffectRunner& runner, ProcedureBook& procedures, Vault& vault, Options options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Takes the lease and takes up what a crash left behind. With an anchor that the store is behind of, the store is frozen first.
    Status start(const std::optional<Anchor>& anchor = std::nullopt);
    /// Gives the lease back; no call of this engine is running any more. What was claimed and not begun is free at once.
    Status finish();

    /// A signal for a case, durable when it returns. `input` makes it exactly-once: the same id again is `was_known`.
    Result<Received> receive(const CaseId& id, const casework::Signal& signal, const std::optional<InputId>& input = std::nullopt);

    /// Many signals at once, which share commits: whoever takes in much does not wait for one after the other.
    struct Arrival {
        CaseId case_id;
        casework::Signal signal;
        std::optional<InputId> input = std::nullopt;
    };
    std::vector<Result<Received>> receive_all(std::vector<Arrival> arrivals);

    /// What was done with this input, if it was taken.
    Result<std::optional<KnownInput>> find_input(const InputId& input) { return store_.find_input(input); }

    /// The state now, from memory or the store.
    Result<std::optional<casework::CaseState>> find_state(const CaseId& id);

    /// Keeps the lease, then claims what is due (timers, retries, reconciliations) into the queue. Returns how many things it took up.
    Result<std::size_t> claim_due(Instant now);
    /// Hints, for a store that others write to as well: the next claim_due looks, or renews the lease (which tells of a freeze), at once.
    void look_at_once();
    void renew_at_once() { renews_at_once_ = true; }
    /// Runs at most one queued effect and settles it. False: there was nothing to run.
    bool work_once();
    /// claim_due, then work_once until the queue is empty; for single-threaded use. Returns the number of things done.
    Result<std::size_t> run_once(Instant now);

    /// For worker threads: waits until there may be work, or `stop_waiting` was called.
    void wait_for_work(Duration at_most) { dispatcher_.wait(at_most); }
    void stop_waiting();
    /// For the thread that claims: waits until there may be more to claim at once, or `stop_waiting` was called.
    void wait_to_claim(Duration at_most);
    /// For one thread of its own, until stop_waiting: commits what the workers leave to it while more effects wait for them, so that
    /// many cases share a transaction. A worker with nothing else to do commits at once, as all do where there is no such thread.
    void commit_gathered();

    /// The last word on a case (CaseErased), durable when it returns: what it still wanted to do is refused (`case.erased`), and what
    /// is queued here is not begun. Known already: nothing changes. An effect that is running ends by itself: see is_running.
    Result<Received> erase(const CaseId& id, const std::string& by);
    /// An effect of this case is being carried out here.
    [[nodiscard]] bool is_running(const CaseId& id) const;

    /// Nothing leaves from now on, until release: here at once, in other workers with their next renewal.
    Status freeze(const std::string& why, const std::string& by, Instant now);
    /// `store.not_frozen`. Mails look whether they went out before they go, until then.
    Status release_freeze(const std::string& by, Instant now, Instant look_first_until);

    /// The earliest moment at which something becomes due by itself; nothing: never.
    Result<std::optional<Instant>> next_wake();
    /// Nothing queued, nothing running, nothing unsettled (due timers apart).
    [[nodiscard]] bool is_quiet() const;
    /// Effects that were done but whose result could not be stored yet (disk full); retried by claim_due.
    [[nodiscard]] std::size_t unsettled() const;
    /// The last store error, for people; empty when the last commit worked.
    [[nodiscard]] std::string store_problem() const;
    /// Nothing leaves: see Freeze.
    [[nodiscard]] bool is_frozen() const { return is_frozen_; }

    /// This machine's clock against the store's, as the last renewal saw it; positive: ahead.
    [[nodiscard]] Duration clock_skew() const { return Duration(clock_skew_.load()); }

    [[nodiscard]] Lease lease() const;
    [[nodiscard]] Anchor anchor() const;

    /// Called after each commit with the case's new state and the events committed; for probes and projections in tests and the
    /// demo's coverage. It observes, never steers. Set before the first use. Threads: the committing one, one call at a time.
    using Observer = std::function<void(const casework::CaseState&, const std::vector<casework::CaseEvent>&)>;
    void observe(Observer observer) { observer_ = std::move(observer); }
    /// Called when an integration's breaker opens or closes again.
    using OutageObserver = std::function<void(const std::string& integration, const std::optional<Error>& error, Instant at)>;
    void observe_outages(OutageObserver observer) { outage_observer_ = std::move(observer); }

private:
    class Receipt;
    struct Work;
    struct Slot;
    struct Pending;
    using SlotPtr = std::shared_ptr<Slot>;

    /// Which attempt or look-up of an effect: an earlier one that is still being settled is another.
    struct Claim {
        std::uint64_t epoch = 0;
        int attempt = 0;
        bool is_lookup = false;

        static Claim of(const EffectTicket& ticket) { return {ticket.epoch, ticket.attempt, ticket.is_lookup}; }
        friend bool operator==(const Claim&, const Claim&) = default;
    };

    // A case's turn (engine.cpp).
    void submit(const CaseId& id, Work work);
    void play(const SlotPtr& slot);
    std::optional<Pending> prepare(const SlotPtr& slot, Work& work);
    static bool opens_anew(const Work& work);
    Result<std::optional<Happening>> happening_for(const Slot& slot, const Work& work, Instant now);
    Result<std::shared_ptr<const procedure::Procedure>> procedure_for(const casework::CaseState& state);
    Result<std::optional<Pending>> decide(const SlotPtr& slot, Work& work, Happening happening, Instant now);
    void give_back(const SlotPtr& slot);
    SlotPtr take_ready();
    bool may_begin(const EffectTicket& ticket);
    Result<std::optional<Received>> send(const CaseId& id, casework::Signal signal, const std::optional<InputId>& input, Receipt& receipt);
    Result<Received> wait_for(Receipt& receipt);
    Result<Received> known_after_all(Result<Received> received, const std::optional<InputId>& input);

    // To and from the store's form (engine_rows.cpp).
    Status load(Slot& slot, bool is_new);
    Status write_rows(CaseCommit& commit, const Advance& advance);
    Status add_effects(CaseCommit& commit, const Advance& advance, Instant now);
    Status add_snapshot(CaseCommit& commit, const Advance& advance, std::uint64_t last_snapshot);

    // Commits (engine_commit.cpp).
    bool commit_once();
    void commit_queued();
    [[nodiscard]] bool leaves_commit() const;
    void queue(Pending pending);
    void conclude(Pending& pending, Status status, std::vector<EffectTicket>& released);
    void set_back(Slot& slot, Work work, Error error);
    void again(const SlotPtr& slot, Work work);
    void release_effects(Pending& pending, Instant now, std::vector<EffectTicket>& released);
    void note_writes(std::uint64_t epoch, std::uint64_t writes);

    // Claims and the lease (engine_claims.cpp).
    Status keep_lease(Instant now);
    Status start_over(Instant now);
    void hold_lease(const Lease& lease, Duration since);
    void learn(const Renewal& renewal, Instant now, Duration since);
    Status find_strays();
    Status drop_ended(const Lease& held);
    std::size_t try_unsettled();
    Result<std::size_t> wake_cases(Instant now);
    Result<std::size_t> claim_effects(Instant now);
    void take_up(std::vector<EffectRecord> claimed, std::uint64_t epoch);
    bool has_waited_for_poll();
    /// The moment now. In a shared store its clock counts, carried on by the monotonic one: a worker's wall clock may jump.
    [[nodiscard]] Instant time() const;
    Result<bool> is_settled(const EffectTicket& ticket);
    void let_go(const EffectTicket& ticket);
    void let_next_suspect_come();
    void note_due(std::optional<Instant> at);
    void note_store(const Status& status);
    [[nodiscard]] bool may_claim_now(procedure::EffectClass effect_class) const;
    [[nodiscard]] bool must_look_first(procedure::EffectClass effect_class, Instant opened_at) const;

    const Clock& clock_;
    Store& store_;
    EffectRunner& runner_;
    ProcedureBook& procedures_;
    Vault& vault_;
    const Options options_;
    Dispatcher dispatcher_;
    Observer observer_;
    OutageObserver outage_observer_;

    mutable std::mutex mutex_;  // Guards the members below; never held during I/O.
    Lease lease_;
    std::string store_id_;
    std::unordered_map<CaseId, SlotPtr> slots_;
    std::deque<SlotPtr> ready_;    // Busy slots whose next work nobody plays yet.
    std::deque<Pending> queue_;    // Decided, to be committed.
    bool is_committing_ = false;
    bool has_committer_ = false;   // A thread is in commit_gathered.
    bool is_stopping_ = false;
    double queued_since_ = 0;      // The oldest in the queue, by monotonic_seconds.
    std::condition_variable queued_;
    std::vector<std::pair<CaseId, Work>> unsettled_;
    std::unordered_map<EffectId, Claim> in_hand_;  // Claimed and known here: queued, running or being settled.
    std::unordered_set<CaseId> erased_;     // By this engine: what waits of them is not begun any more.
    std::unordered_map<CaseId, int> running_cases_;
    std::uint64_t writes_ = 0;  // Of this lease, as far as confirmed.
    std::optional<Instant> next_due_;  // A hint that spares polling; a missed one costs a poll, never a wake.
    bool is_due_known_ = false;
    Duration polled_at_{};
    bool has_suspects_ = true;
    bool is_claim_wanted_ = false;  // By wait_to_claim.
    std::condition_variable claim_wanted_;
    std::string store_problem_;
    std::optional<Instant> look_first_until_;
    std::optional<std::pair<Instant, Duration>> store_time_;  // And when, by the monotonic clock, it was that.

    std::mutex claim_mutex_;  // One thread claims at a time; locked before mutex_.
    Duration renew_at_{};     // Guarded by it, by the monotonic clock.
    std::atomic<std::int64_t> lease_ends_{0};  // By the monotonic clock, in ms: calls end before it.
    std::atomic<std::uint64_t> due_noted_{0};  // Grows with every hint, so that claim_due sees one that came while it asked.
    std::atomic<int> running_{0};
    std::atomic<bool> suspect_in_flight_{false};
    std::atomic<bool> has_backlog_{false};  // Effects wait in the store for room in the queue.
    std::atomic<bool> is_fenced_{false};
    std::atomic<bool> renews_at_once_{false};
    std::atomic<bool> may_have_strays_{false};  // A reply was lost: the store may hold claims of ours that we do not know.
    std::atomic<bool> is_frozen_{false};
    std::atomic<std::int64_t> clock_skew_{0};  // In ms.
};

}  // namespace resolute::engine
