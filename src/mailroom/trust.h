// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "casework/state.h"
#include "mail/parsed_email.h"

namespace resolute::mailroom {

/// Whose mail it is, and one line for people that says why we think so.
struct SenderTrust {
    casework::Trust trust = casework::Trust::unverified;
    std::string reason;
};

/// What the receiving server found out about a mail (RFC 8601). Pure and total.
///
/// Believed is only the topmost Authentication-Results field whose authserv-id is the configured one: our own server writes
/// above whatever came with the mail, so a second field with its name further down is the sender's invention. An empty
/// `authserv_id` believes nobody.
///
/// `verified`: DMARC pass for the From domain; or no DMARC policy, and SPF or DKIM passed for an aligned domain.
/// `failed`:   DMARC fail, or several From fields; or no DMARC policy, SPF and DKIM both tried, neither passed, one failed hard.
/// Aligned means equal, or one a subdomain of the other, and the shorter one of at least two labels: without the list of public
/// suffixes that is the nearest to RFC 7489's relaxed mode, and passing for "co.uk" would need control of its DNS anyway.
SenderTrust judge_sender(const mail::ParsedEmail& mail, std::string_view authserv_id);

/// One "method=result" with its properties, names in lower case.
struct AuthenticationResult {
    std::string method;                                           ///< "spf", "dkim", "dmarc"
    std::string result;                                           ///< "pass"
    std::vector<std::pair<std::string, std::string>> properties;  ///< {"smtp.mailfrom", "ann@example.com"}, {"reason", "…"}
};

struct AuthenticationResults {
    std::string authserv_id;  ///< empty where the field does not begin with one
    std::vector<AuthenticationResult> results;
};

/// Comments, quoted strings, versions and white space anywhere, as RFC 8601 §2.2 allows; what does not fit the grammar is left
/// out.
AuthenticationResults parse_authentication_results(std::string_view value);

}  // namespace resolute::mailroom
