// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "procedure/findings.h"

/// A document between reading and checking: the procedure's parts with the places that messages point at.
namespace resolute::procedure {

struct BranchDraft {
    Branch branch;
    Location trigger_at;  ///< the outcome's name, the fact of `at`
    Location target_at;
};

struct NamedFact {
    std::string name;
    Location where;
};

struct StepDraft {
    Step step;  ///< without `branches` and `required_context`
    Location tool_at;
    Location category_at;
    Location action_at;
    bool has_category = false;
    bool has_action = false;
    bool has_timeout = false;
    bool is_whole = true;  ///< false where a part of it could not be read: what it lacks is not reported again
    std::vector<NamedFact> context;
    std::vector<BranchDraft> branches;
    bool has_branches = false;
};

struct ExitDraft {
    ExitCondition exit;
    Location target_at;
};

struct Draft {
    std::string name;
    std::string title;
    json::Value policy;
    std::vector<StepDraft> steps;
    std::vector<ExitDraft> exits;
    std::vector<NeverRule> never;
    std::vector<AlwaysRule> always;
    bool has_lost_step = false;  ///< a heading could not be read, so that a target may name the step it would have been
};

/// Reads the body from `first_line` on into `draft`, whose policy is there already.
class SourceText;
void read_body(const SourceText& source, int first_line, Draft& draft, Findings& findings);

/// Everything that can be said without running it: tools, outcomes, targets, types, context, reachability.
void check(const Draft& draft, const ToolCatalogue& catalogue, Findings& findings);

/// Fact paths with their types: what the tools of the procedure produce, what is always there, and the policy.
std::map<std::string, std::string> fact_schema(const Draft& draft, const ToolCatalogue& catalogue);

/// Top-level facts that are there from the first step on.
const std::vector<std::string>& standing_facts();

/// Context is produced on some path into the step that asks for it; every step is reached; every step leads on to an end.
/// Only for drafts whose tools and targets are known.
void check_graph(const Draft& draft, const ToolCatalogue& catalogue, Findings& findings);

}  // namespace resolute::procedure
