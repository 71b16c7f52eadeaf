// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/id.h"
#include "base/time.h"
#include "procedure/procedure.h"

namespace resolute::casework {

/// What waits for an effect's end.
enum class Purpose {
    step,    ///< The step's own call: its outcome decides the branch.
    action,  ///< A link of a chain: its end lets the chain go on.
    beside,  ///< A notification or a bookkeeping call beside the flow; only its failure is noticed.
};

/// One operation on the world, frozen: everything that decides its bytes is in `payload`. Planned by decide(), run by the engine.
struct Effect {
    EffectId id;  ///< short_hash of case, tool, recipient and occurrence: the same intention always has the same id
    CaseId case_id;
    std::string tool;
    std::string integration;  ///< the bulkhead it runs in
    procedure::EffectClass effect_class = procedure::EffectClass::reads;
    Purpose purpose = Purpose::step;
    int step = 0;
    std::string payload;       ///< canonical JSON {"args":{…}} and, for a mail, {"envelope":{…},"mime":"…"}; identical for every attempt
    std::string payload_hash;  ///< sha256 hex
    Duration timeout{};
    procedure::Retry retry;
    Instant planned_at;
};

}  // namespace resolute::casework
