// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "testkit/service.h"

/// Scripts for Node.js (18 or newer): fakes of services in the world, and those services' own clients.
namespace resolute::testkit {

struct NodeScript {
    std::filesystem::path path;                     ///< absolute, or below testkit/vendors: "gmail/server.mjs"
    std::vector<std::string> arguments = {};
    std::map<std::string, std::string> settings = {};  ///< its environment: these, PATH, and little else
};

/// A script that serves HTTP on a port of 127.0.0.1, which it is told by `--port=N` after its own arguments; it prints a line that begins
/// with "listening" once it listens. Gone with the object, and when this program dies.
///
/// What the test orders goes to `/control/…` of the same port, which no client of the service asks.
/// Threads: `control` any, the rest one.
class NodeService {
public:
    /// `testkit.no_node` where Node is missing; `testkit.node_failed` with what it printed.
    static Result<NodeService> start(NodeScript script);
    NodeService(NodeService&&) noexcept = default;
    NodeService& operator=(NodeService&&) = delete;
    ~NodeService();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:17001"
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }  ///< where it runs: its own for ever
    [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "log"; }

    /// POST /control/<what> with this JSON; what it answers with 200, or `testkit.control_failed`.
    Result<std::string> control(const std::string& what, const std::string& json = "{}") const;
    Status kill_9();
    /// On the same port, with what it kept in its folder.
    Status restart();

private:
    NodeService(ServiceFolder folder, NodeScript script) : folder_(std::move(folder)), script_(std::move(script)) {}
    Status launch();

    ServiceFolder folder_;
    NodeScript script_;
    std::uint16_t port_ = 0;
    std::optional<Service> service_;
};

/// The packages of testkit/vendors/package.json, installed when they are first needed (that takes npm, and a network): what scripts find by
/// `createRequire(import.meta.url)`, once NODE_PATH in their settings is this. `testkit.no_packages` where they cannot be had.
Result<std::filesystem::path> vendor_packages();

/// Runs a script to its end. What it printed, or `testkit.command_failed` with that.
Result<std::string> run_node(const NodeScript& script, Duration at_most = std::chrono::minutes(2));

}  // namespace resolute::testkit
