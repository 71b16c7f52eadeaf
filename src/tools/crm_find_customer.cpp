// SPDX-License-Identifier: Apache-2.0
#include "tools/facts.h"

namespace resolute::tools {
namespace {

engine::Settlement run(World& world, const Call& call) {
    // Who failed authentication is not the person they name: nothing of that person is looked up for them.
    if (call.arg("sender")["trust"].as_string() == "failed")
        return engine::Settlement::success("not_found", json::Value().set("customer", unknown_customer_facts("not_found")));
    const auto customer = world.crm.find_customer(call.arg("sender")["address"].as_string(), call.deadline);
    if (!customer) return engine::Settlement::from(customer.error());
    json::Value facts;
    facts.set("customer", *customer ? customer_facts(**customer) : unknown_customer_facts("not_found"));
    return engine::Settlement::success(*customer ? "found" : "not_found", std::move(facts));
}

}  // namespace

Tool crm_find_customer() {
    return {.signature = {.name = "crm.find_customer",
                          .purpose = "finds profile, orders, tier and history by the sender's address",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::read,
                          .effect = procedure::EffectClass::reads,
                          .integration = "crm",
                          .outcomes = {"found", "not_found"},
                          .needs = {"sender"},
                          .produces = {{"customer", "map"}, {"customer.known", "bool"}, {"customer.lookup", "string"},
                                       {"customer.id", "string"}, {"customer.name", "string"}, {"customer.tier", "string"},
                                       {"customer.orders", "list"}},
                          // Not found and not reachable are two things: whoever could not be looked up is linked by a person.
                          .failure_facts = json::Value().set("customer", unknown_customer_facts("failed"))},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
