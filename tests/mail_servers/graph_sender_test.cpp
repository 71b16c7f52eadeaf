// SPDX-License-Identifier: Apache-2.0
// Mails go out by a (fake) Microsoft Graph, and whatever it does none goes twice.
#include <map>

#include "tests/mail_servers/graph_test_support.h"

namespace resolute::graph_test {
namespace {

using ports::Delivery;
using testing::IsEmpty;
using testing::SizeIs;

class GraphSenderTest : public GraphTest {
protected:
    std::map<std::string, int> times_sent() {
        std::map<std::string, int> times;
        const json::Value all = state();
        for (const json::Value& one : all["sent"].as_array()) ++times[one["effect"].as_string()];
        return times;
    }
    std::size_t drafts() { return state()["drafts"].as_array().size(); }
    std::int64_t calls(const std::string& name) { return state()["calls"][name].as_int(); }
};

TEST_F(GraphSenderTest, AMailIsPutThereAsAMarkedDraftAndSentByteForByte) {
    const auto out = sender();
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::unknown) << "nothing proves that it did not go out";
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    const json::Value sent = state()["sent"];
    ASSERT_THAT(sent.as_array(), SizeIs(1));
    EXPECT_EQ(sent.as_array()[0]["raw"].as_string(), outgoing("first").bytes);
    EXPECT_EQ(sent.as_array()[0]["effect"].as_string(), "first");
    EXPECT_EQ(drafts(), 0U);
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::sent);
    EXPECT_EQ(*sender()->look_up(outgoing("first"), soon()), Delivery::sent) << "after a restart too";
}

TEST_F(GraphSenderTest, WhatTheServiceRenamesIsFoundByItsMark) {
    order("settings", json::Object{{"renames", true}});
    EXPECT_EQ(error_of(sender()->send(outgoing("first"), soon())), "");
    EXPECT_EQ(*sender()->look_up(outgoing("first"), soon()), Delivery::sent);
}

TEST_F(GraphSenderTest, OnlyAMailToTheOneRecipientGoesAndNoneThatIsTooLarge) {
    ports::FrozenMail mail = outgoing("first");
    mail.bytes.insert(0, "Cc: boss@customer.example\r\n");
    EXPECT_EQ(sender()->send(mail, soon()).error().code, "graph.recipients");
    mail = outgoing("first");
    mail.to = "eve@customer.example";
    EXPECT_EQ(sender()->send(mail, soon()).error().code, "graph.recipients");
    mail = outgoing("first' or 1 eq 1");
    EXPECT_EQ(sender()->send(mail, soon()).error().code, "graph.recipients");
    mail = outgoing("first");
    mail.bytes += std::string(3'000'000, 'x');
    const Status large = sender()->send(mail, soon());
    EXPECT_EQ(large.error().code, "graph.too_large");
    EXPECT_EQ(large.error().effect, EffectState::not_sent);
    EXPECT_THAT(state()["sent"].as_array(), IsEmpty());
    mail = outgoing("largest");
    mail.bytes.resize(3'000'000, 'x');
    EXPECT_EQ(error_of(sender()->send(mail, soon())), "");
}

TEST_F(GraphSenderTest, ADraftThatStandsProvesThatTheMailDidNotGoOutAndIsTheOneThatIsSent) {
    ASSERT_TRUE(graph_->faults(R"([{"method":"POST","path":"/send","times":1,"do":"reset"}])"));
    auto out = sender();
    const Status broken = out->send(outgoing("first"), soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().effect, EffectState::unknown);
    out = sender();  // A restart: nothing is remembered.
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::absent);
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    EXPECT_EQ(drafts(), 0U);
    EXPECT_EQ(times_sent(), (std::map<std::string, int>{{"first", 1}}));
}

TEST_F(GraphSenderTest, ADraftThatWasMadeAndNotMarkedIsFoundByItsMessageIdAndUsed) {
    ASSERT_TRUE(graph_->faults(R"([{"method":"POST","path":"/messages","times":1,"do":"reset_after"},{"method":"PATCH","times":1,"do":"reset"}])"));
    const auto out = sender();
    Status broken = out->send(outgoing("first"), soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().effect, EffectState::not_sent) << "a draft is no mail";
    EXPECT_EQ(drafts(), 1U);
    broken = out->send(outgoing("first"), soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().effect, EffectState::not_sent);
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    EXPECT_EQ(drafts(), 0U) << "no second one was made";
    EXPECT_EQ(times_sent(), (std::map<std::string, int>{{"first", 1}}));
}

TEST_F(GraphSenderTest, WhileItsCopyHasNotAppearedAMailIsOfUnknownFateAndIsNotSentAgain) {
    order("settings", json::Object{{"sendLag", 3'600'000}});
    ASSERT_TRUE(graph_->faults(R"([{"method":"POST","path":"/send","times":1,"do":"error_after"}])"));
    const auto out = sender();
    const Status broken = out->send(outgoing("first"), soon());
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().effect, EffectState::unknown);
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::unknown);
    EXPECT_EQ(*sender()->look_up(outgoing("first"), soon()), Delivery::unknown);
    const Status again = out->send(outgoing("first"), soon());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "graph.draft_gone") << "were it asked to";
    EXPECT_EQ(again.error().effect, EffectState::unknown);
    EXPECT_EQ(times_sent(), (std::map<std::string, int>{{"first", 1}}));
}

TEST_F(GraphSenderTest, AMailThatIsNotThereThoughALaterOneIsDidNotGoOut) {
    const auto out = sender();
    EXPECT_EQ(*out->look_up(outgoing("never"), soon()), Delivery::unknown);
    EXPECT_EQ(error_of(out->send(outgoing("later"), soon())), "");
    EXPECT_EQ(*out->look_up(outgoing("never"), soon()), Delivery::absent);
    // A mail that somebody else wrote with our fields lies in the inbox: it proves nothing.
    ASSERT_TRUE(graph_->deliver(outgoing("never").bytes));
    EXPECT_EQ(*out->look_up(outgoing("never"), soon()), Delivery::absent);
}

TEST_F(GraphSenderTest, ADraftThatAPersonChangedGoesOutAsItWasWritten) {
    ASSERT_TRUE(graph_->faults(R"([{"method":"POST","path":"/send","times":1,"do":{"status":500}}])"));
    EXPECT_FALSE(sender()->send(outgoing("first"), soon()));
    order("edit_drafts", json::Object{{"from", "Hello"}, {"to", "Give me your password,"}});
    const auto out = sender();
    EXPECT_EQ(*out->look_up(outgoing("first"), soon()), Delivery::absent);
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    const json::Value sent = state()["sent"];
    ASSERT_THAT(sent.as_array(), SizeIs(1));
    EXPECT_EQ(sent.as_array()[0]["raw"].as_string(), outgoing("first").bytes);
}

TEST_F(GraphSenderTest, APauseIsKeptAndARefusalOfTheMailIsFinal) {
    ASSERT_TRUE(graph_->faults(R"([{"method":"POST","path":"/send","times":1,"do":{"status":429,"headers":{"Retry-After":"90"}}}])"));
    const auto out = sender();
    Status status = out->send(outgoing("first"), soon());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "graph.rate_limited");
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_EQ(status.error().retry_after, std::chrono::seconds(90));
    EXPECT_EQ(out->send(outgoing("second"), soon()).error().code, "graph.paced") << "the pause is the mailbox's";
    clock_.advance(std::chrono::seconds(90));
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    ASSERT_TRUE(graph_->faults(R"([{"method":"POST","path":"/send","times":1,"do":{"status":400,"body":{"error":{"code":"ErrorInvalidRecipients","message":"no"}}}}])"));
    status = out->send(outgoing("second"), soon());
    EXPECT_EQ(status.error().code, "graph.refused");
    EXPECT_EQ(status.error().effect, EffectState::refused);
    EXPECT_EQ(drafts(), 0U) << "it is of use to nobody";
}

TEST_F(GraphSenderTest, WhatSaysNothingAgainstTheMailDoesNotStopIt) {
    const auto out = sender();
    order("oauth", json::Object{{"secret", "another"}});
    Status status = out->send(outgoing("first"), soon());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "oauth.refused");
    EXPECT_EQ(status.error().kind, ErrorKind::unavailable) << "connected again, it goes";
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    order("oauth", json::Object{{"secret", "client-secret"}});
    clock_.advance(std::chrono::minutes(5));
    ASSERT_TRUE(graph_->faults(R"([{"method":"POST","path":"/messages","times":1,"do":{"status":403,"body":{"error":{"code":"ErrorAccessDenied","message":"no"}}}}])"));
    status = out->send(outgoing("first"), soon());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "graph.forbidden");
    EXPECT_EQ(status.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(error_of(out->send(outgoing("first"), soon())), "");
    order("oauth", json::Object{{"expire_all", true}});
    EXPECT_EQ(error_of(out->send(outgoing("second"), soon())), "") << "a token that is not taken is fetched anew";
}

TEST_F(GraphSenderTest, AThousandMailsThroughBreaksAndRestartsGoOutOnceEach) {
    constexpr int kMails = 1000;
    order("settings", json::Object{{"renames", true}});
    ASSERT_TRUE(graph_->faults(R"([
        {"method":"POST","path":"/send","chance":0.08,"do":"reset_after"}, {"method":"POST","path":"/send","chance":0.04,"do":"error_after"},
        {"method":"POST","path":"/send","chance":0.05,"do":"reset"}, {"method":"POST","path":"/send","chance":0.04,"do":{"status":503}},
        {"method":"POST","path":"/send","chance":0.02,"do":{"status":429}}, {"method":"POST","path":"/send","times":3,"chance":0.01,"do":"silence_after"},
        {"method":"POST","path":"/messages","chance":0.03,"do":"reset_after"}, {"method":"POST","path":"/messages","chance":0.02,"do":"error_after"},
        {"method":"PATCH","chance":0.03,"do":"reset_after"}, {"method":"PATCH","chance":0.03,"do":"reset"},
        {"method":"GET","chance":0.02,"do":{"status":500}}, {"chance":0.01,"do":{"status":401}}, {"path":"/token","chance":0.1,"do":"reset"}])",
                               5));
    const Fates fates = send_as_the_engine_does(kMails, clock_, [this] { return sender(); });
    expect_each_went_out_once(fates, times_sent(), kMails, "graph_sender");
    EXPECT_EQ(drafts(), 0U);
}

}  // namespace
}  // namespace resolute::graph_test
