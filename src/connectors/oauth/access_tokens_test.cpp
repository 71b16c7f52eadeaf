// SPDX-License-Identifier: Apache-2.0
#include "connectors/oauth/access_tokens.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <thread>

#include "base/file.h"

namespace resolute::connectors {
namespace {

/// A token endpoint that does what the test says, and remembers what it was asked.
class AccessTokensTest : public testing::Test {
protected:
    AccessTokensTest() {
        char name[] = "/tmp/resolute-oauth-XXXXXX";
        folder_ = ::mkdtemp(name);
        server_.Post("/token", [this](const httplib::Request& request, httplib::Response& response) {
            asked.push_back(request.params);
            response.status = status;
            response.set_content(answer, "application/json");
        });
        const int port = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::jthread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();  // Stopped before, it would listen for ever.
        client.token_url = "http://127.0.0.1:" + std::to_string(port) + "/token";
        client.client_id = "the client";
        client.refresh_token_file = folder_ / "refresh";
        client.client_secret_file = folder_ / "secret";
        EXPECT_TRUE(file::write_durably(client.refresh_token_file, "first&refresh\n"));
        EXPECT_TRUE(file::write_durably(client.client_secret_file, "s3cret\n"));
    }
    ~AccessTokensTest() override {
        server_.stop();
        thread_ = {};
        std::filesystem::remove_all(folder_);
    }

    AccessTokens& tokens() {
        if (!tokens_) tokens_ = std::make_unique<AccessTokens>(client, transport::HttpClient(), clock);
        return *tokens_;
    }
    Result<std::string> token() { return tokens().token(Deadline::in(std::chrono::seconds(20))); }
    std::string refresh_file() { return file::read(client.refresh_token_file).value_or("unreadable"); }
    std::string last(const std::string& field) { return asked.back().find(field) == asked.back().end() ? "" : asked.back().find(field)->second; }

    OAuthClient client;
    VirtualClock clock{from_unix_ms(1'000'000)};
    int status = 200;
    std::string answer = R"({"access_token":"a1","expires_in":3600,"token_type":"Bearer"})";
    std::vector<httplib::Params> asked;

private:
    std::filesystem::path folder_;
    httplib::Server server_;
    std::jthread thread_;
    std::unique_ptr<AccessTokens> tokens_;
};

TEST_F(AccessTokensTest, ATokenIsAskedForOnceAndAgainBeforeItRunsOut) {
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(last("grant_type"), "refresh_token");
    EXPECT_EQ(last("refresh_token"), "first&refresh");
    EXPECT_EQ(last("client_id"), "the client");
    EXPECT_EQ(last("client_secret"), "s3cret");
    clock.advance(std::chrono::minutes(54));
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(asked.size(), 1U);
    answer = R"({"access_token":"a2","expires_in":3600})";
    clock.advance(std::chrono::minutes(2));
    EXPECT_EQ(token(), "a2");
    EXPECT_EQ(asked.size(), 2U);
    EXPECT_EQ(refresh_file(), "first&refresh\n") << "no new one was given";
}

TEST_F(AccessTokensTest, ARotatedRefreshTokenIsDurableBeforeTheAccessTokenIsUsed) {
    answer = R"({"access_token":"a1","refresh_token":"second","expires_in":60})";
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(refresh_file(), "second\n");
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(last("refresh_token"), "second");
}

TEST_F(AccessTokensTest, WhereTheNewRefreshTokenCannotBeKeptTheAccessTokenIsNotUsed) {
    answer = R"({"access_token":"a1","refresh_token":"second"})";
    EXPECT_EQ(token(), "a1");
    tokens().forget();
    std::filesystem::remove(client.refresh_token_file);
    std::filesystem::create_directory(client.refresh_token_file);
    EXPECT_FALSE(token());
}

TEST_F(AccessTokensTest, AProgramWithRightsOfItsOwnNeedsNoRefreshToken) {
    client.refresh_token_file.clear();
    client.scope = "https://outlook.example/.default";
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(last("grant_type"), "client_credentials");
    EXPECT_EQ(last("scope"), "https://outlook.example/.default");
}

TEST_F(AccessTokensTest, AWithdrawnConsentIsSaidAndNotAskedForAgainAndAgain) {
    status = 400;
    answer = R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})";
    const auto refused = token();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "oauth.refused");
    EXPECT_EQ(refused.error().kind, ErrorKind::refused);
    EXPECT_NE(refused.error().detail.find("invalid_grant"), std::string::npos);
    EXPECT_EQ(refused.error().detail.find("s3cret"), std::string::npos);
    EXPECT_EQ(refused.error().detail.find("first"), std::string::npos);
    EXPECT_FALSE(token());
    EXPECT_EQ(asked.size(), 1U);
    status = 200;
    answer = R"({"access_token":"a9"})";
    clock.advance(std::chrono::minutes(5));
    EXPECT_EQ(token(), "a9");
}

TEST_F(AccessTokensTest, AServerInTroubleAndAnAnswerWithoutATokenAreTriedAgain) {
    status = 503;
    EXPECT_EQ(token().error().code, "oauth.unavailable");
    status = 200;
    answer = "<html>";
    EXPECT_EQ(token().error().code, "oauth.malformed");
    answer = R"({"access_token":"a1"})";
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(asked.size(), 3U);
}

TEST_F(AccessTokensTest, SecretsGoToOthersByHttpsOnly) {
    client.token_url = "http://login.example/token";
    EXPECT_EQ(token().error().code, "http.not_allowed");
}

}  // namespace
}  // namespace resolute::connectors
