// SPDX-License-Identifier: Apache-2.0
#include "procedure/procedure.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/invariant.h"
#include "base/text.h"
#include "procedure/draft.h"
#include "procedure/front_matter.h"
#include "procedure/outline.h"

namespace resolute::procedure {
namespace {

constexpr std::size_t kDocumentBytesMax = 1u << 20;

constexpr std::array<TaskKind, 8> kTaskKinds{
    TaskKind::resolve,           TaskKind::approve,    TaskKind::review, TaskKind::manager_review, TaskKind::manager_escalation,
    TaskKind::technical_support, TaskKind::held_effect, TaskKind::undelivered};

/// Where the front matter ends: the line of the second `---`, or nothing.
std::optional<int> front_matter_end(const SourceText& source) {
    if (text::trim(source.line(1)) != "---") return std::nullopt;
    for (int line = 2; line <= source.lines(); ++line)
        if (text::trim(source.line(line)) == "---") return line;
    return std::nullopt;
}

/// The line of the first bytes that are no UTF-8.
Location bad_bytes(const SourceText& source) {
    for (int line = 1; line <= source.lines(); ++line)
        if (!text::is_utf8(source.line(line))) return {line, 1};
    return {1, 1};
}

void keep_tool(Procedure& procedure, const std::string& name, const ToolCatalogue& catalogue) {
    const auto found = catalogue.find(name);
    if (!name.empty() && found != catalogue.end()) procedure.tools.insert(*found);
}

void keep_tools(Procedure& procedure, const std::vector<Action>& actions, const ToolCatalogue& catalogue) {
    for (const Action& action : actions) keep_tool(procedure, action.tool, catalogue);
}

Procedure finish(Draft draft, std::string_view document, const ToolCatalogue& catalogue) {
    Procedure procedure;
    procedure.name = std::move(draft.name);
    procedure.title = std::move(draft.title);
    procedure.content_hash = sha256_hex(document);
    procedure.source = std::string(document);
    procedure.policy = std::move(draft.policy);
    procedure.never = std::move(draft.never);
    procedure.always = std::move(draft.always);
    for (StepDraft& drafted : draft.steps) {
        Step step = std::move(drafted.step);
        const ToolSignature& signature = catalogue.find(step.tool)->second;
        if (!drafted.has_category) step.category = signature.category;
        if (!drafted.has_action) step.action = signature.action;
        for (NamedFact& fact : drafted.context) step.required_context.push_back(std::move(fact.name));
        for (BranchDraft& branch : drafted.branches) {
            keep_tools(procedure, branch.branch.actions, catalogue);
            step.branches.push_back(std::move(branch.branch));
        }
        keep_tool(procedure, step.tool, catalogue);
        procedure.steps.push_back(std::move(step));
    }
    for (const auto& [name, signature] : catalogue)
        if (signature.is_always_there) procedure.tools.emplace(name, signature);
    for (ExitDraft& exit : draft.exits) {
        keep_tools(procedure, exit.exit.actions, catalogue);
        procedure.exits.push_back(std::move(exit.exit));
    }
    for (const NeverRule& rule : procedure.never) keep_tool(procedure, rule.tool, catalogue);
    return procedure;
}

}  // namespace

std::vector<Finding> Findings::take() {
    std::stable_sort(items_.begin(), items_.end(), [](const Finding& a, const Finding& b) {
        return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
    });
    return std::move(items_);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string meant = text::closest(word, candidates);
    return meant.empty() || meant == word ? std::string() : fmt::format("; did you mean `{}`?", meant);
}

std::string_view to_string(TaskKind kind) {
    switch (kind) {
        case TaskKind::resolve:
            return "resolve";
        case TaskKind::approve:
            return "approve";
        case TaskKind::review:
            return "review";
        case TaskKind::manager_review:
            return "manager_review";
        case TaskKind::manager_escalation:
            return "manager_escalation";
        case TaskKind::technical_support:
            return "technical_support";
        case TaskKind::held_effect:
            return "held_effect";
        case TaskKind::undelivered:
            return "undelivered";
    }
    return "resolve";
}

std::optional<TaskKind> parse_task_kind(std::string_view text) {
    for (const TaskKind kind : kTaskKinds)
        if (to_string(kind) == text) return kind;
    return std::nullopt;
}

const Step* Procedure::find_step(int number) const {
    const auto found =
        std::lower_bound(steps.begin(), steps.end(), number, [](const Step& step, int n) { return step.number < n; });
    return found != steps.end() && found->number == number ? &*found : nullptr;
}

const Step* Procedure::find_step_by_tool(std::string_view tool) const {
    for (const Step& step : steps)
        if (step.tool == tool) return &step;
    return nullptr;
}

const ToolSignature& Procedure::tool(std::string_view tool_name) const {
    const auto found = tools.find(tool_name);
    INVARIANT(found != tools.end(), "only tools that the procedure names are asked for");
    return found->second;
}

const Step* Procedure::first_follow_up_step() const {
    for (const Step& step : steps)
        if (step.in_follow_up) return &step;
    return nullptr;
}

ReadResult read(std::string_view document, const ToolCatalogue& catalogue) {
    Findings findings;
    ReadResult result;
    const SourceText source(document.substr(0, kDocumentBytesMax + 1));
    if (document.size() > kDocumentBytesMax) {
        findings.error("too_large", {1, 1},
                       fmt::format("the document has {} bytes; at most {} are read", document.size(), kDocumentBytesMax));
    } else if (!text::is_utf8(document) || document.find('\0') != std::string_view::npos) {
        findings.error("bad_value", bad_bytes(source), "the document is no UTF-8 text");
    } else {
        Draft draft;
        const auto end = front_matter_end(source);
        if (!end) {
            findings.error("front_matter", {1, 1},
                           "found no front matter; meant a first line `---`, then `procedure: name`, and a line `---`");
        } else {
            const std::size_t begin = source.line_start(2);
            FrontMatter front = read_front_matter(document.substr(begin, source.line_start(*end) - begin), 2, findings);
            draft.name = std::move(front.name);
            draft.policy = std::move(front.policy);
        }
        // Without the policy every condition that rests on it would look wrong.
        if (findings.errors() == 0) {
            read_body(source, *end + 1, draft, findings);
            check(draft, catalogue, findings);
        }
        if (findings.errors() == 0) result.procedure = finish(std::move(draft), document, catalogue);
    }
    result.findings = findings.take();
    return result;
}

std::string describe(const Finding& finding, std::string_view file_name) {
    return fmt::format("{}:{}:{}: {} {}: {}", file_name, finding.where.line, finding.where.column,
                       finding.severity == Finding::Severity::error ? "error" : "warning", finding.code, finding.message);
}

}  // namespace resolute::procedure
