// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/runtime.h"
#include "console/router.h"
#include "console/server.h"

namespace resolute::app {

/// Where the owner of a data folder answers.
std::filesystem::path socket_of(const Config& config);

/// The JSON API of a runtime on the socket in its data folder, and by HTTP where the configuration says so, while it lives.
/// The runtime must outlive it.
class LocalServer {
public:
    static Result<std::unique_ptr<LocalServer>> start(Runtime& runtime);
    ~LocalServer();
    LocalServer(const LocalServer&) = delete;
    LocalServer& operator=(const LocalServer&) = delete;

    /// "http://127.0.0.1:8080", or empty.
    [[nodiscard]] const std::string& address() const { return address_; }

private:
    explicit LocalServer(Runtime& runtime);

    console::Router router_;        ///< without what only the owner of the data folder may do
    console::Router local_router_;
    console::Server on_socket_;
    console::Server on_tcp_;
    std::string address_;
};

}  // namespace resolute::app
