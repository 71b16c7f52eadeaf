// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "tools/facts.h"

// Four tools, one call: the bytes were frozen when the effect was planned.
namespace resolute::tools {
namespace {

ports::FrozenMail frozen(const Call& call) {
    const json::Value& envelope = call.payload["envelope"];
    return {.key = call.key(), .from = envelope["from"].as_string(), .to = envelope["to"].as_string(),
            .message_id = envelope["message_id"].as_string(), .bytes = call.payload["mime"].as_string()};
}

constexpr Duration kHeldFor = std::chrono::minutes(15);

/// One name for each mailbox that mail reaches: without case and without a tag behind "+", and as Gmail reads it also without dots.
std::string mailbox_of(std::string_view address) {
    const std::string lower = text::to_lower(address);
    const std::size_t at = lower.rfind('@');
    if (at == std::string::npos) return lower;
    std::string local = lower.substr(0, std::min(lower.find('+'), at));
    const std::string domain = lower.substr(at + 1);
    if (domain == "gmail.com" || domain == "googlemail.com") std::erase(local, '.');
    return local + "@" + domain;
}

std::string why_not(ports::Allowance allowance, const ports::MailCaps& caps) {
    using ports::Allowance;
    switch (allowance) {
        case Allowance::granted:
        case Allowance::held: break;
        case Allowance::other_case: return "nobody vouched for the sender, and another case wrote to the address within a day";
        case Allowance::sender_full: return fmt::format("the address had {} automatic mails within a day", caps.per_sender_day);
        case Allowance::case_full: return fmt::format("the case wrote {} automatic mails within a day", caps.per_case_day);
        case Allowance::domain_full:
            return fmt::format("{} mails went to unverified senders of the domain within an hour", caps.unverified_per_domain_hour);
        case Allowance::hour_full: return fmt::format("{} mails went to unverified senders within an hour", caps.unverified_per_hour);
    }
    return {};
}

/// The breaker holds: people are told once an hour, and the mail waits.
engine::Settlement hold(World& world, const Call& call, Instant now) {
    const std::int64_t hour = ports::hour_of(now);
    const auto told = world.chat.post({.key = fmt::format("mail.held/{}", hour), .role = "technical_support", .person = {}, .case_id = {},
                                       .text = "Automatic mails are held: this hour has more than five times the usual. People's answers still go out.",
                                       .at = now},
                                      call.deadline);
    ignore_error(told, "the next mail that is held says it again");
    engine::Settlement settlement = engine::Settlement::from(
        {.code = "mail.held", .kind = ErrorKind::rate_limited, .effect = EffectState::not_sent,
         .retry_after = kHeldFor, .detail = "more automatic mails than ever want to go out: they wait"});
    settlement.is_own_hold = true;
    return settlement;
}

/// What stops a mail that no person wrote; nothing: it goes.
std::optional<engine::Settlement> brake(World& world, const Call& call) {
    const MailBrake& brake = world.brake;
    if (brake.ledger == nullptr || call.ticket.effect.tool == "mail.send_reply") return std::nullopt;
    const std::string mailbox = mailbox_of(call.payload["envelope"]["to"].as_string());
    const Instant now = brake.clock->now();
    const auto allowance =
        brake.ledger->reserve({.key = call.key(), .case_id = case_of(call), .address = brake.blind(mailbox),
                               .domain = brake.blind(mailbox.substr(mailbox.rfind('@') + 1)),
                               .is_verified = call.payload["envelope"]["trust"].as_string() == "verified", .at = now},
                              brake.caps);
    if (!allowance) return engine::Settlement::from(allowance.error());
    if (*allowance == ports::Allowance::granted) return std::nullopt;
    if (*allowance == ports::Allowance::held) return hold(world, call, now);
    return engine::Settlement::success(
        "withheld", json::Value().set("withheld", json::Value().set("cap", ports::to_string(*allowance)).set("why", why_not(*allowance, brake.caps))));
}

engine::Settlement run(World& world, const Call& call) {
    if (auto stopped = brake(world, call)) return *std::move(stopped);
    return settle(world.sender.send(frozen(call), call.deadline), "sent");
}

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
