// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "transport/http_client.h"

namespace resolute::connectors {

/// How a service lets us in (RFC 6749). Secrets are files, read when they are needed.
struct OAuthClient {
    std::string token_url;
    std::string client_id;
    std::filesystem::path client_secret_file;  ///< may be empty: a public client
    std::filesystem::path refresh_token_file;  ///< a person's consent; empty: the program has rights of its own (client credentials)
    std::string scope;                         ///< may be empty
};

/// The access token of one account, fetched when it is needed and kept in memory until shortly before it runs out. Where the service
/// gives a new refresh token with it, that one is durable before the access token is used: the old one may be dead by then.
///
/// `oauth.refused` (consent withdrawn, a wrong client or scope: a person must connect the account again; asked again at most every five
/// minutes), `oauth.malformed`, `oauth.unavailable`, and the errors of the files and of the HTTP client.
/// Threads: any; one of them asks, the others wait.
class AccessTokens {
public:
    /// The clock outlives it.
    AccessTokens(OAuthClient client, transport::HttpClient http, const Clock& clock);

    Result<std::string> token(Deadline deadline);
    /// The mail server did not take it: the next call asks for another.
    void forget();

private:
    Result<std::string> ask(Deadline deadline);
    Result<std::string> read_answer(const transport::HttpAnswer& answer);

    const OAuthClient client_;
    const transport::HttpClient http_;
    const Clock& clock_;
    std::mutex mutex_;  // Held across the request.
    std::string token_;
    Duration good_until_{};  // By the monotonic clock, as the next.
    std::optional<Error> refused_;
    Duration refused_until_{};
};

}  // namespace resolute::connectors
