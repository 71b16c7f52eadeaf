// SPDX-License-Identifier: Apache-2.0
#include "tools/facts.h"

// Four tools, one call: the bytes were frozen when the effect was planned.
namespace resolute::tools {
namespace {

ports::FrozenMail frozen(const Call& call) {
    const json::Value& envelope = call.payload["envelope"];
    return {.key = call.key(), .from = envelope["from"].as_string(), .to = envelope["to"].as_string(),
            .message_id = envelope["message_id"].as_string(), .bytes = call.payload["mime"].as_string()};
}

engine::Settlement run(World& world, const Call& call) { return settle(world.sender.send(frozen(call), call.deadline), "sent"); }

engine::Settlement look_up(World& world, const Call& call) {
    const auto delivery = world.sender.look_up(frozen(call), call.deadline);
    if (!delivery) return engine::Settlement::from(delivery.error());
    switch (*delivery) {
        case ports::Delivery::sent: return engine::Settlement::success("sent");
        case ports::Delivery::absent: return {.kind = engine::Settlement::Kind::absent};
        case ports::Delivery::unknown: break;
    }
    return engine::Settlement::from({.code = "mail.delivery_unknown", .kind = ErrorKind::internal, .effect = EffectState::unknown,
                                     .detail = "the outgoing mailbox cannot tell whether the mail went out"});
}

Tool sending(std::string name, std::string draft, std::string purpose) {
    return {.signature = {.name = std::move(name),
                          .purpose = std::move(purpose),
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::create,
                          .effect = procedure::EffectClass::mails,
                          .integration = "mail",
                          .outcomes = {"sent", "withheld"},
                          .needs = {std::move(draft)}},
            .run = run,
            .look_up = look_up};
}

}  // namespace

Tool mail_send_acknowledgment() { return sending("mail.send_acknowledgment", "acknowledgment", "sends the acknowledgment, once"); }
Tool mail_send_resolution() { return sending("mail.send_resolution", "resolution", "sends the automatic resolution, once"); }
Tool mail_send_follow_up() { return sending("mail.send_follow_up", "follow_up", "sends the follow-up with the survey, once"); }
Tool mail_send_reply() { return sending("mail.send_reply", "answer", "sends a person's answer, once"); }

}  // namespace resolute::tools
