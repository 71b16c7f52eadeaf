// SPDX-License-Identifier: Apache-2.0
#include "testkit/script.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/invariant.h"
#include "tools/tool.h"

namespace resolute::testkit {
namespace {

using engine::Settlement;
using json::Value;

Value customer(const Script& script) {
    return Value()
        .set("known", script.is_known)
        .set("lookup", "ok")
        .set("id", script.is_known ? "K1" : "")
        .set("name", script.is_known ? "Ann Lee" : "")
        .set("tier", script.is_vip ? "vip" : "regular")
        .set("orders", json::Array{})
        .set("interactions", json::Array{});
}

Value issue(const Script& script) {
    return Value()
        .set("category", script.category)
        .set("confidence", 0.9)
        .set("is_unsure", false)
        .set("severity", "low")
        .set("urgency", "low")
        .set("language", "en")
        .set("orders", json::Array{})
        .set("wants_refund", script.wants_refund)
        .set("wants_to_buy", false)
        .set("wants_a_person", false)
        .set("is_complaint", false)
        .set("is_sensitive", script.is_sensitive)
        .set("requests", 1);
}

Value refund(const Script& script) {
    const Value amount = script.wants_refund && script.refund ? json::from_money(*script.refund) : Value();
    return Value()
        .set("requested", script.wants_refund)
        .set("amount", amount)
        .set("own_amount", amount)
        .set("claimed", amount)
        .set("claimed_base", amount)
        .set("is_covered", script.is_covered)
        .set("order", "A-1")
        .set("customer", "K1");
}

Value resolution(const Script& script) {
    return draft("Your question", script.resolution_text).set("articles", json::from_strings({"invoices"}));
}

Value reply_meaning(const Script& script) {
    return Value().set("meaning", script.meaning).set("rating", script.rating ? Value(*script.rating) : Value()).set("evidence", "");
}

}  // namespace

Value draft(std::string_view subject, std::string_view text) {
    return Value()
        .set("from", Value().set("name", "Acme").set("address", "support@acme.example"))
        .set("subject", subject)
        .set("text", text)
        .set("text_hash", sha256_hex(text))
        .set("articles", json::Array{})
        .set("is_grounded", true);
}

Settlement answer(const Script& script, const casework::Effect& effect) {
    const std::string& tool = effect.tool;
    const auto yes = [](std::string outcome, std::string fact = {}, Value value = {}) {
        return Settlement::success(std::move(outcome), fact.empty() ? Value() : Value().set(fact, std::move(value)));
    };
    if (tool == "mail.receive")
        return yes(script.is_readable ? "parsed" : "failed", "mail", Value().set("id", "m1").set("subject", "Help").set("text", "Where is my invoice?"));
    if (tool == "crm.find_customer") return yes(script.is_known ? "found" : "not_found", "customer", customer(script));
    if (tool == "issue.classify")
        return Settlement::success("classified", Value().set("issue", issue(script)).set("refund", refund(script)));
    if (tool == "issue.prioritise")
        return yes("assigned", "priority",
                   Value().set("level", script.priority).set("response_target", json::from_duration(std::chrono::hours(2))));
    if (tool == "ticket.create")
        return yes("created", "ticket", Value().set("id", "T-" + effect.case_id.value()).set("number", "T-" + effect.case_id.value()));
    if (tool == "reply.acknowledgment") return yes("written", "acknowledgment", draft("We have your message", "A colleague answers within 2 hours."));
    if (tool == "kb.search")
        return script.has_articles ? yes("found", "articles", json::Array{Value().set("id", "invoices").set("title", "Invoices")})
                                   : yes("nothing_relevant", "articles", json::Array{});
    if (tool == "issue.assess")
        return yes(script.decision, "assessment", Value().set("decision", script.decision).set("confidence", 0.9).set("why", "it fits"));
    if (tool == "reply.resolution") return yes("written", "resolution", resolution(script));
    if (tool == "reply.follow_up") return yes("written", "follow_up", draft("Did it help?", "Answer with a number from 1 to 5."));
    if (tool == "reply.understand") return yes(script.meaning, "reply_meaning", reply_meaning(script));
    if (tool == "reply.agent_answer") {
        const auto payload = json::parse(effect.payload);
        INVARIANT(payload.has_value(), "a payload is JSON");
        const std::string reply = (*payload)["args"]["person_answer"]["reply"].as_string();
        return reply.empty() ? yes("nothing", "answer") : yes("written", "answer", draft("Your question", reply));
    }
    if (tool == "ticket.escalate")
        return yes("escalated", "assignment", Value().set("agent", "bob").set("name", "Bob").set("reason", "a person is needed"));
    if (tool == "followup.schedule")
        return yes("scheduled", "followup", Value().set("due", json::from_instant(effect.planned_at + std::chrono::hours(48))));
    if (tool == "task.assign") return Settlement::success("assigned", Value().set("assignee", "carol"));
    if (tool == "files.archive_case")
        return Settlement::from({.code = "files.not_configured", .kind = ErrorKind::not_found, .effect = EffectState::refused});
    if (tool.starts_with("mail.send_")) return yes("sent");
    const auto& outcomes = shipped_procedure().tool(tool).outcomes;
    return yes(outcomes.empty() ? std::string("done") : outcomes.front());
}

std::string shipped_document() {
    auto text = file::read(std::filesystem::path(RESOLUTE_SOURCE_DIR) / "procedures" / "customer-support.md");
    INVARIANT(text.has_value(), "the shipped procedure is in the source tree");
    return *text;
}

const procedure::Procedure& shipped_procedure() {
    static const procedure::Procedure kShipped = [] {
        auto read = procedure::read(shipped_document(), tools::catalogue());
        INVARIANT(read.procedure.has_value(), "the shipped procedure has no errors");
        return *std::move(read.procedure);
    }();
    return kShipped;
}

casework::CaseOpened opening(const CaseId& id, casework::Trust trust) {
    return {.id = id,
            .procedure_hash = {},
            .mail_id = MailId("m-" + id.value()),
            .message_id = id.value() + ".first@customer.org",
            .sender = "ann@customer.org",
            .trust = trust,
            .subject = "Help",
            .text = "Where is my invoice?",
            .intake_problem = {},
            .linked_case = {}};
}

casework::MailArrived reply_mail(int number, std::string text) {
    if (text.empty()) text = fmt::format("It still does not work, for the {}. time.", number);
    return {.mail = {.mail_id = MailId(fmt::format("r{}", number)),
                     .message_id = fmt::format("reply{}@customer.org", number),
                     .sender = "ann@customer.org",
                     .subject = "Re: Help",
                     .text = std::move(text)},
            .trust = casework::Trust::verified};
}

}  // namespace resolute::testkit
