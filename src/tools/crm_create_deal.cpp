// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/facts.h"

namespace resolute::tools {
namespace {

engine::Settlement run(World& world, const Call& call) {
    const ports::Deal deal{.key = key_once_a_case(call),
                           .customer = CustomerId(call.arg("customer")["id"].as_string()),
                           .contact = call.arg("sender")["address"].as_string(),
                           .title = fmt::format("Product inquiry {}", call.arg("ticket")["number"].as_string()),
                           .case_id = case_of(call).value(),
                           .at = call.at()};
    const auto id = world.crm.create_deal(deal, call.deadline);
    if (!id) return engine::Settlement::from(id.error());
    return engine::Settlement::success("created", json::Value().set("deal", json::Value().set("id", *id)));
}

}  // namespace

Tool crm_create_deal() {
    return {.signature = {.name = "crm.create_deal",
                          .purpose = "opens a deal for a product inquiry with the wish to buy",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::create,
                          .effect = procedure::EffectClass::idempotent,
                          .integration = "crm",
                          .outcomes = {"created"},
                          .needs = {"sender", "ticket"},
                          .uses = {"customer"},
                          .produces = {{"deal", "map"}, {"deal.id", "string"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
