// SPDX-License-Identifier: Apache-2.0
// The fake is a fair one: Google's own client gets along with it, and what is said, by that client and by us, keeps to the description.
#include "tests/mail_servers/gmail_test_support.h"

#include <cstdlib>

namespace resolute::gmail_test {
namespace {

class GmailClientTest : public GmailTest {
protected:
    /// The packages are had from a network when they are first needed: without one this is not checked, and says so.
    static bool has_packages() {
        const auto packages = testkit::vendor_packages();
        if (packages) node_path() = packages->string();
        else node_path() = describe(packages.error());
        return packages.has_value();
    }
    static std::string& node_path() {
        static std::string path;
        return path;
    }
    static Result<std::string> node(const std::string& script, std::vector<std::string> arguments) {
        return testkit::run_node({.path = script, .arguments = std::move(arguments), .settings = {{"NODE_PATH", node_path()}}});
    }
    static const char* descriptions() { return std::getenv("RESOLUTE_API_DESCRIPTIONS"); }  // NOLINT(concurrency-mt-unsafe)
    static void expect_as_described() {
        if (descriptions() == nullptr) {
            fmt::print("RESOLUTE_API_DESCRIPTIONS names no folder with gmail.v1.discovery.json: what was said is not checked against it\n");
            return;
        }
        const auto said = node("gmail/validate.mjs", {descriptions(), record_file().string()});
        EXPECT_TRUE(said) << said.error().detail;
        fmt::print("{}", said.value_or(""));
    }
};

TEST_F(GmailClientTest, GooglesOwnClientGetsAlongWithTheFake) {
    if (!has_packages()) GTEST_SKIP() << node_path();
    const auto said = node("gmail/client.mjs", {gmail_->url()});
    ASSERT_TRUE(said) << said.error().detail;
    EXPECT_EQ(*said, "all is as the client expects\n");
    expect_as_described();
}

TEST_F(GmailClientTest, WhatWeSayKeepsToTheDescription) {
    if (!has_packages()) GTEST_SKIP() << node_path();
    const auto mailbox = source({"INBOX", "SPAM"});
    for (int i = 0; i < 3; ++i) deliver(i);
    EXPECT_EQ(take_all(*mailbox).size(), 3U);
    ASSERT_TRUE(gmail_->deliver(mail_text(3)));
    const auto listed = mailbox->list(10);
    ASSERT_TRUE(listed);
    EXPECT_TRUE(mailbox->fetch_head(listed->front(), 100));
    ASSERT_TRUE(gmail_->order("forget_history", json::Object{}));
    EXPECT_EQ(take_all(*mailbox).size(), 1U);
    const auto out = sender();
    EXPECT_TRUE(out->send(outgoing("first"), soon()));
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), ports::Delivery::sent);
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts/send","times":1,"do":"reset"}])"));
    EXPECT_FALSE(out->send(outgoing("second"), soon()));
    const auto again = sender();
    EXPECT_EQ(*again->look_up(outgoing("second"), soon()), ports::Delivery::absent);
    EXPECT_TRUE(again->send(outgoing("second"), soon()));
    EXPECT_EQ(*again->look_up(outgoing("never"), soon()), ports::Delivery::absent);
    EXPECT_TRUE(client(connectors::GmailQuota::For::reading).profile(soon()));
    expect_as_described();
}

}  // namespace
}  // namespace resolute::gmail_test
