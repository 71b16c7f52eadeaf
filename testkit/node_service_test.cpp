// SPDX-License-Identifier: Apache-2.0
#include "testkit/node_service.h"

#include <gtest/gtest.h>

namespace resolute::testkit {
namespace {

const std::string kEcho = std::string(RESOLUTE_SOURCE_DIR) + "/testkit/vendors/echo.mjs";

TEST(NodeService, AScriptServesUntilItIsKilledAndAgainOnTheSamePort) {
    auto service = NodeService::start({.path = kEcho, .arguments = {"--word=hello"}, .settings = {{"ECHO_MORE", "world"}}});
    ASSERT_TRUE(service) << service.error().detail;
    EXPECT_EQ(service->control("echo", R"({"a":1})"), R"(hello world {"a":1})");
    ASSERT_TRUE(service->kill_9());
    EXPECT_FALSE(service->control("echo"));
    const std::uint16_t port = service->port();
    ASSERT_TRUE(service->restart());
    EXPECT_EQ(service->port(), port);
    EXPECT_EQ(service->control("echo"), "hello world {}");
    EXPECT_FALSE(service->control("elsewhere")) << "404";
}

TEST(NodeService, AScriptThatDoesNotListenSaysWhy) {
    const auto service = NodeService::start({.path = kEcho, .arguments = {"--word=die"}});
    ASSERT_FALSE(service);
    EXPECT_EQ(service.error().code, "testkit.node_failed");
    EXPECT_NE(service.error().detail.find("told to die"), std::string::npos) << service.error().detail;
}

TEST(NodeService, AScriptRunsToItsEnd) {
    const auto version = run_node({.path = "version.mjs"});
    ASSERT_TRUE(version) << version.error().detail;
    EXPECT_TRUE(version->starts_with("v"));
    EXPECT_FALSE(run_node({.path = kEcho, .arguments = {"--word=die"}}));
}

}  // namespace
}  // namespace resolute::testkit
