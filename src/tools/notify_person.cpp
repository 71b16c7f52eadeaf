// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "mail/outgoing_email.h"
#include "tools/facts.h"

namespace resolute::tools {
namespace {

struct Message {
    std::string key;
    std::string text;
};

/// Technical support hears of an outage once, however many cases run into it.
Result<Message> message_of(World& world, const Call& call) {
    const std::string role = call.arg("role").as_string();
    const std::string ticket = call.arg("ticket")["number"].as_string_or("a case without a ticket");
    if (role == "technical_support") {
        const std::string integration = call.arg("case")["failing_integration"].as_string_or("an integration");
        TRY(const ports::Outage outage, world.desk.begin_outage(integration, "engine.attempts_failed", call.at()));
        return Message{fmt::format("outage/{}/{}", integration, format_instant(outage.began_at)),
                       fmt::format("The integration \"{}\" keeps failing since {}. First seen in {}.", integration,
                                   format_instant(outage.began_at), ticket)};
    }
    if (role == "agents") {
        return Message{call.key().value(), fmt::format("{} was escalated to {}: {}", ticket, call.arg("assignment")["name"].as_string_or("the team"),
                                                       call.arg("assignment")["reason"].as_string_or("a person is needed"))};
    }
    return Message{call.key().value(), fmt::format("{}: {}", call.arg("occasion").as_string_or("Notice"), ticket)};
}

/// Chat is down: the same words by mail, with the same key.
engine::Settlement by_mail(World& world, const Call& call, const Message& message) {
    const auto route = world.people.route({.role = call.arg("role").as_string() == "agents" ? "agent" : call.arg("role").as_string()}, call.deadline);
    if (!route) return engine::Settlement::from(route.error());
    const mail::OutgoingEmail email{.from = {world.voice.organisation, world.voice.support_address},
                                    .to = {route->agent.name, route->agent.email},
                                    .subject = "Resolute: " + call.arg("occasion").as_string_or("notice"),
                                    .text = message.text + "\n",
                                    .message_id = fmt::format("{}.{}@resolute.invalid", call.key().value(), case_of(call).value()),
                                    .date = call.at(),
                                    .auto_submitted = "auto-generated",
                                    .effect_key = call.key().value(),
                                    .case_id = case_of(call).value()};
    const auto bytes = mail::render(email);
    if (!bytes) return engine::Settlement::from(bytes.error());
    return settle(world.sender.send({.key = call.key(), .from = email.from.address, .to = email.to.address, .message_id = email.message_id,
                                     .bytes = *bytes},
                                    call.deadline),
                  "told");
}

engine::Settlement run(World& world, const Call& call) {
    const auto message = message_of(world, call);
    if (!message) return engine::Settlement::from(message.error());
    const auto shown = world.chat.post({.key = message->key, .role = call.arg("role").as_string(), .person = {}, .case_id = case_of(call),
                                        .text = message->text, .at = call.at()},
                                       call.deadline);
    if (!shown) return by_mail(world, call, *message);
    return engine::Settlement::success(*shown ? "told" : "already_told");
}

}  // namespace

Tool notify_person() {
    return {.signature = {.name = "notify.person",
                          .purpose = "tells a role by chat, or by mail where chat is down",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::create,
                          .effect = procedure::EffectClass::idempotent,
                          .integration = "chat",
                          .is_always_there = true,
                          .outcomes = {"told", "already_told"},
                          .uses = {"ticket", "assignment"}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
