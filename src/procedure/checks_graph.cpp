// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "procedure/draft.h"

namespace resolute::procedure {
namespace {

using Facts = std::set<std::string>;

std::string top_level(std::string_view path) {
    return std::string(path.substr(0, path.find('.')));
}

class Graph {
public:
    Graph(const Draft& draft, const ToolCatalogue& catalogue, Findings& findings)
        : draft_(draft), catalogue_(catalogue), findings_(findings) {
        for (std::size_t i = 0; i < draft.steps.size(); ++i) {
            index_[draft.steps[i].step.number] = i;
            if (draft.steps[i].step.in_follow_up && !follow_up_) follow_up_ = i;
        }
    }

    void run() {
        const int before = findings_.errors();
        reachability();
        dead_ends();
        // An unreached step has no context at all; saying so again helps nobody.
        if (findings_.errors() == before) context();
    }

private:
    /// The step a target leads to; nothing where the case ends, or stays, or is held where it is.
    [[nodiscard]] std::optional<std::size_t> next(const Target& target) const {
        if (target.kind == Target::Kind::step) return index_.at(target.step);
        if (target.kind == Target::Kind::complete) return follow_up_;
        return std::nullopt;
    }

    [[nodiscard]] bool ends(const Target& target) const {
        return target.kind == Target::Kind::closed || (target.kind == Target::Kind::complete && !follow_up_);
    }

    void reachability() {
        std::vector<bool> reached(draft_.steps.size(), false);
        std::vector<std::size_t> open;
        const auto reach = [&](std::optional<std::size_t> step) {
            if (!step || reached[*step]) return;
            reached[*step] = true;
            open.push_back(*step);
        };
        reach(0);
        for (const ExitDraft& exit : draft_.exits)
            if (exit.exit.target) reach(next(*exit.exit.target));
        while (!open.empty()) {
            const StepDraft& step = draft_.steps[open.back()];
            open.pop_back();
            for (const BranchDraft& branch : step.branches) reach(next(branch.branch.target));
        }
        for (std::size_t i = 0; i < reached.size(); ++i)
            if (!reached[i])
                findings_.error("unreachable_step", draft_.steps[i].step.where,
                                fmt::format("no branch and no exit condition leads to step {}", draft_.steps[i].step.number));
    }

    void dead_ends() {
        std::vector<bool> leads_on(draft_.steps.size(), false);
        for (bool has_changed = true; has_changed;) {
            has_changed = false;
            for (std::size_t i = 0; i < draft_.steps.size(); ++i) {
                if (leads_on[i]) continue;
                leads_on[i] =
                    std::any_of(draft_.steps[i].branches.begin(), draft_.steps[i].branches.end(), [&](const BranchDraft& branch) {
                        const auto to = next(branch.branch.target);
                        return ends(branch.branch.target) || (to && leads_on[*to]);
                    });
                has_changed |= leads_on[i];
            }
        }
        for (std::size_t i = 0; i < leads_on.size(); ++i)
            if (!leads_on[i])
                findings_.error(
                    "dead_end", draft_.steps[i].step.where,
                    fmt::format("no path from step {} reaches an end (closed, or complete)", draft_.steps[i].step.number));
    }

    void add_produced(const std::string& tool, Facts& facts) const {
        const auto found = catalogue_.find(tool);
        if (found == catalogue_.end()) return;
        for (const auto& [path, type] : found->second.produces) facts.insert(top_level(path));
    }

    /// What the step knows when its tool has ended in a way that this branch takes.
    [[nodiscard]] Facts at_branch(const StepDraft& step, const Branch& branch, const Facts& before) const {
        Facts facts = before;
        const bool has_ended = branch.trigger == Branch::Trigger::outcome || branch.trigger == Branch::Trigger::guard;
        const bool has_run = has_ended && branch.outcome != "skipped" && branch.outcome != "rejected";
        if (has_run) add_produced(step.step.tool, facts);
        if (branch.trigger == Branch::Trigger::failure) {
            const auto found = catalogue_.find(step.step.tool);
            if (found != catalogue_.end())
                for (const auto& [name, value] : found->second.failure_facts.as_object()) facts.insert(name);
        }
        return facts;
    }

    /// A least fixpoint: sets only grow and are bounded by the facts that exist, so it ends.
    void produce() {
        Facts always(standing_facts().begin(), standing_facts().end());
        known_.assign(draft_.steps.size(), {});
        known_[0] = always;
        for (bool has_changed = true; has_changed;) {
            has_changed = false;
            Facts anywhere = always;
            for (std::size_t i = 0; i < draft_.steps.size(); ++i) {
                for (const BranchDraft& branch : draft_.steps[i].branches) {
                    Facts facts = at_branch(draft_.steps[i], branch.branch, known_[i]);
                    for (const Action& action : branch.branch.actions) add_produced(action.tool, facts);
                    anywhere.insert(facts.begin(), facts.end());
                    if (const auto to = next(branch.branch.target)) has_changed |= grow(*to, facts);
                }
            }
            // Exit conditions are watched in every state, so they may come with whatever any step knows.
            for (const ExitDraft& exit : draft_.exits) {
                Facts facts = anywhere;
                for (const Action& action : exit.exit.actions) add_produced(action.tool, facts);
                if (const auto to = exit.exit.target ? next(*exit.exit.target) : std::nullopt) has_changed |= grow(*to, facts);
            }
        }
    }

    bool grow(std::size_t step, const Facts& facts) {
        const std::size_t before = known_[step].size();
        known_[step].insert(facts.begin(), facts.end());
        return known_[step].size() > before;
    }

    void context() {
        produce();
        for (std::size_t i = 0; i < draft_.steps.size(); ++i) {
            const StepDraft& draft = draft_.steps[i];
            const Step& step = draft.step;
            for (const NamedFact& fact : draft.context) require(fact.name, fact.where, known_[i], step);
            if (step.only_when) require(*step.only_when, known_[i], step);
            if (step.approval) require(step.approval->when, known_[i], step);
            for (const BranchDraft& branch : draft.branches) {
                const Facts facts = at_branch(draft, branch.branch, known_[i]);
                if (branch.branch.when) require(*branch.branch.when, facts, step);
                if (branch.branch.trigger == Branch::Trigger::at)
                    require(top_level(branch.branch.at_fact), branch.trigger_at, facts, step);
            }
            needs(draft);
        }
    }

    void require(const Condition& condition, const Facts& facts, const Step& step) {
        Facts named;
        for (const std::string& path : condition.fact_paths()) named.insert(top_level(path));
        for (const std::string& fact : named) require(fact, condition.location(), facts, step);
    }

    void require(const std::string& fact, Location where, const Facts& facts, const Step& step) {
        if (facts.contains(fact)) return;
        const std::vector<std::string> candidates(facts.begin(), facts.end());
        findings_.error(
            "context_missing", where,
            fmt::format("found `{}`, which no path into step {} produces{}", fact, step.number, did_you_mean(fact, candidates)));
    }

    /// A tool sees the Required Context and nothing else.
    void needs(const StepDraft& draft) {
        const auto found = catalogue_.find(draft.step.tool);
        if (found == catalogue_.end()) return;
        for (const std::string& need : found->second.needs) {
            const bool is_given =
                std::any_of(draft.context.begin(), draft.context.end(), [&](const NamedFact& fact) { return fact.name == need; });
            if (!is_given)
                findings_.error("context_missing", draft.tool_at,
                                fmt::format("`{}` cannot work without `{}`, which is not in the **Required Context** of step {}",
                                            draft.step.tool, need, draft.step.number));
        }
    }

    const Draft& draft_;
    const ToolCatalogue& catalogue_;
    Findings& findings_;
    std::map<int, std::size_t> index_;
    std::optional<std::size_t> follow_up_;
    std::vector<Facts> known_;
};

}  // namespace

void check_graph(const Draft& draft, const ToolCatalogue& catalogue, Findings& findings) {
    if (!draft.steps.empty()) Graph(draft, catalogue, findings).run();
}

}  // namespace resolute::procedure
