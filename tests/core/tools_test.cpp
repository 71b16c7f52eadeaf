// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/amounts.h"
#include "storage/memory/memory_storage.h"
#include "tools/tool.h"

namespace resolute::tools {
namespace {

const Instant kNoon = *parse_instant("2026-11-23T12:00:00Z");

/// The tools' surroundings, as small as they can be.
struct FakePorts final : ports::Crm, ports::Helpdesk, ports::People, ports::Chat, ports::KnowledgeBase, ports::LanguageModel, ports::MailSender,
                         ports::CaseQueries {
    std::unexpected<Error> unused() const { return fail("test.unused", ErrorKind::internal); }

    ports::Understanding understanding;
    ports::Assessment assessment;
    std::vector<ports::LedgerRow> other_claims;
    std::vector<ports::ChatMessage> shown;
    std::vector<ports::TicketChange> changes;
    std::vector<ports::FrozenMail> mails;
    bool chat_is_down = false;

    // Crm
    Result<std::optional<ports::Customer>> find_customer(std::string_view, Deadline) override { return unused(); }
    Status record_resolution(const ports::ResolutionRecord&, Deadline) override { return unused(); }
    Result<std::string> create_deal(const ports::Deal&, Deadline) override { return unused(); }
    // Helpdesk
    Result<ports::TicketRef> create_ticket(const ports::NewTicket&, Deadline) override { return unused(); }
    Status add_comment(const ports::TicketComment&, Deadline) override { return {}; }
    Status change_ticket(const ports::TicketChange& change, Deadline) override {
        changes.push_back(change);
        return {};
    }
    Result<std::optional<ports::Ticket>> find_ticket(const TicketId&, Deadline) override { return unused(); }
    // People
    Result<ports::Route> route(const ports::RouteRequest&, Deadline) override {
        return ports::Route{.agent = {.id = AgentId("bob"), .name = "Bob", .email = "bob@acme.org", .skills = {}}, .why = "least loaded"};
    }
    Result<std::optional<ports::Agent>> find_agent(const AgentId&) override { return unused(); }
    Result<std::vector<ports::Agent>> agents() override { return unused(); }
    // KnowledgeBase
    Result<std::vector<ports::SearchHit>> search(const ports::SearchQuery&, Deadline) override { return unused(); }
    Result<std::optional<ports::Article>> find_article(const ArticleId&) override { return unused(); }
    Status add(const ports::Article&) override { return unused(); }
    Result<std::size_t> size() override { return unused(); }
    // Chat
    Result<bool> post(const ports::ChatMessage& message, Deadline) override {
        if (chat_is_down) return fail("test.down", ErrorKind::unavailable);
        for (const auto& before : shown)
            if (before.key == message.key) return false;
        shown.push_back(message);
        return true;
    }
    // LanguageModel
    Result<ports::Understanding> understand(std::string_view, std::string_view, Deadline) override { return understanding; }
    Result<ports::ReplyUnderstanding> understand_reply(std::string_view, bool, Deadline) override { return unused(); }
    Result<ports::Assessment> assess(const ports::AssessmentRequest&, Deadline) override { return assessment; }
    Result<ports::Draft> write_acknowledgment(const ports::AcknowledgmentRequest&, Deadline) override { return unused(); }
    Result<ports::Draft> write_resolution(const ports::ResolutionRequest&, Deadline) override { return unused(); }
    Result<ports::Draft> write_follow_up(const ports::FollowUpRequest&, Deadline) override { return unused(); }
    Result<ports::Draft> write_agent_answer(const ports::AgentAnswerRequest&, Deadline) override { return unused(); }
    // MailSender
    Status send(const ports::FrozenMail& mail, Deadline) override {
        mails.push_back(mail);
        return {};
    }
    Result<ports::Delivery> look_up(const ports::FrozenMail&, Deadline) override { return unused(); }
    // CaseQueries
    Result<std::vector<ports::LedgerRow>> claims(const std::string&, const std::string&, Instant, const CaseId&) override { return other_claims; }
    Result<std::vector<casework::CaseSummary>> list_cases(const ports::CaseFilter&) override { return unused(); }
    Result<std::optional<casework::CaseSummary>> find_case(const CaseId&) override { return unused(); }
    Result<std::optional<CaseId>> resolve_case(std::string_view) override { return unused(); }
    Result<std::optional<CaseId>> find_case_by_message_id(std::string_view) override { return unused(); }
    Result<std::vector<ports::OpenTask>> list_tasks(bool) override { return unused(); }
    Result<std::optional<ports::OpenTask>> find_task(const TaskId&) override { return unused(); }
    Result<std::map<std::string, int>> open_tasks_by_assignee() override { return unused(); }
    Result<std::vector<ports::EffectCount>> count_effects() override { return unused(); }
    Result<std::vector<CaseId>> all_case_ids() override { return unused(); }
};


class Tools : public ::testing::Test {
protected:
    Tools() {
        world.voice = {.organisation = "Acme", .support_address = "support@acme.org", .signature = {}};
        EXPECT_TRUE(world.rates.set("EUR", "1.08"));
    }
    engine::Settlement call(std::string tool, json::Value args, std::string key = "e1") {
        engine::EffectTicket ticket;
        ticket.effect.id = EffectId(std::move(key));
        ticket.effect.case_id = CaseId("c1");
        ticket.effect.tool = std::move(tool);
        ticket.effect.planned_at = kNoon;
        ticket.effect.payload = json::dump(json::Value().set("args", std::move(args)));
        return ToolRunner(world).run(ticket, Deadline::never());
    }
    json::Value refund_for(std::string_view text, json::Array orders = {}) {
        fake.understanding.amounts = find_amounts(text);
        fake.understanding.wants_refund = true;
        json::Value args;
        args.set("mail", json::Value().set("subject", "s").set("text", text));
        args.set("sender", json::Value().set("address", "ann@customer.org"));
        args.set("customer", json::Value().set("id", "K1").set("orders", std::move(orders)));
        const auto settled = call("issue.classify", std::move(args));
        EXPECT_EQ(settled.outcome, "classified");
        return settled.facts["refund"];
    }
    static json::Value order(std::string id, Money total) { return json::Value().set("id", id).set("total", json::from_money(total)); }
    static json::Value usd(std::int64_t minor) { return json::from_money({minor, "USD"}); }

    FakePorts fake;
    storage::MemoryStorage storage;
    World world{.crm = fake, .helpdesk = fake, .people = fake, .chat = fake, .knowledge = fake, .language = fake, .sender = fake,
                .intake = storage.intake(), .cases = fake, .desk = storage.desk(), .voice = {}, .rates = ExchangeRates()};
};

TEST_F(Tools, TheLimitIsComparedWithTheLargestAmountAndOrderTotal) {
    fake.understanding.orders = {"A-1"};
    EXPECT_EQ(refund_for("$20 or $30", {order("A-1", {49'900, "USD"})})["amount"], usd(49'900));
    EXPECT_EQ(refund_for("$20 or $600", {order("A-1", {49'900, "USD"})})["amount"], usd(60'000));
}

TEST_F(Tools, AnOrderThatWasNotNamedDoesNotCount) {
    const json::Value refund = refund_for("I want $20 back", {order("A-1", {90'000, "USD"}), order("A-2", {10'000, "USD"})});
    EXPECT_EQ(refund["amount"], usd(2'000));
    EXPECT_FALSE(refund["is_covered"].as_bool());
}

TEST_F(Tools, AnotherCurrencyCountsByItsRateAndIsClaimedAsItWasAsked) {
    const json::Value refund = refund_for("€480.00 please");
    EXPECT_EQ(refund["amount"], usd(51'840));
    EXPECT_EQ(refund["claimed"], json::from_money({48'000, "EUR"}));
    EXPECT_EQ(refund["claimed_base"], usd(51'840));
}

TEST_F(Tools, ACurrencyWithoutARateLeavesTheAmountUnknown) {
    EXPECT_TRUE(refund_for("CHF 10.00 and $5")["amount"].is_null());
}

TEST_F(Tools, WithoutAnyAmountNothingIsKnown) {
    const json::Value refund = refund_for("I want my money back");
    EXPECT_TRUE(refund["requested"].as_bool());
    EXPECT_TRUE(refund["amount"].is_null());
    EXPECT_TRUE(refund["claimed"].is_null());
}

TEST_F(Tools, AnAmountThatReadsTwoWaysCountsAsTheLarger) {
    EXPECT_EQ(refund_for("1.234 €")["amount"], usd(133'272));
}

TEST_F(Tools, AWholeRefundTakesTheOrdersTotalAndIsCoveredByIt) {
    fake.understanding.orders = {"a-1"};
    fake.understanding.is_whole_refund = true;
    const json::Value refund = refund_for("a full refund, shipping was $9.00", {order("A-1", {12'900, "USD"})});
    EXPECT_EQ(refund["claimed"], usd(12'900));
    EXPECT_TRUE(refund["is_covered"].as_bool());
    EXPECT_EQ(refund["order"].as_string(), "A-1");
}

TEST_F(Tools, MoreThanTheOrderCostIsNotCovered) {
    fake.understanding.orders = {"A-1"};
    EXPECT_TRUE(refund_for("$129.00", {order("A-1", {12'900, "USD"})})["is_covered"].as_bool());
    EXPECT_FALSE(refund_for("$129.01", {order("A-1", {12'900, "USD"})})["is_covered"].as_bool());
    EXPECT_FALSE(refund_for("$10.00")["is_covered"].as_bool()) << "an order that is not known covers nothing";
}

json::Value refund_args(const json::Value& own) {
    return json::Value().set("refund", json::Value().set("requested", true).set("own_amount", own).set("customer", "K1").set("order", "A-1"));
}

TEST_F(Tools, ThreeClaimsUnderTheLimitAreTogetherOverIt) {
    const casework::Claim claim{.state = casework::Claim::State::pending, .amount = Money{49'900, "USD"}};
    fake.other_claims = {{CaseId("c2"), claim}, {CaseId("c3"), claim}};
    const auto settled = call("issue.assess", refund_args(usd(49'900)));
    EXPECT_EQ(settled.facts["refund"]["amount"], usd(149'700));
    EXPECT_EQ(settled.facts["refund"]["other_claims"].as_int(), 2);
}

TEST_F(Tools, OneUnknownClaimMakesTheSumUnknown) {
    fake.other_claims = {{CaseId("c2"), casework::Claim{.state = casework::Claim::State::pending}}};
    EXPECT_TRUE(call("issue.assess", refund_args(usd(100))).facts["refund"]["amount"].is_null());
    fake.other_claims.clear();
    EXPECT_TRUE(call("issue.assess", refund_args({})).facts["refund"]["amount"].is_null());
    EXPECT_EQ(call("issue.assess", refund_args(usd(100))).facts["refund"]["amount"], usd(100));
}

TEST_F(Tools, WhatEarlierMailsOfTheCaseAskForCountsOnce) {
    fake.other_claims = {{CaseId("c1"), casework::Claim{.state = casework::Claim::State::pending, .amount = Money{60'000, "USD"}}},
                         {CaseId("c2"), casework::Claim{.state = casework::Claim::State::pending, .amount = Money{1'000, "USD"}}}};
    const auto settled = call("issue.assess", refund_args(usd(30'000)));
    EXPECT_EQ(settled.facts["refund"]["amount"], usd(61'000));
    EXPECT_EQ(settled.facts["refund"]["other_claims"].as_int(), 1);
}

TEST_F(Tools, TechnicalSupportHearsOfAnOutageOnceHoweverManyCasesMeetIt) {
    const auto args = json::Value().set("role", "technical_support").set("case", json::Value().set("failing_integration", "mail"));
    EXPECT_EQ(call("notify.person", args, "e1").outcome, "told");
    EXPECT_EQ(call("notify.person", args, "e2").outcome, "already_told");
    ASSERT_TRUE(storage.desk().end_outage("mail", kNoon));
    EXPECT_EQ(fake.shown.size(), 1U);
}

TEST_F(Tools, TheManagerHearsOfEachCaseAndByMailWhereChatIsDown) {
    const auto args = json::Value().set("role", "manager").set("occasion", "VIP escalation");
    EXPECT_EQ(call("notify.person", args, "e1").outcome, "told");
    EXPECT_EQ(call("notify.person", args, "e2").outcome, "told");
    fake.chat_is_down = true;
    EXPECT_EQ(call("notify.person", args, "e3").outcome, "told");
    ASSERT_EQ(fake.mails.size(), 1U);
    EXPECT_EQ(fake.mails[0].to, "bob@acme.org");
    EXPECT_EQ(fake.mails[0].key, EffectId("e3"));
}

TEST_F(Tools, AnEscalationSaysWhyInTheOrderOfWeight) {
    const auto reason = [&](json::Value the_case, std::string why) {
        auto args = json::Value().set("case", std::move(the_case)).set("ticket", json::Value().set("id", "T-1"));
        args.set("assessment", json::Value().set("why", why)).set("articles", json::Array{});
        return call("ticket.escalate", args).facts["assignment"]["reason"].as_string();
    };
    EXPECT_EQ(reason(json::Value().set("intake_problem", "empty").set("stopped_because", "g"), "w"), "the mail could not be read: empty");
    EXPECT_EQ(reason(json::Value().set("stopped_because", "g"), "w"), "the policy asks for a person: g");
    EXPECT_EQ(reason(json::Value(json::Object{}), "w"), "w");
    EXPECT_EQ(reason(json::Value(json::Object{}), ""), "nothing relevant in the knowledge base");
    ASSERT_FALSE(fake.changes.empty());
    EXPECT_EQ(fake.changes.back().status, ports::TicketStatus::escalated);
}

TEST_F(Tools, AFailedLookUpOfTheCustomerLeavesFactsThatGuardsCanRead) {
    const auto facts = catalogue().at("crm.find_customer").failure_facts;
    EXPECT_EQ(facts["customer"]["lookup"].as_string(), "failed");
    EXPECT_FALSE(facts["customer"]["known"].as_bool(true));
    EXPECT_EQ(facts["customer"]["tier"].as_string(), "regular");
}

TEST_F(Tools, AnUnknownToolIsRefusedAndALookUpThatNoToolHasIsUnclear) {
    EXPECT_EQ(call("tool.of_tomorrow", {}).kind, engine::Settlement::Kind::refused);
    engine::EffectTicket ticket;
    ticket.effect.tool = "ticket.create";
    EXPECT_EQ(ToolRunner(world).look_up(ticket, Deadline::never()).kind, engine::Settlement::Kind::unclear);
}

}  // namespace
}  // namespace resolute::tools
