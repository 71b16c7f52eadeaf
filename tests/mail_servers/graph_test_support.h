// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "base/file.h"
#include "connectors/graph/graph_sender.h"
#include "connectors/graph/graph_source.h"
#include "connectors/oauth/access_tokens.h"
#include "testkit/graph_service.h"
#include "tests/mail_servers/service_test_support.h"

namespace resolute::graph_test {

using namespace service_test;  // NOLINT(google-build-using-namespace): what tests of all services share.

/// A fake Graph and the way into it. Time is the test's: what would wait fails instead and says for how long, and the test moves the clock.
class GraphTest : public testing::Test {
protected:
    GraphTest() {
        auto started = testkit::GraphService::start("support@acme.example", record_file());
        if (!started) throw std::runtime_error(describe(started.error()));
        graph_.emplace(*std::move(started));
        EXPECT_TRUE(file::write_durably(folder() / "secret", "client-secret\n"));
        client_.token_url = graph_->token_url();
        client_.client_id = "client";
        client_.client_secret_file = folder() / "secret";
        client_.scope = graph_->url() + "/.default";
    }
    ~GraphTest() override {
        std::error_code ignored;
        std::filesystem::remove(record_file(), ignored);
    }
    [[nodiscard]] const std::filesystem::path& folder() { return graph_->node().folder(); }
    connectors::AccessTokens& tokens() {
        if (!tokens_) tokens_ = std::make_unique<connectors::AccessTokens>(client_, transport::HttpClient(), clock_);
        return *tokens_;
    }
    connectors::GraphClient client(bool sends) {
        return {{.base_url = graph_->url(),
                 .user = "support@acme.example",
                 .token = [this](Deadline deadline) { return tokens().token(deadline); },
                 .token_was_refused = [this] { tokens().forget(); },
                 .gate = gate_,
                 .sends = sends},
                clock_};
    }
    std::unique_ptr<connectors::GraphSource> source(std::vector<std::string> folders = {"inbox"}) {
        return std::make_unique<connectors::GraphSource>(connectors::GraphSource::Options{.account = "graph:support@acme.example", .folders = std::move(folders)},
                                                         client(false), clock_);
    }
    std::unique_ptr<connectors::GraphSender> sender() { return std::make_unique<connectors::GraphSender>(client(true)); }
    json::Value state() {
        const auto read = graph_->state();
        EXPECT_EQ(error_of(read), "");
        return read.value_or(json::Value());
    }
    json::Value order(const std::string& what, const json::Value& orders) {
        const auto answer = graph_->order(what, orders);
        EXPECT_EQ(error_of(answer), "");
        return answer.value_or(json::Value());
    }
    /// A second later than the one before.
    std::string deliver(int number, const std::string& folder = "inbox") {
        const auto id = graph_->deliver(mail_text(number), folder, from_unix_ms(1'700'000'000'000 + 1000 * ++delivered_));
        EXPECT_EQ(error_of(id), "");
        return id.value_or("");
    }
    /// Time passes as an error asks for it.
    void wait_for(const Error& error) { clock_.advance(error.retry_after.value_or(std::chrono::seconds(1))); }

    std::optional<testkit::GraphService> graph_;
    connectors::OAuthClient client_;
    VirtualClock clock_{SystemClock{}.now()};

private:
    std::int64_t delivered_ = 0;
    std::shared_ptr<connectors::GraphGate> gate_ = std::make_shared<connectors::GraphGate>(clock_);
    std::unique_ptr<connectors::AccessTokens> tokens_;
};

}  // namespace resolute::graph_test
