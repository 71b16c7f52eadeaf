// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "casework/effect.h"
#include "json/json.h"

namespace resolute::engine {

/// One claimed attempt at an effect.
struct EffectTicket {
    casework::Effect effect;
    int attempt = 1;           ///< counted before it runs
    int crashes = 0;           ///< how often the program died during it
    bool is_lookup = false;    ///< claimed to reconcile: look whether it happened, never do it
    bool looks_first = false;  ///< claimed to run, before sending stood still: it only looks, like a look-up
    std::int64_t rank = 0;
    std::uint64_t epoch = 0;   ///< of the lease it was claimed under

    [[nodiscard]] bool only_looks() const { return is_lookup || looks_first; }
};

/// How an attempt ended. Unknown is not failed.
struct Settlement {
    enum class Kind {
        succeeded,  ///< `outcome` and `facts`
        refused,    ///< The other side understood and said no; nothing happened.
        failed,     ///< Nothing happened; may be tried again. As the answer of a look-up: it could not look.
        unclear,    ///< It may have happened. As the answer of a look-up: could not be decided.
        absent,     ///< Look-ups only: it did not happen, with proof.
    };
    Kind kind = Kind::failed;
    std::string outcome;
    json::Value facts;
    Error error;
    bool is_own_hold = false;  ///< failed: we hold it back ourselves, which says nothing about the other side

    static Settlement success(std::string outcome, json::Value facts = {});
    /// failed, refused or unclear by what the error says happened outside.
    static Settlement from(Error error);
};

/// Finds the tool of an effect and calls it: the engine's only way to the world. Threads: any; blocks at most to the deadline.
class EffectRunner {
public:
    virtual ~EffectRunner() = default;
    virtual Settlement run(const EffectTicket& ticket, Deadline deadline) = 0;
    /// Did it happen? For effects that ended unclear, or were running when the program died.
    virtual Settlement look_up(const EffectTicket& ticket, Deadline deadline) = 0;
};

}  // namespace resolute::engine
