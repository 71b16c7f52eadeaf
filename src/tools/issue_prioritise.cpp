// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/facts.h"

namespace resolute::tools {
namespace {

int points(std::string_view level) { return level == "high" ? 2 : level == "medium" ? 1 : 0; }

engine::Settlement run(World&, const Call& call) {
    const json::Value& issue = call.arg("issue");
    const bool is_vip = call.arg("customer")["tier"].as_string() == "vip";
    const bool has_impact = issue["has_business_impact"].as_bool();
    int score = points(issue["severity"].as_string()) + points(issue["urgency"].as_string());
    if (is_vip) score += 2;
    if (has_impact) score += 2;
    const std::string_view level = score >= 3 ? "high" : score >= 1 ? "medium" : "low";

    const json::Value& targets = call.arg("policy")["response_target"];
    // The target is told to the sender, so it may show the tier only to whom it belongs.
    const bool may_tell = is_vip && call.arg("sender")["is_verified"].as_bool();
    const json::Value& target = targets[may_tell ? "vip" : "standard"];
    json::Value priority;
    priority.set("level", level);
    priority.set("response_target", json::to_duration(target) ? target : json::from_duration(std::chrono::hours(2)));
    priority.set("reason", fmt::format("{}severity {}, urgency {}{}", is_vip ? "VIP, " : "", issue["severity"].as_string(),
                                       issue["urgency"].as_string(), has_impact ? ", business impact" : ""));
    return engine::Settlement::success("assigned", json::Value().set("priority", std::move(priority)));
}

}  // namespace

Tool issue_prioritise() {
    return {.signature = {.name = "issue.prioritise",
                          .purpose = "high, medium or low from tier, severity, urgency and business impact; the response target",
                          .category = procedure::ToolCategory::prompt,
                          .action = procedure::ActionType::decision,
                          .effect = procedure::EffectClass::computes,
                          .integration = "language",
                          .outcomes = {"assigned"},
                          .needs = {"issue", "customer", "policy"},
                          .uses = {"sender"},
                          .produces = {{"priority", "map"}, {"priority.level", "string"}, {"priority.response_target", "duration"},
                                       {"priority.reason", "string"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
