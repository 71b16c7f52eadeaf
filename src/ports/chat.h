// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace resolute::ports {

struct ChatMessage {
    std::string key;    ///< idempotency: the same key is shown once. An effect's id, or "outage/mail/2026-11-22T…"
    std::string role;   ///< "manager", "agents", "technical_support": mapped to a channel or person
    std::string person; ///< agent id, may be empty
    CaseId case_id;     ///< may be empty
    std::string text;   ///< plain text, short
    Instant at;
};

/// Internal notifications. Threads: any.
class Chat {
public:
    virtual ~Chat() = default;
    /// True: shown now. False: this key was shown before.
    virtual Result<bool> post(const ChatMessage& message, Deadline deadline) = 0;
};

}  // namespace resolute::ports
