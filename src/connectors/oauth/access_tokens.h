// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "transport/http_client.h"

namespace resolute::connectors {

/// How a service lets us in (RFC 6749). Secrets are files, read when they are needed.
struct OAuthClient {
    std::string token_url;  ///< may be empty with a service account, whose key names it
    std::string client_id;
    std::filesystem::path client_secret_file;    ///< may be empty: a public client
    std::filesystem::path refresh_token_file;    ///< a person's consent; empty: the program has rights of its own (client credentials)
    std::string scope;                           ///< may be empty
    std::filesystem::path service_account_file;  ///< instead of all these: a key of the program's own account (RFC 7523)
    std::string subject;                         ///< as whom that account acts; its administrator has delegated the right to it
    std::filesystem::path ca_file;               ///< of the token's server, PEM; empty: what this machine trusts
};

/// What is known of a consent. Empty where nothing is wrong.
struct ConsentState {
    std::string trouble;             ///< for a person: what is wrong, and what to do
    std::string warning;             ///< the same of what is about to be
    std::optional<Instant> ends_at;  ///< as the service says, if it does (`refresh_token_expires_in`)
    std::string scope;               ///< what was granted, as the service says; may be empty
};

/// The access token of one account, fetched when it is needed and kept in memory until shortly before it runs out. Where the service
/// gives a new refresh token with it, that one is made durable before the access token is used: the old one may be dead by then. Where it
/// cannot be written it is kept in memory, used, told in `state` and in the log, and written as soon as that can be.
/// Another program may use the same file at the same time: they take turns (token_file.h).
///
/// `oauth.refused` (consent withdrawn or over, a wrong client or scope, a right that was not delegated: a person must connect the account
/// again; asked again at most every five minutes), `oauth.malformed`, `oauth.unavailable`, `oauth.locked`, `oauth.bad_key`, and the errors
/// of the files and of the HTTP client.
/// Threads: any; one of them asks, the others wait.
class AccessTokens {
public:
    /// The clock outlives it.
    AccessTokens(OAuthClient client, transport::HttpClient http, const Clock& clock);

    Result<std::string> token(Deadline deadline);
    /// The service did not take it: the next call asks for another.
    void forget();
    [[nodiscard]] ConsentState state() const;

private:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    Result<std::string> ask(Deadline deadline);
    Result<std::string> ask_as_service_account(Deadline deadline);
    Result<std::string> ask_with_consent(Deadline deadline);
    Result<std::string> refresh_token();
    Status add_client(Fields& fields) const;
    Result<std::string> exchange(const std::string& url, const Fields& fields, Deadline deadline);
    Result<std::string> read_answer(const std::string& url, const transport::HttpAnswer& answer);
    void keep_refresh_token(std::string token);
    void write_again();
    void note_state();

    const OAuthClient client_;
    const transport::HttpClient http_;
    const Clock& clock_;
    std::mutex turn_;  // Held across the request.
    // Guarded by turn_:
    std::string token_;
    Duration good_until_{};  // By the monotonic clock, as the next but one.
    std::optional<Error> refused_;
    Duration refused_until_{};
    std::string unwritten_;     // A refresh token that stands in no file yet.
    std::string in_file_then_;  // What the file held when it came: something else since then is a new consent.
    mutable std::mutex mutex_;
    ConsentState state_;  // Guarded by mutex_: whoever asks for it does not wait for a request.
};

}  // namespace resolute::connectors
