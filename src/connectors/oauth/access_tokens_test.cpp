// SPDX-License-Identifier: Apache-2.0
#include "connectors/oauth/access_tokens.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <thread>

#include "base/base64.h"
#include "base/file.h"
#include "base/text.h"
#include "json/json.h"

namespace resolute::connectors {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

Key new_rsa_key(std::string& pem) {
    Key key(EVP_RSA_gen(2048), &EVP_PKEY_free);
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free);
    EXPECT_EQ(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    pem.assign(bytes, static_cast<std::size_t>(size));
    return key;
}

bool is_signed_by(EVP_PKEY* key, std::string_view text, std::string_view signature) {
    const auto bytes = [](std::string_view from) { return reinterpret_cast<const unsigned char*>(from.data()); };
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
}

/// A token endpoint that does what the test says, and remembers what it was asked.
class AccessTokensTest : public testing::Test {
protected:
    AccessTokensTest() {
        char name[] = "/tmp/resolute-oauth-XXXXXX";
        folder_ = ::mkdtemp(name);
        server_.Post("/token", [this](const httplib::Request& request, httplib::Response& response) {
            asked.push_back(request.params);
            if (on_ask) std::exchange(on_ask, {})();
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
    std::function<void()> on_ask;  ///< at the next request, before it is answered

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    void client_in(const std::filesystem::path& refresh_token_file) {
        client.refresh_token_file = refresh_token_file;
        tokens_.reset();
    }

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

TEST_F(AccessTokensTest, ARefreshTokenThatCannotBeWrittenIsUsedAndToldAndWrittenLater) {
    answer = R"({"access_token":"a1","refresh_token":"second"})";
    EXPECT_EQ(token(), "a1");
    // The folder goes while the token is asked for: then nothing can be written there.
    const std::filesystem::path gone = folder() / "gone";
    std::filesystem::create_directory(gone);
    std::filesystem::rename(client.refresh_token_file, gone / "refresh");
    on_ask = [&] { std::filesystem::remove_all(gone); };
    client_in(gone / "refresh");
    answer = R"({"access_token":"a2","refresh_token":"third"})";
    EXPECT_EQ(token(), "a2") << "it works on";
    EXPECT_NE(tokens().state().trouble.find("cannot be written"), std::string::npos) << tokens().state().trouble;
    EXPECT_EQ(tokens().state().trouble.find("third"), std::string::npos);
    tokens().forget();
    answer = R"({"access_token":"a3"})";
    EXPECT_EQ(token(), "a3");
    EXPECT_EQ(last("refresh_token"), "third") << "the one in memory";
    std::filesystem::create_directory(gone);
    EXPECT_EQ(token(), "a3");
    EXPECT_EQ(file::read(gone / "refresh"), "third\n");
    EXPECT_EQ(tokens().state().trouble, "");
}

TEST_F(AccessTokensTest, AConsentOfAPersonCountsBeforeOneThatCouldNotBeWritten) {
    const std::filesystem::path gone = folder() / "gone";
    std::filesystem::create_directory(gone);
    EXPECT_TRUE(file::write_durably(gone / "refresh", "first\n"));
    on_ask = [&] { std::filesystem::remove_all(gone); };
    client_in(gone / "refresh");
    answer = R"({"access_token":"a1","refresh_token":"second"})";
    EXPECT_EQ(token(), "a1");
    std::filesystem::create_directory(gone);
    EXPECT_TRUE(file::write_durably(gone / "refresh", "from a person\n"));
    answer = R"({"access_token":"a2"})";
    EXPECT_EQ(token(), "a2");
    EXPECT_EQ(last("refresh_token"), "from a person");
    EXPECT_EQ(file::read(gone / "refresh"), "from a person\n");
    EXPECT_EQ(tokens().state().trouble, "");
}

TEST_F(AccessTokensTest, TheEndOfAConsentIsToldBeforeItComes) {
    answer = R"({"access_token":"a1","expires_in":3600,"refresh_token_expires_in":604799,"scope":"mail calendar"})";
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(tokens().state().scope, "mail calendar");
    EXPECT_EQ(tokens().state().warning, "") << "seven days are left";
    ASSERT_TRUE(tokens().state().ends_at);
    EXPECT_EQ(*tokens().state().ends_at - clock.now(), std::chrono::seconds(604799));
    clock.advance(std::chrono::hours(3 * 24));
    answer = R"({"access_token":"a2","expires_in":3600,"refresh_token_expires_in":345599})";
    EXPECT_EQ(token(), "a2");
    EXPECT_NE(tokens().state().warning.find("connect the account again"), std::string::npos) << tokens().state().warning;
}

TEST_F(AccessTokensTest, TwoProgramsTakeTurnsAtOneConsent) {
    answer = R"({"access_token":"a1","refresh_token":"second"})";
    AccessTokens other(client, transport::HttpClient(), clock);
    Result<std::string> locked = std::string("not asked");
    // While the one asks, the other finds the file taken, and later what the one wrote.
    on_ask = [&] {
        locked = other.token(Deadline::in(std::chrono::milliseconds(200)));
    };
    EXPECT_EQ(token(), "a1");
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().code, "oauth.locked");
    answer = R"({"access_token":"b1"})";
    EXPECT_EQ(other.token(Deadline::in(std::chrono::seconds(20))), "b1");
    EXPECT_EQ(last("refresh_token"), "second");
}

TEST_F(AccessTokensTest, AServiceAccountSignsForTheMailboxThatItActsAs) {
    std::string pem;
    const auto key = new_rsa_key(pem);
    const auto write_key = [&](const std::string& type) {
        const json::Object account{{"type", type}, {"client_email", "robot@project.example"}, {"private_key", pem}, {"private_key_id", "k1"}, {"token_uri", client.token_url}};
        EXPECT_TRUE(file::write_durably(client.service_account_file, json::dump(account)));
    };
    client.service_account_file = folder() / "account.json";
    client.subject = "support@acme.example";
    client.scope = "https://mail.example/modify";
    write_key("service_account");
    EXPECT_EQ(token(), "a1");
    EXPECT_EQ(last("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    EXPECT_EQ(last("client_id"), "");
    const std::string assertion = last("assertion");
    const auto parts = text::split(assertion, '.');
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(from_base64(parts[0]), R"({"alg":"RS256","kid":"k1","typ":"JWT"})");
    EXPECT_EQ(from_base64(parts[1]), fmt::format(R"({{"aud":"{}","exp":4540,"iat":940,"iss":"robot@project.example","scope":"https://mail.example/modify",)"
                                                 R"("sub":"support@acme.example"}})",
                                                 client.token_url));
    const std::string text = std::string(parts[0]) + "." + std::string(parts[1]);
    EXPECT_TRUE(is_signed_by(key.get(), text, from_base64(parts[2]).value_or("")));
    EXPECT_FALSE(is_signed_by(key.get(), text + "x", from_base64(parts[2]).value_or("")));
    tokens().forget();
    pem = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    write_key("service_account");
    EXPECT_EQ(token().error().code, "oauth.bad_key");
    EXPECT_EQ(token().error().detail.find("c2VjcmV0"), std::string::npos);
    write_key("authorized_user");
    EXPECT_EQ(token().error().code, "oauth.bad_key");
    EXPECT_EQ(asked.size(), 1U);
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
