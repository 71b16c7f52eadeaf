// SPDX-License-Identifier: Apache-2.0
#include "engine/effect_runner.h"

namespace resolute::engine {

Settlement Settlement::success(std::string outcome, json::Value facts) {
    return {.kind = Kind::succeeded, .outcome = std::move(outcome), .facts = std::move(facts), .error = {}};
}

Settlement Settlement::from(Error error) {
    Settlement settlement;
    switch (error.effect) {
        case EffectState::unknown: settlement.kind = Kind::unclear; break;
        case EffectState::refused: settlement.kind = Kind::refused; break;
        case EffectState::not_sent: settlement.kind = Kind::failed; break;
    }
    settlement.error = std::move(error);
    return settlement;
}

}  // namespace resolute::engine
