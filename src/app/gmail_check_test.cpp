// SPDX-License-Identifier: Apache-2.0
#include "app/gmail_check.h"

#include <gtest/gtest.h>

namespace resolute::app {
namespace {

using For = connectors::GmailQuota::For;

TEST(GmailCheck, OnlyTheRightsThatAreReallyMissingAreNamed) {
    const std::string scope = "https://www.googleapis.com/auth/gmail.";
    EXPECT_EQ(missing_gmail_scopes("", For::sending), "") << "the service does not say";
    EXPECT_EQ(missing_gmail_scopes("openid " + scope + "modify", For::sending), "");
    EXPECT_EQ(missing_gmail_scopes("https://mail.google.com/", For::sending), "");
    EXPECT_EQ(missing_gmail_scopes(scope + "readonly", For::reading), "");
    EXPECT_EQ(missing_gmail_scopes(scope + "readonly", For::sending), scope + "compose");
    EXPECT_EQ(missing_gmail_scopes(scope + "compose", For::sending), scope + "readonly") << "what was sent is looked up";
    EXPECT_EQ(missing_gmail_scopes(scope + "send", For::sending), scope + "readonly " + scope + "compose");
    EXPECT_EQ(missing_gmail_scopes(scope + "metadata", For::reading), scope + "readonly") << "it forbids the mails themselves";
}

}  // namespace
}  // namespace resolute::app
