// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "tools/facts.h"

namespace resolute::tools {
namespace {

constexpr std::size_t kDescriptionBytesMax = 16u << 10;

engine::Settlement run(World& world, const Call& call) {
    const json::Value& existing = call.arg("ticket");
    if (!existing.is_null()) {  // The case was reopened: its ticket is, too.
        const Status changed = world.helpdesk.change_ticket({.key = call.key(), .ticket = ticket_of(call), .status = ports::TicketStatus::open,
                                                             .assignee = std::nullopt, .note = "reopened: the customer wrote again", .at = call.at()},
                                                            call.deadline);
        return settle(changed, "created");
    }
    const std::string problem = call.arg("case")["intake_problem"].as_string();
    const ports::NewTicket ticket{
        .key = key_once_a_case(call),
        .case_id = case_of(call),
        .customer = call.arg("customer")["id"].as_string(),
        .requester = call.arg("sender")["address"].as_string(),
        .subject = call.arg("case")["subject"].as_string(),
        .description = problem.empty() ? text::shorten(call.arg("mail")["text"].as_string(), kDescriptionBytesMax)
                                       : "This mail could not be read by the program: " + problem,
        .category = call.arg("issue")["category"].as_string(),
        .priority = call.arg("priority")["level"].as_string_or("medium"),
        .tier = call.arg("customer")["tier"].as_string_or("regular"),
        .at = call.at()};
    const auto created = world.helpdesk.create_ticket(ticket, call.deadline);
    if (!created) return engine::Settlement::from(created.error());
    return engine::Settlement::success(
        "created", json::Value().set("ticket", json::Value().set("id", created->id.value()).set("number", created->number)));
}

}  // namespace

Tool ticket_create() {
    return {.signature = {.name = "ticket.create",
                          .purpose = "creates the ticket, or opens it again for a case that came back",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::create,
                          .effect = procedure::EffectClass::idempotent,
                          .integration = "helpdesk",
                          .outcomes = {"created"},
                          .needs = {"sender"},
                          .uses = {"mail", "customer", "issue", "priority", "ticket"},
                          .produces = {{"ticket", "map"}, {"ticket.id", "string"}, {"ticket.number", "string"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
