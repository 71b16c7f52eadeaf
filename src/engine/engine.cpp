// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/invariant.h"
#include "base/log.h"

namespace resolute::engine {
namespace {

using casework::CaseEvent;
using casework::CaseState;
using casework::EventBody;
using procedure::EffectClass;

/// More moves than any procedure needs between two waits; above it the procedure turns in a circle.
constexpr int kMovesMax = 2'000;

/// What a person's word, or a case event, means for the effect's row.
void add_updates_for(const EventBody& body, Instant now, std::vector<EffectUpdate>& updates) {
    if (const auto* decided = std::get_if<casework::EffectDecided>(&body))
        updates.push_back({.id = decided->effect, .status = decided->went_out ? EffectStatus::confirmed : EffectStatus::waiting,
                           .next_at = now, .last_error = {}});
}

bool has_effect_in_flight(const CaseState& state) {
    return std::any_of(state.effects.begin(), state.effects.end(),
                       [](const auto& effect) { return effect.second.state == casework::OpenEffect::State::intended; });
}

bool may_be_repeated(EffectClass effect_class) { return effect_class != EffectClass::mails && effect_class != EffectClass::guarded; }

/// Nothing will happen to it by itself any more.
bool is_over(const CaseState& state) {
    return state.phase == casework::Phase::closed && state.effects.empty() && state.timers.empty();
}

bool is_reachable(const Settlement& settlement) {
    using Kind = Settlement::Kind;
    if (settlement.kind == Kind::succeeded || settlement.kind == Kind::refused || settlement.kind == Kind::absent) return true;
    // Our own mistakes say nothing about the other side.
    return settlement.error.kind == ErrorKind::invalid || settlement.error.kind == ErrorKind::not_found;
}

/// Mails of the conversation: an answer to one of them finds its case.
std::string message_id_of(const CaseEvent& event) {
    if (const auto* planned = std::get_if<casework::EffectPlanned>(&event.body)) return planned->message_id;
    if (const auto* opened = std::get_if<casework::CaseOpened>(&event.body)) return opened->message_id;
    if (const auto* appended = std::get_if<casework::MailAppended>(&event.body)) return appended->message_id;
    return {};
}

/// One advance of a case in the making: events, what they decide, until the case waits. Pure.
struct Advance {
    CaseState state;
    std::vector<EffectUpdate> updates;
    std::vector<CaseEvent> happened = {};
    std::vector<casework::Effect> effects = {};

    void apply(std::vector<EventBody>&& bodies, Instant now) {
        for (EventBody& body : bodies) {
            add_updates_for(body, now, updates);
            happened.push_back({now, std::move(body)});
            state = casework::evolve(std::move(state), happened.back());
        }
    }

    void play(const procedure::Procedure& procedure, Instant now) {
        for (int moves = 0;; ++moves) {
            INVARIANT(moves < kMovesMax, "a procedure waits somewhere in every circle");
            casework::Decision decision = casework::decide(state, procedure, now);
            if (decision.is_empty()) return;
            apply(std::move(decision.events), now);
            std::move(decision.effects.begin(), decision.effects.end(), std::back_inserter(effects));
        }
    }

    [[nodiscard]] CaseCommit commit(const CaseId& id, std::uint64_t version, const std::string& head_hash, bool claims, Instant now) const {
        CaseCommit commit;
        commit.case_id = id;
        commit.expected_version = version;
        std::string head = head_hash;
        for (const CaseEvent& event : happened) {
            std::string text = json::dump(casework::to_json(event));
            head = chain_hash(head, text);
            commit.events.push_back({++version, std::move(text), head});
            if (std::string message_id = message_id_of(event); !message_id.empty()) commit.message_ids.push_back(std::move(message_id));
        }
        commit.rank = rank_of(state, now);
        for (const casework::Effect& effect : effects)
            commit.new_effects.push_back({.effect = effect, .status = claims ? EffectStatus::intended : EffectStatus::waiting,
                                          .attempt = claims ? 1 : 0, .next_at = now, .rank = commit.rank});
        commit.effect_updates = updates;
        commit.lifecycle = state.is_quarantined ? Lifecycle::quarantined : is_over(state) ? Lifecycle::closed : Lifecycle::active;
        commit.wake_at = casework::next_wake(state);
        commit.summary = casework::summarise(state);
        commit.claim = state.claim;
        return commit;
    }
};

}  // namespace

/// One case in memory. `turn` serialises what happens to it; it is held across the commit, because a case has one next state.
/// No two slots are ever locked together.
struct Engine::Slot {
    explicit Slot(CaseId case_id) : id(std::move(case_id)) {}
    const CaseId id;
    std::mutex turn;
    bool is_loaded = false;
    CaseState state;
    std::string head_hash;
    std::uint64_t snapshot_version = 0;
    std::atomic<int> users{0};
};

/// Has the case's turn while it lives, and lets the slot go afterwards where nothing keeps it.
struct Engine::Turn {
    Turn(Engine& owner, const CaseId& id) : engine(owner), slot(owner.slot_for(id)), lock(slot->turn) {}
    ~Turn() {
        lock.unlock();
        engine.release(slot);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Engine& engine;
    std::shared_ptr<Slot> slot;
    std::unique_lock<std::mutex> lock;
};

Engine::Engine(const Clock& clock, Store& store, EffectRunner& runner, ProcedureBook& procedures, Options options)
    : clock_(clock),
      store_(store),
      runner_(runner),
      procedures_(procedures),
      options_(std::move(options)),
      dispatcher_(options_.queue_max, options_.bulkheads) {}

Engine::~Engine() = default;

Status Engine::start() {
    TRY(lease_, store_.acquire(options_.owner, clock_.now()));
    LOG(info, "engine started", kv("owner", lease_.owner), kv("epoch", static_cast<std::int64_t>(lease_.epoch)));
    return {};
}

std::shared_ptr<Engine::Slot> Engine::slot_for(const CaseId& id) {
    std::lock_guard lock(mutex_);
    auto& slot = slots_[id];
    if (!slot) slot = std::make_shared<Slot>(id);
    ++slot->users;
    return slot;
}

void Engine::release(const std::shared_ptr<Slot>& slot) {
    std::lock_guard lock(mutex_);
    // A sleeping case is rows, not memory: only cases with effects in flight stay.
    if (--slot->users == 0 && (!slot->is_loaded || !has_effect_in_flight(slot->state))) slots_.erase(slot->id);
}

Status Engine::load(Slot& slot) {
    if (slot.is_loaded) return {};
    TRY(auto loaded, store_.load(slot.id));
    slot.state = {};
    slot.head_hash = chain_start(slot.id);
    slot.snapshot_version = 0;
    if (loaded) {
        if (!loaded->snapshot.empty()) {
            TRY(const auto value, json::parse(loaded->snapshot));
            TRY(slot.state, casework::state_from_json(value));
            INVARIANT(slot.state.version == loaded->snapshot_version, "a snapshot knows its own version");
        }
        for (const JournalRow& row : loaded->tail) {
            TRY(const auto value, json::parse(row.event));
            TRY(const auto event, casework::event_from_json(value));
            slot.state = casework::evolve(std::move(slot.state), event);
        }
        INVARIANT(slot.state.version == loaded->version, "the journal of a case grows by one event at a time");
        slot.head_hash = loaded->head_hash;
        slot.snapshot_version = loaded->snapshot_version;
    }
    slot.is_loaded = true;
    return {};
}

Status Engine::advance(Slot& slot, std::vector<EventBody> events, std::vector<EffectUpdate> updates, const std::optional<InputId>& input,
                       Instant now) {
    Advance advance{.state = slot.state, .updates = std::move(updates)};
    advance.apply(std::move(events), now);
    std::shared_ptr<const procedure::Procedure> procedure = procedures_.current();
    if (!procedure || procedure->content_hash != advance.state.procedure_hash) {
        TRY(procedure, procedures_.find(advance.state.procedure_hash));
    }
    advance.play(*procedure, now);
    if (advance.happened.empty() && advance.updates.empty()) return {};

    // Claimed with the commit that plans them, so a step costs one commit; above the queue's limit they wait in the store. While
    // others wait there, these go there too: otherwise the cases at work would keep the queue full, and a VIP's would wait for them.
    const bool claims = dispatcher_.has_room() && !has_backlog_;
    if (!claims && !advance.effects.empty()) has_backlog_ = true;
    CaseCommit commit = advance.commit(slot.id, slot.state.version, slot.head_hash, claims, now);
    commit.input = input;
    const bool is_long = advance.state.version >= slot.snapshot_version + static_cast<std::uint64_t>(options_.snapshot_every);
    if (!has_effect_in_flight(advance.state) || is_long) commit.snapshot = json::dump(casework::to_json(advance.state));

    TRY(const std::vector<Status> results, store_.commit(lease_, {commit}));
    if (!results.front()) {
        slot.is_loaded = false;  // Somebody else was faster, or we are fenced: look again.
        return std::unexpected(results.front().error());
    }
    slot.state = std::move(advance.state);
    slot.head_hash = commit.events.empty() ? slot.head_hash : commit.events.back().hash;
    if (commit.snapshot) slot.snapshot_version = slot.state.version;
    if (observer_) observer_(slot.state, advance.happened);
    release_effects(commit, now);
    return {};
}

/// After the commit, and only then: what it claimed may run, what it left to the store is due there.
void Engine::release_effects(CaseCommit& commit, Instant now) {
    note_due(commit.wake_at);
    for (const EffectUpdate& update : commit.effect_updates)
        if (update.status == EffectStatus::waiting || update.status == EffectStatus::unclear) note_due(update.next_at);
    for (EffectRecord& record : commit.new_effects) {
        if (record.status == EffectStatus::intended)
            dispatcher_.offer({.effect = std::move(record.effect), .attempt = 1, .crashes = 0, .is_lookup = false, .rank = commit.rank});
        else
            note_due(now);
    }
}

Result<Received> Engine::receive(const CaseId& id, const casework::Signal& signal, const std::optional<InputId>& input) {
    const Instant now = clock_.now();
    if (input) {
        TRY(const auto known, store_.find_input(*input));
        if (known) return Received{.case_id = known->case_id, .was_known = true, .version = known->version};
    }
    Turn turn(*this, id);
    TRY_STATUS(load(*turn.slot));
    std::shared_ptr<const procedure::Procedure> procedure = procedures_.current();
    INVARIANT(procedure != nullptr, "an engine that receives has a procedure");
    const CaseState& state = turn.slot->state;
    if (state.version != 0 && state.procedure_hash != procedure->content_hash) {
        TRY(procedure, procedures_.find(state.procedure_hash));
    }
    TRY(auto events, casework::admit(state, *procedure, signal, now));
    const Status advanced = advance(*turn.slot, std::move(events), {}, input, now);
    note_store(advanced);
    if (!advanced) {
        if (advanced.error().code == "store.input_known") return Received{.case_id = id, .was_known = true};
        return std::unexpected(advanced.error());
    }
    return Received{.case_id = id, .version = turn.slot->state.version};
}

Result<std::optional<CaseState>> Engine::find_state(const CaseId& id) {
    Turn turn(*this, id);
    TRY_STATUS(load(*turn.slot));
    if (turn.slot->state.version == 0) return std::optional<CaseState>{};
    return std::optional<CaseState>{turn.slot->state};
}

Status Engine::settle(const EffectTicket& ticket, const Settlement& settlement, Instant now) {
    Turn turn(*this, ticket.effect.case_id);
    TRY_STATUS(load(*turn.slot));
    const EffectId& id = ticket.effect.id;
    if (!turn.slot->state.effects.contains(id)) return {};  // Settled before: a late answer changes nothing.
    using Kind = Settlement::Kind;
    const Error& error = settlement.error;
    // A look-up that could not look proves nothing: read as "nothing happened", it would send a mail twice.
    const bool could_not_look = ticket.is_lookup && settlement.kind == Kind::failed && may_help(error.kind);
    Kind kind = settlement.kind;
    if (ticket.is_lookup && (kind == Kind::failed || kind == Kind::refused)) kind = Kind::unclear;
    // What may be repeated is repeated: nobody has to say what became of it.
    if (!ticket.is_lookup && kind == Kind::unclear && may_be_repeated(ticket.effect.effect_class)) kind = Kind::failed;
    std::vector<EventBody> events;
    EffectUpdate update{.id = id, .status = EffectStatus::confirmed, .next_at = now, .last_error = error.code};
    switch (kind) {
        case Kind::succeeded:
            events.emplace_back(casework::EffectSucceeded{id, settlement.outcome, settlement.facts});
            break;
        case Kind::refused:
            update.status = EffectStatus::refused;
            events.emplace_back(casework::EffectRefused{id, error.code, error.detail});
            break;
        case Kind::absent:
        case Kind::failed: {
            const bool may_repeat = settlement.kind == Kind::absent && ticket.attempt < ticket.effect.retry.attempts_max;
            const auto at = may_repeat ? std::optional(now) : retry_at(ticket.effect, ticket.attempt, error, now);
            update.status = at ? EffectStatus::waiting : EffectStatus::failed;
            update.next_at = at.value_or(now);
            events.emplace_back(casework::EffectFailed{id, ticket.attempt, error.code, error.detail, at});
            break;
        }
        case Kind::unclear: {
            if (ticket.is_lookup && !could_not_look) {
                update.status = EffectStatus::held;
                events.emplace_back(casework::EffectHeld{id, error.detail});
                break;
            }
            const bool is_mail = ticket.effect.effect_class == EffectClass::mails;
            const Instant at = now + (is_mail ? options_.mail_quiet_period : options_.other_quiet_period);
            update.status = EffectStatus::unclear;
            update.next_at = at;
            events.emplace_back(casework::EffectUnclear{id, ticket.attempt, error.code, error.detail, at});
            break;
        }
    }
    return advance(*turn.slot, std::move(events), {std::move(update)}, std::nullopt, now);
}

Status Engine::wake(const CaseId& id, Instant now) {
    Turn turn(*this, id);
    TRY_STATUS(load(*turn.slot));
    if (turn.slot->state.version == 0) return {};
    return advance(*turn.slot, {}, {}, std::nullopt, now);
}

Status Engine::quarantine(const EffectTicket& ticket, Instant now) {
    Turn turn(*this, ticket.effect.case_id);
    TRY_STATUS(load(*turn.slot));
    if (turn.slot->state.version == 0 || !turn.slot->state.effects.contains(ticket.effect.id)) return {};
    const std::string why = fmt::format("the program died {} times while it ran {}", ticket.crashes, ticket.effect.tool);
    LOG(error, "case quarantined", kv("case", ticket.effect.case_id.value()), kv("tool", ticket.effect.tool));
    casework::Task task;
    // The version, because a released effect may crash the program again.
    task.id = TaskId("t" + short_hash({ticket.effect.id.value(), std::to_string(turn.slot->state.version)}, 11));
    task.kind = procedure::TaskKind::technical_support;
    task.role = "technical_support";
    task.step = ticket.effect.step;
    task.reason = why;
    task.opened_at = now;
    const EffectUpdate update{.id = ticket.effect.id, .status = EffectStatus::held, .next_at = now, .last_error = "engine.poison"};
    return advance(*turn.slot,
                   {casework::EffectHeld{ticket.effect.id, why}, casework::TaskOpened{std::move(task)}, casework::CaseQuarantined{why}},
                   {update}, std::nullopt, now);
}

Result<std::size_t> Engine::claim_due(Instant now) {
    std::size_t taken = 0;
    std::vector<std::pair<EffectTicket, Settlement>> again;
    {
        std::lock_guard lock(mutex_);
        again.swap(unsettled_);
    }
    for (auto& [ticket, settlement] : again) {  // Done outside, not yet stored: the result is kept until it is.
        const Status settled = is_poison(ticket) ? quarantine(ticket, now) : settle(ticket, settlement, now);
        note_store(settled);
        if (settled) {
            ++taken;
            continue;
        }
        std::lock_guard lock(mutex_);
        unsettled_.emplace_back(std::move(ticket), std::move(settlement));
    }
    {
        std::lock_guard lock(mutex_);
        if (is_due_known_ && (!next_due_ || *next_due_ > now) && !has_suspects_) return taken;
    }
    const Result<std::vector<CaseId>> due = store_.due_cases(now, options_.claim_batch);
    note_store(due ? Status{} : Status(std::unexpected(due.error())));
    if (!due) return std::unexpected(due.error());
    for (const CaseId& id : *due) {
        const Status woken = wake(id, now);
        note_store(woken);
        if (!woken) return std::unexpected(woken.error());
        ++taken;
    }
    bool has_suspects = false;
    const std::size_t queued = dispatcher_.queued();
    if (queued < options_.queue_max) {
        // What ran while the program died is tried alone, so that a poison case is told from those that stood beside it.
        if (!suspect_in_flight_) {
            TRY(auto suspects, store_.claim_effects(lease_, now, 1, true));
            suspect_in_flight_ = !suspects.empty();
            taken += suspects.size();
            take_up(std::move(suspects), now);
        }
        has_suspects = suspect_in_flight_;
        const std::size_t limit = std::min(options_.claim_batch, options_.queue_max - queued);
        TRY(auto claimed, store_.claim_effects(lease_, now, limit, false));
        if (claimed.size() < limit) has_backlog_ = false;
        taken += claimed.size();
        take_up(std::move(claimed), now);
    }
    const std::uint64_t noted = due_noted_;
    TRY(const auto next, store_.next_wake());
    std::lock_guard lock(mutex_);
    next_due_ = next;
    is_due_known_ = noted == due_noted_;  // Something became due while we asked: ask again.
    has_suspects_ = has_suspects;
    return taken;
}

bool Engine::is_poison(const EffectTicket& ticket) const { return ticket.crashes >= options_.crashes_max; }

void Engine::take_up(std::vector<EffectRecord> claimed, Instant now) {
    for (EffectRecord& record : claimed) {
        EffectTicket ticket{.effect = std::move(record.effect), .attempt = record.attempt, .crashes = record.crashes,
                            .is_lookup = record.status == EffectStatus::reconciling, .rank = record.rank};
        if (!is_poison(ticket)) {
            dispatcher_.offer(std::move(ticket));
            continue;
        }
        suspect_in_flight_ = false;
        const Status status = quarantine(ticket, now);
        note_store(status);
        if (status) continue;
        std::lock_guard lock(mutex_);  // Claimed, but not yet set aside: claim_due tries again.
        unsettled_.emplace_back(std::move(ticket), Settlement{});
    }
}

bool Engine::work_once() {
    const Instant now = clock_.now();
    std::optional<EffectTicket> ticket = dispatcher_.take(now);
    if (!ticket) return false;
    ++running_;
    const Deadline deadline = Deadline::in(ticket->effect.timeout);
    const Settlement settlement = ticket->is_lookup ? runner_.look_up(*ticket, deadline) : runner_.run(*ticket, deadline);
    const Instant ended = clock_.now();
    const std::string integration = ticket->effect.integration;
    const Dispatcher::Change change = dispatcher_.finished(integration, is_reachable(settlement), ended);
    if (change != Dispatcher::Change::none && outage_observer_)
        outage_observer_(integration, change == Dispatcher::Change::opened ? std::optional(settlement.error) : std::nullopt, ended);
    const Status settled = settle(*ticket, settlement, ended);
    note_store(settled);
    if (ticket->crashes > 0) suspect_in_flight_ = false;
    if (!settled) {
        LOG(error, "result kept until it can be stored", kv("effect", ticket->effect.id.value()), kv("error", settled.error().code));
        std::lock_guard lock(mutex_);
        unsettled_.emplace_back(std::move(*ticket), settlement);
    }
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

Result<std::optional<Instant>> Engine::next_wake() {
    TRY(auto next, store_.next_wake());
    if (const auto probe = dispatcher_.next_probe(); probe && (!next || *probe < *next)) next = probe;
    return next;
}

bool Engine::is_quiet() const {
    std::lock_guard lock(mutex_);
    return dispatcher_.queued() == 0 && running_ == 0 && unsettled_.empty();
}

std::size_t Engine::unsettled() const {
    std::lock_guard lock(mutex_);
    return unsettled_.size();
}

std::string Engine::store_problem() const {
    std::lock_guard lock(mutex_);
    return store_problem_;
}

void Engine::note_due(std::optional<Instant> at) {
    if (!at) return;
    std::lock_guard lock(mutex_);
    ++due_noted_;
    if (!next_due_ || *at < *next_due_) next_due_ = at;
}

void Engine::note_store(const Status& status) {
    std::lock_guard lock(mutex_);
    if (status)
        store_problem_.clear();
    else if (status.error().code.starts_with("store."))
        store_problem_ = describe(status.error());
}

}  // namespace resolute::engine
