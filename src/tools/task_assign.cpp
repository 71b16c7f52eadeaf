// SPDX-License-Identifier: Apache-2.0
#include "tools/facts.h"

namespace resolute::tools {
namespace {

engine::Settlement run(World& world, const Call& call) {
    const ports::RouteRequest request{.role = call.arg("role").as_string(),
                                      .category = call.arg("issue")["category"].as_string(),
                                      .is_vip = call.arg("customer")["tier"].as_string() == "vip",
                                      .language = call.arg("issue")["language"].as_string()};
    const auto route = world.people.route(request, call.deadline);
    if (!route) return engine::Settlement::from(route.error());
    return engine::Settlement::success("assigned", json::Value().set("assignee", route->agent.id.value()));
}

}  // namespace

Tool task_assign() {
    return {.signature = {.name = "task.assign",
                          .purpose = "finds the person for a task",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::read,
                          .effect = procedure::EffectClass::reads,
                          .integration = "people",
                          .is_always_there = true,
                          .outcomes = {"assigned"},
                          .uses = {"issue", "customer"}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
