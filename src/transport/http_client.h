// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"

namespace resolute::transport {

struct HttpRequest {
    std::string method = "GET";
    std::string url;  ///< https; http only for this machine itself
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::size_t cut_after = 0;  ///< of the answer no more is read than this; 0: all of it, or `http.answer_too_large`
};

struct HttpAnswer {
    int status = 0;
    std::string content_type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  ///< as they came
    bool is_cut = false;                                        ///< `cut_after` was reached

    /// The first of this name, in whatever case; empty where there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// What Retry-After asks for, from now on (RFC 9110 §10.2.3): seconds, or a moment. Nothing where it is absent or unreadable.
std::optional<Duration> retry_after(const HttpAnswer& answer, Instant now);

/// One request to a service in the world, by libcurl. Any answer is a result, also a 404. Nothing is retried, no redirect is followed, no
/// proxy of the environment is used, and neither URL nor body nor headers stand in an error.
///
/// `http.not_allowed` (another protocol, or http to another machine: not sent), `http.unreachable` (not sent), `http.tls` (not sent),
/// `http.timed_out`, `http.broken` (both unknown once the request was on its way), `http.answer_too_large` (unknown).
/// A connection is used for several GETs, and for one of anything else: a request that changes something is never on one that may just have died, where the library
/// would send it a second time.
/// Threads: any; copies share their connections.
class HttpClient {
public:
    struct Options {
        std::filesystem::path ca_file;             ///< PEM; empty: what this machine trusts
        std::size_t answer_bytes_max = 8u << 20;
        const Interrupt* stop = nullptr;  ///< raised, it ends what is under way within a second (`http.broken`); outlives the client
    };
    HttpClient() : HttpClient(Options{}) {}
    explicit HttpClient(Options options);

    [[nodiscard]] Result<HttpAnswer> send(const HttpRequest& request, Deadline deadline) const;

private:
    class Pool;

    Options options_;
    std::shared_ptr<Pool> pool_;
};

/// "a b&c" → "a%20b%26c" (RFC 3986 §2.3: all but unreserved characters).
std::string percent_encoded(std::string_view text);
/// application/x-www-form-urlencoded.
std::string form(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace resolute::transport
