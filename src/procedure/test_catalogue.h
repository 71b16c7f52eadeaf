// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "procedure/tool_signature.h"

namespace resolute::procedure {

/// The tools that the shipped procedure names, as far as reading and checking need them; for tests of this folder and those
/// above that want a procedure without the tools themselves.
inline ToolCatalogue test_catalogue() {
    ToolCatalogue catalogue;
    using Category = ToolCategory;
    using Produces = std::map<std::string, std::string>;
    const auto add = [&](std::string name, Category category, ActionType action, EffectClass effect, std::string integration,
                         std::vector<std::string> outcomes, std::vector<std::string> needs = {}, Produces produces = {}) {
        ToolSignature signature{.name = name,
                                .purpose = "as in the shipped procedure",
                                .category = category,
                                .action = action,
                                .effect = effect,
                                .integration = std::move(integration),
                                .outcomes = std::move(outcomes),
                                .needs = std::move(needs),
                                .uses = {},
                                .produces = std::move(produces),
                                .failure_facts = {}};
        catalogue[name] = std::move(signature);
    };
    const Produces refund{
        {"refund", "map"}, {"refund.requested", "bool"}, {"refund.amount", "money"}, {"refund.order", "string"}};
    const auto with_refund = [&](Produces produces) {
        produces.insert(refund.begin(), refund.end());
        return produces;
    };
    constexpr auto kIntegration = Category::integration;
    constexpr auto kPrompt = Category::prompt;

    add("mail.receive", kIntegration, ActionType::read, EffectClass::reads, "mail", {"parsed", "failed"}, {"sender"},
        {{"mail", "map"}, {"mail.text", "string"}, {"mail.subject", "string"}});
    add("crm.find_customer", kIntegration, ActionType::read, EffectClass::reads, "crm", {"found", "not_found"}, {"sender"},
        {{"customer", "map"},
         {"customer.tier", "string"},
         {"customer.known", "bool"},
         {"customer.lookup", "string"},
         {"customer.id", "string"},
         {"customer.name", "string"}});
    catalogue["crm.find_customer"].failure_facts =
        json::Object{{"customer", json::Object{{"lookup", "failed"}, {"known", false}, {"tier", "regular"}}}};
    add("issue.classify", kPrompt, ActionType::extraction, EffectClass::computes, "language", {"classified"}, {"mail"},
        with_refund({{"issue", "map"},
                     {"issue.category", "string"},
                     {"issue.severity", "string"},
                     {"issue.urgency", "string"},
                     {"issue.is_complaint", "bool"},
                     {"issue.is_sensitive", "bool"},
                     {"issue.wants_to_buy", "bool"},
                     {"issue.confidence", "double"},
                     {"issue.language", "string"}}));
    add("issue.prioritise", kPrompt, ActionType::decision, EffectClass::computes, "language", {"assigned"}, {"issue"},
        {{"priority", "map"}, {"priority.level", "string"}, {"priority.response_target", "duration"}});
    add("issue.assess", kPrompt, ActionType::decision, EffectClass::computes, "language", {"automatic", "offer", "human"},
        {"issue"}, with_refund({{"assessment", "map"}, {"assessment.confidence", "double"}}));
    add("ticket.create", kIntegration, ActionType::create, EffectClass::idempotent, "helpdesk", {"created"}, {"mail"},
        {{"ticket", "map"}});
    add("ticket.escalate", kIntegration, ActionType::update, EffectClass::idempotent, "helpdesk", {"escalated"}, {"ticket"},
        {{"assignment", "map"}});
    add("ticket.resolve", kIntegration, ActionType::update, EffectClass::idempotent, "helpdesk", {"resolved"}, {"ticket"});
    add("ticket.watch", kIntegration, ActionType::read, EffectClass::waits, "helpdesk", {"resolved"}, {"ticket"});
    add("ticket.note", kIntegration, ActionType::update, EffectClass::idempotent, "helpdesk", {"noted"}, {"ticket"});
    add("ticket.log", kIntegration, ActionType::update, EffectClass::idempotent, "helpdesk", {"logged"}, {"ticket"});
    add("ticket.close", kIntegration, ActionType::update, EffectClass::idempotent, "helpdesk", {"closed"}, {"ticket"});
    add("reply.acknowledgment", kPrompt, ActionType::generation, EffectClass::computes, "language", {"written"}, {"ticket"},
        {{"acknowledgment", "map"}});
    add("reply.resolution", kPrompt, ActionType::generation, EffectClass::computes, "language", {"written", "not_grounded"},
        {"articles"}, {{"resolution", "map"}});
    add("reply.agent_answer", kPrompt, ActionType::generation, EffectClass::computes, "language", {"written"}, {"ticket"},
        {{"answer", "map"}});
    add("reply.follow_up", kPrompt, ActionType::generation, EffectClass::computes, "language", {"written"}, {"ticket"},
        {{"follow_up", "map"}});
    add("reply.understand", kPrompt, ActionType::extraction, EffectClass::computes, "language",
        {"persists", "rated", "satisfied"}, {"reply"},
        {{"reply_meaning", "map"}, {"reply_meaning.meaning", "string"}, {"reply_meaning.rating", "int"}});
    add("mail.send_acknowledgment", kIntegration, ActionType::create, EffectClass::mails, "mail", {"sent", "withheld"},
        {"acknowledgment"});
    add("mail.send_resolution", kIntegration, ActionType::create, EffectClass::mails, "mail", {"sent", "withheld"},
        {"resolution"});
    add("mail.send_follow_up", kIntegration, ActionType::create, EffectClass::mails, "mail", {"sent", "withheld"}, {"follow_up"});
    add("mail.send_reply", kIntegration, ActionType::create, EffectClass::mails, "mail", {"sent", "withheld"}, {"answer"});
    add("kb.search", kIntegration, ActionType::read, EffectClass::reads, "knowledge", {"found", "nothing_relevant"}, {"issue"},
        {{"articles", "list"}});
    add("crm.record_resolution", kIntegration, ActionType::update, EffectClass::idempotent, "crm", {"recorded"}, {"customer"});
    add("crm.create_deal", kIntegration, ActionType::create, EffectClass::guarded, "crm", {"created"}, {"customer"});
    add("files.archive_case", kIntegration, ActionType::create, EffectClass::idempotent, "files", {"archived"}, {"ticket"});
    add("followup.schedule", kIntegration, ActionType::create, EffectClass::computes, "people", {"scheduled"}, {},
        {{"followup", "map"}, {"followup.due", "instant"}});
    add("followup.wait", kIntegration, ActionType::read, EffectClass::waits, "people", {"replied", "rated"}, {"followup"});
    add("followup.await", kIntegration, ActionType::read, EffectClass::waits, "people", {"replied", "rated"});
    return catalogue;
}

}  // namespace resolute::procedure
