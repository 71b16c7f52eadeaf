// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>

#include "casework/casework.h"
#include "engine/engine.h"
#include "ports/case_queries.h"
#include "tests/sim/world.h"

namespace resolute::sim {

/// The people who work here: they decide what they are asked, sooner or later, sometimes too late, twice, or without the right to.
class Staff {
public:
    Staff(World& world, Random random) : world_(world), random_(random) {}

    void asked(const CaseId& id, const casework::Task& task);
    /// After a backup was put back: what is open now.
    void look_again(ports::CaseQueries& queries);
    [[nodiscard]] std::optional<Instant> next() const;
    /// How they reach an engine; false: none is there.
    using Speak = std::function<bool(const std::function<void(engine::Engine&)>&)>;
    /// Decides what is due, through any of the engines. True: something was decided.
    bool act(const Speak& speak);

private:
    struct Open { CaseId case_id; casework::Task task; Instant at; int tries = 0; };
    casework::TaskDecision decision_on(const Open& open);
    void decide(Open open, const Speak& speak);

    World& world_;
    Random random_;
    std::map<TaskId, Open> open_;
};

}  // namespace resolute::sim
