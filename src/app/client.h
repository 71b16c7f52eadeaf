// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/runtime.h"
#include "console/router.h"
#include "json/json.h"

namespace resolute::app {

/// The one way of all commands to the data: the program that owns the data folder where it runs (over its socket), else a runtime
/// of our own. Both answer by the same routes. Threads: one.
class ApiClient {
public:
    /// `store.locked` where somebody owns the folder and does not answer; a program that just starts or ends is waited for.
    static Result<ApiClient> open(const Config& config, const Clock& clock);

    /// `target` is path and query, encoded (see `encode`). An answer that is an error comes back as the Error that it was.
    Result<json::Value> get(std::string_view target);
    /// What the request sets going in a runtime of our own is worked off before this returns: an effect that is left behind would
    /// look like the work of a crash to the next owner.
    Result<json::Value> post(std::string_view target, std::string_view body);

    /// Another program answers.
    [[nodiscard]] bool is_remote() const { return runtime_ == nullptr; }

    /// One segment of a path, or a value of a query.
    static std::string encode(std::string_view text);

private:
    explicit ApiClient(std::filesystem::path socket) : socket_(std::move(socket)) {}
    Result<json::Value> ask(std::string_view method, std::string_view target, std::string_view body);

    std::filesystem::path socket_;
    std::unique_ptr<Runtime> runtime_;
    std::unique_ptr<console::Router> router_;
};

/// The error that an answer of the API stands for. `status` is not a 2xx.
Error error_of(int status, std::string_view body);

}  // namespace resolute::app
