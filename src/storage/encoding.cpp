// SPDX-License-Identifier: Apache-2.0
#include "storage/encoding.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/invariant.h"
#include "json/json.h"

namespace resolute::storage {

using casework::Claim;
using casework::Purpose;
using engine::Lifecycle;
using procedure::EffectClass;

namespace {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<Lifecycle, 3> kLifecycles{
    {{Lifecycle::active, "active"}, {Lifecycle::closed, "closed"}, {Lifecycle::quarantined, "quarantined"}}};
constexpr Names<Claim::State, 4> kClaimStates{{{Claim::State::none, "none"},
                                               {Claim::State::pending, "pending"},
                                               {Claim::State::granted, "granted"},
                                               {Claim::State::denied, "denied"}}};
constexpr Names<EffectClass, 6> kClasses{{{EffectClass::computes, "computes"},
                                          {EffectClass::reads, "reads"},
                                          {EffectClass::idempotent, "idempotent"},
                                          {EffectClass::guarded, "guarded"},
                                          {EffectClass::mails, "mails"},
                                          {EffectClass::waits, "waits"}}};
constexpr Names<Purpose, 3> kPurposes{{{Purpose::step, "step"}, {Purpose::action, "action"}, {Purpose::beside, "beside"}}};

template <class E, std::size_t N>
std::string_view find_name(const Names<E, N>& names, E value) {
    for (const auto& [candidate, name] : names)
        if (candidate == value) return name;
    INVARIANT(false, "each value has a name");
}

template <class E, std::size_t N>
Result<E> find_value(const Names<E, N>& names, std::string_view name, std::string_view what) {
    for (const auto& [value, candidate] : names)
        if (candidate == name) return value;
    return corrupt_row(fmt::format("{} '{}'", what, name));
}

Result<json::Value> parse_row(std::string_view text, std::string_view what) {
    auto value = json::parse(text);
    if (!value) return corrupt_row(what);
    return value;
}

json::Value encode_order(const ports::Order& order) {
    json::Value value;
    value.set("id", order.id.value());
    value.set("date", order.date);
    value.set("minor", order.total.minor);
    value.set("currency", order.total.currency);
    value.set("items", json::from_strings(order.items));
    value.set("status", order.status);
    return value;
}

ports::Order decode_order(const json::Value& value) {
    return {.id = OrderId(value["id"].as_string()),
            .date = value["date"].as_string(),
            .total = {.minor = value["minor"].as_int(), .currency = value["currency"].as_string()},
            .items = json::to_strings(value["items"]),
            .status = value["status"].as_string()};
}

json::Value encode_interaction(const ports::Interaction& interaction) {
    json::Value value;
    value.set("at", to_unix_ms(interaction.at));
    value.set("kind", interaction.kind);
    value.set("summary", interaction.summary);
    value.set("case_id", interaction.case_id);
    return value;
}

ports::Interaction decode_interaction(const json::Value& value) {
    return {.at = from_unix_ms(value["at"].as_int()),
            .kind = value["kind"].as_string(),
            .summary = value["summary"].as_string(),
            .case_id = value["case_id"].as_string()};
}

}  // namespace

std::string_view name_of(Lifecycle lifecycle) { return find_name(kLifecycles, lifecycle); }
std::string_view name_of(Claim::State state) { return find_name(kClaimStates, state); }
std::string_view name_of(EffectClass effect_class) { return find_name(kClasses, effect_class); }
std::string_view name_of(Purpose purpose) { return find_name(kPurposes, purpose); }
Result<EffectClass> parse_effect_class(std::string_view name) { return find_value(kClasses, name, "effect class"); }
Result<Lifecycle> parse_lifecycle(std::string_view name) { return find_value(kLifecycles, name, "lifecycle"); }
Result<Purpose> parse_purpose(std::string_view name) { return find_value(kPurposes, name, "purpose"); }
Result<Claim::State> parse_claim_state(std::string_view name) { return find_value(kClaimStates, name, "claim state"); }

std::unexpected<Error> corrupt_row(std::string_view what) {
    return fail("store.corrupt", ErrorKind::corrupt, fmt::format("a stored row has an unreadable {}", what));
}

std::string encode(const ports::Customer& customer) {
    json::Value value;
    value.set("id", customer.id.value());
    value.set("name", customer.name);
    value.set("emails", json::from_strings(customer.emails));
    value.set("tier", to_string(customer.tier));
    json::Array orders;
    for (const ports::Order& order : customer.orders) orders.push_back(encode_order(order));
    value.set("orders", std::move(orders));
    json::Array interactions;
    for (const ports::Interaction& interaction : customer.interactions) interactions.push_back(encode_interaction(interaction));
    value.set("interactions", std::move(interactions));
    return json::dump(value);
}

Result<ports::Customer> decode_customer(std::string_view text) {
    TRY(const json::Value value, parse_row(text, "customer"));
    ports::Customer customer;
    customer.id = CustomerId(value["id"].as_string());
    customer.name = value["name"].as_string();
    customer.emails = json::to_strings(value["emails"]);
    customer.tier = value["tier"].as_string() == "vip" ? ports::Tier::vip : ports::Tier::regular;
    for (const json::Value& order : value["orders"].as_array()) customer.orders.push_back(decode_order(order));
    for (const json::Value& entry : value["interactions"].as_array()) customer.interactions.push_back(decode_interaction(entry));
    return customer;
}

std::string encode(const ports::Agent& agent) {
    json::Value value;
    value.set("id", agent.id.value());
    value.set("name", agent.name);
    value.set("email", agent.email);
    value.set("skills", json::from_strings(agent.skills));
    value.set("available", agent.is_available);
    value.set("capacity", agent.capacity);
    value.set("manager", agent.is_manager);
    return json::dump(value);
}

Result<ports::Agent> decode_agent(std::string_view text) {
    TRY(const json::Value value, parse_row(text, "agent"));
    return ports::Agent{.id = AgentId(value["id"].as_string()),
                        .name = value["name"].as_string(),
                        .email = value["email"].as_string(),
                        .skills = json::to_strings(value["skills"]),
                        .is_available = value["available"].as_bool(true),
                        .capacity = static_cast<int>(value["capacity"].as_int()),
                        .is_manager = value["manager"].as_bool()};
}

std::string encode(const ports::Article& article) {
    json::Value value;
    value.set("id", article.id.value());
    value.set("title", article.title);
    value.set("text", article.text);
    value.set("url", article.url);
    value.set("category", article.category);
    value.set("language", article.language);
    value.set("public", article.is_public);
    value.set("questions", json::from_strings(article.questions));
    return json::dump(value);
}

Result<ports::Article> decode_article(std::string_view text) {
    TRY(const json::Value value, parse_row(text, "article"));
    return ports::Article{.id = ArticleId(value["id"].as_string()),
                          .title = value["title"].as_string(),
                          .text = value["text"].as_string(),
                          .url = value["url"].as_string(),
                          .category = value["category"].as_string(),
                          .language = value["language"].as_string(),
                          .is_public = value["public"].as_bool(),  // Absent is not public.
                          .questions = json::to_strings(value["questions"])};
}

}  // namespace resolute::storage
