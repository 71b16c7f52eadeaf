// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/simulation.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/invariant.h"
#include "tests/sim/invariants.h"
#include "tests/sim/procedures.h"
#include "tests/sim/story.h"

namespace resolute::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kDay = hours(24);
constexpr Duration kQuietWithin = 60 * kDay;  ///< after the faults stopped: the last follow-up and seven silent days are well within
constexpr std::uint64_t kStepsMax = 200'000;
constexpr int kDepthMax = 3;
constexpr Duration kPoll = std::chrono::milliseconds(250);

}  // namespace

Simulation::Simulation(const Plan& plan, const Planted* planted)
    : plan_(plan),
      planted_(planted),
      world_(plan_, Random(plan.seed).fork(1)),
      witness_(world_),
      customers_(world_, Random(plan.seed).fork(2)),
      staff_(world_, Random(plan.seed).fork(3)),
      storage_(std::make_unique<storage::MemoryStorage>()),
      places_(static_cast<std::size_t>(plan.workers)) {
    setup_.emplace(Setup{.world = world_, .witness = witness_, .customers = customers_, .planted = planted, .master_key = std::nullopt,
                         .first_procedure = &first_procedure(), .current_procedure = &first_procedure()});
    Random choice = Random(plan.seed).fork(4);
    if (choice.chance(0.25)) {
        seal::Key key{};
        for (auto& byte : key) byte = static_cast<std::uint8_t>(choice.next());
        setup_->master_key = key;
    } else if (choice.chance(0.2)) {
        setup_->journal_format = 1;
    }
    world_.stand_still = [this](int worker, Duration duration) { stand_still(worker, duration); };
    world_.on_delivered = [this](const Delivered& mail) { customers_.read(mail); };
    world_.before_delivery = [this](const Delivered& mail, const engine::EffectTicket& ticket) {
        check_delivery(world_, witness_, customers_, *storage_, mail, ticket);
    };
    witness_.on_task = [this](const CaseId& id, const casework::Task& task) { staff_.asked(id, task); };
    if (planted_ != nullptr && planted_->world) planted_->world(world_);
}

bool Simulation::is_too_long() const { return world_.steps > kStepsMax || world_.violations.size() > 3; }

// --- One worker -------------------------------------------------------------------------------------------------------------------

/// Runs it as this worker; where it dies, it is dead.
bool Simulation::guarded(int worker, const std::function<bool()>& what) {
    Place& place = places_[static_cast<std::size_t>(worker)];
    place.is_busy = true;
    const bool did = what();
    place.is_busy = false;
    if (world_.is_dead(worker))
        kill(worker, world_.random.chance(0.8) ? world_.random.between(seconds(1), minutes(2)) : world_.random.between(minutes(2), hours(3)));
    return did;
}

void Simulation::start(int worker) {
    Place& place = places_[static_cast<std::size_t>(worker)];
    world_.live(worker);
    place.program = std::make_unique<Program>(*setup_, worker, *storage_);
    guarded(worker, [&] {
        const Status started = place.program->start(place.anchor);
        if (!started) {
            world_.die(worker);
            return true;
        }
        world_.note(fmt::format("worker {} starts, epoch {}", worker, place.program->engine().lease().epoch));
        return true;
    });
}

void Simulation::kill(int worker, Duration for_how_long) {
    Place& place = places_[static_cast<std::size_t>(worker)];
    place.program.reset();
    place.starts_at = world_.clock.true_now() + for_how_long;
    polls_.push_back(world_.clock.true_now() + seconds(16));
    polls_.push_back(world_.clock.true_now() + seconds(22));
    world_.note(fmt::format("worker {} is dead for {}", worker, format_duration(for_how_long)));
}

bool Simulation::act(int worker) {
    Place& place = places_[static_cast<std::size_t>(worker)];
    if (!place.program) {
        if (place.starts_at > world_.clock.true_now()) return false;
        start(worker);
        return true;
    }
    return guarded(worker, [&] {
        Program& program = *place.program;
        bool did = false;
        if (world_.has_listed_mail() || world_.random.chance(0.05)) {
            const auto round = program.intake().run_once(world_.clock.now());
            did = round.kept + round.concluded() > 0;
        }
        const auto claimed = program.engine().claim_due(world_.clock.now());
        did = did || (claimed && *claimed > 0);
        for (int i = world_.random.between(1, 6); i > 0 && program.engine().work_once(); --i) did = true;
        if (!world_.random.chance(0.1)) place.anchor = program.engine().anchor();
        return did;
    });
}

void Simulation::stand_still(int, Duration duration) {
    const Instant until = world_.clock.true_now() + duration;
    if (depth_ >= kDepthMax) {
        world_.advance_to(until);
        return;
    }
    ++depth_;
    const Duration patience = std::exchange(patience_, kPoll);
    while (world_.clock.true_now() < until && !is_too_long())
        if (!round()) jump(std::min(next_moment(), until));
    patience_ = patience;
    --depth_;
}

/// People reach whichever worker is there; it is busy with them meanwhile.
bool Simulation::speak(const std::function<void(engine::Engine&)>& words) {
    std::vector<int> free;
    for (int i = 0; i < plan_.workers; ++i)
        if (places_[static_cast<std::size_t>(i)].program && !places_[static_cast<std::size_t>(i)].is_busy) free.push_back(i);
    if (free.empty()) return false;
    const int worker = world_.random.pick(free);
    return guarded(worker, [&] {
        words(places_[static_cast<std::size_t>(worker)].program->engine());
        return true;
    });
}

// --- Everything once ----------------------------------------------------------------------------------------------------------------

/// Everybody who can act acts once. False: nobody had anything to do.
bool Simulation::round() {
    befall();
    bool did = customers_.act();
    did |= staff_.act([this](const auto& words) { return speak(words); });
    for (std::size_t left = customers_.ratings.size(); left > 0 && !customers_.ratings.empty(); --left) {
        const Customers::Rating rating = customers_.ratings.front();
        customers_.ratings.erase(customers_.ratings.begin());
        bool is_taken = false;
        speak([&](engine::Engine& engine) {
            const auto received = engine.receive(rating.case_id, casework::CustomerRating{rating.score, "customer"}, InputId(rating.key));
            is_taken = received || received.error().kind == ErrorKind::not_found || received.error().kind == ErrorKind::refused;
        });
        // A link is clicked once, or once more; one that does not answer, again later.
        if (!is_taken || world_.random.chance(0.2)) customers_.ratings.push_back(rating);
        did |= is_taken;
    }
    std::vector<int> order;
    for (int i = 0; i < plan_.workers; ++i) order.push_back(i);
    world_.random.shuffle(order);
    for (const int worker : order)
        if (!places_[static_cast<std::size_t>(worker)].is_busy) did |= act(worker);
    if (did) patience_ = kPoll;
    return did;
}

/// What the plan has in store for the machine now.
void Simulation::befall() {
    release();
    if (!world_.faults_are_on) return;
    const Duration now = world_.clock.monotonic();
    if (now >= plan_.faults_until) return depth_ == 0 ? stop_faults() : void();
    while (jumps_done_ < plan_.clock_jumps.size() && plan_.clock_jumps[jumps_done_].at <= now) {
        world_.clock.set_wall_off_by(plan_.clock_jumps[jumps_done_].offset);
        world_.note(fmt::format("the wall clock is off by {} ms", plan_.clock_jumps[jumps_done_].offset.count()));
        world_.coverage.note("clock jumped");
        ++jumps_done_;
    }
    while (kills_done_ < plan_.kills.size() && plan_.kills[kills_done_] <= now) {
        const int victim = world_.random.below(plan_.workers);
        const Place& place = places_[static_cast<std::size_t>(victim)];
        if (place.program && !place.is_busy) kill(victim, world_.random.between(seconds(1), hours(1)));
        ++kills_done_;
    }
    while (leases_lost_ < plan_.lost_leases.size() && plan_.lost_leases[leases_lost_] <= now) {
        const int victim = world_.random.below(plan_.workers);
        if (const Place& place = places_[static_cast<std::size_t>(victim)]; place.program)
            storage_->let_lease_run_out(place.program->engine().lease());
        world_.note(fmt::format("the lease of worker {} runs out", victim));
        ++leases_lost_;
    }
    if (plan_.new_procedure && *plan_.new_procedure <= now && setup_->current_procedure != &changed_procedure()) {
        setup_->current_procedure = &changed_procedure();
        world_.coverage.note("procedure changed");
        for (int worker = 0; worker < plan_.workers; ++worker) {
            Place& place = places_[static_cast<std::size_t>(worker)];
            if (place.program && !place.is_busy) kill(worker, seconds(2));  // A new configuration is a restart.
        }
    }
    if (plan_.restore && !is_restored_ && depth_ == 0) {
        if (!backup_ && now >= plan_.restore->at - plan_.restore->offset) {
            backup_ = storage_->clone();
            commits_at_backup_ = witness_.commits;
            world_.backup_at = world_.clock.true_now();
        }
        if (backup_ && now >= plan_.restore->at) restore();
    }
}

/// Somebody looks into what froze, and says that it may go on.
void Simulation::release() {
    // A worker that was away for long may find out later than the others, and freeze once more.
    if (const auto freeze = storage_->engine_store().last_freeze(); !release_at_ && freeze && *freeze && !(*freeze)->released_at)
        release_at_ = world_.clock.true_now() + world_.random.between(minutes(30), hours(5));
    if (release_at_ && *release_at_ <= world_.clock.true_now()) {
        release_at_.reset();
        world_.is_frozen_by_restore = false;
        ignore_error(storage_->engine_store().release_freeze("carol", world_.clock.now(), world_.clock.now() + 14 * kDay),
                     "where nobody froze there is nothing to release; the invariants look at that");
        world_.note("a person releases what was frozen");
        world_.coverage.note("released");
    }
}

/// The restoring command freezes; who puts a database back by hand does it where a worker's anchor would not notice (docs/care.md).
void Simulation::freeze_as_the_handbook_says() {
    engine::Store& store = storage_->engine_store();
    const auto id = store.store_id();
    const auto workers = store.workers();
    const bool is_by_hand = world_.random.chance(0.5);
    const bool is_noticed = id && workers && std::ranges::all_of(places_, [&](const Place& place) {
        return place.anchor && engine::find_step_back(*place.anchor, *id, *workers).has_value();
    });
    if (is_by_hand && is_noticed) return;
    ignore_error(store.freeze("a backup was put back", "restore", world_.clock.true_now()), "memory does not fail");
}

/// An old backup is put back, while nothing runs, and people offer the mailbox's mails of the time since once more.
void Simulation::restore() {
    is_restored_ = true;
    for (int worker = 0; worker < plan_.workers; ++worker)
        if (places_[static_cast<std::size_t>(worker)].program) kill(worker, seconds(1));
    thrown_away_.push_back(std::exchange(storage_, std::move(backup_)));
    freeze_as_the_handbook_says();
    witness_.went_back(storage_->engine_store());
    staff_.look_again(storage_->queries());
    for (Incoming& mail : world_.mailbox)
        if (mail.is_done && mail.done_at >= world_.backup_at) mail.is_done = false;
    world_.is_frozen_by_restore = witness_.commits > commits_at_backup_;  // Else nothing was lost.
    world_.restored_at = world_.clock.true_now();
    release_at_ = world_.clock.true_now() + world_.random.between(minutes(30), hours(5));
    world_.note("a backup is put back");
}

void Simulation::stop_faults() {
    if (release_at_) return;  // First somebody must have released.
    world_.faults_are_on = false;
    world_.clock.set_wall_off_by(Duration(0));
    world_.note("from here on all is well");
}

// --- Time ---------------------------------------------------------------------------------------------------------------------------

/// Whoever lives and is not standing still has renewed its lease meanwhile.
void Simulation::jump(Instant to) {
    world_.advance_to(to);
    for (Place& place : places_)
        if (place.program && !place.is_busy)
            ignore_error(storage_->engine_store().renew(place.program->engine().lease(), world_.clock.true_now()), "it was fenced before");
}

/// Kept, and not yet worked off.
bool Simulation::has_pending_mail() {
    return !storage_->intake().list({.outcome = ports::MailOutcome::pending, .case_id = std::nullopt, .limit = 1})->empty();
}

/// When somebody may have something to do; while they only might, later each time.
Instant Simulation::next_moment() {
    const Instant now = world_.clock.true_now();
    Instant next = now + kDay;
    const auto consider = [&](std::optional<Instant> at) {
        if (at && *at > now) next = std::min(next, *at);
    };
    consider(customers_.next());
    consider(staff_.next());
    consider(world_.next_late_thing());
    std::erase_if(polls_, [&](Instant at) { return at <= now; });
    for (const Instant at : polls_) consider(at);
    for (const Place& place : places_)
        if (!place.program) consider(place.starts_at);
    for (const Incoming& mail : world_.mailbox)
        if (!mail.is_done) consider(mail.listed_from);
    consider(release_at_);
    const Instant start = world_.clock.start();
    if (world_.faults_are_on) {
        if (jumps_done_ < plan_.clock_jumps.size()) consider(start + plan_.clock_jumps[jumps_done_].at);
        if (kills_done_ < plan_.kills.size()) consider(start + plan_.kills[kills_done_]);
        if (plan_.restore && !is_restored_) {
            consider(start + plan_.restore->at - plan_.restore->offset);
            consider(start + plan_.restore->at);
        }
        consider(start + plan_.faults_until);
    }
    bool is_something_due = world_.has_listed_mail();
    for (const Place& place : places_) {
        if (!place.program || place.is_busy) continue;
        const auto wake = place.program->engine().next_wake();
        if (!place.program->engine().is_quiet()) is_something_due = true;
        if (!wake || !*wake) continue;
        const Instant at = world_.clock.true_of(**wake);
        consider(at);
        is_something_due = is_something_due || at <= now;
    }
    if (has_pending_mail()) is_something_due = true;
    if (is_something_due) {
        next = std::min(next, now + patience_);
        patience_ = std::min(patience_ * 2, Duration(minutes(20)));
    }
    return next;
}

void Simulation::run() {
    int rests = 0;
    while (!is_too_long()) {
        if (round()) continue;
        if (!world_.faults_are_on) {
            const bool is_at_rest = !customers_.next() && !staff_.next() && customers_.ratings.empty() && !world_.next_late_thing();
            const auto wake = storage_->engine_store().next_wake();
            bool is_quiet = true;
            for (const Place& place : places_) is_quiet = is_quiet && place.program && place.program->engine().is_quiet();
            const bool seems_at_rest = is_at_rest && is_quiet && !world_.has_unread_mail() && !has_pending_mail() && wake && !*wake;
            // What a worker that died or lost its lease held comes back when that lease is over, and nothing tells when.
            if (seems_at_rest && ++rests > 3) break;
            if (!seems_at_rest) rests = 0;
            if (seems_at_rest) {
                jump(world_.clock.true_now() + minutes(1));
                continue;
            }
            if (world_.clock.monotonic() > plan_.faults_until + kQuietWithin) break;
        }
        jump(next_moment());
    }
    if (world_.violations.size() > 3) return;
    if (world_.steps > kStepsMax) return world_.breach("35 it comes to rest", fmt::format("{} steps and no end", world_.steps));
    look_for_unrest();
    kill(0, seconds(1));  // A new program knows only what the database knows.
    jump(world_.clock.true_now() + seconds(2));
    act(0);
    if (!places_.front().program) return world_.breach("35 it comes to rest", "the first worker does not start");
    engine::Vault vault = setup_->master_key ? engine::Vault(storage_->engine_store(), *setup_->master_key) : engine::Vault(storage_->engine_store());
    check_all(Evidence{.world = world_, .witness = witness_, .customers = customers_, .storage = *storage_, .vault = vault,
                       .engine = places_.front().program->engine()});
}

/// An hour at rest costs nothing.
void Simulation::look_for_unrest() {
    const std::uint64_t commits = witness_.commits;
    for (int i = 0; i < 12; ++i) {
        jump(world_.clock.true_now() + minutes(5));
        for (int worker = 0; worker < plan_.workers; ++worker)
            if (!places_[static_cast<std::size_t>(worker)].is_busy) act(worker);
    }
    if (witness_.commits > commits) world_.breach("35 it comes to rest", fmt::format("{} commits in an hour of rest", witness_.commits - commits));
}

Outcome Simulation::outcome() {
    Outcome outcome{.seed = plan_.seed, .steps = world_.steps, .cases = witness_.journals.size(),
                    .mails_delivered = world_.ledger.delivered.size(), .lived = world_.clock.monotonic()};
    for (const auto& [id, rows] : witness_.journals)
        for (const engine::JournalRow& row : rows) {
            outcome.events += row.count;
            std::uint64_t hash = 0;
            std::memcpy(&hash, row.hash.data(), std::min(row.hash.size(), sizeof hash));
            outcome.digest = outcome.digest * 1'099'511'628'211ULL + hash;
        }
    outcome.digest += world_.steps * 31 + static_cast<std::uint64_t>(world_.clock.monotonic().count());
    outcome.violations = world_.violations;
    if (!world_.violations.empty()) {
        engine::Vault vault = setup_->master_key ? engine::Vault(storage_->engine_store(), *setup_->master_key) : engine::Vault(storage_->engine_store());
        outcome.story = tell(plan_, world_, storage_->engine_store(), vault);
    }
    outcome.coverage = std::move(world_.coverage);
    return outcome;
}

Outcome simulate(std::uint64_t seed, const Planted* planted) {
    Simulation simulation(draw_plan(seed), planted);
    simulation.run();
    return simulation.outcome();
}

}  // namespace resolute::sim
