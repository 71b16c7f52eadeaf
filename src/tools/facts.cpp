// SPDX-License-Identifier: Apache-2.0
#include "tools/facts.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"

namespace resolute::tools {
namespace {

constexpr std::size_t kInteractionsMax = 5;
constexpr std::size_t kArticleBytesMax = 16u << 10;

ports::Level parse_level(std::string_view text) {
    if (text == "high") return ports::Level::high;
    return text == "medium" ? ports::Level::medium : ports::Level::low;
}

}  // namespace

json::Value customer_facts(const ports::Customer& customer) {
    json::Array orders;
    for (const ports::Order& order : customer.orders)
        orders.push_back(json::Value()
                             .set("id", order.id.value())
                             .set("date", order.date)
                             .set("total", json::from_money(order.total))
                             .set("status", order.status));
    json::Array interactions;
    for (std::size_t i = 0; i < customer.interactions.size() && i < kInteractionsMax; ++i) {
        const ports::Interaction& interaction = customer.interactions[customer.interactions.size() - 1 - i];
        interactions.push_back(json::Value().set("at", format_instant(interaction.at)).set("summary", interaction.summary));
    }
    return json::Value()
        .set("known", true)
        .set("lookup", "ok")
        .set("id", customer.id.value())
        .set("name", customer.name)
        .set("tier", to_string(customer.tier))
        .set("orders", std::move(orders))
        .set("interactions", std::move(interactions));
}

json::Value unknown_customer_facts(std::string_view lookup) {
    return json::Value()
        .set("known", false)
        .set("lookup", lookup)
        .set("id", "")
        .set("name", "")
        .set("tier", "regular")
        .set("orders", json::Array{})
        .set("interactions", json::Array{});
}

std::vector<ports::Order> orders_of(const json::Value& customer) {
    std::vector<ports::Order> orders;
    for (const json::Value& order : customer["orders"].as_array())
        if (const auto total = json::to_money(order["total"]))
            orders.push_back({.id = OrderId(order["id"].as_string()), .date = order["date"].as_string(), .total = *total,
                              .status = order["status"].as_string()});
    return orders;
}

json::Value issue_facts(const ports::Understanding& issue) {
    return json::Value()
        .set("category", to_string(issue.category))
        .set("confidence", issue.confidence)
        .set("is_unsure", issue.is_unsure)
        .set("evidence", json::from_strings(issue.evidence))
        .set("severity", to_string(issue.severity))
        .set("urgency", to_string(issue.urgency))
        .set("has_business_impact", issue.has_business_impact)
        .set("language", issue.language)
        .set("summary", issue.summary)
        .set("orders", json::from_strings(issue.orders))
        .set("wants_refund", issue.wants_refund)
        .set("wants_to_buy", issue.wants_to_buy)
        .set("wants_a_person", issue.wants_a_person)
        .set("is_complaint", issue.is_angry)
        .set("is_sensitive", issue.is_sensitive)
        .set("requests", issue.requests);
}

ports::Understanding issue_of(const json::Value& facts) {
    ports::Understanding issue;
    issue.category = ports::parse_category(facts["category"].as_string()).value_or(ports::Category::general_support);
    issue.confidence = facts["confidence"].as_double();
    issue.is_unsure = facts["is_unsure"].as_bool();
    issue.evidence = json::to_strings(facts["evidence"]);
    issue.severity = parse_level(facts["severity"].as_string());
    issue.urgency = parse_level(facts["urgency"].as_string());
    issue.has_business_impact = facts["has_business_impact"].as_bool();
    issue.language = facts["language"].as_string_or("en");
    issue.summary = facts["summary"].as_string();
    issue.orders = json::to_strings(facts["orders"]);
    issue.wants_refund = facts["wants_refund"].as_bool();
    issue.wants_to_buy = facts["wants_to_buy"].as_bool();
    issue.wants_a_person = facts["wants_a_person"].as_bool();
    issue.is_angry = facts["is_complaint"].as_bool();
    issue.is_sensitive = facts["is_sensitive"].as_bool();
    issue.requests = static_cast<int>(facts["requests"].as_int(1));
    return issue;
}

json::Value article_facts(const ports::SearchHit& hit) {
    return json::Value()
        .set("id", hit.article.id.value())
        .set("title", hit.article.title)
        .set("url", hit.article.url)
        .set("text", text::shorten(hit.article.text, kArticleBytesMax))
        .set("category", hit.article.category)
        .set("language", hit.article.language)
        .set("is_public", hit.article.is_public)
        .set("score", hit.score)
        .set("coverage", hit.coverage)
        .set("margin", hit.margin)
        .set("question_match", hit.question_match)
        .set("agreement", hit.agreement)
        .set("breadth", hit.breadth)
        .set("sentence", hit.sentence)
        .set("matched", json::from_strings(hit.matched));
}

std::vector<ports::SearchHit> hits_of(const json::Value& articles) {
    std::vector<ports::SearchHit> hits;
    for (const json::Value& article : articles.as_array()) {
        ports::SearchHit hit;
        hit.article.id = ArticleId(article["id"].as_string());
        hit.article.title = article["title"].as_string();
        hit.article.url = article["url"].as_string();
        hit.article.text = article["text"].as_string();
        hit.article.category = article["category"].as_string();
        hit.article.language = article["language"].as_string();
        hit.article.is_public = article["is_public"].as_bool();
        hit.score = article["score"].as_double();
        hit.coverage = article["coverage"].as_double();
        hit.margin = article["margin"].as_double();
        hit.question_match = article["question_match"].as_double();
        hit.agreement = article["agreement"].as_double();
        hit.breadth = article["breadth"].as_double();
        hit.sentence = article["sentence"].as_string();
        hit.matched = json::to_strings(article["matched"]);
        hits.push_back(std::move(hit));
    }
    return hits;
}

json::Value draft_facts(const ports::Draft& draft, const ports::Voice& voice) {
    json::Array evidence;
    for (const auto& [sentence, source] : draft.evidence)
        evidence.push_back(json::Value().set("sentence", sentence).set("source", source));
    return json::Value()
        .set("from", json::Value().set("name", voice.organisation).set("address", voice.support_address))
        .set("subject", draft.subject)
        .set("text", draft.text)
        .set("text_hash", sha256_hex(draft.text))
        .set("articles", json::from_strings(draft.articles))
        .set("evidence", std::move(evidence))
        .set("is_grounded", draft.is_grounded)
        .set("why_not", draft.why_not);
}

std::string name_for_greeting(const Call& call) {
    const bool is_ours_to_use = call.arg("sender")["is_verified"].as_bool() && call.arg("customer")["known"].as_bool();
    return is_ours_to_use ? call.arg("customer")["name"].as_string() : std::string();
}

std::string customer_text(const Call& call) {
    const json::Array& conversation = call.arg("conversation").as_array();
    std::string all;
    for (auto mail = conversation.rbegin(); mail != conversation.rend(); ++mail) {
        if ((*mail)["from"].as_string() != "customer") continue;
        if (!all.empty()) all += "\n\n";
        all += (*mail)["text"].as_string();
    }
    return all.empty() ? call.arg("mail")["text"].as_string() : all;
}

std::string spoken_duration(Duration duration) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
    const auto spoken = [](std::int64_t count, std::string_view unit) { return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s"); };
    if (minutes % (24 * 60) == 0 && minutes > 0) return spoken(minutes / (24 * 60), "day");
    if (minutes % 60 == 0) return spoken(minutes / 60, "hour");
    return spoken(minutes, "minute");
}

EffectId key_once_a_case(const Call& call) {
    constexpr std::size_t kLength = 26;  // As other keys are, for services that limit them.
    return EffectId(short_hash({case_of(call).value(), call.ticket.effect.tool, "once"}, kLength));
}

engine::Settlement settle(const Status& status, std::string_view outcome) {
    return status ? engine::Settlement::success(std::string(outcome)) : engine::Settlement::from(status.error());
}

}  // namespace resolute::tools
