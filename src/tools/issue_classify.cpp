// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/text.h"
#include "tools/facts.h"

namespace resolute::tools {
namespace {

/// The larger of two amounts in the base currency; an unknown one wins, because a guard must fail closed on it.
struct Largest {
    const ExchangeRates& rates;
    std::optional<Money> base;  ///< in the base currency
    bool is_unknown = false;

    void consider(const Money& money) {
        const auto converted = rates.to_base(money);
        if (!converted) {
            is_unknown = true;
            return;
        }
        if (!base || converted->minor > base->minor) base = *converted;
    }
    [[nodiscard]] std::optional<Money> result() const { return is_unknown ? std::nullopt : base; }
};

const ports::Order* find_order(const std::vector<ports::Order>& orders, std::string_view name) {
    const auto found = std::find_if(orders.begin(), orders.end(), [&](const ports::Order& order) {
        return text::equals_ignore_case(order.id.value(), name);
    });
    return found == orders.end() ? nullptr : &*found;
}

/// The orders the mail refers to by number. That a customer has only one says nothing: they may mean something else, and what is
/// not said is not known (a guard then fails closed).
std::vector<const ports::Order*> orders_referred_to(const ports::Understanding& issue, const std::vector<ports::Order>& orders) {
    std::vector<const ports::Order*> referred;
    for (const std::string& name : issue.orders)
        if (const ports::Order* order = find_order(orders, name)) referred.push_back(order);
    return referred;
}

json::Value money_or_null(const std::optional<Money>& money) { return money ? json::from_money(*money) : json::Value(); }

/// What is asked for, and what the limit is compared with: the largest of all amounts in the text and the totals of the orders
/// referred to. The sum with the customer's other claims is added when it is decided (issue.assess).
json::Value refund_facts(const ports::Understanding& issue, const Call& call, const ExchangeRates& rates) {
    const std::vector<ports::Order> orders = orders_of(call.arg("customer"));
    const std::vector<const ports::Order*> referred = orders_referred_to(issue, orders);
    Largest all{rates, {}, false};
    Largest in_text{rates, {}, false};
    std::optional<Money> asked;  // In the currency it was asked in.
    std::set<std::pair<std::int64_t, std::string>> amounts;
    for (const AmountMention& mention : issue.amounts) {
        if (mention.readings.empty() && !mention.money) all.is_unknown = true;
        for (const Money& reading : mention.money ? std::vector{*mention.money} : mention.readings) {
            all.consider(reading);
            const auto before = in_text.base;
            in_text.consider(reading);
            if (in_text.base != before) asked = reading;
            amounts.insert({reading.minor, reading.currency});
        }
    }
    if (amounts.size() > 1) asked.reset();  // Which of them is asked for, is not known; the limit stands on the largest.
    for (const ports::Order* order : referred) all.consider(order->total);
    const bool asks_for_orders = issue.is_whole_refund || amounts.empty();
    if (asks_for_orders && referred.size() == 1) asked = referred.front()->total;

    const auto asked_base = asked ? rates.to_base(*asked) : Result<Money>(fail("money.none", ErrorKind::not_found));
    const bool is_covered = asked && referred.size() == 1 && asked->currency == referred.front()->total.currency &&
                            asked->minor <= referred.front()->total.minor;
    // Only who is verified claims in the customer's name: a forger must not use up their limit.
    const std::string id = call.arg("sender")["is_verified"].as_bool() ? call.arg("customer")["id"].as_string() : std::string();
    json::Value facts;
    facts.set("requested", issue.wants_refund);
    facts.set("evidence", issue.refund_evidence);
    facts.set("amount", issue.wants_refund ? money_or_null(all.result()) : json::Value());
    facts.set("own_amount", issue.wants_refund ? money_or_null(all.result()) : json::Value());
    facts.set("claimed", money_or_null(asked));
    facts.set("claimed_base", money_or_null(all.result()));
    facts.set("is_covered", is_covered && asked_base.has_value());
    facts.set("order", referred.empty() ? (issue.orders.empty() ? std::string() : issue.orders.front()) : referred.front()->id.value());
    facts.set("customer", id.empty() ? call.arg("sender")["address"].as_string() : id);
    return facts;
}

engine::Settlement run(World& world, const Call& call) {
    const std::string text = customer_text(call);
    const auto issue = world.language.understand(call.arg("mail")["subject"].as_string(), text, call.deadline);
    if (!issue) return engine::Settlement::from(issue.error());
    json::Value facts;
    facts.set("issue", issue_facts(*issue));
    facts.set("refund", refund_facts(*issue, call, world.rates));
    return engine::Settlement::success("classified", std::move(facts));
}

}  // namespace

Tool issue_classify() {
    return {.signature = {.name = "issue.classify",
                          .purpose = "tells category, severity and urgency, and whether money is wanted back",
                          .category = procedure::ToolCategory::prompt,
                          .action = procedure::ActionType::extraction,
                          .effect = procedure::EffectClass::computes,
                          .integration = "language",
                          .outcomes = {"classified"},
                          .needs = {"mail", "customer"},
                          .uses = {"conversation", "sender"},
                          .produces = {{"issue", "map"}, {"issue.category", "string"}, {"issue.confidence", "double"},
                                       {"issue.is_unsure", "bool"}, {"issue.severity", "string"}, {"issue.urgency", "string"},
                                       {"issue.has_business_impact", "bool"}, {"issue.language", "string"}, {"issue.summary", "string"},
                                       {"issue.orders", "list"}, {"issue.wants_refund", "bool"}, {"issue.wants_to_buy", "bool"},
                                       {"issue.wants_a_person", "bool"}, {"issue.is_complaint", "bool"}, {"issue.is_sensitive", "bool"},
                                       {"issue.requests", "int"}, {"issue.evidence", "list"},
                                       {"refund", "map"}, {"refund.requested", "bool"}, {"refund.amount", "money"},
                                       {"refund.own_amount", "money"}, {"refund.claimed", "money"}, {"refund.is_covered", "bool"},
                                       {"refund.order", "string"}, {"refund.customer", "string"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
