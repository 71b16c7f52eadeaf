// SPDX-License-Identifier: Apache-2.0
#include "app/coverage.h"

namespace resolute::app {

void Coverage::see(const std::vector<casework::CaseEvent>& events) {
    for (const casework::CaseEvent& event : events) {
        if (const auto* taken = std::get_if<casework::BranchTaken>(&event.body)) {
            if (taken->branch < 0)
                ++held_;
            else
                ++branches_[{taken->step, taken->branch}];
        }
        if (const auto* met = std::get_if<casework::ExitConditionMet>(&event.body)) ++exits_[met->name];
    }
}

std::vector<Coverage::Row> Coverage::rows(const procedure::Procedure& procedure) const {
    std::vector<Row> rows;
    for (const procedure::Step& step : procedure.steps) {
        for (std::size_t i = 0; i < step.branches.size(); ++i) {
            const auto count = branches_.find({step.number, static_cast<int>(i)});
            rows.push_back({.step = step.number, .title = step.title, .branch = procedure::describe(step.branches[i]),
                            .count = count == branches_.end() ? 0 : count->second, .is_main = !step.in_follow_up});
        }
    }
    for (const procedure::ExitCondition& exit : procedure.exits) {
        const auto count = exits_.find(exit.name);
        rows.push_back({.step = 0, .title = exit.name, .branch = "when " + exit.when.text(),
                        .count = count == exits_.end() ? 0 : count->second, .is_main = true});
    }
    return rows;
}

}  // namespace resolute::app
