// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mailroom/route.h"

namespace resolute::mailroom {

/// Which conversation a mail belongs to.
struct Thread {
    std::optional<CaseId> own;    ///< one that the sender is a party to
    std::optional<CaseId> other;  ///< the first that is referred to, rightly or not: people are told, the sender is not
};

/// By In-Reply-To, then References from the newest, then the addresses that the mail came to: a mark of ours (mail/thread_token.h), or
/// the exact id of a mail of the case. A mark that is forged, cut, or another case's finds nothing. What is found says which case is
/// meant; the mail joins it only where the sender is a party to it and their authentication did not fail: a mark that somebody else
/// got hold of opens nothing. Fails only where the store does.
Result<Thread> find_thread(const mail::ParsedEmail& email, casework::Trust trust, const RouteRules& rules, ports::CaseQueries& cases);

/// Newest first: the mail that this one answers, then what that one answered.
std::vector<std::string> thread_ids(const mail::ParsedEmail& email);

/// The address itself, or one that replies go to ("support+…@").
bool is_own_address(std::string_view address, std::string_view own);

}  // namespace resolute::mailroom
