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

namespace resolute::gmail_test {

inline Deadline soon() { return Deadline::in(std::chrono::seconds(20)); }

template <class T>
std::string error_of(const Result<T>& result) {
    return result ? "" : describe(result.error());
}

inline std::string mail_text(int number, std::size_t body_bytes = 200) {
    std::string text = fmt::format("From: a@example.org\r\nTo: support@acme.example\r\nSubject: mail {}\r\nMessage-ID: <{}@example.org>\r\n\r\n", number, number);
    while (text.size() < body_bytes) text += fmt::format("Line {} of mail {}, which goes on.\r\n", text.size(), number);
    return text;
}

inline ports::FrozenMail outgoing(const std::string& key) {
    return {.key = EffectId(key),
            .from = "support@acme.example",
            .to = "ann@customer.example",
            .message_id = key + ".m1@acme.example",
            .bytes = fmt::format("From: support@acme.example\r\nTo: Ann <ann@customer.example>\r\nSubject: Re: {0}\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
                                 "Message-ID: <{0}.m1@acme.example>\r\nX-Resolute-Effect: {0}\r\n\r\nHello {0}\r\n",
                                 key)};
}

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

    [[nodiscard]] static std::filesystem::path record_file() {
        return std::filesystem::path(testing::TempDir()) /
               fmt::format("gmail-{}-{}.jsonl", testing::UnitTest::GetInstance()->current_test_info()->name(), ::getpid());
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
    /// The uids that are listed; each fetched and done.
    std::vector<std::string> take_all(connectors::GmailSource& from) {
        std::vector<std::string> bytes;
        const auto listed = from.list(100'000);
        EXPECT_EQ(error_of(listed), "");
        for (const auto& position : listed.value_or(std::vector<mail::SourcePosition>{})) {
            auto mail = from.fetch(position);
            if (!mail && mail.error().code == "mail.vanished") continue;
            EXPECT_EQ(error_of(mail), "");
            if (!mail) continue;
            bytes.push_back(std::move(mail->bytes));
            EXPECT_TRUE(from.done(position));
        }
        return bytes;
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
