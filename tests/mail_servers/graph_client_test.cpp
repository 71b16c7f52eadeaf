// SPDX-License-Identifier: Apache-2.0
// Who says that the fake of Microsoft Graph is like the real one: the service's own client, and its published descriptions.
#include <cstdlib>

#include "testkit/service.h"
#include "tests/mail_servers/graph_test_support.h"

namespace resolute::graph_test {
namespace {

/// The folder with the published descriptions, where there is one.
const char* descriptions() { return std::getenv("RESOLUTE_API_DESCRIPTIONS"); }

void hold_against_descriptions(const std::filesystem::path& record, const std::filesystem::path& packages) {
    if (descriptions() == nullptr) return;
    const auto checked = testkit::run_node({.path = "graph/check.mjs",
                                            .arguments = {"--record=" + record.string(), std::string("--descriptions=") + descriptions()},
                                            .settings = {{"NODE_PATH", packages.string()}}});
    EXPECT_EQ(error_of(checked), "");
    if (checked) fmt::print("{}", *checked);
}

TEST(GraphFake, IsDrivenByMicrosoftsOwnClient) {
    const auto packages = testkit::vendor_packages();
    ASSERT_EQ(error_of(packages), "");
    auto certified = testkit::ServiceFolder::make();
    ASSERT_EQ(error_of(certified), "");
    ASSERT_EQ(error_of(testkit::make_certificate(*certified, "localhost", "DNS:localhost,IP:127.0.0.1")), "");
    const auto record = certified->path() / "record.jsonl";
    const auto server = testkit::NodeService::start({.path = "graph/server.mjs",
                                                     .arguments = {"--user=support@acme.example", "--record=" + record.string(),
                                                                   "--tls-key=" + (certified->path() / "key.pem").string(),
                                                                   "--tls-certificate=" + (certified->path() / "certificate.pem").string()}});
    ASSERT_EQ(error_of(server), "");
    const auto driven = testkit::run_node({.path = "graph/client.mjs",
                                           .arguments = {fmt::format("--url=https://localhost:{}", server->port())},
                                           .settings = {{"NODE_PATH", packages->string()}, {"NODE_EXTRA_CA_CERTS", (certified->path() / "certificate.pem").string()}}});
    EXPECT_EQ(error_of(driven), "");
    hold_against_descriptions(record, *packages);
}

TEST_F(GraphTest, WhatTheConnectorSaysIsAsTheDescriptionsHaveIt) {
    const auto packages = testkit::vendor_packages();
    ASSERT_EQ(error_of(packages), "");
    deliver(1);
    const auto mailbox = source({"inbox", "Archive"});
    EXPECT_THAT(take_all(*mailbox), testing::SizeIs(1));
    EXPECT_THAT(take_all(*mailbox), testing::IsEmpty());
    const auto out = sender();
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    EXPECT_EQ(*sender()->look_up(outgoing("first"), soon()), ports::Delivery::sent);
    EXPECT_EQ(*sender()->look_up(outgoing("other"), soon()), ports::Delivery::absent);
    hold_against_descriptions(record_file(), *packages);
}

}  // namespace
}  // namespace resolute::graph_test
