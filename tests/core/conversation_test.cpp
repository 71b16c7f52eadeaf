// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "life.h"
#include "testkit/script.h"

/// Who may join a case, until when, and what becomes of mail that comes back.
namespace resolute::test {
namespace {

using casework::BounceArrived;
using casework::MailArrived;
using casework::Phase;
using casework::TaskState;
using procedure::TaskKind;

constexpr Duration kHour = std::chrono::hours(1);
constexpr Duration kDay = 24 * kHour;

class Conversation : public testing::Test {
protected:
    void begin(testkit::Script script = {}) {
        life.script = std::move(script);
        life.open();
        life.run();
    }
    void TearDown() override {
        EXPECT_EQ(life.broken, "");
        life.check_thoroughly();
    }
    std::string code(const casework::Signal& signal) {
        const Status done = life.signal(signal);
        return done ? "" : done.error().code;
    }
    MailArrived from(const std::string& address, int number = 1) {
        MailArrived mail = testkit::reply_mail(number);
        mail.mail.sender = address;
        return mail;
    }
    [[nodiscard]] EffectId sent(std::string_view tool) const {
        for (const casework::Effect& effect : life.all_effects)
            if (effect.tool == tool) return effect.id;
        return {};
    }
    BounceArrived bounce(std::string_view tool, bool is_permanent = true) {
        return {{.effect = sent(tool), .is_permanent = is_permanent, .status = is_permanent ? "5.1.1" : "4.4.7", .diagnostic = "no such user", .report = MailId("b1")}};
    }

    Life life;
};

TEST_F(Conversation, OnlyAPartyMayJoin) {
    begin();
    EXPECT_EQ(code(from("eve@customer.org")), "case.not_a_party");
    EXPECT_EQ(code(from("ann@CUSTOMER.org")), "");
    EXPECT_EQ(code(casework::PartyNamed{"eve@customer.org", "bob"}), "");
    EXPECT_EQ(code(from("eve@customer.org", 2)), "");
    EXPECT_EQ(life.state.sender, "ann@customer.org") << "answers go to the customer alone";
    EXPECT_EQ(code(casework::PartyNamed{"no address", "bob"}), "case.bad_party");
}

TEST_F(Conversation, WhomAVerifiedMailNamesMayJoinAndWhomAnotherNamesMayNot) {
    casework::CaseOpened opened = testkit::opening(CaseId("c1"), casework::Trust::verified);
    opened.copied = {"eve@customer.org"};
    ASSERT_TRUE(life.signal(opened));
    life.run();
    EXPECT_EQ(life.state.parties, std::vector<std::string>{"eve@customer.org"});
    MailArrived claimed = from("eve@customer.org");
    claimed.trust = casework::Trust::unverified;
    claimed.mail.copied = {"mallory@evil.example"};
    EXPECT_EQ(code(claimed), "");
    EXPECT_EQ(code(from("mallory@evil.example", 2)), "case.not_a_party");
}

TEST_F(Conversation, AClosedCaseIsOpenedAgainWithinItsWindowOnly) {
    begin({.meaning = "persists"});
    life.advance(60 * kDay);
    ASSERT_EQ(life.state.phase, Phase::closed);
    const Instant closed = *life.state.closed_at;
    life.now = closed + 30 * kDay + Duration(1);
    EXPECT_EQ(code(from("ann@customer.org")), "case.closed_long_ago");
    life.now = closed + 30 * kDay;
    EXPECT_EQ(code(from("ann@customer.org")), "");
    life.run();
    EXPECT_EQ(life.state.reopened, 1);
}

TEST_F(Conversation, ABouncedAnswerIsNotDeliveredAndAPersonLooks) {
    begin();
    ASSERT_EQ(life.state.step, 17);
    ASSERT_EQ(code(bounce("mail.send_resolution")), "");
    life.run();
    EXPECT_EQ(life.state.resolution, "");
    EXPECT_EQ(life.state.automatic_answers, 0);
    EXPECT_FALSE(life.state.quiet_since) << "nobody is quiet who was not reached";
    EXPECT_EQ(life.state.mails.back().undelivered, "5.1.1 no such user");
    const casework::Task* task = life.open_task(TaskKind::undelivered);
    ASSERT_NE(task, nullptr);
    EXPECT_NE(task->reason.find("5.1.1: no such user"), std::string::npos);
    ASSERT_EQ(code(bounce("mail.send_resolution")), "") << "servers say it twice";
    EXPECT_EQ(life.count("TaskOpened", "undelivered"), 1);
    life.advance(10 * kDay);
    EXPECT_EQ(life.planned("mail.send_follow_up"), 0) << "no reminder to an address that takes none";
    EXPECT_NE(life.state.phase, Phase::closed);
}

TEST_F(Conversation, TheAddressIsWrittenToAgainWhenAPersonSaysSo) {
    begin();
    ASSERT_EQ(code(bounce("mail.send_resolution")), "");
    life.advance(3 * kDay);
    ASSERT_TRUE(life.decide_task(TaskKind::undelivered, {.verb = casework::TaskDecision::Verb::approve}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_follow_up"), 1);
}

TEST_F(Conversation, OtherwiseItIsNotAndTheCaseGoesOnWithout) {
    begin();
    ASSERT_EQ(code(bounce("mail.send_resolution")), "");
    life.advance(3 * kDay);
    ASSERT_TRUE(life.decide_task(TaskKind::undelivered, {.verb = casework::TaskDecision::Verb::resolve}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_follow_up"), 0);
    EXPECT_EQ(life.state.phase, Phase::closed);
}

TEST_F(Conversation, APersonsReplyToADeadAddressIsRefusedWithTheWayOut) {
    begin({.decision = "human"});
    ASSERT_EQ(code(bounce("mail.send_acknowledgment")), "");
    life.run();
    const Status replied = life.decide_task(TaskKind::resolve, {.reply = "The part is on its way."});
    ASSERT_FALSE(replied);
    EXPECT_EQ(replied.error().code, "task.cannot_reply");
    ASSERT_TRUE(life.decide_task(TaskKind::undelivered, {.verb = casework::TaskDecision::Verb::approve}));
    ASSERT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "The part is on its way."}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_reply"), 1);
}

TEST_F(Conversation, AMailThatWasGivenUpForNowLeavesTheAddressAlone) {
    begin();
    ASSERT_EQ(code(bounce("mail.send_resolution", false)), "");
    EXPECT_EQ(life.state.undeliverable, "");
    EXPECT_NE(life.open_task(TaskKind::undelivered), nullptr) << "the mail did not arrive all the same";
}

TEST_F(Conversation, ABounceMayBeQuickerThanTheWordThatTheMailIsOut) {
    life.script = {};
    life.answer_with = [&](const casework::Effect& effect) -> std::optional<engine::Settlement> {
        if (effect.tool != "mail.send_resolution" || !life.state.bounced.empty()) return std::nullopt;
        EXPECT_EQ(code(bounce("mail.send_resolution")), "");
        return std::nullopt;
    };
    life.open();
    life.run();
    EXPECT_EQ(life.state.automatic_answers, 0);
    EXPECT_FALSE(life.state.quiet_since);
    EXPECT_NE(life.open_task(TaskKind::undelivered), nullptr);
}

TEST_F(Conversation, WhoSaysTheVerySameAgainIsAnsweredByAPerson) {
    begin({.meaning = "persists"});
    ASSERT_EQ(code(testkit::reply_mail(1, "I am away until Monday.")), "");
    life.run();
    ASSERT_NE(life.open_task(TaskKind::review), nullptr) << "the second answer is read by a person anyway";
    ASSERT_EQ(code(testkit::reply_mail(2, "I am away\n  until  monday.")), "");
    EXPECT_NE(life.state.unattended, "");
    ASSERT_TRUE(life.decide_task(TaskKind::review, {.verb = casework::TaskDecision::Verb::approve}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_resolution"), 1) << "not even an approved text goes to a program";
    EXPECT_EQ(life.state.step, 16);
    ASSERT_EQ(code(testkit::reply_mail(3, "Back again. What about my invoice?")), "");
    EXPECT_EQ(life.state.unattended, "") << "somebody is there after all";
}

TEST_F(Conversation, AMergedCaseIsOverAndTakesNothingMore) {
    begin({.decision = "human"});
    ASSERT_EQ(code(casework::MergeInto{CaseId("c2"), "bob"}), "");
    EXPECT_EQ(life.state.phase, Phase::closed);
    EXPECT_EQ(life.state.merged_into, CaseId("c2"));
    for (const casework::Task& task : life.state.tasks) EXPECT_EQ(task.state, TaskState::cancelled);
    EXPECT_EQ(code(from("ann@customer.org")), "case.merged");
    EXPECT_EQ(code(casework::MergeInto{CaseId("c2"), "bob"}), "") << "said again after an interruption";
    EXPECT_EQ(code(casework::MergeInto{CaseId("c3"), "bob"}), "case.cannot_merge");
    EXPECT_EQ(code(casework::Absorb{CaseId("c3"), "eve@customer.org", "bob"}), "case.cannot_merge");
    life.advance(60 * kDay);
    EXPECT_EQ(life.planned("mail.send_follow_up"), 0);
}

TEST_F(Conversation, TheCustomerOfAMergedCaseIsAPartyToTheOther) {
    begin();
    ASSERT_EQ(code(casework::Absorb{CaseId("c2"), "ann.lee@work.example", "bob"}), "");
    EXPECT_EQ(code(from("ann.lee@work.example")), "");
    EXPECT_EQ(code(casework::MergeInto{CaseId("c1"), "bob"}), "case.cannot_merge") << "into itself";
}

TEST_F(Conversation, NothingIsMergedWhileAMailMayBeOnItsWay) {
    life.open();
    EXPECT_EQ(code(casework::MergeInto{CaseId("c2"), "bob"}), "case.cannot_merge");
    life.run();
}

TEST_F(Conversation, AMailThatIsSplitOffIsDealtWithElsewhere) {
    begin({.decision = "human"});
    ASSERT_EQ(code(testkit::reply_mail(1, "And where is my other parcel?")), "");
    EXPECT_EQ(code(casework::SplitOff{MailId("m-c1"), CaseId("c9"), "bob"}), "case.cannot_split") << "the first mail stays";
    EXPECT_EQ(code(casework::SplitOff{MailId("nothing"), CaseId("c9"), "bob"}), "case.cannot_split");
    ASSERT_EQ(code(casework::SplitOff{MailId("r1"), CaseId("c9"), "bob"}), "");
    EXPECT_TRUE(life.state.mails.back().is_handled);
}

}  // namespace
}  // namespace resolute::test
