// SPDX-License-Identifier: Apache-2.0
#include "testkit/manual_world.h"

#include <algorithm>

namespace resolute::testkit {

using engine::Settlement;

Settlement ManualWorld::run(const engine::EffectTicket& ticket, Deadline) {
    const casework::Effect& effect = ticket.effect;
    calls.push_back("run " + effect.tool);
    const auto [payload, is_first] = payloads.try_emplace(effect.id, effect.payload);
    has_changed_payload = has_changed_payload || (!is_first && payload->second != effect.payload);
    if (before)
        if (auto instead = before(ticket)) return *std::move(instead);
    ledger.push_back({effect.id, effect.case_id, effect.tool, effect.effect_class});
    if (after)
        if (auto instead = after(ticket)) return *std::move(instead);
    const auto own = scripts.find(effect.case_id);
    return answer(own == scripts.end() ? script : own->second, effect);
}

Settlement ManualWorld::look_up(const engine::EffectTicket& ticket, Deadline) {
    calls.push_back("look_up " + ticket.effect.tool);
    if (at_lookup)
        if (auto instead = at_lookup(ticket)) return *std::move(instead);
    if (times_done(ticket.effect.id) == 0) return {.kind = Settlement::Kind::absent};
    const auto own = scripts.find(ticket.effect.case_id);
    return answer(own == scripts.end() ? script : own->second, ticket.effect);
}

int ManualWorld::times_done(const EffectId& id) const {
    return static_cast<int>(std::ranges::count(ledger, id, &Done::id));
}

int ManualWorld::count(std::string_view tool) const {
    return static_cast<int>(std::ranges::count(ledger, tool, &Done::tool));
}

bool ManualWorld::did_anything_twice(procedure::EffectClass effect_class) const {
    return std::ranges::any_of(ledger, [&](const Done& done) { return done.effect_class == effect_class && times_done(done.id) > 1; });
}

}  // namespace resolute::testkit
