// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/conformance/storage_under_test.h"

/// What holds for every ports::DeskStore and ports::ArticleStore.
namespace resolute::conformance {

using ports::TicketStatus;

class DeskStoreSuite : public StorageTest {
protected:
    static ports::NewTicket ticket(const std::string& key) {
        return {.key = EffectId(key), .case_id = CaseId("ca"), .customer = "k1", .requester = "ann@example.com", .subject = "Broken",
                .description = "It broke.", .category = "technical", .priority = "high", .tier = "vip", .at = at(1)};
    }
    static ports::TicketComment comment(const std::string& key, const TicketId& ticket, const std::string& text) {
        return {.key = EffectId(key), .ticket = ticket, .author = "customer", .is_public = true, .text = text, .at = at(2)};
    }
    static ports::TicketChange change(const std::string& key, const TicketId& ticket, TicketStatus status, int seconds) {
        return {.key = EffectId(key), .ticket = ticket, .status = status, .assignee = {}, .resolution_category = "", .note = "", .at = at(seconds)};
    }
    static ports::Customer customer(const std::string& id, const std::string& email) {
        return {.id = CustomerId(id), .name = "Ann", .emails = {email}, .tier = ports::Tier::vip,
                .orders = {{.id = OrderId("1001"), .date = "2026-11-01", .total = {.minor = 12900, .currency = "EUR"}, .items = {"lamp"}, .status = "shipped"}},
                .interactions = {{.at = at(10), .kind = "call", .summary = "Asked", .case_id = ""}}};
    }
};

TEST_P(DeskStoreSuite, TicketsCountUpFrom1001AndTheSameKeyIsTheSameTicket) {
    const auto first = desk().insert_ticket(ticket("e1"));
    ASSERT_OK(first);
    EXPECT_EQ(first->number, "T-1001");
    EXPECT_EQ(desk().insert_ticket(ticket("e2"))->number, "T-1002");
    EXPECT_EQ(*desk().insert_ticket(ticket("e1")), *first);
    EXPECT_EQ(desk().insert_ticket(ticket("e3"))->number, "T-1003");
    const auto found = desk().find_ticket(first->id);
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->ref, *first);
    EXPECT_EQ((*found)->case_id, CaseId("ca"));
    EXPECT_EQ((*found)->requester, "ann@example.com");
    EXPECT_EQ((*found)->description, "It broke.");
    EXPECT_EQ((*found)->status, TicketStatus::open);
    EXPECT_EQ((*found)->created_at, at(1));
    EXPECT_FALSE((*found)->resolved_at.has_value());
    for (const char* other : {"T-1009", "T-", "1001", "T-01001", "T-1001x"})
        EXPECT_FALSE(desk().find_ticket(TicketId(other))->has_value()) << other;
}

TEST_P(DeskStoreSuite, ACommentIsInsertedOnce) {
    const auto id = desk().insert_ticket(ticket("e1"))->id;
    ASSERT_OK(desk().insert_comment(comment("c1", id, "one")));
    ASSERT_OK(desk().insert_comment(comment("c1", id, "one again")));
    ASSERT_OK(desk().insert_comment(comment("c2", id, "two")));
    const auto comments = (*desk().find_ticket(id))->comments;
    ASSERT_EQ(comments.size(), 2u);
    EXPECT_EQ(comments[0].text, "one");
    EXPECT_EQ(comments[0].key, EffectId("c1"));
    EXPECT_TRUE(comments[0].is_public);
    EXPECT_EQ(comments[1].text, "two");
    EXPECT_CODE("helpdesk.ticket_not_found", desk().insert_comment(comment("c3", TicketId("T-9"), "x")));
}

TEST_P(DeskStoreSuite, AChangeHappensOnceAndItsNoteIsAnInternalComment) {
    const auto id = desk().insert_ticket(ticket("e1"))->id;
    auto resolve = change("u1", id, TicketStatus::resolved, 5);
    resolve.assignee = AgentId("dana");
    resolve.resolution_category = "answered";
    resolve.note = "Done.";
    ASSERT_OK(desk().update_ticket(resolve));
    ASSERT_OK(desk().update_ticket(change("u2", id, TicketStatus::closed, 6)));
    ASSERT_OK(desk().update_ticket(resolve));
    auto found = **desk().find_ticket(id);
    EXPECT_EQ(found.status, TicketStatus::closed) << "the known change does not happen again";
    EXPECT_EQ(found.resolved_at, at(5));
    EXPECT_EQ(found.assignee, AgentId("dana"));
    EXPECT_EQ(found.resolution_category, "answered");
    ASSERT_EQ(found.comments.size(), 1u);
    EXPECT_FALSE(found.comments[0].is_public);
    EXPECT_EQ(found.comments[0].text, "Done.");
    ASSERT_OK(desk().update_ticket(change("u3", id, TicketStatus::escalated, 7)));
    found = **desk().find_ticket(id);
    EXPECT_EQ(found.status, TicketStatus::escalated);
    EXPECT_FALSE(found.resolved_at.has_value());
    EXPECT_CODE("helpdesk.ticket_not_found", desk().update_ticket(change("u4", TicketId("T-9"), TicketStatus::open, 1)));
}

TEST_P(DeskStoreSuite, CustomersAreFoundByAddressWithTheDomainInAnyCase) {
    ASSERT_OK(desk().upsert_customers({customer("k1", "Ann@Example.com"), customer("k2", "bob@example.com")}));
    const auto found = desk().find_customers_by_email("Ann@EXAMPLE.COM");
    ASSERT_OK(found);
    ASSERT_EQ(found->size(), 1u);
    EXPECT_EQ((*found)[0], customer("k1", "Ann@Example.com"));
    EXPECT_TRUE(desk().find_customers_by_email("ann@example.com")->empty()) << "the local part is the receiver's business";
    EXPECT_TRUE(desk().find_customers_by_email("")->empty());
}

TEST_P(DeskStoreSuite, AnImportReplacesTheProfileMovesTheAddressAndKeepsOurInteractions) {
    ASSERT_OK(desk().upsert_customers({customer("k1", "old@x.com"), customer("k2", "shared@x.com")}));
    const ports::Interaction ours{.at = at(5), .kind = "resolution", .summary = "Solved", .case_id = "ca"};
    ASSERT_OK(desk().insert_interaction(EffectId("e1"), CustomerId("k1"), ours));
    ASSERT_OK(desk().insert_interaction(EffectId("e1"), CustomerId("k1"), ours));
    ASSERT_OK(desk().upsert_customers({customer("k1", "shared@x.com")}));
    EXPECT_TRUE(desk().find_customers_by_email("old@x.com")->empty());
    const auto found = desk().find_customers_by_email("shared@x.com");
    ASSERT_OK(found);
    ASSERT_EQ(found->size(), 2u) << "two customers may have one address";
    ASSERT_EQ((*found)[0].interactions.size(), 2u);
    EXPECT_EQ((*found)[0].interactions[0], ours) << "oldest first";
    EXPECT_CODE("crm.customer_not_found", desk().insert_interaction(EffectId("e2"), CustomerId("k9"), ours));
}

TEST_P(DeskStoreSuite, ADealIsMadeOnce) {
    const ports::Deal deal{.key = EffectId("e1"), .customer = CustomerId("k1"), .contact = "a@x", .title = "Ten lamps", .case_id = "ca", .at = at(1)};
    const auto id = desk().insert_deal(deal);
    ASSERT_OK(id);
    EXPECT_EQ(*desk().insert_deal(deal), *id);
    auto other = deal;
    other.key = EffectId("e2");
    EXPECT_NE(*desk().insert_deal(other), *id);
}

TEST_P(DeskStoreSuite, AgentsAreReplacedAsAWhole) {
    const ports::Agent dana{.id = AgentId("dana"), .name = "Dana", .email = "d@x", .skills = {"billing", "vip"}, .is_available = false, .capacity = 3, .is_manager = true};
    const ports::Agent alex{.id = AgentId("alex"), .name = "Alex", .email = "a@x", .skills = {}, .is_available = true, .capacity = 20, .is_manager = false};
    ASSERT_OK(desk().replace_agents({dana, alex}));
    EXPECT_EQ(*desk().agents(), (std::vector{alex, dana}));
    ASSERT_OK(desk().replace_agents({dana}));
    EXPECT_EQ(*desk().agents(), std::vector{dana});
}

TEST_P(DeskStoreSuite, ANotificationIsShownOncePerKey) {
    const auto note = [](const std::string& key, int seconds) {
        return ports::Notification{.key = key, .role = "manager", .person = "dana", .case_id = CaseId("ca"), .text = "Look", .at = at(seconds)};
    };
    EXPECT_TRUE(*desk().insert_notification(note("n1", 1)));
    EXPECT_FALSE(*desk().insert_notification(note("n1", 9)));
    EXPECT_TRUE(*desk().insert_notification(note("n2", 2)));
    const auto shown = desk().notifications(10);
    ASSERT_OK(shown);
    ASSERT_EQ(shown->size(), 2u);
    EXPECT_EQ((*shown)[0].key, "n2");
    EXPECT_EQ((*shown)[1].at, at(1));
    EXPECT_EQ((*shown)[1].person, "dana");
    EXPECT_EQ(desk().notifications(1)->size(), 1u);
}

TEST_P(DeskStoreSuite, AnOutageIsOneUntilItEnds) {
    const auto first = desk().begin_outage("mail", "smtp.down", at(1));
    ASSERT_OK(first);
    EXPECT_EQ(desk().begin_outage("mail", "smtp.other", at(2))->began_at, at(1));
    EXPECT_EQ(desk().begin_outage("crm", "http.down", at(3))->began_at, at(3));
    ASSERT_OK(desk().end_outage("mail", at(4)));
    ASSERT_OK(desk().end_outage("mail", at(5)));
    ASSERT_OK(desk().end_outage("never", at(5)));
    EXPECT_EQ(desk().begin_outage("mail", "smtp.again", at(6))->began_at, at(6));
    const auto outages = desk().outages();
    ASSERT_OK(outages);
    ASSERT_EQ(outages->size(), 3u);
    EXPECT_EQ((*outages)[0].ended_at, at(4));
    EXPECT_EQ((*outages)[0].error, "smtp.down");
    EXPECT_FALSE((*outages)[1].ended_at.has_value());
    EXPECT_EQ((*outages)[2].error, "smtp.again");
}

TEST_P(DeskStoreSuite, AnArticleIsReplacedByItsIdAndKeepsWhatItLearned) {
    ports::Article article{.id = ArticleId("returns"), .title = "Returns", .text = "30 days.", .url = "https://x/r", .category = "refund_request",
                           .language = "en", .is_public = false, .questions = {"Can I return it?"}};
    ASSERT_OK(articles().upsert_article(article));
    EXPECT_EQ(*articles().articles(), std::vector{article});
    ASSERT_OK(articles().add_question(article.id, "May I send it back?"));
    ASSERT_OK(articles().add_question(article.id, "May I send it back?"));
    ASSERT_OK(articles().add_question(article.id, "Can I return it?"));
    article.text = "60 days.";
    ASSERT_OK(articles().upsert_article(article));
    auto expected = article;
    expected.questions = {"Can I return it?", "May I send it back?"};
    EXPECT_EQ(*articles().articles(), std::vector{expected});
    EXPECT_CODE("knowledge.article_not_found", articles().add_question(ArticleId("none"), "?"));
}

}  // namespace resolute::conformance
