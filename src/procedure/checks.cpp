// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "procedure/draft.h"

namespace resolute::procedure {
namespace {

std::vector<std::string> tool_names(const ToolCatalogue& catalogue) {
    std::vector<std::string> names;
    for (const auto& [name, signature] : catalogue) names.push_back(name);
    return names;
}

std::vector<std::string> backticked(const std::vector<std::string>& names) {
    std::vector<std::string> quoted;
    for (const std::string& name : names) quoted.push_back(fmt::format("`{}`", name));
    return quoted;
}

class Checker {
public:
    Checker(const Draft& draft, const ToolCatalogue& catalogue, Findings& findings)
        : draft_(draft), catalogue_(catalogue), findings_(findings) {}

    void run() {
        const int before_structure = findings_.errors();
        numbers();
        for (const StepDraft& step : draft_.steps) fields(step);
        const int before_tools = findings_.errors();
        tools();
        const bool knows_tools = findings_.errors() == before_tools && has_every_tool();
        for (const StepDraft& step : draft_.steps) branches(step);
        targets();
        if (knows_tools) types();
        // A graph with holes would blame the steps behind them.
        if (findings_.errors() == before_structure && before_structure == 0) check_graph(draft_, catalogue_, findings_);
    }

private:
    [[nodiscard]] const ToolSignature* find(std::string_view tool) const {
        const auto found = catalogue_.find(tool);
        return found == catalogue_.end() ? nullptr : &found->second;
    }

    [[nodiscard]] bool has_every_tool() const {
        return std::all_of(draft_.steps.begin(), draft_.steps.end(),
                           [&](const StepDraft& step) { return find(step.step.tool) != nullptr; });
    }

    void numbers() {
        int last = 0;
        bool was_follow_up = false;
        std::map<int, int> seen;
        for (const StepDraft& draft : draft_.steps) {
            const Step& step = draft.step;
            const auto [first, is_new] = seen.emplace(step.number, step.where.line);
            if (!is_new) {
                findings_.error("duplicate_step", step.where,
                                fmt::format("found a second step {}; the first is in line {}", step.number, first->second));
            } else if (step.number < last) {
                findings_.error("step_numbers", step.where,
                                fmt::format("found step {} behind step {}; the numbers of the steps rise", step.number, last));
            } else if (was_follow_up && !step.in_follow_up) {
                findings_.error("step_numbers", step.where,
                                "found a step of the main part behind the follow-up; \"## Steps\" comes first");
            }
            last = std::max(last, step.number);
            was_follow_up = step.in_follow_up;
        }
        const bool has_main = std::any_of(draft_.steps.begin(), draft_.steps.end(),
                                          [](const StepDraft& draft) { return !draft.step.in_follow_up; });
        if (!draft_.steps.empty() && !has_main)
            findings_.error("missing_field", draft_.steps.front().step.where,
                            "found no step under \"## Steps\", where a case begins");
    }

    void fields(const StepDraft& draft) {
        const Step& step = draft.step;
        if (!draft.is_whole) return;
        if (step.tool.empty())
            findings_.error("missing_field", step.where, fmt::format("step {} has no **Tool**, which it calls", step.number));
        if (draft.branches.empty())
            findings_.error("missing_field", step.where,
                            fmt::format("step {} has no **Branches**, which say where it goes on", step.number));
    }

    void unknown_tool(const std::string& name, Location where) {
        findings_.error(
            "unknown_tool", where,
            fmt::format("found the tool `{}`, which is not known{}", name, did_you_mean(name, tool_names(catalogue_))));
    }

    void chain_tools(const std::vector<Action>& actions) {
        for (const Action& action : actions)
            if (action.kind == Action::Kind::call_tool && find(action.tool) == nullptr) unknown_tool(action.tool, action.where);
    }

    void tools() {
        for (const StepDraft& draft : draft_.steps) {
            if (!draft.step.tool.empty() && find(draft.step.tool) == nullptr) unknown_tool(draft.step.tool, draft.tool_at);
            for (const BranchDraft& branch : draft.branches) chain_tools(branch.branch.actions);
            if (const ToolSignature* signature = find(draft.step.tool)) agree(draft, *signature);
        }
        for (const ExitDraft& exit : draft_.exits) chain_tools(exit.exit.actions);
        for (const NeverRule& rule : draft_.never)
            if (find(rule.tool) == nullptr) unknown_tool(rule.tool, rule.where);
    }

    /// The document says what the tool is, for people; it must be true.
    void agree(const StepDraft& draft, const ToolSignature& signature) {
        const Step& step = draft.step;
        if (draft.has_category && step.category != signature.category)
            findings_.error("bad_value", draft.category_at,
                            fmt::format("found {}, but `{}` is of the category {}", to_string(step.category), step.tool,
                                        to_string(signature.category)));
        if (draft.has_action && step.action != signature.action)
            findings_.error("bad_value", draft.action_at,
                            fmt::format("found {}, but `{}` is of the type {}", to_string(step.action), step.tool,
                                        to_string(signature.action)));
        const bool calls_out = signature.effect != EffectClass::computes && signature.effect != EffectClass::waits;
        if (calls_out && !draft.has_timeout && draft.is_whole)
            findings_.warning(
                "missing_timeout", step.where,
                fmt::format("step {} calls out and has no **Timeout**; it takes {}", step.number, format_duration(step.timeout)));
    }

    void branches(const StepDraft& draft) {
        const Step& step = draft.step;
        const ToolSignature* signature = find(step.tool);
        if (signature == nullptr) return;
        std::vector<std::string> known = signature->outcomes;
        known.emplace_back("skipped");
        if (step.approval || !draft.is_whole) known.emplace_back("rejected");
        if (signature->effect == EffectClass::mails) known.emplace_back("replied");
        std::set<std::string> covered;
        for (const BranchDraft& branch : draft.branches) {
            waits(draft, branch, *signature);
            const std::string& outcome = branch.branch.outcome;
            if (branch.branch.trigger != Branch::Trigger::outcome) continue;
            if (std::find(known.begin(), known.end(), outcome) == known.end()) {
                findings_.error("unknown_outcome", branch.trigger_at,
                                fmt::format("found the outcome `{}`; `{}` ends in {}{}", outcome, step.tool,
                                            text::join(backticked(known), ", "), did_you_mean(outcome, known)));
                covered.insert(text::closest(outcome, known));  // One slip of the pen is one finding.
            } else if (!covered.insert(outcome).second) {
                findings_.error("duplicate_branch", branch.trigger_at,
                                fmt::format("found a second branch for `{}`; it would never be taken", outcome));
            }
        }
        if (draft.is_whole && !draft.branches.empty()) uncovered(draft, *signature, covered);
    }

    void uncovered(const StepDraft& draft, const ToolSignature& signature, const std::set<std::string>& covered) {
        const Step& step = draft.step;
        std::vector<std::string> wanted = signature.outcomes;
        if (step.only_when || step.is_optional) wanted.emplace_back("skipped");
        if (step.approval) wanted.emplace_back("rejected");
        std::set<std::string> reported;
        for (const std::string& outcome : wanted)
            if (!covered.contains(outcome) && reported.insert(outcome).second)
                findings_.error(
                    "outcome_without_branch", step.where,
                    fmt::format("step {} has no branch for `{}`, in which `{}` can end", step.number, outcome, step.tool));
    }

    void waits(const StepDraft& draft, const BranchDraft& branch, const ToolSignature& signature) {
        if (signature.effect == EffectClass::waits) return;
        const auto trigger = branch.branch.trigger;
        if (trigger == Branch::Trigger::after || trigger == Branch::Trigger::at) {
            findings_.error("bad_value", branch.branch.where,
                            fmt::format("found a branch that waits, but `{}` does not wait; its time is limited by **Timeout**",
                                        draft.step.tool));
        } else if (branch.branch.target.kind == Target::Kind::stay) {
            findings_.error(
                "bad_value", branch.target_at,
                fmt::format("found `stay`, but `{}` does not wait; meant a step, complete, hold or closed", draft.step.tool));
        }
    }

    void target(const Target& target, Location where) {
        if (target.kind != Target::Kind::step || has_step(target.step) || draft_.has_lost_step) return;
        findings_.error("unknown_step", where, fmt::format("found Step {}, which is not there", target.step));
    }

    [[nodiscard]] bool has_step(int number) const {
        return std::any_of(draft_.steps.begin(), draft_.steps.end(),
                           [&](const StepDraft& draft) { return draft.step.number == number; });
    }

    void targets() {
        for (const StepDraft& draft : draft_.steps) {
            for (const BranchDraft& branch : draft.branches) {
                target(branch.branch.target, branch.target_at);
                if (branch.branch.target.kind == Target::Kind::complete && draft.step.in_follow_up)
                    findings_.error("bad_value", branch.target_at,
                                    "found `complete` in the follow-up, where the main part is complete; meant closed");
            }
        }
        for (const ExitDraft& exit : draft_.exits)
            if (exit.exit.target) target(*exit.exit.target, exit.target_at);
        for (const AlwaysRule& rule : draft_.always) {
            target({Target::Kind::step, rule.from_step}, rule.where);
            target({Target::Kind::step, rule.to_step}, rule.where);
            if (has_step(rule.from_step) && has_step(rule.to_step) && !leads(rule.from_step, rule.to_step))
                findings_.error("bad_value", rule.where,
                                fmt::format("step {} has no branch to step {} that could be open", rule.from_step, rule.to_step));
        }
    }

    /// True also where a branch of the step could not be read: it may be the one.
    [[nodiscard]] bool leads(int from, int to) const {
        for (const StepDraft& draft : draft_.steps) {
            if (draft.step.number != from) continue;
            if (!draft.is_whole) return true;
            for (const BranchDraft& branch : draft.branches)
                if (branch.branch.target == Target{Target::Kind::step, to}) return true;
        }
        return false;
    }

    void condition(const Condition& condition, const std::map<std::string, std::string>& schema) {
        auto problem = condition.find_type_problem(schema);
        if (!problem) return;
        if (problem->code == "procedure.unknown_fact" && problem->path.starts_with("policy.")) {
            problem->code = "procedure.policy_unknown";
            problem->message =
                text::replace_all(std::move(problem->message), "which nothing produces", "which the front matter does not set");
        }
        findings_.add(*std::move(problem));
    }

    void types() {
        const auto schema = fact_schema(draft_, catalogue_);
        for (const StepDraft& draft : draft_.steps) {
            if (draft.step.only_when) condition(*draft.step.only_when, schema);
            if (draft.step.approval) condition(draft.step.approval->when, schema);
            for (const BranchDraft& branch : draft.branches) {
                if (branch.branch.when) condition(*branch.branch.when, schema);
                if (branch.branch.trigger == Branch::Trigger::at) moment(branch, schema);
            }
        }
        for (const ExitDraft& exit : draft_.exits) condition(exit.exit.when, schema);
        for (const NeverRule& rule : draft_.never) condition(rule.when, schema);
        for (const AlwaysRule& rule : draft_.always) condition(rule.when, schema);
    }

    void moment(const BranchDraft& branch, const std::map<std::string, std::string>& schema) {
        const auto found = schema.find(branch.branch.at_fact);
        if (found != schema.end() && found->second == "instant") return;
        std::vector<std::string> moments;
        for (const auto& [path, type] : schema)
            if (type == "instant") moments.push_back(path);
        if (found == schema.end())
            findings_.error("unknown_fact", branch.trigger_at,
                            fmt::format("found `{}`, which nothing produces{}", branch.branch.at_fact,
                                        did_you_mean(branch.branch.at_fact, moments)));
        else
            findings_.error("condition_type", branch.trigger_at,
                            fmt::format("found `{}`, which is {}, meant an instant", branch.branch.at_fact, found->second));
    }

    const Draft& draft_;
    const ToolCatalogue& catalogue_;
    Findings& findings_;
};

void add_policy(const json::Value& value, const std::string& path, std::map<std::string, std::string>& schema) {
    std::string type = "string";
    if (value.is_bool())
        type = "bool";
    else if (value.is_int())
        type = "int";
    else if (value.is_number())
        type = "double";
    else if (value.is_array())
        type = "list";
    else if (json::to_money(value))
        type = "money";
    else if (json::to_duration(value))
        type = "duration";
    else if (value.is_object())
        type = "map";
    schema[path] = type;
    if (type != "map") return;
    for (const auto& [key, field] : value.as_object()) add_policy(field, path + "." + key, schema);
}

}  // namespace

const std::vector<std::string>& standing_facts() {
    static const std::vector<std::string> facts{"sender", "case", "policy", "conversation", "reply", "grant", "satisfaction"};
    return facts;
}

std::map<std::string, std::string> fact_schema(const Draft& draft, const ToolCatalogue& catalogue) {
    std::map<std::string, std::string> schema{
        {"case", "map"},
        {"case.escalated", "bool"},
        {"case.is_closed", "bool"},
        {"case.automatic_answers", "int"},
        {"case.follow_ups_sent", "int"},
        {"case.reopened", "int"},
        {"case.failed_attempts", "int"},
        {"case.failing_integration", "string"},
        {"case.quiet_for", "duration"},
        {"case.id", "string"},
        {"case.now", "instant"},
        {"satisfaction", "map"},
        {"satisfaction.score", "int"},
        {"sender", "map"},
        {"sender.address", "string"},
        {"sender.trust", "string"},
        {"sender.is_verified", "bool"},
        {"reply", "map"},
        {"grant", "map"},
        {"conversation", "list"},
    };
    const auto add_tool = [&](const std::string& name) {
        const auto found = catalogue.find(name);
        if (found != catalogue.end()) schema.insert(found->second.produces.begin(), found->second.produces.end());
    };
    const auto add_actions = [&](const std::vector<Action>& actions) {
        for (const Action& action : actions) add_tool(action.tool);
    };
    for (const StepDraft& step : draft.steps) {
        add_tool(step.step.tool);
        for (const BranchDraft& branch : step.branches) add_actions(branch.branch.actions);
    }
    for (const ExitDraft& exit : draft.exits) add_actions(exit.exit.actions);
    add_policy(draft.policy, "policy", schema);
    return schema;
}

void check(const Draft& draft, const ToolCatalogue& catalogue, Findings& findings) {
    Checker(draft, catalogue, findings).run();
}

}  // namespace resolute::procedure
