// SPDX-License-Identifier: Apache-2.0
#include "testkit/node_service.h"

#include <httplib.h>

#include <cstdlib>

#include <fmt/format.h>

#include "base/file.h"

namespace resolute::testkit {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLogBytesMax = 64u << 20;
constexpr int kAnswerWithinSeconds = 60;

const fs::path kScripts = fs::path(RESOLUTE_SOURCE_DIR) / "testkit/vendors";

/// Through env, for the processes that we start have an environment of their own, and Node may stand anywhere on our path.
Command command_of(const NodeScript& script) {
    const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    Command command{"/usr/bin/env", fmt::format("PATH={}", path == nullptr ? "/usr/bin:/bin" : path)};
    for (const auto& [name, value] : script.settings) command.push_back(fmt::format("{}={}", name, value));
    command.insert(command.end(), {"node", (kScripts / script.path).string()});  // An absolute path stays as it is.
    command.insert(command.end(), script.arguments.begin(), script.arguments.end());
    return command;
}

Status need_node() {
    const auto printed = run_node({.path = "version.mjs"});
    if (printed) return {};
    return fail("testkit.no_node", ErrorKind::not_found,
                fmt::format("this test needs Node.js 18 or newer: install the package nodejs (./scripts/test does), then run it again; {}",
                            printed.error().detail));
}

}  // namespace

Result<NodeService> NodeService::start(NodeScript script) {
    TRY_STATUS(need_node());
    TRY(ServiceFolder folder, ServiceFolder::make());
    NodeService service(std::move(folder), std::move(script));
    TRY(service.port_, free_port());
    service.script_.arguments.push_back(fmt::format("--port={}", service.port_));
    TRY_STATUS(service.launch());
    return service;
}

NodeService::~NodeService() {
    if (service_) ignore_error(service_->kill_9(), "its own end ends it too");
}

Status NodeService::launch() {
    std::error_code ignored;
    fs::remove(log(), ignored);  // What one before said is not said by this one.
    TRY(Service service, Service::start({.command = command_of(script_), .folder = folder_.path(), .log = log(), .end_signal = SIGTERM}));
    service_.emplace(std::move(service));
    const auto why = service_->why_not_up([this] {
        const auto printed = file::read(log(), kLogBytesMax);
        return printed && (printed->starts_with("listening") || printed->find("\nlistening") != std::string::npos);
    });
    if (!why) return {};
    service_.reset();
    return fail("testkit.node_failed", ErrorKind::internal, fmt::format("{} {}; it printed:\n{}", script_.path.string(), *why, tail(log())));
}

std::string NodeService::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

Result<std::string> NodeService::control(const std::string& what, const std::string& json) const {
    httplib::Client client("127.0.0.1", port_);
    client.set_read_timeout(kAnswerWithinSeconds);
    const auto answer = client.Post(("/control/" + what).c_str(), json, "application/json");
    if (answer && answer->status == 200) return answer->body;
    return fail("testkit.control_failed", ErrorKind::internal,
                fmt::format("/control/{}: {}", what, answer ? fmt::format("{} {}", answer->status, answer->body) : "no answer"));
}

Status NodeService::kill_9() {
    if (!service_) return {};
    TRY_STATUS(service_->kill_9());
    service_.reset();
    return {};
}

Status NodeService::restart() {
    TRY_STATUS(kill_9());
    return launch();
}

Result<fs::path> vendor_packages() {
    const fs::path folder = RESOLUTE_VENDOR_FOLDER;
    const fs::path log = folder.string() + ".log";
    std::error_code error;
    fs::create_directories(folder, error);
    // With all of our environment: where packages come from is for whoever runs this to say.
    const std::string command = fmt::format("'{}' '{}' >'{}' 2>&1", (kScripts / "install").string(), folder.string(), log.string());
    if (std::system(command.c_str()) == 0) return folder / "node_modules";  // NOLINT(cert-env33-c, concurrency-mt-unsafe)
    return fail("testkit.no_packages", ErrorKind::unavailable, fmt::format("the services' own clients cannot be installed: {}", tail(log)));
}

Result<std::string> run_node(const NodeScript& script, Duration at_most) {
    return run_command(command_of(script), fs::temp_directory_path(), at_most);
}

}  // namespace resolute::testkit
