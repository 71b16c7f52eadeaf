// SPDX-License-Identifier: Apache-2.0
#include "console/http.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"

namespace resolute::console {
namespace {

std::string_view value_of(const Fields& fields, std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view Request::path_param(std::string_view name) const {
    return value_of(path_params, name);
}
std::string_view Request::query_param(std::string_view name) const {
    return value_of(query, name);
}
std::string_view Request::header(std::string_view name) const {
    return value_of(headers, name);
}

Response json_response(const json::Value& value, int status) {
    return {.status = status, .content_type = "application/json", .body = json::dump(value), .headers = {}};
}

Response error_response(int status, std::string_view code, std::string_view detail) {
    return json_response(json::Object{{"error", json::Object{{"code", code}, {"detail", detail}}}}, status);
}

Response error_response(const Error& error) {
    Response response = error_response(status_of(error.kind), error.code, error.detail);
    if (error.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
        response.headers["Retry-After"] = std::to_string(std::max<std::int64_t>(seconds, 1));
    }
    return response;
}

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid:
            return 400;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::refused:
            return 403;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::rate_limited:
            return 429;
        case ErrorKind::unavailable:
            return 503;
        case ErrorKind::timed_out:
            return 504;
        case ErrorKind::exhausted:
            return 507;
        case ErrorKind::corrupt:
            return 500;
        case ErrorKind::internal:
            return 500;
    }
    return 500;
}

bool decode_component(std::string_view text, bool plus_is_space, std::string& decoded) {
    decoded.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return false;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        decoded += c;
    }
    const bool has_control =
        std::ranges::any_of(decoded, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return !has_control && text::is_utf8(decoded);
}

}  // namespace resolute::console
