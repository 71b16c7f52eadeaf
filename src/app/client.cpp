// SPDX-License-Identifier: Apache-2.0
#include "app/client.h"

#include <thread>

#include <fmt/format.h>

#include "app/api.h"
#include "app/api_parts.h"
#include "app/local_server.h"
#include "transport/unix_http_client.h"

namespace resolute::app {
namespace {

constexpr Duration kAnswerWithin = std::chrono::minutes(10);
constexpr Duration kProbeWithin = std::chrono::seconds(5);
/// How long a program that starts or ends may hold the lock without answering.
constexpr Duration kOwnerWithin = std::chrono::seconds(3);
constexpr Duration kPause = std::chrono::milliseconds(50);

bool is_answering(const std::filesystem::path& socket) {
    const auto answer = transport::call_local(socket, "GET", "/api/status", "", Deadline::in(kProbeWithin));
    // Whoever takes long has taken the call: only "nobody there" counts.
    return answer || (answer.error().code != "transport.not_running" && answer.error().code != "transport.socket_path_too_long");
}

ErrorKind kind_of_status(int status) {
    for (const ErrorKind kind : {ErrorKind::invalid, ErrorKind::not_found, ErrorKind::refused, ErrorKind::conflict, ErrorKind::rate_limited,
                                 ErrorKind::unavailable, ErrorKind::timed_out, ErrorKind::exhausted})
        if (console::status_of(kind) == status) return kind;
    return status >= 500 ? ErrorKind::internal : ErrorKind::invalid;
}

Result<json::Value> decode(int status, std::string_view body) {
    if (status < 200 || status >= 300) return std::unexpected(error_of(status, body));
    return json::parse(body);
}

}  // namespace

Error error_of(int status, std::string_view body) {
    Error error{.code = "api.failed", .kind = kind_of_status(status), .detail = fmt::format("the program answered with status {}", status)};
    const auto value = json::parse(body);
    if (!value || !(*value)["error"].is_object()) return error;
    error.code = (*value)["error"]["code"].as_string_or(error.code);
    error.detail = (*value)["error"]["detail"].as_string();
    return error;
}

std::string ApiClient::encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (is_plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

Result<ApiClient> ApiClient::open(const Config& config, const Clock& clock) {
    ApiClient client(socket_of(config));
    const Deadline deadline = Deadline::in(kOwnerWithin);
    while (true) {
        if (is_answering(client.socket_)) return client;
        auto runtime = Runtime::open(config, clock);
        if (runtime) {
            client.runtime_ = *std::move(runtime);
            client.router_ = std::make_unique<console::Router>();
            add_api(*client.router_, *client.runtime_);
            add_care_routes(*client.router_, *client.runtime_);
            return client;
        }
        if (runtime.error().code != "store.locked") return std::unexpected(std::move(runtime).error());
        if (deadline.has_passed())
            return fail("store.locked", ErrorKind::conflict,
                        fmt::format("{}, which does not answer on {}; wait until it has ended, or stop it", runtime.error().detail, client.socket_.string()));
        std::this_thread::sleep_for(kPause);
    }
}

Result<json::Value> ApiClient::ask(std::string_view method, std::string_view target, std::string_view body) {
    if (is_remote()) {
        TRY(const auto answer, transport::call_local(socket_, method, target, body, Deadline::in(kAnswerWithin)));
        return decode(answer.status, answer.body);
    }
    console::Request request;
    request.method = method;
    request.body = body;
    const console::Response response = router_->handle(std::move(request), target);
    return decode(response.status, response.body);
}

Result<json::Value> ApiClient::get(std::string_view target) { return ask("GET", target, ""); }

Result<json::Value> ApiClient::post(std::string_view target, std::string_view body) {
    TRY(json::Value answer, ask("POST", target, body));
    while (!is_remote()) {
        TRY(const std::size_t worked, runtime_->engine().run_once(runtime_->clock().now()));
        if (worked == 0) break;
    }
    return answer;
}

}  // namespace resolute::app
