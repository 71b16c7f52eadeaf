// SPDX-License-Identifier: Apache-2.0
#include "casework/plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/invariant.h"
#include "mail/outgoing_email.h"

namespace resolute::casework {
namespace {

using procedure::EffectClass;

constexpr std::size_t kEffectIdLength = 26;
constexpr std::size_t kTaskIdLength = 11;
constexpr std::size_t kReferencesMax = 20;
constexpr Duration kDefaultTimeout = std::chrono::seconds(30);
/// Calls beside the flow have no step whose policy they could take.
constexpr procedure::Retry kRetryBeside{.attempts_max = 8, .first_delay = std::chrono::seconds(2), .delay_max = std::chrono::minutes(10)};

/// The tool sees what the procedure names, and nothing else.
json::Value arguments_of(const Planner& planner, const procedure::ToolSignature& tool, const procedure::Step* step, const Call& call) {
    json::Value args(json::Object{});
    const auto take = [&](const std::string& name) {
        if (const json::Value* value = planner.context.find_fact(name)) args.set(name, *value);
    };
    if (step != nullptr) {
        for (const std::string& name : step->required_context) take(name);
    } else {
        for (const std::string& name : tool.needs) take(name);
        for (const std::string& name : tool.uses) take(name);
    }
    take("case");
    for (const auto& [name, value] : call.extra.as_object()) args.set(name, value);
    return args;
}

std::string domain_of(std::string_view address) {
    const std::size_t at = address.rfind('@');
    return at == std::string_view::npos ? "localhost" : std::string(address.substr(at + 1));
}

/// The mail as it will leave, from the draft and the conversation: the same state gives the same bytes.
mail::OutgoingEmail compose(const Planner& planner, const EffectId& id, std::string_view tool, const json::Value& draft) {
    const CaseState& state = planner.state;
    mail::OutgoingEmail email;
    email.from = {draft["from"]["name"].as_string(), draft["from"]["address"].as_string()};
    email.to = {"", state.sender};
    email.subject = draft["subject"].as_string();
    email.text = draft["text"].as_string();
    email.html = mail::html_from_text(email.text);
    email.message_id = fmt::format("{}.{}@{}", id.value(), state.id.value(), domain_of(email.from.address));
    if (planner.tokens != nullptr) {
        email.message_id = planner.tokens->message_id(state.id, id, email.to.address, domain_of(email.from.address));
        email.token = planner.tokens->mac_of(state.id, id, email.to.address);
        email.reply_to = planner.tokens->reply_address(state.id, email.to.address, email.from.address);
    }
    // A Message-ID is text of its sender's choosing. Who is not verified may be somebody's victim: no byte of it reaches them by itself.
    const bool may_quote = state.trust == Trust::verified || tool == "mail.send_reply";
    for (const ConversationMail& mail : state.mails) {
        if (mail.message_id.empty() || (mail.is_inbound && !may_quote)) continue;
        email.references.push_back(mail.message_id);
        if (mail.is_inbound) email.in_reply_to = mail.message_id;
    }
    if (email.references.size() > kReferencesMax)
        email.references.erase(email.references.begin(), email.references.end() - static_cast<std::ptrdiff_t>(kReferencesMax));
    email.date = planner.now;
    email.auto_submitted = tool == "mail.send_reply" ? "no" : tool == "mail.send_follow_up" ? "auto-generated" : "auto-replied";
    email.effect_key = id.value();
    email.case_id = state.id.value();
    return email;
}

}  // namespace

const json::Value& draft_of(const Planner& planner, std::string_view tool) {
    const procedure::ToolSignature& signature = planner.procedure.tool(tool);
    INVARIANT(!signature.needs.empty(), "a mailing tool names its draft first");
    return planner.context[signature.needs.front()];
}

std::optional<std::string> reason_to_withhold(const Planner& planner, std::string_view tool) {
    const CaseState& state = planner.state;
    if (draft_of(planner, tool).is_null()) return "there is no text to send";
    if (!mail::is_safe_recipient(state.sender)) return "the customer's address is not one we write to";
    if (state.trust == Trust::failed) return "the sender's authentication failed";
    if (!state.undeliverable.empty()) return "mail to the customer's address came back (" + state.undeliverable + "), and nobody said that it may be written to again";
    const bool is_a_persons = tool == "mail.send_reply";
    if (!state.unattended.empty() && !is_a_persons) return "it looks as if a program answers there: " + state.unattended + "; the next mail is a person's";
    return std::nullopt;
}

void plan_call(Planner& planner, const Call& call, const procedure::Step* step) {
    const procedure::ToolSignature& tool = planner.procedure.tool(call.tool);
    const CaseState& state = planner.state;
    Effect effect;
    effect.id = EffectId(short_hash({state.id.value(), call.tool, call.recipient, call.occurrence}, kEffectIdLength));
    effect.case_id = state.id;
    effect.tool = call.tool;
    effect.integration = tool.integration;
    effect.effect_class = tool.effect;
    effect.purpose = call.purpose;
    effect.step = state.step;
    effect.timeout = step != nullptr ? step->timeout : kDefaultTimeout;
    effect.retry = step != nullptr ? step->retry : kRetryBeside;
    effect.planned_at = planner.now;

    EffectPlanned planned{.effect = effect.id, .tool = call.tool, .purpose = call.purpose, .step = state.step, .recipient = call.recipient};
    json::Value payload;
    if (tool.effect == EffectClass::mails) {
        const json::Value& draft = draft_of(planner, call.tool);
        const mail::OutgoingEmail email = compose(planner, effect.id, call.tool, draft);
        const Result<std::string> bytes = mail::render(email);
        if (!bytes) {
            planner.say(StepEnded{.step = state.step, .outcome = "failure", .why = describe(bytes.error()), .facts = {}});
            return;
        }
        payload.set("envelope", json::Value()
                                    .set("from", email.from.address)
                                    .set("to", email.to.address)
                                    .set("message_id", email.message_id)
                                    .set("trust", to_string(state.trust)));
        payload.set("mime", *bytes);
        payload.set("text", email.text);
        planned.draft = tool.needs.front();
        planned.message_id = email.message_id;
        planned.recipient = email.to.address;
    }
    payload.set("args", arguments_of(planner, tool, call.purpose == Purpose::step ? step : nullptr, call));
    effect.payload = json::dump(payload);
    effect.payload_hash = sha256_hex(effect.payload);
    planned.payload_hash = effect.payload_hash;
    planner.say(std::move(planned));
    planner.decision.effects.push_back(std::move(effect));
}

namespace {

/// What a manager must know to decide: what is asked for, the order, and what the limit was compared with.
std::string approval_reason(const json::Value& refund, const std::string& occasion) {
    const auto asked = json::to_money(refund["claimed"]);
    const auto compared = json::to_money(refund["amount"]);
    const std::string& order = refund["order"].as_string();
    std::string text = occasion + ": asked for " + (asked ? display_text(*asked) : std::string("an amount that is not clear"));
    text += order.empty() ? ", no order named" : ", order " + order;
    if (const auto others = refund["other_claims"].as_int(); others > 0) text += fmt::format(", {} other claims for it", others);
    text += compared ? "; counted " + display_text(*compared) + " in all" : "; the sum cannot be determined";
    return text;
}

}  // namespace

Task make_task(const Planner& planner, procedure::TaskKind kind, std::string role, std::string reason) {
    const CaseState& state = planner.state;
    Task task;
    // Several tasks of one kind can be opened in one visit (two exits): the number of their event tells them apart.
    const auto count = std::to_string(state.version + planner.decision.events.size());
    task.id = TaskId("t" + short_hash({state.id.value(), procedure::to_string(kind), std::to_string(state.visit), count}, kTaskIdLength));
    task.kind = kind;
    task.role = std::move(role);
    task.step = state.step;
    task.reason = std::move(reason);
    task.opened_at = planner.now;
    return task;
}

void act_beside(Planner& planner, const procedure::Action& action, const std::string& occasion) {
    using Kind = procedure::Action::Kind;
    const std::string occurrence = fmt::format("{}:e{}", occasion, planner.state.version);
    switch (action.kind) {
        case Kind::notify:
            plan_call(planner,
                      {.tool = "notify.person", .purpose = Purpose::beside, .occurrence = occurrence, .recipient = action.role,
                       .extra = json::Value().set("role", action.role).set("occasion", occasion)},
                      nullptr);
            return;
        case Kind::call_tool:
            plan_call(planner, {.tool = action.tool, .purpose = Purpose::beside, .occurrence = occurrence}, nullptr);
            return;
        case Kind::open_task: {
            if (has_open_task(planner.state, action.task)) return;
            Task task = make_task(planner, action.task, action.role, occasion);
            if (action.task == procedure::TaskKind::approve) {
                const json::Value& refund = planner.state.facts["refund"];
                task.amount = json::to_money(refund["claimed"]);
                task.order = refund["order"].as_string();
                task.reason = approval_reason(refund, occasion);
                if (const auto expires = json::to_duration(planner.procedure.policy["approval_expires_after"]))
                    task.due = planner.now + *expires;
            }
            const std::optional<Instant> due = task.due;
            const std::string timer = "task:" + task.id.value();
            planner.say(TaskOpened{std::move(task)});
            if (due) planner.say(TimerSet{timer, *due});
            return;
        }
    }
}

}  // namespace resolute::casework
