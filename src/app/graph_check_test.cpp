// SPDX-License-Identifier: Apache-2.0
#include "app/graph_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"

namespace resolute::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GraphCheck, ATokenTellsItsRights) {
    EXPECT_THAT(roles_in_token("e30." + to_base64url(R"({"roles":["Mail.ReadWrite","Mail.Send"]})") + ".sig"), ElementsAre("Mail.ReadWrite", "Mail.Send"));
    EXPECT_THAT(roles_in_token("opaque"), IsEmpty());
    EXPECT_THAT(roles_in_token("a.b!.c"), IsEmpty());
    EXPECT_THAT(roles_in_token("e30." + to_base64url("[1]") + ".sig"), IsEmpty());
}

TEST(GraphCheck, WhatIsMissingIsNamed) {
    EXPECT_EQ(missing_graph_roles({}, true), "") << "nothing is known";
    EXPECT_EQ(missing_graph_roles({"Mail.Read"}, false), "");
    EXPECT_EQ(missing_graph_roles({"Mail.ReadWrite"}, false), "");
    EXPECT_EQ(missing_graph_roles({"User.Read.All"}, false), "Mail.Read");
    EXPECT_EQ(missing_graph_roles({"Mail.Read"}, true), "Mail.ReadWrite, Mail.Send");
}

}  // namespace
}  // namespace resolute::app
