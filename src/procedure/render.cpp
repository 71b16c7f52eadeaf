// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "procedure/procedure.h"

namespace resolute::procedure {
namespace {

std::string describe(const Action& action) {
    switch (action.kind) {
        case Action::Kind::call_tool:
            return action.tool;
        case Action::Kind::open_task:
            return fmt::format("task {} for {}", to_string(action.task), action.role);
        case Action::Kind::notify:
            return fmt::format("notify {}", action.role);
    }
    return {};
}

std::string trigger_text(const Branch& branch) {
    switch (branch.trigger) {
        case Branch::Trigger::outcome:
            return branch.outcome;
        case Branch::Trigger::guard:
            return fmt::format("when {}", branch.when ? branch.when->text() : "");
        case Branch::Trigger::after:
            return branch.after_text == format_duration(branch.after)
                       ? fmt::format("after {}", branch.after_text)
                       : fmt::format("after {} ({})", branch.after_text, format_duration(branch.after));
        case Branch::Trigger::at:
            return fmt::format("at {}", branch.at_fact);
        case Branch::Trigger::failure:
            return "on failure";
    }
    return {};
}

std::string with_actions(std::string text, const std::vector<Action>& actions) {
    for (const Action& action : actions) text += " → " + describe(action);
    return text;
}

std::string with_remark(std::string text, const std::string& remark) {
    return remark.empty() ? text : fmt::format("{} ({})", text, remark);
}

std::string step_text(const Step& step) {
    std::string text = fmt::format("  {}. {}   [{}]\n", step.number, step.title, step.tool);
    if (step.is_optional) text += "       optional\n";
    if (step.only_when) text += fmt::format("       only when {}\n", step.only_when->text());
    if (step.approval)
        text += fmt::format("       approval: task {} for {} when {}\n", to_string(step.approval->task), step.approval->role,
                            step.approval->when.text());
    for (const Branch& branch : step.branches) text += fmt::format("       {}\n", describe(branch));
    return text;
}

std::string exit_text(const ExitCondition& exit) {
    std::string text = with_actions(fmt::format("when {}", exit.when.text()), exit.actions);
    if (exit.target) text += " → " + describe(*exit.target);
    return fmt::format("  {}: {}\n", exit.name, text);
}

/// Mermaid writes entities with # for &; a raw quote, angle or backtick would end the label or be read as markup.
std::string mermaid_label(std::string_view text) {
    std::string label;
    for (const char c : text::shorten(text, 100)) {
        switch (c) {
            case '#':
                label += "#35;";
                break;
            case '&':
                label += "#amp;";
                break;
            case '<':
                label += "#lt;";
                break;
            case '>':
                label += "#gt;";
                break;
            case '"':
                label += "#quot;";
                break;
            case '`':
                label += "#96;";
                break;
            case '\n':
            case '\r':
                label += ' ';
                break;
            default:
                label += c;
        }
    }
    return label;
}

struct Ends {
    bool complete = false, hold = false, closed = false;
};

std::string mermaid_target(const Procedure& procedure, const Step& from, const Target& target, Ends& ends) {
    switch (target.kind) {
        case Target::Kind::step:
            return fmt::format("s{}", target.step);
        case Target::Kind::stay:
            return fmt::format("s{}", from.number);
        case Target::Kind::hold:
            ends.hold = true;
            return "hold";
        case Target::Kind::closed:
            ends.closed = true;
            return "closed";
        case Target::Kind::complete:
            break;
    }
    if (const Step* follow_up = procedure.first_follow_up_step()) return fmt::format("s{}", follow_up->number);
    ends.complete = true;
    return "complete";
}

}  // namespace

std::string describe(const Target& target) {
    switch (target.kind) {
        case Target::Kind::step:
            return fmt::format("Step {}", target.step);
        case Target::Kind::complete:
            return "complete";
        case Target::Kind::stay:
            return "stay";
        case Target::Kind::hold:
            return "hold";
        case Target::Kind::closed:
            return "closed";
    }
    return {};
}

std::string describe(const Branch& branch) {
    return with_remark(fmt::format("{} → {}", with_actions(trigger_text(branch), branch.actions), describe(branch.target)),
                       branch.remark);
}

std::string render_text(const Procedure& procedure) {
    std::string text = fmt::format("{} ({})\n\nSteps\n", procedure.title, procedure.name);
    bool in_follow_up = false;
    for (const Step& step : procedure.steps) {
        if (step.in_follow_up && !in_follow_up) text += "\nFollow-Up\n";
        in_follow_up = step.in_follow_up;
        text += step_text(step);
    }
    if (!procedure.exits.empty()) text += "\nExit Conditions\n";
    for (const ExitCondition& exit : procedure.exits) text += exit_text(exit);
    if (!procedure.never.empty()) text += "\nNever\n";
    for (const NeverRule& rule : procedure.never)
        text += with_remark(fmt::format("  {} when {}", rule.tool, rule.when.text()), rule.remark) + "\n";
    if (!procedure.always.empty()) text += "\nAlways\n";
    for (const AlwaysRule& rule : procedure.always)
        text += with_remark(fmt::format("  Step {} → Step {} is open when {}", rule.from_step, rule.to_step, rule.when.text()),
                            rule.remark) +
                "\n";
    return text;
}

std::string render_mermaid(const Procedure& procedure) {
    std::string text = "flowchart TD\n";
    std::string edges;
    Ends ends;
    for (const Step& step : procedure.steps) {
        const auto [open, close] = step.category == ToolCategory::prompt ? std::pair("([", "])") : std::pair("[", "]");
        text += fmt::format("    s{}{}\"{}. {}<br/><small>{}</small>\"{}\n", step.number, open, step.number,
                            mermaid_label(step.title), mermaid_label(step.tool), close);
        for (const Branch& branch : step.branches)
            edges += fmt::format("    s{} {}|\"{}\"| {}\n", step.number, branch.trigger == Branch::Trigger::guard ? "==>" : "-->",
                                 mermaid_label(with_actions(trigger_text(branch), branch.actions)),
                                 mermaid_target(procedure, step, branch.target, ends));
    }
    if (ends.complete) text += "    complete((complete))\n";
    if (ends.hold) text += "    hold((hold))\n";
    if (ends.closed) text += "    closed((closed))\n";
    return text + edges;
}

}  // namespace resolute::procedure
