// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/facts.h"

namespace resolute::tools {
namespace {

/// One sentence for the person: why the case came to them.
std::string reason_of(const Call& call) {
    const json::Value& the_case = call.arg("case");
    if (const auto& problem = the_case["intake_problem"].as_string(); !problem.empty()) return "the mail could not be read: " + problem;
    if (const auto& guard = the_case["stopped_because"].as_string(); !guard.empty()) return "the policy asks for a person: " + guard;
    if (const auto& why = call.arg("assessment")["why"].as_string(); !why.empty()) return why;
    if (call.arg("articles").as_array().empty()) return "nothing relevant in the knowledge base";
    return "a person is needed";
}

engine::Settlement run(World& world, const Call& call) {
    const ports::RouteRequest request{.role = "agent",
                                      .category = call.arg("issue")["category"].as_string(),
                                      .is_vip = call.arg("customer")["tier"].as_string() == "vip",
                                      .language = call.arg("issue")["language"].as_string()};
    const auto route = world.people.route(request, call.deadline);
    if (!route) return engine::Settlement::from(route.error());
    const std::string reason = reason_of(call);
    const Status changed = world.helpdesk.change_ticket({.key = call.key(), .ticket = ticket_of(call), .status = ports::TicketStatus::escalated,
                                                         .assignee = route->agent.id, .note = reason, .at = call.at()},
                                                        call.deadline);
    if (!changed) return engine::Settlement::from(changed.error());
    json::Value facts;
    facts.set("assignment", json::Value()
                                .set("agent", route->agent.id.value())
                                .set("name", route->agent.name)
                                .set("why", route->why)
                                .set("reason", reason));
    return engine::Settlement::success("escalated", std::move(facts));
}

}  // namespace

Tool ticket_escalate() {
    return {.signature = {.name = "ticket.escalate",
                          .purpose = "routes the ticket to a person by category, skill and availability",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::update,
                          .effect = procedure::EffectClass::idempotent,
                          .integration = "helpdesk",
                          .outcomes = {"escalated"},
                          .needs = {"ticket"},
                          .uses = {"issue", "customer", "priority", "refund", "assessment", "articles"},
                          .produces = {{"assignment", "map"}, {"assignment.agent", "string"}, {"assignment.name", "string"},
                                       {"assignment.why", "string"}, {"assignment.reason", "string"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
