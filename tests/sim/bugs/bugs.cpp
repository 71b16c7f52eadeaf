// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/bugs/bugs.h"

#include <atomic>
#include <cstring>

#include "base/hash.h"
#include "tests/sim/bugs/forwarding.h"
#include "tests/sim/world.h"

namespace resolute::sim {
namespace {

using engine::EffectTicket;
using engine::Settlement;

// --- The database lies --------------------------------------------------------------------------------------------------------------

Planted store_bug(std::string name, std::string invariant, std::function<void(LyingStore&)> how) {
    return {.name = std::move(name), .invariant = std::move(invariant), .store = [how](World& world, engine::Store& real) {
                auto store = std::make_unique<LyingStore>(world, real);
                how(*store);
                return store;
            }};
}

/// What the commit says is changed on its way down.
Planted commit_bug(std::string name, std::string invariant, std::function<void(World&, engine::CaseCommit&)> change) {
    return store_bug(std::move(name), std::move(invariant), [change](LyingStore& store) { store.change = change; });
}

void add_store_bugs(std::vector<Planted>& bugs) {
    bugs.push_back(store_bug("fence_not_checked", "9", [](LyingStore& store) { store.ignores_fence = true; }));
    bugs.push_back(commit_bug("input_forgotten", "1", [](World&, engine::CaseCommit& commit) { commit.input.reset(); }));
    bugs.push_back(commit_bug("timer_lost", "31", [](World& world, engine::CaseCommit& commit) {
        if (world.random.chance(0.05)) commit.wake_at.reset();
    }));
    bugs.push_back(commit_bug("claim_lost", "11", [](World&, engine::CaseCommit& commit) { commit.claim.reset(); }));
    bugs.push_back(commit_bug("closed_too_early", "31", [](World& world, engine::CaseCommit& commit) {
        if (world.random.chance(0.02)) commit.lifecycle = engine::Lifecycle::closed;
    }));
    bugs.push_back(commit_bug("effect_end_forgotten", "32", [](World& world, engine::CaseCommit& commit) {
        if (world.random.chance(0.02)) commit.effect_updates.clear();
    }));
    bugs.push_back(store_bug("acknowledged_before_commit", "22", [](LyingStore& store) { store.acknowledges_nothing = 0.005; }));
    bugs.push_back(store_bug("done_but_said_full", "31", [](LyingStore& store) { store.says_full_after = 0.02; }));
    bugs.push_back(store_bug("handed_out_twice", "4", [](LyingStore& store) { store.hands_out_twice = true; }));
    bugs.push_back(store_bug("handed_out_and_lost", "31", [](LyingStore& store) { store.loses_claims = 0.1; }));
    bugs.push_back(store_bug("freeze_forgotten", "23", [](LyingStore& store) { store.forgets_freeze = true; }));
}

// --- Our own runner is careless -----------------------------------------------------------------------------------------------------

Planted runner_bug(std::string name, std::string invariant, LoneRunner::Call run, LoneRunner::Call look_up = {}) {
    return {.name = std::move(name), .invariant = std::move(invariant), .runner = [run, look_up](World& world, engine::EffectRunner& real) {
                return std::make_unique<LoneRunner>(world, real, run, look_up);
            }};
}

EffectTicket with_payload(const EffectTicket& ticket, std::string payload) {
    EffectTicket changed = ticket;
    changed.effect.payload = std::move(payload);
    return changed;
}

void add_runner_bugs(std::vector<Planted>& bugs) {
    using Kind = Settlement::Kind;
    const auto is_mail = [](const EffectTicket& ticket) { return ticket.effect.effect_class == procedure::EffectClass::mails; };
    bugs.push_back(runner_bug("unclear_is_tried_at_once", "6", [](World&, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        Settlement settlement = real.run(ticket, deadline);
        return settlement.kind == Kind::unclear ? real.run(ticket, deadline) : settlement;
    }));
    bugs.push_back(runner_bug("unclear_is_read_as_failed", "6", [](World&, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        Settlement settlement = real.run(ticket, deadline);
        if (settlement.kind == Kind::unclear) settlement.kind = Kind::failed;
        return settlement;
    }));
    bugs.push_back(runner_bug("unclear_is_read_as_sent", "5", [is_mail](World&, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        Settlement settlement = real.run(ticket, deadline);
        return settlement.kind == Kind::unclear && is_mail(ticket) ? Settlement::success("sent") : settlement;
    }));
    bugs.push_back(runner_bug("later_attempts_differ", "7", [](World&, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        return ticket.attempt > 1 ? real.run(with_payload(ticket, ticket.effect.payload + " "), deadline) : real.run(ticket, deadline);
    }));
    bugs.push_back(runner_bug("another_recipient", "24", [is_mail](World& world, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        if (!is_mail(ticket) || !world.random.chance(0.02)) return real.run(ticket, deadline);
        auto payload = json::parse(ticket.effect.payload);
        json::Value envelope = (*payload)["envelope"];
        payload->set("envelope", envelope.set("to", "somebody@else.org"));
        return real.run(with_payload(ticket, json::dump(*payload)), deadline);
    }));
    bugs.push_back(runner_bug("sends_what_nobody_planned", "5", [is_mail](World& world, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        if (is_mail(ticket) && world.random.chance(0.02)) {
            EffectTicket other = ticket;
            other.effect.id = EffectId(short_hash({ticket.effect.id.value(), "again"}, 26));
            static_cast<void>(real.run(other, deadline));
        }
        return real.run(ticket, deadline);
    }));
    bugs.push_back(runner_bug("lookup_says_absent", "6", {}, [](World&, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        static_cast<void>(real.look_up(ticket, deadline));
        return Settlement{.kind = Kind::absent};
    }));
    bugs.push_back(runner_bug("lookup_error_is_absent", "6", {}, [](World&, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        Settlement settlement = real.look_up(ticket, deadline);
        if (settlement.kind == Kind::failed) settlement = {.kind = Kind::absent};
        return settlement;
    }));
    bugs.push_back(runner_bug("lookup_sends", "6", {}, [](World&, engine::EffectRunner& real, const EffectTicket& ticket, Deadline deadline) {
        return real.run(ticket, deadline);
    }));
    bugs.push_back({.name = "deadlines_are_not_kept", .invariant = "4", .world = [](World& world) { world.is_impatient = false; }});
}

// --- The mailroom's store lies ------------------------------------------------------------------------------------------------------

Planted intake_bug(std::string name, std::string invariant, std::function<void(LyingIntakeStore&)> how) {
    return {.name = std::move(name), .invariant = std::move(invariant), .intake = [how](World& world, ports::IntakeStore& real) {
                auto store = std::make_unique<LyingIntakeStore>(world, real);
                how(*store);
                return store;
            }};
}

void add_intake_bugs(std::vector<Planted>& bugs) {
    bugs.push_back(intake_bug("kept_only_in_memory", "2", [](LyingIntakeStore& store) { store.keeps_nothing = 0.05; }));
    bugs.push_back(intake_bug("keeps_half_of_the_bytes", "2", [](LyingIntakeStore& store) { store.keeps_half = 0.05; }));
    bugs.push_back(intake_bug("conclusion_lost", "1", [](LyingIntakeStore& store) { store.forgets_conclusions = true; }));
    bugs.push_back(intake_bug("duplicates_not_seen", "1", [](LyingIntakeStore& store) { store.sees_no_duplicates = true; }));
}

void add_patch(std::vector<Planted>& bugs, std::string name, std::string invariant) {
    bugs.push_back({.name = name, .invariant = std::move(invariant), .patch = name});
}

std::atomic<const char*> switched_on{nullptr};

}  // namespace

void switch_on(const std::string& patch) {
    static std::string kept;
    switched_on = nullptr;
    kept = patch;
    if (!kept.empty()) switched_on = kept.c_str();
}

bool is_planted(const char* name) {
    const char* on = switched_on.load(std::memory_order_relaxed);
    return on != nullptr && std::strcmp(on, name) == 0;
}

std::vector<Planted> all_bugs() {
    std::vector<Planted> bugs;
    add_store_bugs(bugs);
    add_runner_bugs(bugs);
    add_intake_bugs(bugs);
    add_patch(bugs, "gate_not_asked", "14");
    add_patch(bugs, "policy_grants_to_anybody", "10");
    add_patch(bugs, "forgers_are_written_to", "24");
    add_patch(bugs, "other_claims_not_added", "11");
    add_patch(bugs, "anybody_approves", "10");
    add_patch(bugs, "more_than_asked_is_granted", "10");
    add_patch(bugs, "second_click_counts", "13");
    add_patch(bugs, "approvals_never_expire", "10");
    add_patch(bugs, "silence_counted_while_people_work", "19");
    add_patch(bugs, "a_mail_does_not_end_silence", "1");
    add_patch(bugs, "timers_fire_early", "17");
    add_patch(bugs, "snapshot_loses_silence", "31");
    add_patch(bugs, "failed_lookup_is_absent", "6");
    add_patch(bugs, "unclear_mails_are_repeated", "6");
    add_patch(bugs, "quiet_period_is_nothing", "4");
    add_patch(bugs, "crashed_mails_are_repeated", "6");
    add_patch(bugs, "key_with_a_timestamp", "4");
    add_patch(bugs, "poison_is_tried_for_ever", "31");
    add_patch(bugs, "effects_go_before_the_commit", "5");
    add_patch(bugs, "strays_are_not_looked_for", "31");
    add_patch(bugs, "anchor_is_not_read", "23");
    add_patch(bugs, "a_freeze_is_not_kept", "23");
    add_patch(bugs, "calls_begin_after_the_lease", "4");
    add_patch(bugs, "a_lane_stays_occupied", "31");
    add_patch(bugs, "automatic_mail_opens_cases", "25");
    add_patch(bugs, "our_own_mail_opens_cases", "25");
    add_patch(bugs, "marked_before_it_is_kept", "2");
    return bugs;
}

}  // namespace resolute::sim
