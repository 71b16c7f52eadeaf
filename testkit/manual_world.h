// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/effect_runner.h"
#include "testkit/script.h"

namespace resolute::testkit {

/// The world outside the engine: it answers by script, can be made to fail, and remembers what was really done to it. It
/// outlives every engine of a test, as the world outlives a crash. One thread.
class ManualWorld final : public engine::EffectRunner {
public:
    using Hook = std::function<std::optional<engine::Settlement>(const engine::EffectTicket&)>;

    engine::Settlement run(const engine::EffectTicket& ticket, Deadline deadline) override;
    engine::Settlement look_up(const engine::EffectTicket& ticket, Deadline deadline) override;

    Script script;                          ///< for cases without their own
    std::map<CaseId, Script> scripts;
    Hook before;                            ///< an answer here means that nothing was done outside
    Hook after;                             ///< it was done; an answer here replaces the true one
    Hook at_lookup;                         ///< instead of the ledger's own answer

    /// How often each effect was really done.
    [[nodiscard]] int times_done(const EffectId& id) const;
    [[nodiscard]] int count(std::string_view tool) const;  ///< really done, over all cases
    [[nodiscard]] bool did_anything_twice(procedure::EffectClass effect_class) const;

    struct Done { EffectId id; CaseId case_id; std::string tool; procedure::EffectClass effect_class; };
    std::vector<Done> ledger;          ///< in order
    std::vector<std::string> calls;    ///< "run mail.send_reply", "look_up mail.send_reply": attempts, in order
    std::map<EffectId, std::string> payloads;
    bool has_changed_payload = false;  ///< an attempt came with other bytes than the first
};

}  // namespace resolute::testkit
