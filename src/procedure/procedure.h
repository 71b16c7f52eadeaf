// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "procedure/condition.h"
#include "procedure/tool_signature.h"

namespace resolute::procedure {

/// Work for a person that a procedure can ask for.
enum class TaskKind { resolve, approve, review, manager_review, manager_escalation, technical_support, held_effect, undelivered };
std::string_view to_string(TaskKind kind);
std::optional<TaskKind> parse_task_kind(std::string_view text);

/// One link of a branch's chain, done before its target is taken: a tool, a task, or a message to a role.
struct Action {
    enum class Kind { call_tool, open_task, notify };
    Kind kind = Kind::call_tool;
    std::string tool;                     ///< call_tool: "mail.send_reply"
    TaskKind task = TaskKind::resolve;    ///< open_task
    std::string role;                     ///< open_task, notify: "manager", "agent", "technical_support"
    Location where;
};

struct Target {
    enum class Kind {
        step,      ///< go on at `step`
        complete,  ///< the main part is done: on to the first step of "## Follow-Up", or closed where there is none
        stay,      ///< go on waiting where we are
        hold,      ///< manual work: a task for technical support; the step is tried again when a person says so
        closed,    ///< the case is over
    };
    Kind kind = Kind::stay;
    int step = 0;
    friend bool operator==(const Target&, const Target&) = default;
};

struct Branch {
    enum class Trigger {
        outcome,  ///< the tool ended with `outcome`
        guard,    ///< `when` is yes or unknown (fail closed); guards are tried in order, before every outcome
        after,    ///< the step has waited for `after`
        at,       ///< the instant that the fact `at_fact` holds has come
        failure,  ///< the retry budget is used up, or the other side refused
    };
    Trigger trigger = Trigger::outcome;
    std::string outcome;
    std::optional<Condition> when;
    Duration after{};      ///< resolved from the policy at load
    std::string after_text;  ///< as written: "policy.manager_escalation_after"
    std::string at_fact;
    std::vector<Action> actions;
    Target target;
    std::string remark;  ///< the words in parentheses at the end
    Location where;
};

struct Retry {
    int attempts_max = 5;
    Duration first_delay = std::chrono::seconds(2);  ///< doubled each time, with jitter
    Duration delay_max = std::chrono::minutes(5);
    friend bool operator==(const Retry&, const Retry&) = default;
};

/// "**Approval**: when `…` → task `review` for `agent`": the step's effect waits for a person's yes to its exact content.
struct Approval {
    Condition when;
    TaskKind task = TaskKind::review;
    std::string role;
};

struct Step {
    int number = 0;
    std::string title;
    std::string objective;
    std::string tool;
    ToolCategory category = ToolCategory::integration;
    ActionType action = ActionType::read;
    std::vector<std::string> required_context;  ///< top-level facts (and "policy", "case") that the tool is given; it sees nothing else
    Duration timeout = std::chrono::seconds(30);
    Retry retry;
    std::optional<Condition> only_when;  ///< else the step ends `skipped`, journaled
    bool is_optional = false;            ///< its integration need not be configured; then the step ends `skipped`, journaled
    std::optional<Approval> approval;
    std::vector<Branch> branches;
    bool in_follow_up = false;  ///< stands under "## Follow-Up"
    Location where;
};

struct ExitCondition {
    std::string name;
    Condition when;
    std::vector<Action> actions;
    std::optional<Target> target;  ///< where the case goes; nothing: it goes on where it is
    Location where;
};

/// *Never* `tool` when `condition`: also a monitor at run time. *Always* rules are kept for the proofs.
struct NeverRule {
    std::string tool;
    Condition when;
    std::string remark;
    Location where;
};
struct AlwaysRule {
    int from_step = 0;
    int to_step = 0;
    Condition when;
    std::string remark;
    Location where;
};

/// A checked document, ready to run. Immutable and shared by every case that began on it.
struct Procedure {
    std::string name;
    std::string title;
    std::string content_hash;  ///< sha256 hex of the document: cases are pinned to it
    std::string source;        ///< the document itself
    json::Value policy;        ///< the front matter's `policy`, typed: money, durations, percentages (as double), lists, maps
    std::vector<Step> steps;   ///< by number
    std::vector<ExitCondition> exits;
    std::vector<NeverRule> never;
    std::vector<AlwaysRule> always;
    ToolCatalogue tools;       ///< the signature of every tool named anywhere in it

    [[nodiscard]] const Step* find_step(int number) const;
    [[nodiscard]] const Step* find_step_by_tool(std::string_view tool) const;
    [[nodiscard]] const ToolSignature& tool(std::string_view name) const;  ///< INVARIANT: it is named in this procedure
    [[nodiscard]] const Step* first_follow_up_step() const;
};

struct Finding {
    enum class Severity { error, warning };
    Severity severity = Severity::error;
    std::string code;     ///< "procedure.unknown_tool"; a page under docs/errors/
    Location where;
    std::string message;  ///< what was found, what was meant
};

/// What reading a document yields: the procedure where there is no error, and all findings in order of place.
struct ReadResult {
    std::optional<Procedure> procedure;
    std::vector<Finding> findings;
};

/// Reads and checks a document in the format of docs/procedure-language.md. Never throws; bounded (1 MB, 500 steps).
ReadResult read(std::string_view document, const ToolCatalogue& catalogue);

/// "procedures/customer-support.md:12:5: error procedure.unknown_tool: …"
std::string describe(const Finding& finding, std::string_view file_name);

/// A picture for people: the steps with their branches as an indented text, and as Mermaid.
std::string render_text(const Procedure& procedure);
std::string render_mermaid(const Procedure& procedure);

std::string describe(const Branch& branch);
std::string describe(const Target& target);

}  // namespace resolute::procedure
