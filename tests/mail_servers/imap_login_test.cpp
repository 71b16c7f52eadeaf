// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mail_servers/imap_test_support.h"

namespace resolute {
namespace {

using namespace imap_test;  // NOLINT(google-build-using-namespace): its few helpers, in a test.
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ImapLogin, MailIsReadOverTls) {
    deliver(shared_server(), "tls", mail_text(1));
    ImapSource source(options_for(shared_server(), "tls"));
    EXPECT_THAT(take_all(source), ElementsAre(mail_text(1)));
}

TEST(ImapLogin, MailIsReadOverStarttls) {
    deliver(shared_server(), "starttls", mail_text(1));
    ImapSource source(options_for(shared_server(), "starttls", Protection::starttls));
    EXPECT_THAT(take_all(source), ElementsAre(mail_text(1)));
    EXPECT_THAT(testkit::tail(shared_server().log(), 1u << 20), testing::ContainsRegex("Login: user=<starttls>.*TLS"));
}

TEST(ImapLogin, ACertificateThatNobodyVouchesForIsRefused) {
    auto options = options_for(shared_server(), "tls");
    options.server.ca_file.clear();
    EXPECT_EQ(ImapSource(options).list(1).error().code, "mail.tls");
}

TEST(ImapLogin, ACertificateForAnotherNameIsRefusedAndNoPasswordGoesOut) {
    const auto server = DovecotServer::start({.certificate_name = "other.example"});
    ASSERT_EQ(error_of(server), "");
    for (const Protection protection : {Protection::tls, Protection::starttls}) {
        ImapSource source(options_for(*server, "support", protection));
        EXPECT_EQ(source.list(1).error().code, "mail.tls");
    }
    EXPECT_THAT(testkit::tail(server->log()), Not(HasSubstr("Login: user=")));
}

TEST(ImapLogin, NoPasswordGoesOutWhereStarttlsIsMissing) {
    const auto server = DovecotServer::start({.has_tls = false});
    ASSERT_EQ(error_of(server), "");
    ImapSource refused(options_for(*server, "support", Protection::starttls));
    EXPECT_EQ(refused.list(1).error().code, "mail.tls");
    ASSERT_TRUE(testkit::wait_until([&] { return testkit::tail(server->log()).contains("no auth attempts"); }));
    EXPECT_THAT(testkit::tail(server->log()), Not(HasSubstr("Login: user=")));
    // The same password in plain text, where that is asked for: it was not the server that kept us out.
    ImapSource allowed(options_for(*server, "support", Protection::none));
    EXPECT_EQ(error_of(allowed.list(1)), "");
}

TEST(ImapLogin, AWrongPasswordIsNamedAsSuchAndNotShown) {
    const auto server = DovecotServer::start();
    ASSERT_EQ(error_of(server), "");
    auto options = options_for(*server, "support");
    options.login = []() -> Result<transport::MailLogin> {
        return transport::MailLogin{.user = "support", .password = "hunter2", .bearer = {}};
    };
    const auto listed = ImapSource(options).list(1);
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().code, "mail.login");
    EXPECT_THAT(listed.error().detail, Not(HasSubstr("hunter2")));
}

TEST(ImapLogin, ALoginThatCannotBeHadIsToldAsItIs) {
    auto options = options_for(shared_server(), "tls");
    options.login = []() -> Result<transport::MailLogin> {
        return fail("test.no_token", ErrorKind::unavailable, "no token today");
    };
    EXPECT_EQ(ImapSource(options).list(1).error().code, "test.no_token");
}

class ImapToken : public testing::TestWithParam<const char*> {};

TEST_P(ImapToken, ATokenSignsInAndABadOneDoesNot) {
    const auto server = DovecotServer::start({.mechanisms = GetParam()});
    ASSERT_EQ(error_of(server), "");
    const Instant now = SystemClock().now();
    auto options = options_for(*server, "support");
    std::string token = server->token("support", now + std::chrono::hours(1));
    int asked = 0;
    options.login = [&]() -> Result<transport::MailLogin> {
        ++asked;
        return transport::MailLogin{.user = "support", .password = {}, .bearer = token};
    };
    ImapSource source(options);
    EXPECT_EQ(error_of(source.list(1)), "");
    EXPECT_EQ(error_of(source.list(1)), "");
    EXPECT_EQ(asked, 1);
    token = server->token("support", now - std::chrono::hours(1));
    ImapSource expired(options);
    EXPECT_EQ(expired.list(1).error().code, "mail.login");
    EXPECT_EQ(asked, 2);
}

INSTANTIATE_TEST_SUITE_P(Mechanisms, ImapToken, testing::Values("oauthbearer", "xoauth2"));

}  // namespace
}  // namespace resolute
