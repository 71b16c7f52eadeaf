// SPDX-License-Identifier: Apache-2.0
#include "life.h"

#include <algorithm>

#include <fmt/format.h>

#include "casework/journal.h"

namespace resolute::test {

using casework::Decision;
using casework::EventBody;
using casework::OpenEffect;
using engine::Settlement;

namespace {

constexpr int kMovesMax = 300;

std::string text_of(const Decision& decision, Instant now) {
    std::string text;
    for (const EventBody& body : decision.events) text += json::dump(casework::to_json(casework::CaseEvent{now, body})) + "\n";
    for (const casework::Effect& effect : decision.effects) text += effect.id.value() + effect.payload;
    return text;
}

}  // namespace

Life::Life(testkit::Script world, const procedure::Procedure& p) : script(std::move(world)), procedure(p) {}

void Life::open(casework::Trust trust, std::string intake_problem) {
    casework::CaseOpened opened = testkit::opening(CaseId("c1"), trust);
    opened.intake_problem = std::move(intake_problem);
    if (!signal(opened)) broken += "the case did not open; ";
}

Status Life::signal(const casework::Signal& signal) {
    TRY(auto events, casework::admit(state, procedure, signal, now));
    apply(std::move(events));
    settle_down();
    return {};
}

void Life::apply(std::vector<EventBody> events) {
    for (EventBody& body : events) {
        journal.push_back({now, std::move(body)});
        state = casework::evolve(std::move(state), journal.back());
        check();
    }
    std::erase_if(effects, [&](const auto& effect) { return !state.effects.contains(effect.first); });
}

void Life::settle_down() {
    for (int moves = 0;; ++moves) {
        Decision decision = casework::decide(state, procedure, now);
        note(text_of(decision, now) == text_of(casework::decide(state, procedure, now), now), "the same state decides the same");
        if (decision.is_empty()) return;
        most_moves = std::max(most_moves, moves + 1);
        if (moves >= kMovesMax) return note(false, "a case comes to rest");
        for (const casework::Effect& effect : decision.effects) {
            note(ids_.insert(effect.id).second, "no effect is planned twice");
            effects.emplace(effect.id, effect);
            all_effects.push_back(effect);
        }
        apply(std::move(decision.events));
    }
}

void Life::answer_one(const EffectId& id, const Settlement& settlement) {
    using Kind = Settlement::Kind;
    const int attempt = state.effects.at(id).failed_attempts + 1;
    const Error& error = settlement.error;
    switch (settlement.kind) {
        case Kind::succeeded: apply({casework::EffectSucceeded{id, settlement.outcome, settlement.facts}}); break;
        case Kind::refused: apply({casework::EffectRefused{id, error.code, error.detail}}); break;
        case Kind::failed:
        case Kind::absent: {
            const bool again = attempt < effects.at(id).retry.attempts_max;
            apply({casework::EffectFailed{id, attempt, error.code, error.detail, again ? std::optional(now) : std::nullopt}});
            break;
        }
        case Kind::unclear:
            apply({casework::EffectUnclear{id, attempt, error.code, error.detail, now}, casework::EffectHeld{id, error.detail}});
            break;
    }
    settle_down();
}

void Life::run() {
    for (int rounds = 0; rounds < 5'000; ++rounds) {
        const auto next = std::ranges::find_if(effects, [&](const auto& effect) {
            const auto kind = state.effects.at(effect.first).state;
            return kind == OpenEffect::State::intended || kind == OpenEffect::State::retrying;
        });
        if (next == effects.end()) return;
        const casework::Effect effect = next->second;
        std::optional<Settlement> instead = answer_with ? answer_with(effect) : std::nullopt;
        answer_one(effect.id, instead ? *instead : testkit::answer(script, effect));
    }
    note(false, "effects end");
}

void Life::advance(Duration by, bool runs_effects) {
    const Instant until = now + by;
    for (int wakes = 0;; ++wakes) {
        if (runs_effects) run();
        const auto wake = casework::next_wake(state);
        if (!wake || *wake > until) break;
        const std::uint64_t version = state.version;
        now = std::max(now, *wake);
        settle_down();
        // A wake that changes nothing would come again at once, for ever.
        if (state.version == version) return note(false, "a case that is woken does something");
        if (wakes > 1'000) return note(false, "a case is not woken without end");
    }
    now = until;
    settle_down();
    if (runs_effects) run();
}

int Life::count(std::string_view kind, std::string_view part) const {
    return static_cast<int>(std::ranges::count_if(journal, [&](const casework::CaseEvent& event) {
        return casework::kind_of(event) == kind && json::dump(casework::to_json(event)).find(part) != std::string::npos;
    }));
}

int Life::planned(std::string_view tool) const {
    return static_cast<int>(std::ranges::count(all_effects, tool, &casework::Effect::tool));
}

const casework::Task* Life::open_task(procedure::TaskKind kind) const {
    const auto found = std::ranges::find_if(
        state.tasks, [&](const casework::Task& task) { return task.kind == kind && task.state == casework::TaskState::open; });
    return found == state.tasks.end() ? nullptr : &*found;
}

Status Life::decide_task(procedure::TaskKind kind, casework::TaskDecision decision) {
    const casework::Task* task = open_task(kind);
    if (task == nullptr) return fail("test.no_such_task", ErrorKind::not_found, std::string(procedure::to_string(kind)));
    decision.task = task->id;
    if (decision.by.empty()) decision.by = "bob";
    return signal(decision);
}

void Life::note(bool holds, std::string_view law) {
    if (!holds && broken.find(law) == std::string::npos)
        broken += fmt::format("{} (event {}, step {}, {}); ", law, state.version, state.step, casework::to_string(state.phase));
}

void Life::check() {
    note(state.version == journal.size(), "the version grows by one with every event");
    if (state.phase == casework::Phase::closed)
        note(std::ranges::none_of(state.timers, [](const auto& t) { return t.first.starts_with("after:") || t.first.starts_with("at:"); }),
             "a closed case has no timers of a step");
    if (const auto* planned = std::get_if<casework::EffectPlanned>(&journal.back().body);
        planned != nullptr && planned->tool == "mail.send_resolution") {
        const auto amount = json::to_money(state.facts["refund"]["amount"]);
        const bool is_over = state.facts["refund"]["requested"].as_bool() && (!amount || amount->minor > 50'000);
        note(!is_over, "no automatic resolution goes out while more money is wanted than the limit");
    }
    const auto read = casework::event_from_json(casework::to_json(journal.back()));
    note(read && json::dump(casework::to_json(*read)) == json::dump(casework::to_json(journal.back())), "an event reads back as it was");
    const casework::EventsText text = casework::write_events({journal.back()});
    const auto again = casework::read_events(text.open, text.personal);
    note(again && json::dump(casework::to_json(again->front())) == json::dump(casework::to_json(journal.back())), "a row reads back as it was");
    // The customer of the tests is known by address and words; an auditor's copy of the journal holds neither.
    for (const std::string_view personal : {"ann@", "Ann "}) note(text.open.find(personal) == std::string::npos, "the open part of a row names nobody");
}

void Life::check_thoroughly() {
    note(casework::fold(journal) == state, "the state is the fold of the journal");
    const auto value = json::parse(json::dump(casework::to_json(state)));
    const auto read = value ? casework::state_from_json(*value) : std::unexpected(value.error());
    note(read && *read == state, "a snapshot reads back as it was");
    const casework::EventsText text = casework::write_events(journal);
    const auto whole = casework::read_events(text.open, text.personal);
    note(whole && casework::fold(*whole) == state, "the state is the fold of the journal as it is kept");
    const auto redacted = casework::read_events(text.open, "");
    const casework::CaseEvent erased{now, casework::CaseErased{"dpo"}};
    note(redacted && casework::evolve(casework::fold(*redacted), erased) == casework::evolve(state, erased),
         "an erased case is the same whether its journal was readable or not");
    std::set<TaskId> tasks;
    for (const casework::Task& task : state.tasks) note(tasks.insert(task.id).second, "each task has its own id");
}

}  // namespace resolute::test
