// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/facts.h"

// What is written into a ticket as the case goes on: the mails we sent, the customer's replies, resolved, closed.
namespace resolute::tools {
namespace {

procedure::ToolSignature writing(std::string name, std::string purpose, std::string outcome, std::vector<std::string> uses) {
    return {.name = std::move(name),
            .purpose = std::move(purpose),
            .category = procedure::ToolCategory::integration,
            .action = procedure::ActionType::update,
            .effect = procedure::EffectClass::idempotent,
            .integration = "helpdesk",
            .outcomes = {std::move(outcome)},
            .needs = {"ticket"},
            .uses = std::move(uses)};
}

engine::Settlement comment(World& world, const Call& call, std::string author, bool is_public, std::string text) {
    if (text.empty()) return engine::Settlement::success("noted");
    return settle(world.helpdesk.add_comment({.key = call.key(), .ticket = ticket_of(call), .author = std::move(author), .is_public = is_public,
                                              .text = std::move(text), .at = call.at()},
                                             call.deadline),
                  "noted");
}

engine::Settlement log_last_mail(World& world, const Call& call) {
    const json::Array& conversation = call.arg("conversation").as_array();
    for (auto mail = conversation.rbegin(); mail != conversation.rend(); ++mail)
        if ((*mail)["from"].as_string() == "us") return comment(world, call, "resolute", true, (*mail)["text"].as_string());
    return engine::Settlement::success("noted");
}

engine::Settlement note(World& world, const Call& call) {
    // Called with a text it notes that; in a chain of the procedure, that the customer is content.
    const bool has_text = !call.arg("text").is_null();
    return comment(world, call, has_text ? call.arg("author").as_string_or("resolute") : "resolute", has_text,
                   has_text ? call.arg("text").as_string() : "The customer is content.");
}

engine::Settlement resolve(World& world, const Call& call) {
    const std::string by = call.arg("case")["resolution"].as_string_or("automatic");
    const std::string category = call.arg("issue")["category"].as_string_or("general_support");
    return settle(world.helpdesk.change_ticket({.key = call.key(), .ticket = ticket_of(call), .status = ports::TicketStatus::resolved,
                                                .assignee = std::nullopt, .resolution_category = fmt::format("{}/{}", category, by),
                                                .at = call.at()},
                                               call.deadline),
                  "resolved");
}

engine::Settlement close(World& world, const Call& call) {
    const json::Value& the_case = call.arg("case");
    const json::Value& satisfaction = call.arg("satisfaction");
    const std::string why = !satisfaction.is_null() ? fmt::format("closed: the customer rated {} of 5", satisfaction["score"].as_int())
                            : json::to_duration(the_case["quiet_for"]).value_or(Duration::zero()) > Duration::zero()
                                ? "closed: no answer from the customer"
                                : "closed";
    return settle(world.helpdesk.change_ticket({.key = call.key(), .ticket = ticket_of(call), .status = ports::TicketStatus::closed,
                                                .assignee = std::nullopt, .note = why, .at = call.at()},
                                               call.deadline),
                  "closed");
}

}  // namespace

Tool ticket_log() {
    return {.signature = writing("ticket.log", "logs the mail that just went out in the ticket", "noted", {"conversation"}),
            .run = log_last_mail, .look_up = {}};
}
Tool ticket_note() {
    Tool tool{.signature = writing("ticket.note", "notes what the customer wrote later", "noted", {}), .run = note, .look_up = {}};
    tool.signature.is_always_there = true;
    return tool;
}
Tool ticket_resolve() {
    return {.signature = writing("ticket.resolve", "marks the ticket resolved", "resolved", {"issue"}), .run = resolve, .look_up = {}};
}
Tool ticket_close() {
    return {.signature = writing("ticket.close", "closes the ticket with a note of why", "closed", {"satisfaction"}), .run = close, .look_up = {}};
}

}  // namespace resolute::tools
