// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "mailroom/route.h"

namespace resolute::mailroom {

/// Ignored for this reason, with the first case that one of these Message-IDs is of, for people. Fails only where the store does.
Result<Ignored> ignore_as_about(std::string why, const std::vector<std::string>& message_ids, ports::CaseQueries& cases);

/// What becomes of a bounce (RFC 3464). It is believed only if it returns a mark of ours, by the envelope id, the returned Message-ID, or the
/// returned X-Resolute-Effect, -Case and -Token (where a service replaced the id): anybody can write the rest. A failure is a signal to
/// the mail's case (Bounced); a delay, or that it arrived, is a note in the mail's record; all others are ignored with the reason. Fails only where the store does.
Result<Route> route_bounce(const mail::ParsedEmail& email, const RouteRules& rules, ports::CaseQueries& cases);

}  // namespace resolute::mailroom
