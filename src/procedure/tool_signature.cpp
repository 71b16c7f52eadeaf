// SPDX-License-Identifier: Apache-2.0
#include "procedure/tool_signature.h"

namespace resolute::procedure {

std::string_view to_string(ToolCategory category) {
    switch (category) {
        case ToolCategory::integration:
            return "integration";
        case ToolCategory::prompt:
            return "prompt";
    }
    return "integration";
}

std::string_view to_string(ActionType action) {
    switch (action) {
        case ActionType::read:
            return "read";
        case ActionType::create:
            return "create";
        case ActionType::update:
            return "update";
        case ActionType::extraction:
            return "extraction";
        case ActionType::decision:
            return "decision";
        case ActionType::generation:
            return "generation";
    }
    return "read";
}

std::string_view to_string(EffectClass effect) {
    switch (effect) {
        case EffectClass::computes:
            return "computes";
        case EffectClass::reads:
            return "reads";
        case EffectClass::idempotent:
            return "idempotent";
        case EffectClass::guarded:
            return "guarded";
        case EffectClass::mails:
            return "mails";
        case EffectClass::waits:
            return "waits";
    }
    return "reads";
}

}  // namespace resolute::procedure
