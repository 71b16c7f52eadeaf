// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "casework/casework.h"
#include "testkit/script.h"

namespace resolute::test {

inline const Instant kMonday = *parse_instant("2026-11-23T09:00:00Z");
inline constexpr Duration kHour = std::chrono::hours(1);

/// One case driven by hand: decide and evolve in a loop, a scripted world for its effects, time that moves when told. After
/// every event the laws that hold for each case are checked; `broken` says which did not.
class Life {
public:
    explicit Life(testkit::Script world = {}, const procedure::Procedure& procedure = testkit::shipped_procedure());

    void open(casework::Trust trust = casework::Trust::verified, std::string intake_problem = {});
    Status signal(const casework::Signal& signal);
    /// Answers effects until none is open that could run. `answer_with` may answer instead of the script.
    void run();
    void answer_one(const EffectId& id, const engine::Settlement& settlement);
    /// Moves time on, stopping at every wake; effects run in between.
    void advance(Duration by, bool runs_effects = true);
    void apply(std::vector<casework::EventBody> events);

    [[nodiscard]] int count(std::string_view kind, std::string_view part = {}) const;  ///< events whose JSON holds `part`
    [[nodiscard]] int planned(std::string_view tool) const;
    [[nodiscard]] const casework::Task* open_task(procedure::TaskKind kind) const;
    Status decide_task(procedure::TaskKind kind, casework::TaskDecision decision);

    testkit::Script script;
    std::function<std::optional<engine::Settlement>(const casework::Effect&)> answer_with;
    const procedure::Procedure& procedure;
    Instant now = kMonday;
    casework::CaseState state;
    std::vector<casework::CaseEvent> journal;
    std::map<EffectId, casework::Effect> effects;  ///< open ones, as planned
    std::vector<casework::Effect> all_effects;
    std::string broken;
    int most_moves = 0;

    void settle_down();
    void check_thoroughly();

private:
    void note(bool holds, std::string_view law);
    void check();
    std::set<EffectId> ids_;
};

}  // namespace resolute::test
