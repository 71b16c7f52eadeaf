// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "desk/builtin_chat.h"
#include "desk/builtin_crm.h"
#include "desk/builtin_helpdesk.h"
#include "desk/desk_test_support.h"

namespace resolute::desk {
namespace {

const Deadline kNever = Deadline::never();

ports::NewTicket new_ticket(const std::string& key) {
    ports::NewTicket ticket;
    ticket.key = EffectId(key);
    ticket.subject = "Lamp broken";
    return ticket;
}

ports::Customer customer(const std::string& id, std::vector<std::string> emails) {
    ports::Customer made;
    made.id = CustomerId(id);
    made.emails = std::move(emails);
    return made;
}

TEST(BuiltinHelpdesk, CreatingWithTheSameKeyAnswersTheSameTicket) {
    FakeDeskStore store;
    BuiltinHelpdesk helpdesk(store);
    const auto first = helpdesk.create_ticket(new_ticket("e1"), kNever);
    EXPECT_EQ(first->number, "T-1001");
    EXPECT_EQ(helpdesk.create_ticket(new_ticket("e1"), kNever), first);
    EXPECT_EQ(helpdesk.create_ticket(new_ticket("e2"), kNever)->number, "T-1002");
}

TEST(BuiltinHelpdesk, ChangesAndCommentsReachTheTicketOnce) {
    FakeDeskStore store;
    BuiltinHelpdesk helpdesk(store);
    const TicketId id = helpdesk.create_ticket(new_ticket("e1"), kNever)->id;
    ports::TicketComment comment;
    comment.key = EffectId("e2");
    comment.ticket = id;
    EXPECT_TRUE(helpdesk.add_comment(comment, kNever));
    EXPECT_TRUE(helpdesk.add_comment(comment, kNever));
    ports::TicketChange change;
    change.key = EffectId("e3");
    change.ticket = id;
    change.status = ports::TicketStatus::resolved;
    EXPECT_TRUE(helpdesk.change_ticket(change, kNever));
    const auto ticket = helpdesk.find_ticket(id, kNever).value();
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->comments.size(), 1U);
    EXPECT_EQ(ticket->status, ports::TicketStatus::resolved);
}

TEST(BuiltinHelpdesk, ATicketThatIsNotThereCannotBeChanged) {
    FakeDeskStore store;
    BuiltinHelpdesk helpdesk(store);
    ports::TicketChange change;
    change.key = EffectId("e1");
    change.ticket = TicketId("T-9");
    const auto status = helpdesk.change_ticket(change, kNever);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "helpdesk.ticket_not_found");
    EXPECT_EQ(status.error().effect, EffectState::refused);
    ports::TicketComment comment;
    comment.key = EffectId("e2");
    comment.ticket = TicketId("T-9");
    EXPECT_EQ(helpdesk.add_comment(comment, kNever).error().code, "helpdesk.ticket_not_found");
    EXPECT_FALSE(helpdesk.find_ticket(TicketId("T-9"), kNever).value());
}

TEST(BuiltinCrm, AnAddressOfTwoCustomersIsAmbiguousAndShowsNeither) {
    FakeDeskStore store;
    BuiltinCrm crm(store);
    ASSERT_TRUE(
        store.upsert_customers({customer("C-1", {"info@example.com"}), customer("C-2", {"info@example.com", "b@example.com"})}));
    const auto both = crm.find_customer("info@example.com", kNever);
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().code, "crm.ambiguous");
    EXPECT_EQ(both.error().detail.find("info@"), std::string::npos);
    EXPECT_EQ(crm.find_customer(" b@example.com ", kNever).value()->id.value(), "C-2");
    EXPECT_FALSE(crm.find_customer("nobody@example.com", kNever).value());
    EXPECT_FALSE(crm.find_customer("", kNever).value());
}

TEST(BuiltinCrm, AResolutionIsKeptOnceWithItsTicketAndCase) {
    FakeDeskStore store;
    BuiltinCrm crm(store);
    ASSERT_TRUE(store.upsert_customers({customer("C-1", {"a@example.com"})}));
    ports::ResolutionRecord record;
    record.key = EffectId("e1");
    record.customer = CustomerId("C-1");
    record.case_id = CaseId("c1");
    record.ticket = "T-1001";
    record.summary = "Sent the return label";
    EXPECT_TRUE(crm.record_resolution(record, kNever));
    EXPECT_TRUE(crm.record_resolution(record, kNever));
    const auto found = crm.find_customer("a@example.com", kNever).value();
    ASSERT_EQ(found->interactions.size(), 1U);
    EXPECT_EQ(found->interactions[0].summary, "T-1001: Sent the return label");
    EXPECT_EQ(found->interactions[0].kind, "resolution");
    EXPECT_EQ(found->interactions[0].case_id, "c1");
    record.customer = CustomerId();
    EXPECT_EQ(crm.record_resolution(record, kNever).error().code, "crm.no_customer");
}

TEST(BuiltinCrm, ADealIsStoredOnce) {
    FakeDeskStore store;
    BuiltinCrm crm(store);
    ports::Deal deal;
    deal.key = EffectId("e1");
    deal.title = "100 lamps";
    const auto first = crm.create_deal(deal, kNever);
    ASSERT_TRUE(first);
    EXPECT_EQ(crm.create_deal(deal, kNever), first);
}

TEST(BuiltinChat, TheSameKeyIsShownOnce) {
    FakeDeskStore store;
    BuiltinChat chat(store);
    ports::ChatMessage message;
    message.key = "outage/mail";
    message.role = "technical_support";
    message.text = "Mail is down";
    EXPECT_TRUE(chat.post(message, kNever).value());
    EXPECT_FALSE(chat.post(message, kNever).value());
    const auto shown = store.notifications(10).value();
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].role, "technical_support");
    EXPECT_EQ(shown[0].text, "Mail is down");
}

}  // namespace
}  // namespace resolute::desk
