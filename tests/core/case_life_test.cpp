// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "life.h"

namespace resolute::test {
namespace {

using casework::Phase;
using casework::TaskDecision;
using casework::TaskState;
using engine::Settlement;
using procedure::TaskKind;
using testkit::Script;

Money usd(std::int64_t cents) { return {cents, "USD"}; }
Settlement broken_down(std::string code = "test.down") {
    return Settlement::from({.code = std::move(code), .kind = ErrorKind::unavailable, .effect = EffectState::not_sent, .detail = "down"});
}

class CaseLife : public ::testing::Test {
protected:
    void begin(Script script = {}, casework::Trust trust = casework::Trust::verified) {
        life.script = std::move(script);
        life.open(trust);
        life.run();
    }
    /// The first answer did not help: the second waits for a person's yes (autonomy `repeat: draft`).
    void begin_second_answer() {
        begin({.meaning = "persists"});
        ASSERT_TRUE(life.signal(testkit::reply_mail(1)));
        life.run();
    }
    void approve_review() {
        ASSERT_TRUE(life.decide_task(TaskKind::review, {.verb = TaskDecision::Verb::approve}));
        life.run();
    }
    void TearDown() override {
        life.check_thoroughly();
        EXPECT_EQ(life.broken, "");
    }
    Life life;
};

TEST_F(CaseLife, AnAnswerableMailIsAcknowledgedAnsweredAndFollowedUpAfterTwoDays) {
    begin();
    EXPECT_EQ(life.state.step, 17);
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 1);
    EXPECT_EQ(life.planned("mail.send_resolution"), 1);
    EXPECT_EQ(life.state.resolution, "automatic");
    life.advance(47 * kHour);
    EXPECT_EQ(life.planned("mail.send_follow_up"), 0);
    life.advance(kHour);
    EXPECT_EQ(life.planned("mail.send_follow_up"), 1);
    EXPECT_EQ(life.state.step, 19);
}

TEST_F(CaseLife, ARatingClosesTheCase) {
    begin();
    ASSERT_TRUE(life.signal(casework::CustomerRating{5, "ann"}));
    life.run();
    EXPECT_EQ(life.state.phase, Phase::closed);
    EXPECT_EQ(life.state.closed_reason, "rated");
    EXPECT_EQ(life.open_task(TaskKind::manager_review), nullptr);
}

TEST_F(CaseLife, ARatingBelowThreeAsksForAManagersReviewOnce) {
    begin();
    ASSERT_TRUE(life.signal(casework::CustomerRating{2, "ann"}));
    life.run();
    EXPECT_EQ(life.count("TaskOpened", "manager_review"), 1);
    EXPECT_FALSE(life.signal(casework::CustomerRating{6, "ann"}));
    EXPECT_FALSE(life.signal(casework::CustomerRating{0, "ann"}));
}

TEST_F(CaseLife, SevenQuietDaysAfterTheLastMailCloseTheCase) {
    begin();
    life.advance(48 * kHour);
    life.advance(7 * 24 * kHour - std::chrono::minutes(1));
    EXPECT_EQ(life.state.phase, Phase::waiting);
    life.advance(std::chrono::minutes(1));
    EXPECT_EQ(life.state.phase, Phase::closed);
    EXPECT_EQ(life.state.closed_reason, "no_response");
    EXPECT_FALSE(casework::next_wake(life.state));
}

TEST_F(CaseLife, QuietDaysNeverCloseACaseWhoseTaskIsOpen) {
    begin({.decision = "human"});
    EXPECT_EQ(life.state.step, 16);
    life.advance(30 * 24 * kHour);
    EXPECT_EQ(life.state.step, 16);
    EXPECT_EQ(life.state.phase, Phase::waiting);
    EXPECT_EQ(life.count("TaskOpened", "manager_escalation"), 1);
}

TEST_F(CaseLife, AnAnswerThatTookAPersonLongerThanSevenDaysIsStillSent) {
    begin({.decision = "human"});
    life.advance(8 * 24 * kHour);
    ASSERT_TRUE(life.decide_task(TaskKind::manager_escalation, {.by = "mia", .by_manager = true}));
    ASSERT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "Sorry for the wait: here is your invoice."}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_reply"), 1);
    EXPECT_EQ(life.state.step, 17);
    EXPECT_EQ(life.state.resolution, "human");
}

TEST_F(CaseLife, AManagerIsToldOnceAfter24HoursAndTheCaseKeepsWatching) {
    begin({.decision = "human"});
    life.advance(23 * kHour);
    EXPECT_EQ(life.count("TaskOpened", "manager_escalation"), 0);
    life.advance(kHour);
    EXPECT_EQ(life.count("TaskOpened", "manager_escalation"), 1);
    life.advance(100 * kHour);
    EXPECT_EQ(life.count("TaskOpened", "manager_escalation"), 1);
    ASSERT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "Done."}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_reply"), 1);
}

TEST_F(CaseLife, AStepsTimerThatComesDueDuringItsChainWakesNobody) {
    begin({.decision = "human"});
    life.advance(23 * kHour);
    ASSERT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "Done."}));
    life.advance(10 * kHour, false);  // The language model is slow; the 24 hours pass meanwhile.
    life.run();
    EXPECT_EQ(life.state.step, 17);
    EXPECT_EQ(life.count("TaskOpened", "manager_escalation"), 0);
}

TEST_F(CaseLife, ExactlyTheLimitIsAnsweredAndACentMoreGoesToPeople) {
    begin({.wants_refund = true, .refund = usd(50'000), .is_covered = true});
    EXPECT_EQ(life.planned("mail.send_resolution"), 1);
    EXPECT_EQ(life.count("RefundGranted", "policy"), 1);

    Life over({.wants_refund = true, .refund = usd(50'001), .is_covered = true});
    over.open();
    over.run();
    EXPECT_EQ(over.planned("mail.send_resolution"), 0);
    EXPECT_EQ(over.state.step, 16);
    EXPECT_EQ(over.count("RefundGranted"), 0);
    ASSERT_NE(over.open_task(TaskKind::approve), nullptr);
    EXPECT_EQ(over.open_task(TaskKind::approve)->amount, usd(50'001));
    EXPECT_NE(over.state.stopped_by_guard, "");
    EXPECT_EQ(over.count("BranchTaken", "\"verdict\":\"yes\""), 1);
    EXPECT_EQ(over.broken, "");
}

TEST_F(CaseLife, AnAmountThatCouldNotBeDeterminedFailsClosed) {
    begin({.wants_refund = true});
    EXPECT_EQ(life.planned("reply.resolution"), 0);
    EXPECT_EQ(life.count("BranchTaken", "\"verdict\":\"unknown\""), 1);
    EXPECT_EQ(life.state.step, 16);
    ASSERT_NE(life.open_task(TaskKind::approve), nullptr);
    EXPECT_FALSE(life.open_task(TaskKind::approve)->amount);
    EXPECT_EQ(life.decide_task(TaskKind::approve, {.verb = TaskDecision::Verb::approve, .by_manager = true}).error().code,
              "task.amount_needed");
    ASSERT_TRUE(life.decide_task(TaskKind::approve, {.verb = TaskDecision::Verb::approve, .by_manager = true, .amount = usd(7'000)}));
    EXPECT_EQ(life.state.grants.back().amount, usd(7'000));
}

TEST_F(CaseLife, AnUnverifiedSenderIsGrantedNothingByThePolicy) {
    begin({.wants_refund = true, .refund = usd(4'000), .is_covered = true}, casework::Trust::unverified);
    EXPECT_EQ(life.count("RefundGranted"), 0);
}

TEST_F(CaseLife, AnUnansweredApprovalExpiresAfter72HoursAndDeniesTheRefund) {
    begin({.wants_refund = true, .refund = usd(90'000)});
    life.advance(72 * kHour - std::chrono::minutes(1));
    EXPECT_EQ(life.count("RefundDenied"), 0);
    life.advance(std::chrono::minutes(1));
    EXPECT_EQ(life.count("RefundDenied"), 1);
    EXPECT_EQ(life.count("TaskClosed", "expired"), 1);
    EXPECT_EQ(life.state.claim.state, casework::Claim::State::denied);
    EXPECT_EQ(life.open_task(TaskKind::approve), nullptr);
}

TEST_F(CaseLife, AnApprovalThatIsOpenWhenTheCaseClosesExpiresAllTheSame) {
    begin({.wants_refund = true, .refund = usd(90'000)});
    ASSERT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "A manager looks at it."}));
    life.run();
    ASSERT_TRUE(life.signal(casework::CustomerRating{5, "ann"}));
    life.run();
    ASSERT_EQ(life.state.phase, Phase::closed);
    life.advance(73 * kHour);
    EXPECT_EQ(life.state.claim.state, casework::Claim::State::denied);
    EXPECT_FALSE(casework::next_wake(life.state));
}

TEST_F(CaseLife, APersonMayPromiseMoneyOnlyUpToWhatAManagerApproved) {
    begin({.wants_refund = true, .refund = usd(90'000)});
    const auto promise = [&](std::string text) { return life.decide_task(TaskKind::resolve, {.reply = std::move(text)}); };
    EXPECT_EQ(promise("We will refund you $900.00.").error().code, "gate.promise_without_grant");
    EXPECT_EQ(life.decide_task(TaskKind::approve, {.verb = TaskDecision::Verb::approve}).error().code, "task.no_right");
    EXPECT_EQ(life.decide_task(TaskKind::approve, {.by_manager = true}).error().code, "task.wrong_verb");
    EXPECT_EQ(life.decide_task(TaskKind::approve, {.verb = TaskDecision::Verb::approve, .by_manager = true, .amount = usd(90'001)}).error().code,
              "task.amount_too_large");
    ASSERT_TRUE(life.decide_task(TaskKind::approve, {.verb = TaskDecision::Verb::approve, .by_manager = true, .amount = usd(60'000)}));
    EXPECT_EQ(promise("We will refund you $900.00.").error().code, "gate.promise_without_grant");
    EXPECT_EQ(promise("We will refund you €600.00.").error().code, "gate.promise_without_grant");
    ASSERT_TRUE(promise("We will refund you $600.00."));
    life.run();
    EXPECT_EQ(life.planned("mail.send_reply"), 1);
    EXPECT_EQ(life.planned("mail.send_resolution"), 0);
}

TEST_F(CaseLife, WhatOneTextPromisesIsAddedUpAndHeldAgainstAllGrants) {
    begin({.wants_refund = true, .refund = usd(90'000)});
    const auto approve = [&](std::int64_t cents) {
        return life.decide_task(TaskKind::approve, {.verb = TaskDecision::Verb::approve, .by_manager = true, .amount = usd(cents)});
    };
    EXPECT_EQ(approve(0).error().code, "task.amount_not_positive");
    EXPECT_EQ(approve(-5).error().code, "task.amount_not_positive");
    ASSERT_TRUE(approve(10'000));
    casework::CaseState state = life.state;
    const auto refuses = [&](std::string_view text) {
        const auto violations = casework::check_outgoing(state, life.procedure, "mail.send_reply", json::Value().set("text", std::string(text)), life.now);
        return !violations.empty() && violations.front().code == "gate.promise_without_grant";
    };
    EXPECT_TRUE(refuses("We will refund you $100. We will refund you another $100 tomorrow."));
    EXPECT_TRUE(refuses("We will refund you $100 today and another $100 tomorrow."));
    EXPECT_TRUE(refuses("We will refund you $60. We will refund you $50."));
    EXPECT_TRUE(refuses("We will refund you $100 for the desk and $20 for shipping."));
    EXPECT_TRUE(refuses("Wir erstatten Ihnen 100 USD. Wir erstatten Ihnen weitere 100 USD."));
    EXPECT_FALSE(refuses("Your refund of $100 has been approved. The $100 will be on your card in 5 days."));
    EXPECT_FALSE(refuses("We will refund you $100: $80 for the desk and $20 for shipping."));
    EXPECT_FALSE(refuses("We will refund you $60. We will refund you $40."));

    state.grants.push_back(state.grants.back());
    EXPECT_FALSE(refuses("We will refund you $100. We will refund you another $100 tomorrow."));
    state.grants = {casework::Grant{.by = "m", .amount = usd(0), .order = {}, .at = life.now, .policy_hash = {}}};
    EXPECT_TRUE(refuses("We will refund you."));
}

TEST_F(CaseLife, AFullRefundIsPromisedOnlyForAGrantOfTheWholeOrder) {
    begin({.wants_refund = true, .refund = usd(90'000)});
    casework::CaseState state = life.state;
    const auto is_refused = [&](std::string_view text) {
        return !casework::check_outgoing(state, life.procedure, "mail.send_reply", json::Value().set("text", std::string(text)), life.now).empty();
    };
    state.claim.order = "A-9";
    state.grants = {casework::Grant{.by = "m", .amount = usd(10'000), .order = "A-9", .at = life.now, .policy_hash = {}}};
    state.facts.set("customer", json::Value().set("orders", json::Array{}));
    EXPECT_FALSE(is_refused("You will receive a full refund."));  // Nobody knows what the whole is.
    const json::Value order = json::Value().set("id", "A-9").set("total", json::from_money(usd(90'000)));
    state.facts.set("customer", json::Value().set("orders", json::Array{order}));
    EXPECT_TRUE(is_refused("You will receive a full refund."));
    EXPECT_TRUE(is_refused("You get every cent back."));
    EXPECT_TRUE(is_refused("Wir erstatten Ihnen den Betrag vollständig."));
    EXPECT_FALSE(is_refused("We will refund you $100."));
    state.grants.back().amount = usd(90'000);
    EXPECT_FALSE(is_refused("You will receive a full refund."));
}

TEST_F(CaseLife, ADeniedRefundMayNotBePromised) {
    begin({.wants_refund = true, .refund = usd(90'000)});
    ASSERT_TRUE(life.decide_task(TaskKind::approve, {.verb = TaskDecision::Verb::deny, .by_manager = true}));
    EXPECT_EQ(life.decide_task(TaskKind::resolve, {.reply = "We will refund you."}).error().code, "gate.promise_without_grant");
    EXPECT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "We cannot refund this order."}));
}

TEST_F(CaseLife, AnAutomaticTextThatPromisesMoneyWithoutAGrantGoesToAPerson) {
    begin({.resolution_text = "We will refund you $20.00."});
    EXPECT_EQ(life.planned("mail.send_resolution"), 0);
    EXPECT_EQ(life.count("StepEnded", "gate.promise_without_grant"), 1);
    EXPECT_EQ(life.state.step, 16);
}

TEST_F(CaseLife, TasksRefuseTheWrongVerbAndASecondDecision) {
    begin({.decision = "human"});
    const TaskId task = life.open_task(TaskKind::resolve)->id;
    EXPECT_EQ(life.decide_task(TaskKind::resolve, {.verb = TaskDecision::Verb::approve}).error().code, "task.wrong_verb");
    EXPECT_EQ(life.signal(TaskDecision{.task = TaskId("tnone"), .by = "bob"}).error().code, "task.not_found");
    ASSERT_TRUE(life.signal(TaskDecision{.task = task, .by = "bob"}));
    EXPECT_EQ(life.signal(TaskDecision{.task = task, .by = "bob"}).error().code, "task.not_open");
    EXPECT_EQ(life.signal(testkit::opening(CaseId("c1"))).error().code, "case.exists");
    Life nobody;
    EXPECT_EQ(nobody.signal(testkit::reply_mail(1)).error().code, "case.not_found");
}

TEST_F(CaseLife, AReviewHoldsTheTextUntilAPersonApprovesIt) {
    begin_second_answer();
    EXPECT_EQ(life.state.phase, Phase::awaiting_approval);
    EXPECT_EQ(life.planned("mail.send_resolution"), 1);
    EXPECT_EQ(life.decide_task(TaskKind::review, {}).error().code, "task.wrong_verb");
    approve_review();
    EXPECT_EQ(life.planned("mail.send_resolution"), 2);
}

TEST_F(CaseLife, ARejectedTextGoesToAPersonAndIsNotSent) {
    begin_second_answer();
    ASSERT_TRUE(life.decide_task(TaskKind::review, {.verb = TaskDecision::Verb::deny}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_resolution"), 1);
    EXPECT_NE(life.open_task(TaskKind::resolve), nullptr);
}

TEST_F(CaseLife, AnApprovalOfOneTextIsVoidForAnother) {
    begin_second_answer();
    // The text changes under the review: what was approved is not what would be sent.
    life.state.facts.set("resolution", testkit::draft("Other", "Another text.").set("articles", json::from_strings({"invoices"})));
    const casework::Task asked = *life.open_task(TaskKind::review);
    auto events = casework::admit(life.state, life.procedure, TaskDecision{.task = asked.id, .verb = TaskDecision::Verb::approve, .by = "bob"}, life.now);
    ASSERT_TRUE(events);
    casework::CaseState state = life.state;
    for (const auto& event : *events) state = casework::evolve(std::move(state), {life.now, event});
    const casework::Decision decision = casework::decide(state, life.procedure, life.now);
    EXPECT_TRUE(decision.effects.empty());
    ASSERT_EQ(decision.events.size(), 1U);
    const auto* opened = std::get_if<casework::TaskOpened>(&decision.events[0]);
    ASSERT_NE(opened, nullptr);
    EXPECT_NE(opened->task.bound_hash, asked.bound_hash);
    life.state = casework::fold(life.journal);
}

TEST_F(CaseLife, WhatTouchesLawOrSafetyGoesToAPerson) {
    begin({.is_sensitive = true});
    EXPECT_EQ(life.state.step, 16);
    EXPECT_EQ(life.planned("mail.send_resolution"), 0);
    EXPECT_THAT(life.state.stopped_by_guard, ::testing::HasSubstr("sensitive"));
}

TEST_F(CaseLife, AReplyWithoutAuthenticationTakesTheCasesTrustAway) {
    begin();
    casework::MailArrived reply = testkit::reply_mail(1);
    reply.trust = casework::Trust::unverified;
    ASSERT_TRUE(life.signal(reply));
    EXPECT_EQ(life.state.trust, casework::Trust::unverified);
    EXPECT_FALSE(life.state.facts["sender"]["is_verified"].as_bool(true));
}

TEST_F(CaseLife, AVipsEscalationTellsTheManagerOnce) {
    begin({.is_vip = true, .decision = "human"});
    EXPECT_EQ(life.count("ExitConditionMet", "VIP escalation"), 1);
    EXPECT_EQ(life.count("EffectPlanned", "\"recipient\":\"manager\""), 1);
    life.advance(10 * kHour);
    EXPECT_EQ(life.count("EffectPlanned", "\"recipient\":\"manager\""), 1);
}

TEST_F(CaseLife, AnExitConditionActsAgainOnlyAfterItHasCleared) {
    begin({.is_vip = true, .decision = "human"});
    ASSERT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "Done."}));
    life.script.meaning = "persists";
    life.run();
    ASSERT_TRUE(life.signal(testkit::reply_mail(1)));
    life.run();
    EXPECT_EQ(life.count("ExitConditionCleared", "VIP escalation"), 1);
    EXPECT_EQ(life.count("ExitConditionMet", "VIP escalation"), 2);
    EXPECT_EQ(life.state.step, 16);
    EXPECT_NE(life.open_task(TaskKind::resolve), nullptr);
}

TEST_F(CaseLife, AReplyThatTheIssuePersistsReopensAtStepThreeWithTheConversation) {
    begin({.meaning = "persists"});
    ASSERT_TRUE(life.signal(testkit::reply_mail(1, "The link is dead.")));
    life.run();
    approve_review();
    EXPECT_EQ(life.count("CaseReopened"), 1);
    EXPECT_EQ(life.count("StepEntered", "\"step\":3,"), 2);
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 1);
    EXPECT_EQ(life.planned("mail.send_resolution"), 2);
    EXPECT_EQ(life.planned("ticket.note"), 1);
    const auto last = std::find_if(life.all_effects.rbegin(), life.all_effects.rend(), [](const auto& e) { return e.tool == "issue.classify"; });
    EXPECT_THAT(last->payload, ::testing::HasSubstr("The link is dead."));
    EXPECT_THAT(last->payload, ::testing::HasSubstr("Where is my invoice?"));
}

TEST_F(CaseLife, AfterTwoAutomaticAnswersAPersonAnswers) {
    begin_second_answer();
    approve_review();
    ASSERT_TRUE(life.signal(testkit::reply_mail(2)));
    life.run();
    EXPECT_EQ(life.planned("mail.send_resolution"), 2);
    EXPECT_EQ(life.state.step, 16);
    EXPECT_THAT(life.state.stopped_by_guard, ::testing::HasSubstr("automatic_answers"));
}

TEST_F(CaseLife, AClosedCaseIsReopenedByItsCustomerAndNotByAThankYou) {
    begin();
    ASSERT_TRUE(life.signal(casework::CustomerRating{5, "ann"}));
    life.run();
    const auto closed_at = life.state.closed_at;
    life.advance(24 * kHour);
    ASSERT_TRUE(life.signal(testkit::reply_mail(1, "Thank you!")));
    life.run();
    EXPECT_EQ(life.state.phase, Phase::closed);
    EXPECT_EQ(life.state.closed_at, closed_at);
    life.script.meaning = "persists";
    ASSERT_TRUE(life.signal(testkit::reply_mail(2)));
    life.run();
    approve_review();
    EXPECT_EQ(life.count("CaseReopened"), 1);
    EXPECT_FALSE(life.state.closed_at);
    EXPECT_EQ(life.state.step, 17);
}

TEST_F(CaseLife, AMailThatCannotBeReadGoesToAPersonWithATicketAndWithoutAnAcknowledgment) {
    life.script.is_readable = false;
    life.open(casework::Trust::unverified, "no text and no attachment");
    life.run();
    EXPECT_EQ(life.state.step, 16);
    EXPECT_EQ(life.planned("ticket.create"), 1);
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 0);
    EXPECT_NE(life.open_task(TaskKind::resolve), nullptr);
}

TEST_F(CaseLife, NobodyIsWrittenToInSomebodyElsesName) {
    begin({}, casework::Trust::failed);
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 0);
    EXPECT_EQ(life.planned("mail.send_resolution"), 0);
    EXPECT_EQ(life.state.step, 16);
}

TEST_F(CaseLife, ACrmThatStaysDownLeavesTheCustomerToBeLinkedByAPerson) {
    life.answer_with = [](const casework::Effect& effect) -> std::optional<Settlement> {
        if (effect.tool == "crm.find_customer") return broken_down();
        return std::nullopt;
    };
    begin();
    EXPECT_EQ(life.state.facts["customer"]["lookup"].as_string(), "failed");
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 1);
    EXPECT_EQ(life.planned("mail.send_resolution"), 0);
    EXPECT_EQ(life.state.step, 16);
}

TEST_F(CaseLife, AnIntegrationThatKeepsFailingIsReportedOncePerCase) {
    int failures = 0;
    life.answer_with = [&](const casework::Effect& effect) -> std::optional<Settlement> {
        if (effect.tool == "mail.send_acknowledgment" && ++failures <= 20) return broken_down();
        return std::nullopt;
    };
    begin();
    EXPECT_EQ(life.state.step, 17);
    EXPECT_EQ(life.count("EffectPlanned", "\"recipient\":\"technical_support\""), 1);
    EXPECT_EQ(life.state.failed_attempts, 0);
}

TEST_F(CaseLife, AStepThatFailsForGoodIsHeldAndGoesOnWhenAPersonSaysSo) {
    bool is_down = true;
    life.answer_with = [&](const casework::Effect& effect) -> std::optional<Settlement> {
        if (effect.tool == "ticket.create" && is_down) return broken_down();
        return std::nullopt;
    };
    begin();
    EXPECT_EQ(life.state.phase, Phase::held);
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 0);
    is_down = false;
    ASSERT_TRUE(life.decide_task(TaskKind::technical_support, {}));
    life.run();
    EXPECT_EQ(life.planned("ticket.create"), 2);
    EXPECT_EQ(life.state.step, 17);
}

TEST_F(CaseLife, ALinkOfAChainThatFailsIsTriedAgainAloneWhenAPersonSaysSo) {
    bool is_down = true;
    life.answer_with = [&](const casework::Effect& effect) -> std::optional<Settlement> {
        if (effect.tool == "ticket.log" && is_down) return broken_down();
        return std::nullopt;
    };
    begin();
    EXPECT_EQ(life.state.phase, Phase::held);
    is_down = false;
    ASSERT_TRUE(life.decide_task(TaskKind::technical_support, {}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 1);
    EXPECT_EQ(life.state.step, 17);
}

TEST_F(CaseLife, AnOutcomeWithoutABranchIsHeldAndTheStepTriedAgain) {
    bool is_odd = true;
    life.answer_with = [&](const casework::Effect& effect) -> std::optional<Settlement> {
        if (effect.tool == "kb.search" && is_odd) return Settlement::success("nobody_declared_this");
        return std::nullopt;
    };
    begin();
    EXPECT_EQ(life.state.phase, Phase::held);
    is_odd = false;
    ASSERT_TRUE(life.decide_task(TaskKind::technical_support, {}));
    life.run();
    EXPECT_EQ(life.planned("kb.search"), 2);
    EXPECT_EQ(life.state.step, 17);
}

class HeldMail : public CaseLife {
protected:
    void SetUp() override {
        life.answer_with = [](const casework::Effect& effect) -> std::optional<Settlement> {
            if (effect.tool != "mail.send_acknowledgment") return std::nullopt;
            return Settlement::from({.code = "test.cut", .kind = ErrorKind::timed_out, .effect = EffectState::unknown, .detail = "cut"});
        };
        begin();
        life.answer_with = nullptr;
        ASSERT_NE(life.open_task(TaskKind::held_effect), nullptr);
    }
};

TEST_F(HeldMail, ThatWentOutIsNotSentAgain) {
    ASSERT_TRUE(life.decide_task(TaskKind::held_effect, {.verb = TaskDecision::Verb::approve, .went_out = true}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 1);
    EXPECT_EQ(life.count("EffectSucceeded", "sent"), 2);
    EXPECT_EQ(life.state.step, 17);
}

TEST_F(HeldMail, ThatDidNotGoOutIsSentUnderTheSameKey) {
    ASSERT_TRUE(life.decide_task(TaskKind::held_effect, {.verb = TaskDecision::Verb::deny, .went_out = false}));
    EXPECT_EQ(life.effects.size(), 1U);
    life.run();
    EXPECT_EQ(life.planned("mail.send_acknowledgment"), 1);
    EXPECT_EQ(life.state.step, 17);
    EXPECT_EQ(life.open_task(TaskKind::held_effect), nullptr);
}

TEST_F(CaseLife, AnEscalationThatPeopleSayWentOutStillGivesSomebodyTheTask) {
    life.answer_with = [](const casework::Effect& effect) -> std::optional<Settlement> {
        if (effect.tool != "ticket.escalate") return std::nullopt;
        return Settlement::from({.code = "test.cut", .kind = ErrorKind::timed_out, .effect = EffectState::unknown, .detail = "cut"});
    };
    begin({.decision = "human"});
    ASSERT_TRUE(life.decide_task(TaskKind::held_effect, {.verb = TaskDecision::Verb::approve, .went_out = true}));
    life.run();
    EXPECT_EQ(life.state.step, 16);
    EXPECT_TRUE(life.state.escalated);
    ASSERT_TRUE(life.decide_task(TaskKind::resolve, {.reply = "Here it is."}));
    life.run();
    EXPECT_EQ(life.planned("mail.send_reply"), 1);
}

TEST_F(CaseLife, AQuarantinedCaseDecidesNothingUntilItIsReleased) {
    life.open();
    life.apply({casework::CaseQuarantined{"it crashed the program"}});
    casework::Task task{.id = TaskId("tq"), .kind = TaskKind::technical_support, .role = "technical_support", .opened_at = life.now};
    life.apply({casework::TaskOpened{task}});
    life.settle_down();
    EXPECT_FALSE(casework::next_wake(life.state));
    life.run();
    EXPECT_EQ(life.all_effects.size(), 1U);
    ASSERT_TRUE(life.decide_task(TaskKind::technical_support, {}));
    life.run();
    EXPECT_FALSE(life.state.is_quarantined);
    EXPECT_EQ(life.state.step, 17);
}

TEST_F(CaseLife, AnEarlyReplyWaitsUntilTheAnswerIsOut) {
    life.open();
    ASSERT_TRUE(life.signal(testkit::reply_mail(1, "One more thing.")));
    life.script.meaning = "persists";
    life.run();
    approve_review();
    EXPECT_EQ(life.count("CaseReopened"), 1);
    EXPECT_EQ(life.planned("ticket.note"), 1);
    EXPECT_EQ(life.state.step, 17);
}

TEST_F(CaseLife, LateAnswersOfEndedEffectsChangeNothing) {
    begin();
    const casework::CaseState before = life.state;
    const EffectId old = life.all_effects.front().id;
    life.apply({casework::EffectSucceeded{old, "parsed", json::Value().set("mail", "other")}, casework::EffectFailed{old, 9, "x", "y", {}},
                casework::EffectRefused{old, "x", "y"}, casework::EffectHeld{old, "z"}});
    casework::CaseState after = life.state;
    after.version = before.version;
    EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace resolute::test
