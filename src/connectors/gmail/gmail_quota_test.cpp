// SPDX-License-Identifier: Apache-2.0
#include "connectors/gmail/gmail_quota.h"

#include <gtest/gtest.h>

namespace resolute::connectors {
namespace {

using std::chrono::seconds;
using For = GmailQuota::For;

/// How many of this cost go within a time.
int goes(GmailQuota& quota, std::size_t units, For what, Duration from, Duration within) {
    int count = 0;
    for (Duration now = from; now < from + within;) {
        const Duration wait = quota.take(units, what, now);
        if (wait == Duration::zero()) ++count;
        else now += wait;
    }
    return count;
}

TEST(GmailQuota, NoMinuteSeesMoreThanTheServiceAllowsInTwo) {
    GmailQuota quota(6000);
    EXPECT_LE(goes(quota, 20, For::reading, seconds(0), seconds(60)), 300 + 75) << "what was saved up, and a minute's";
    EXPECT_NEAR(goes(quota, 20, For::reading, seconds(60), seconds(600)), 3000, 2) << "and after that evenly";
}

TEST(GmailQuota, AReaderLeavesAReserveForWhatIsSent) {
    GmailQuota quota(6000);
    static_cast<void>(goes(quota, 20, For::reading, seconds(0), seconds(600)));
    int sent = 0;
    while (quota.take(100, For::sending, seconds(600)) == Duration::zero()) ++sent;
    EXPECT_GE(sent, 5);
    EXPECT_GT(quota.take(20, For::reading, seconds(600)), Duration::zero());
}

TEST(GmailQuota, APauseHoldsAllAndAShorterOneDoesNotEndIt) {
    GmailQuota quota(6000);
    quota.pause_until(seconds(30));
    quota.pause_until(seconds(10));
    EXPECT_EQ(quota.take(1, For::sending, seconds(5)), seconds(25));
    EXPECT_EQ(quota.take(1, For::sending, seconds(30)), Duration::zero());
}

TEST(GmailQuota, WhatCostsMoreThanCanBeSavedUpGoesAllTheSame) {
    GmailQuota quota(60);
    EXPECT_EQ(quota.take(100, For::sending, seconds(0)), Duration::zero());
    const Duration wait = quota.take(100, For::sending, seconds(0));
    EXPECT_GT(wait, Duration::zero());
    EXPECT_LE(wait, seconds(15));
    EXPECT_EQ(quota.take(100, For::sending, wait), Duration::zero());
}

}  // namespace
}  // namespace resolute::connectors
