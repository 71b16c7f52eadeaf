// SPDX-License-Identifier: Apache-2.0
#include "tools/tool.h"

// Steps that wait call nothing: a signal or a timer ends them (casework/decide.cpp).
namespace resolute::tools {
namespace {

Tool waiting(std::string name, std::string purpose, std::vector<std::string> outcomes) {
    return {.signature = {.name = std::move(name),
                          .purpose = std::move(purpose),
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::read,
                          .effect = procedure::EffectClass::waits,
                          .integration = "",
                          .outcomes = std::move(outcomes)},
            .run = {},
            .look_up = {}};
}

}  // namespace

Tool ticket_watch() { return waiting("ticket.watch", "waits until a person resolved the ticket", {"resolved"}); }
Tool followup_wait() { return waiting("followup.wait", "sleeps until the follow-up is due, or the customer writes", {"replied", "rated"}); }
Tool followup_await() { return waiting("followup.await", "waits for the customer's answer to the follow-up", {"rated", "replied"}); }

}  // namespace resolute::tools
