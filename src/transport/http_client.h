// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace resolute::transport {

struct HttpRequest {
    std::string method = "GET";
    std::string url;  ///< https; http only for this machine itself
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

struct HttpAnswer {
    int status = 0;
    std::string content_type;
    std::string body;
};

/// One request to a service in the world, by libcurl. Any answer is a result, also a 404. Nothing is retried, no redirect is followed, no
/// proxy of the environment is used, and neither URL nor body nor headers stand in an error.
///
/// `http.not_allowed` (another protocol, or http to another machine: not sent), `http.unreachable` (not sent), `http.tls` (not sent),
/// `http.timed_out`, `http.broken` (both unknown once the request was on its way), `http.answer_too_large` (unknown).
/// Threads: any.
class HttpClient {
public:
    struct Options {
        std::filesystem::path ca_file;             ///< PEM; empty: what this machine trusts
        std::size_t answer_bytes_max = 8u << 20;
    };
    HttpClient() : HttpClient(Options{}) {}
    explicit HttpClient(Options options) : options_(std::move(options)) {}

    [[nodiscard]] Result<HttpAnswer> send(const HttpRequest& request, Deadline deadline) const;

private:
    Options options_;
};

/// "a b&c" → "a%20b%26c" (RFC 3986 §2.3: all but unreserved characters).
std::string percent_encoded(std::string_view text);
/// application/x-www-form-urlencoded.
std::string form(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace resolute::transport
