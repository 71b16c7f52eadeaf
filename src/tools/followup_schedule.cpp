// SPDX-License-Identifier: Apache-2.0
#include "tools/facts.h"

namespace resolute::tools {
namespace {

engine::Settlement run(World&, const Call& call) {
    const Duration after = json::to_duration(call.arg("policy")["follow_up_after"]).value_or(std::chrono::hours(48));
    return engine::Settlement::success("scheduled", json::Value().set("followup", json::Value().set("due", json::from_instant(call.at() + after))));
}

}  // namespace

Tool followup_schedule() {
    return {.signature = {.name = "followup.schedule",
                          .purpose = "sets the moment of the follow-up",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::create,
                          .effect = procedure::EffectClass::computes,
                          .integration = "scheduling",
                          .outcomes = {"scheduled"},
                          .needs = {"policy"},
                          .produces = {{"followup", "map"}, {"followup.due", "instant"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
