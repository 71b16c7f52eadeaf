// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

/// HTTP as plain values, so that what answers requests knows no library.
namespace resolute::console {

using Fields = std::map<std::string, std::string, std::less<>>;

struct Request {
    std::string method;  ///< "GET", upper case
    std::string path;    ///< decoded, "/api/cases/c1"; for people: routing goes by the undecoded segments
    Fields path_params;  ///< decoded, by the names in the pattern
    Fields query;        ///< decoded; of a name that occurs twice the first
    Fields headers;      ///< by name in lower case; of a name that occurs twice the first
    std::string body;

    /// Empty where there is none.
    [[nodiscard]] std::string_view path_param(std::string_view name) const;
    [[nodiscard]] std::string_view query_param(std::string_view name) const;
    [[nodiscard]] std::string_view header(std::string_view name) const;  ///< name in lower case
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    Fields headers;
};

Response json_response(const json::Value& value, int status = 200);

/// {"error":{"code":…,"detail":…}} with the status of the error's kind; Retry-After where the error knows when.
Response error_response(const Error& error);
Response error_response(int status, std::string_view code, std::string_view detail);
int status_of(ErrorKind kind);

/// "a%2Fb" and, in a query, "a+b". Nothing where a '%' is not followed by two hex digits, or what comes out is no UTF-8 or holds
/// control characters: neither belongs into a name.
bool decode_component(std::string_view text, bool plus_is_space, std::string& decoded);

}  // namespace resolute::console
