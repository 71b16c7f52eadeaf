// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/facts.h"

namespace resolute::tools {
namespace {

engine::Settlement run(World& world, const Call& call) {
    const std::string customer = call.arg("customer")["id"].as_string();
    if (customer.empty()) return engine::Settlement::success("recorded");  // Nobody in the CRM to record it for.
    const ports::ResolutionRecord record{
        .key = call.key(),
        .customer = CustomerId(customer),
        .case_id = case_of(call),
        .ticket = call.arg("ticket")["number"].as_string(),
        .summary = fmt::format("{} ({}): {}", call.arg("ticket")["number"].as_string(), call.arg("issue")["category"].as_string_or("unclassified"),
                               call.arg("case")["resolution"].as_string_or("resolved") == "human" ? "resolved by a person"
                                                                                                  : "answered automatically"),
        .at = call.at()};
    return settle(world.crm.record_resolution(record, call.deadline), "recorded");
}

}  // namespace

Tool crm_record_resolution() {
    return {.signature = {.name = "crm.record_resolution",
                          .purpose = "writes the resolution into the customer's history",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::update,
                          .effect = procedure::EffectClass::idempotent,
                          .integration = "crm",
                          .outcomes = {"recorded"},
                          .needs = {"ticket"},
                          .uses = {"customer", "issue"}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
