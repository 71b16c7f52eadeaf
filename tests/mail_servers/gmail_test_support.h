// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "base/file.h"
#include "connectors/gmail/gmail_sender.h"
#include "connectors/gmail/gmail_source.h"
#include "connectors/oauth/access_tokens.h"
#include "testkit/gmail_service.h"
#include "tests/mail_servers/service_test_support.h"

namespace resolute::gmail_test {

using namespace service_test;  // NOLINT(google-build-using-namespace): what tests of all services share.

/// A fake Gmail and the way into it. Time is the test's: what would wait fails instead and says for how long, and the test moves the clock.
class GmailTest : public testing::Test {
protected:
    GmailTest() {
        auto started = testkit::GmailService::start("support@acme.example", record_file());
        if (!started) throw std::runtime_error(describe(started.error()));
        gmail_.emplace(*std::move(started));
        never_waits_.raise();
        EXPECT_TRUE(file::write_durably(folder() / "refresh", "refresh-0\n"));
        EXPECT_TRUE(file::write_durably(folder() / "secret", "client-secret\n"));
        client_.token_url = gmail_->token_url();
        client_.client_id = "client";
        client_.client_secret_file = folder() / "secret";
        client_.refresh_token_file = folder() / "refresh";
    }

    ~GmailTest() override {
        std::error_code ignored;
        std::filesystem::remove(record_file(), ignored);
    }
    [[nodiscard]] const std::filesystem::path& folder() { return gmail_->node().folder(); }
    connectors::AccessTokens& tokens() {
        if (!tokens_) tokens_ = std::make_unique<connectors::AccessTokens>(client_, transport::HttpClient(), clock_);
        return *tokens_;
    }
    connectors::GmailClient client(connectors::GmailQuota::For what) {
        return {{.base_url = gmail_->url(),
                 .user = "support@acme.example",
                 .token = [this](Deadline deadline) { return tokens().token(deadline); },
                 .token_was_refused = [this] { tokens().forget(); },
                 .quota = quota_,
                 .what = what,
                 .stop = &never_waits_},
                clock_};
    }
    std::unique_ptr<connectors::GmailSource> source(std::vector<std::string> labels = {"INBOX"}) {
        return std::make_unique<connectors::GmailSource>(connectors::GmailSource::Options{.account = "gmail:support@acme.example", .labels = std::move(labels)},
                                                         client(connectors::GmailQuota::For::reading), clock_);
    }
    std::unique_ptr<connectors::GmailSender> sender() {
        return std::make_unique<connectors::GmailSender>(client(connectors::GmailQuota::For::sending), clock_);
    }
    json::Value state() {
        const auto read = gmail_->state();
        EXPECT_EQ(error_of(read), "");
        return read.value_or(json::Value());
    }
    std::string deliver(int number, const std::vector<std::string>& labels = {"INBOX", "UNREAD"}) {
        const auto id = gmail_->deliver(mail_text(number), labels);
        EXPECT_EQ(error_of(id), "");
        return id.value_or("");
    }
    /// Time passes as an error asks for it.
    void wait_for(const Error& error) { clock_.advance(error.retry_after.value_or(std::chrono::seconds(1))); }

    std::optional<testkit::GmailService> gmail_;
    connectors::OAuthClient client_;
    VirtualClock clock_{SystemClock{}.now()};

private:
    Interrupt never_waits_;
    std::shared_ptr<connectors::GmailQuota> quota_ = std::make_shared<connectors::GmailQuota>(100'000'000);
    std::unique_ptr<connectors::AccessTokens> tokens_;
};

}  // namespace resolute::gmail_test
