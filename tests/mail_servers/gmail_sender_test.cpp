// SPDX-License-Identifier: Apache-2.0
// Mails go out by a (fake) Gmail, and whatever it does none goes twice.
#include <map>

#include "base/text.h"
#include "tests/mail_servers/gmail_test_support.h"

namespace resolute::gmail_test {
namespace {

using ports::Delivery;
using testing::IsEmpty;
using testing::SizeIs;

class GmailSenderTest : public GmailTest {
protected:
    std::map<std::string, int> times_sent() {
        std::map<std::string, int> times;
        const json::Value all = state();
        for (const json::Value& one : all["sent"].as_array()) ++times[one["effect"].as_string()];
        return times;
    }
    std::size_t drafts() { return state()["drafts"].as_array().size(); }
};

TEST_F(GmailSenderTest, AMailIsPutThereAsADraftAndSentByteForByte) {
    const auto out = sender();
    EXPECT_EQ(error_of(out->look_up(outgoing("first"), soon())), "");
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::unknown) << "nothing proves that it did not go out";
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    const json::Value sent = state()["sent"];
    ASSERT_THAT(sent.as_array(), SizeIs(1));
    EXPECT_EQ(sent.as_array()[0]["raw"].as_string(), outgoing("first").bytes);
    EXPECT_EQ(drafts(), 0U);
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::sent);
    EXPECT_EQ(*sender()->look_up(outgoing("first"), soon()), Delivery::sent) << "after a restart too";
}

TEST_F(GmailSenderTest, OnlyAMailToTheOneRecipientGoes) {
    ports::FrozenMail mail = outgoing("first");
    mail.bytes.insert(0, "Cc: boss@customer.example\r\n");
    EXPECT_EQ(sender()->send(mail, soon()).error().code, "gmail.recipients");
    mail = outgoing("first");
    mail.to = "eve@customer.example";
    EXPECT_EQ(sender()->send(mail, soon()).error().code, "gmail.recipients");
    EXPECT_THAT(state()["sent"].as_array(), IsEmpty());
}

TEST_F(GmailSenderTest, ADraftThatStandsProvesThatTheMailDidNotGoOutAndIsTheOneThatIsSent) {
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts/send","times":1,"do":"reset"}])"));
    auto out = sender();
    const Status broken = out->send(outgoing("first"), soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().effect, EffectState::unknown);
    out = sender();  // A restart: nothing is remembered.
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::absent);
    EXPECT_EQ(drafts(), 1U);
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    EXPECT_EQ(drafts(), 0U);
    EXPECT_EQ(times_sent(), (std::map<std::string, int>{{"first", 1}}));
    EXPECT_EQ(state()["calls"]["POST /drafts"].as_int(), 1) << "no second draft was made";
}

TEST_F(GmailSenderTest, ADraftWhoseMakingWasNotAnsweredIsWaitedForAndUsed) {
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts","times":1,"do":"reset_after"}])"));
    const auto out = sender();
    const Status broken = out->send(outgoing("first"), soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().effect, EffectState::not_sent) << "a draft is no mail";
    EXPECT_EQ(broken.error().retry_after, std::chrono::seconds(60));
    EXPECT_EQ(out->send(outgoing("first"), soon()).error().code, "gmail.settling");
    clock_.advance(std::chrono::seconds(60));
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    EXPECT_EQ(state()["calls"]["POST /drafts"].as_int(), 1);
    EXPECT_EQ(drafts(), 0U);
}

TEST_F(GmailSenderTest, ADraftThatIsGoneAndNotFoundAmongTheSentIsUnknownUntilTheSearchKnowsIt) {
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts/send","times":1,"do":"error_after"}])"));
    ASSERT_TRUE(gmail_->order("search_lag", json::Object{{"ms", 3'600'000}}));
    const auto out = sender();
    const Status broken = out->send(outgoing("first"), soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().effect, EffectState::unknown);
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::unknown);
    // Where nothing is remembered, the list of what was sent still has it.
    EXPECT_EQ(*sender()->look_up(outgoing("first"), soon()), Delivery::sent);
    EXPECT_EQ(out->send(outgoing("first"), soon()).error().code, "gmail.draft_gone") << "were it asked to";
    EXPECT_EQ(times_sent(), (std::map<std::string, int>{{"first", 1}}));
}

TEST_F(GmailSenderTest, AMailThatTheSearchDoesNotKnowThoughItKnowsALaterOneDidNotGoOut) {
    const auto out = sender();
    EXPECT_EQ(*out->look_up(outgoing("never"), soon()), Delivery::unknown);
    EXPECT_TRUE(out->send(outgoing("later"), soon()));
    EXPECT_EQ(*out->look_up(outgoing("never"), soon()), Delivery::absent);
    // A mail that somebody else wrote with our fields lies in the inbox: it proves nothing.
    ASSERT_TRUE(gmail_->deliver(outgoing("never").bytes));
    EXPECT_EQ(*out->look_up(outgoing("never"), soon()), Delivery::absent);
}

TEST_F(GmailSenderTest, ALaterMailThatTheSearchDoesNotKnowYetProvesNothing) {
    ASSERT_TRUE(gmail_->order("search_lag", json::Object{{"ms", 3'600'000}}));
    const auto out = sender();
    EXPECT_TRUE(out->send(outgoing("later"), soon()));
    EXPECT_EQ(*out->look_up(outgoing("never"), soon()), Delivery::unknown);
}

TEST_F(GmailSenderTest, ADraftThatAPersonChangedGoesOutAsItWasWritten) {
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts/send","times":1,"do":{"status":500}}])"));
    auto out = sender();
    EXPECT_FALSE(out->send(outgoing("first"), soon()));
    ASSERT_TRUE(gmail_->order("edit_drafts", json::Object{{"from", "Hello"}, {"to", "Give me your password,"}}));
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::absent);
    EXPECT_TRUE(out->send(outgoing("first"), soon()));
    EXPECT_EQ(state()["sent"].as_array()[0]["raw"].as_string(), outgoing("first").bytes);
}

TEST_F(GmailSenderTest, APauseIsKeptAndARefusalOfTheMailIsFinal) {
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts/send","times":1,"do":{"status":429,"headers":{"Retry-After":"90"}}}])"));
    const auto out = sender();
    Status status = out->send(outgoing("first"), soon());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "gmail.rate_limited");
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_EQ(status.error().retry_after, std::chrono::seconds(90));
    status = out->send(outgoing("second"), soon());
    EXPECT_EQ(status.error().code, "gmail.paced") << "the pause is the mailbox's";
    clock_.advance(std::chrono::seconds(90));
    EXPECT_TRUE(out->send(outgoing("first"), soon()));
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts/send","times":1,"do":{"status":400,"body":{"error":{"code":400,"message":"Invalid To header"}}}}])"));
    status = out->send(outgoing("second"), soon());
    EXPECT_EQ(status.error().code, "gmail.refused");
    EXPECT_EQ(status.error().effect, EffectState::refused);
    EXPECT_EQ(drafts(), 0U) << "it is of use to nobody";
}

TEST_F(GmailSenderTest, WhatSaysNothingAgainstTheMailDoesNotStopIt) {
    const auto out = sender();
    ASSERT_TRUE(gmail_->order("oauth", json::Object{{"refresh", "another"}}));
    Status status = out->send(outgoing("first"), soon());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "oauth.refused");
    EXPECT_EQ(status.error().kind, ErrorKind::unavailable) << "connected again, it goes";
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    ASSERT_TRUE(file::write_durably(folder() / "refresh", "another\n"));
    clock_.advance(std::chrono::minutes(5));
    ASSERT_TRUE(gmail_->faults(R"([{"method":"POST","path":"/drafts","times":1,"do":{"status":403,"body":{"error":{"errors":[{"reason":"insufficientPermissions"}]}}}}])"));
    status = out->send(outgoing("first"), soon());
    EXPECT_EQ(status.error().code, "gmail.forbidden");
    EXPECT_EQ(status.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(out->send(outgoing("first"), soon()));
    ASSERT_TRUE(gmail_->order("oauth", json::Object{{"expire_all", true}}));
    EXPECT_TRUE(out->send(outgoing("second"), soon())) << "a token that is not taken is fetched anew";
}

TEST_F(GmailSenderTest, AThousandMailsThroughBreaksAndRestartsGoOutOnceEach) {
    constexpr int kMails = 1000;
    ASSERT_TRUE(gmail_->faults(R"([
        {"method":"POST","path":"/drafts/send","chance":0.08,"do":"reset_after"}, {"method":"POST","path":"/drafts/send","chance":0.04,"do":"error_after"},
        {"method":"POST","path":"/drafts/send","chance":0.05,"do":"reset"}, {"method":"POST","path":"/drafts/send","chance":0.04,"do":{"status":503}},
        {"method":"POST","path":"/drafts/send","chance":0.02,"do":{"status":429}}, {"method":"POST","path":"/drafts/send","times":3,"chance":0.01,"do":"silence_after"},
        {"method":"POST","path":"/drafts","chance":0.03,"do":"reset_after"}, {"method":"POST","path":"/drafts","chance":0.02,"do":"error_after"},
        {"method":"GET","chance":0.02,"do":{"status":500}}, {"chance":0.01,"do":{"status":401}}, {"path":"/token","chance":0.1,"do":"reset"}])",
                               5));
    const Fates fates = send_as_the_engine_does(kMails, clock_, [this] { return sender(); });
    expect_each_went_out_once(fates, times_sent(), kMails, "gmail_sender");
    EXPECT_EQ(drafts(), 0U);
}

}  // namespace
}  // namespace resolute::gmail_test
