// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace resolute::ports {

/// A mail whose bytes are decided. Every attempt sends the same.
struct FrozenMail {
    EffectId key;
    std::string from;        ///< envelope sender; empty: the null sender
    std::string to;          ///< envelope recipient, one
    std::string message_id;  ///< without brackets
    std::string bytes;       ///< RFC 5322, CRLF
};

enum class Delivery { sent, absent, unknown };

/// Where mail goes out. Threads: any.
class MailSender {
public:
    virtual ~MailSender() = default;
    /// `Error.effect` tells what happened: not_sent may be repeated, unknown must be looked up first.
    virtual Status send(const FrozenMail& mail, Deadline deadline) = 0;
    /// Did it go out before? `absent` only with proof.
    virtual Result<Delivery> look_up(const FrozenMail& mail, Deadline deadline) = 0;
};

}  // namespace resolute::ports
