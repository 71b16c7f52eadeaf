// SPDX-License-Identifier: Apache-2.0
#include "mailroom/route.h"

#include <gtest/gtest.h>

#include "mail/address.h"
#include "mailroom/test_fakes.h"
#include "mailroom/thread.h"

namespace resolute::mailroom {
namespace {

using casework::Trust;
using ports::MailOutcome;
using test::kNoon;

class RouteEmail : public testing::Test {
protected:
    RouteEmail() {
        email.from = {"Ann", "ann@shop.example"};
        email.subject = "My order";
        email.message_id = "new@shop.example";
        email.text = "Where is my order?";
        email.content_key = "key-1";
        record.id = MailId("m1");
        record.received_at = kNoon;
        record.size = 500;
        sender = {Trust::verified, "dmarc=pass"};
        cases.add("c1", "ann@shop.example", {"t1@us.example", "t2@us.example"});
        cases.add("c2", "bob@other.example", {"b1@us.example"});
    }

    Route routed() {
        auto result = route({.record = record, .email = email, .sender = sender, .now = kNoon}, rules, store, cases);
        EXPECT_TRUE(result) << describe(result.error());
        return result ? *std::move(result) : Route{Quarantined{"the call failed"}};
    }

    /// A mail that was concluded before this one.
    ports::MailRecord earlier_mail(std::string message_id, Duration before = std::chrono::minutes(1)) {
        const mail::RawMail raw{.position = {"box", "new", "u0"}, .received_at = kNoon - before, .bytes = "x"};
        EXPECT_TRUE(store.keep({raw}, {1}));
        ports::MailRecord earlier = store.records.back();
        earlier.outcome = MailOutcome::new_case;
        earlier.case_id = CaseId("c9");
        earlier.message_id = std::move(message_id);
        earlier.content_key = content_key_of(email);
        return earlier;
    }
    void conclude(const ports::MailRecord& earlier) { EXPECT_TRUE(store.conclude(earlier)); }

    std::string ignored_why() {
        const Route route = routed();
        const auto* ignored = std::get_if<Ignored>(&route);
        return ignored ? ignored->why : "not ignored";
    }

    test::Faults faults;
    test::FakeStore store{faults};
    test::FakeCases cases{faults};
    RouteRules rules{.own_addresses = {"support@us.example", "help@us.example"}};
    mail::ParsedEmail email;
    ports::MailRecord record;
    SenderTrust sender;
};

TEST_F(RouteEmail, AFirstMailOpensACase) {
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, AFileWithoutBytesIsQuarantined) {
    record.size = 0;
    EXPECT_EQ(routed(), Route(Quarantined{"mail.empty: the file has no bytes"}));
}

TEST_F(RouteEmail, MailFromOurOwnAddressIsIgnoredInAnyCase) {
    email.from.address = "Help@us.example";
    EXPECT_TRUE(ignored_why().starts_with("mail.own: "));
}

TEST_F(RouteEmail, MailThatBearsOurEffectHeaderIsALoopWhoeverSentIt) {
    email.headers.push_back({"x-resolute-effect", ""});
    EXPECT_TRUE(ignored_why().starts_with("mail.loop: "));
}

TEST_F(RouteEmail, OwnMailIsSeenBeforeItsKindIs) {
    email.kind = mail::MailKind::auto_reply;
    email.from.address = "support@us.example";
    EXPECT_TRUE(ignored_why().starts_with("mail.own: "));
}

TEST_F(RouteEmail, WhatComesOverAGroupThatIsOurOwnAddressIsAPersonsMail) {
    email.kind = mail::MailKind::list;
    email.kind_reason = "List-ID: …";
    email.headers.push_back({"List-ID", "Our customers <Support.us.example>"});
    EXPECT_EQ(routed(), Route(NewCase{}));
    email.headers.back() = {"List-Post", "<https://groups.example/g/post>, <mailto:help@us.example>"};
    EXPECT_EQ(routed(), Route(NewCase{}));
    email.headers.back() = {"List-Post", "<mailto:nohelp@us.example>"};
    EXPECT_TRUE(ignored_why().starts_with("mail.list: "));
    email.headers.back() = {"List-ID", "<support.us.example.evil.example>"};
    EXPECT_TRUE(ignored_why().starts_with("mail.list: "));
}

TEST_F(RouteEmail, AGroupThatWritesInItsOwnNameHidesWhomToAnswer) {
    email.kind = mail::MailKind::list;
    email.headers.push_back({"List-ID", "<support.us.example>"});
    email.from.address = "support@us.example";
    const Route route = routed();
    ASSERT_TRUE(std::holds_alternative<Quarantined>(route));
    EXPECT_TRUE(std::get<Quarantined>(route).why.starts_with("mail.group_hides_sender: "));
    email.headers.push_back({"X-Resolute-Effect", "e1"});
    EXPECT_TRUE(ignored_why().starts_with("mail.loop: ")) << "our own mail that comes back";
}

TEST_F(RouteEmail, AMailThatSignsSomebodyInIsQuarantinedAndInNoCase) {
    email.kind = mail::MailKind::verification;
    email.kind_reason = "H: v";
    const Route route = routed();
    ASSERT_TRUE(std::holds_alternative<Quarantined>(route));
    EXPECT_EQ(std::get<Quarantined>(route).why, "mail.verification: H: v");
}

TEST_F(RouteEmail, EachKindOfAutomaticMailIsIgnoredWithTheHeaderThatDecided) {
    const std::pair<mail::MailKind, std::string> kinds[] = {{mail::MailKind::bounce, "mail.bounce: H: v; it returns no mark of ours, so anybody may have written it"},
                                                            {mail::MailKind::auto_reply, "mail.auto_reply: H: v"},
                                                            {mail::MailKind::list, "mail.list: H: v"},
                                                            {mail::MailKind::report, "mail.report: H: v"},
                                                            {mail::MailKind::challenge, "mail.challenge: H: v"}};
    email.kind_reason = "H: v";
    for (const auto& [kind, expected] : kinds) {
        email.kind = kind;
        EXPECT_EQ(ignored_why(), expected);
    }
}

/// Ids that no store knows: only their marks can lead to a case.
class RouteMarkedEmail : public RouteEmail {
protected:
    RouteMarkedEmail() { rules.tokens = &tokens; }
    [[nodiscard]] std::string marked(std::string_view recipient) const {
        return tokens.message_id(CaseId("c1"), EffectId("e7"), recipient, "us.example");
    }
    const mail::ThreadTokens tokens{{seal::Key{1}}, true};
};

TEST_F(RouteMarkedEmail, AMarkOfOursLeadsToItsCaseForItsCustomer) {
    email.in_reply_to = marked("ann@shop.example");
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::verified}));
    email.from.address = "bob@other.example";
    EXPECT_EQ(routed(), Route(NewCase{.intake_problem = {}, .linked_case = "c1"})) << "somebody else has got hold of it";
    email.from.address = "ann@shop.example";
    sender.trust = Trust::failed;
    EXPECT_EQ(routed(), Route(NewCase{.intake_problem = {}, .linked_case = "c1"}));
}

TEST_F(RouteMarkedEmail, AForgedMarkOpensALinkedCase) {
    email.in_reply_to = marked("bob@other.example");
    EXPECT_EQ(routed(), Route(NewCase{.intake_problem = {}, .linked_case = "c1"})) << "made for another recipient";
    email.in_reply_to = "e7.c1." + std::string(32, '0') + "@us.example";
    EXPECT_EQ(routed(), Route(NewCase{.intake_problem = {}, .linked_case = "c1"}));
    email.in_reply_to = "e7.c-none." + std::string(32, '0') + "@us.example";
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteMarkedEmail, WhereAServiceReplacedOurIdTheReplyAddressFindsTheCase) {
    email.in_reply_to = "0100019@email.amazonses.example";
    email.references = {"0100019@email.amazonses.example"};
    const std::string address = tokens.reply_address(CaseId("c1"), "ann@shop.example", "help@us.example");
    ASSERT_FALSE(address.empty());
    email.to = {{"", address}};
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::verified}));
    email.to = {{"", "help@us.example"}};
    EXPECT_EQ(routed(), Route(NewCase{}));
    email.headers.push_back({"Delivered-To", address});
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::verified}));
    email.from.address = "bob@other.example";
    EXPECT_EQ(routed(), Route(NewCase{.intake_problem = {}, .linked_case = "c1"}));
}

TEST_F(RouteMarkedEmail, MailFromAReplyAddressOfOursIsOurOwn) {
    email.from.address = tokens.reply_address(CaseId("c1"), "ann@shop.example", "help@us.example");
    EXPECT_TRUE(ignored_why().starts_with("mail.own: "));
}

TEST_F(RouteMarkedEmail, IdsWithoutAMarkGoOnBeingFound) {
    email.in_reply_to = "t1@us.example";
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::verified}));
}

TEST_F(RouteEmail, AnAutoReplyToOurMailJoinsNoCase) {
    email.kind = mail::MailKind::auto_reply;
    email.in_reply_to = "t1@us.example";
    EXPECT_TRUE(std::holds_alternative<Ignored>(routed()));
}

TEST_F(RouteEmail, ABounceTellsWhichOfOurMailsCameBackByItsReferences) {
    email.kind = mail::MailKind::bounce;
    email.references = {"t2@us.example"};
    const Route route = routed();
    ASSERT_TRUE(std::holds_alternative<Ignored>(route));
    EXPECT_TRUE(std::get<Ignored>(route).why.ends_with("about our <t2@us.example> of case c1"));
    EXPECT_EQ(std::get<Ignored>(route).case_id, CaseId("c1"));
}

TEST_F(RouteEmail, ABounceTellsWhichOfOurMailsCameBackByTheReturnedHeaders) {
    email.kind = mail::MailKind::bounce;
    email.text = "Not delivered.";
    email.attachments.push_back({.file_name = "a",
                                 .content_type = "message/rfc822",
                                 .content_id = "",
                                 .bytes = "From: support@us.example\r\nMessage-Id: <t1@us.example>\r\n\r\nHello",
                                 .sha256_hex = "h"});
    const Route route = routed();
    ASSERT_TRUE(std::holds_alternative<Ignored>(route));
    EXPECT_EQ(std::get<Ignored>(route).case_id, CaseId("c1"));
}

TEST_F(RouteEmail, ABounceOfSomebodyElsesMailNamesNoCase) {
    email.kind = mail::MailKind::bounce;
    email.text = "Message-ID: <unknown@elsewhere.example>\nMessage-ID:\nMessage-ID: <>";
    const Route route = routed();
    ASSERT_TRUE(std::holds_alternative<Ignored>(route));
    EXPECT_TRUE(std::get<Ignored>(route).case_id.is_empty());
}

TEST_F(RouteEmail, TheSameMailTwiceIsADuplicateHoweverLate) {
    conclude(earlier_mail("new@shop.example", std::chrono::days(400)));
    EXPECT_EQ(routed(), Route(Ignored{"mail.duplicate: same as " + store.records[0].id.value(), CaseId("c9")}));
}

TEST_F(RouteEmail, TheSameTextUnderAnotherMessageIdIsADuplicateWithinADay) {
    conclude(earlier_mail("relayed@gateway.example", std::chrono::hours(24)));
    EXPECT_TRUE(ignored_why().starts_with("mail.duplicate: "));
}

TEST_F(RouteEmail, TheSameTextUnderAnotherMessageIdIsAnotherMailLater) {
    conclude(earlier_mail("relayed@gateway.example", std::chrono::hours(24) + Duration(1)));
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, TheSameMessageIdWithOtherContentIsNoDuplicate) {
    ports::MailRecord earlier = earlier_mail("new@shop.example");
    earlier.content_key = "another";
    conclude(earlier);
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, TwoMailsWithoutMessageIdAndTheSameTextAreOneWithinADay) {
    email.message_id.clear();
    conclude(earlier_mail(""));
    EXPECT_TRUE(ignored_why().starts_with("mail.duplicate: "));
}

TEST_F(RouteEmail, TwoMailsWithDifferentPhotosAreTwo) {
    email.attachments = {
        {.file_name = "a.jpg", .content_type = "image/jpeg", .content_id = "", .bytes = "1", .sha256_hex = "h1"}};
    conclude(earlier_mail("other@shop.example"));
    email.attachments[0].sha256_hex = "h2";
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, MailsWithoutTextAreOnlyDuplicatesByMessageId) {
    email.text = " \n";
    email.attachments = {
        {.file_name = "a.jpg", .content_type = "image/jpeg", .content_id = "", .bytes = "1", .sha256_hex = "h1"}};
    conclude(earlier_mail("other@shop.example"));
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, AMailOfWhichWeOnlyHaveTheBeginningIsOnlyADuplicateByMessageId) {
    record.is_truncated = true;
    conclude(earlier_mail("other@shop.example"));
    EXPECT_TRUE(std::holds_alternative<NewCase>(routed()));
}

TEST_F(RouteEmail, AMailThatWasIgnoredAsOursMakesNoDuplicates) {
    ports::MailRecord earlier = earlier_mail("new@shop.example");
    earlier.outcome = MailOutcome::ignored;
    earlier.reason = "mail.loop: it bears X-Resolute-Effect";
    conclude(earlier);
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, AMailIsNotADuplicateOfItself) {
    ports::MailRecord earlier = earlier_mail("new@shop.example");
    record.id = earlier.id;
    conclude(earlier);
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, AMailWithoutUsableSenderOpensACaseForAPerson) {
    email.from.address.clear();
    EXPECT_EQ(routed(), Route(NewCase{"no usable sender", ""}));
}

TEST_F(RouteEmail, AMailWithNeitherTextNorAttachmentOpensACaseForAPerson) {
    email.text = "\n \t";
    EXPECT_EQ(routed(), Route(NewCase{"neither text nor attachment", ""}));
}

TEST_F(RouteEmail, AMailThatPassedALimitOpensACaseThatNamesTheLimit) {
    email.is_over_limit = true;
    email.defects = {{"mail.no_date", "no Date"}, {"mail.mime_too_deep", "200 levels > 20"}};
    EXPECT_EQ(routed(), Route(NewCase{"limit passed: mail.mime_too_deep: 200 levels > 20", ""}));
}

TEST_F(RouteEmail, AMailThatWasCutOpensACaseForAPerson) {
    record.is_truncated = true;
    record.size = 30'000'000;
    const Route route = routed();
    ASSERT_TRUE(std::holds_alternative<NewCase>(route));
    EXPECT_TRUE(std::get<NewCase>(route).intake_problem.starts_with("limit passed: mail.too_large: 30000000 bytes"));
}

TEST_F(RouteEmail, AReplyByTheCustomerJoinsTheCase) {
    email.in_reply_to = "t1@us.example";
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::verified}));
}

TEST_F(RouteEmail, AReplyJoinsWithItsOwnTrustNotTheCases) {
    email.in_reply_to = "t1@us.example";
    sender.trust = Trust::unverified;
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::unverified}));
}

TEST_F(RouteEmail, AReplyWhoseAuthenticationFailedOpensItsOwnLinkedCase) {
    email.in_reply_to = "t1@us.example";
    sender.trust = Trust::failed;
    EXPECT_EQ(routed(), Route(NewCase{"", "c1"}));
}

TEST_F(RouteEmail, AReplyBySomebodyElseOpensItsOwnLinkedCase) {
    email.in_reply_to = "b1@us.example";
    EXPECT_EQ(routed(), Route(NewCase{"", "c2"}));
}

TEST_F(RouteEmail, TheCustomersDomainHasNoCaseButTheLocalPartHas) {
    email.in_reply_to = "t1@us.example";
    email.from.address = "ann@SHOP.example";
    EXPECT_TRUE(std::holds_alternative<ExistingCase>(routed()));
    email.from.address = "Ann@shop.example";
    EXPECT_EQ(routed(), Route(NewCase{"", "c1"}));
}

TEST_F(RouteEmail, ReferencesAreFollowedFromTheNewest) {
    cases.add("c3", "ann@shop.example", {"t3@us.example"});
    email.in_reply_to = "unknown@shop.example";
    email.references = {"t1@us.example", "t3@us.example", "unknown@shop.example"};
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c3"), Trust::verified}));
}

TEST_F(RouteEmail, AConversationOfSomebodyElseOnTheWayDoesNotHideOnesOwn) {
    email.in_reply_to = "b1@us.example";
    email.references = {"t1@us.example"};
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::verified}));
}

TEST_F(RouteEmail, TheSubjectNeverThreads) {
    email.subject = "Re: [T-1001] c1 t1@us.example";
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, AReplyThatCannotBeReadOpensALinkedCaseForAPerson) {
    email.in_reply_to = "t1@us.example";
    email.text.clear();
    EXPECT_EQ(routed(), Route(NewCase{"neither text nor attachment", "c1"}));
}

TEST_F(RouteEmail, WhatLayInTheMailboxForDaysIsForAPerson) {
    record.received_at = kNoon - std::chrono::hours(72);
    EXPECT_EQ(routed(), Route(NewCase{}));
    record.received_at -= Duration(1);
    const Route old = routed();
    ASSERT_TRUE(std::holds_alternative<NewCase>(old));
    EXPECT_TRUE(std::get<NewCase>(old).intake_problem.starts_with("mail.old: it reached the mailbox on "))
        << std::get<NewCase>(old).intake_problem;
    rules.answer_within = std::chrono::hours(24 * 365);
    EXPECT_EQ(routed(), Route(NewCase{}));
}

TEST_F(RouteEmail, ALateReplyStillReachesItsOwnConversation) {
    record.received_at = kNoon - std::chrono::hours(100);
    email.in_reply_to = "t1@us.example";
    EXPECT_EQ(routed(), Route(ExistingCase{CaseId("c1"), Trust::verified}));
}

TEST_F(RouteEmail, AFailingStoreIsAnErrorAndNoRoute) {
    email.in_reply_to = "t1@us.example";
    for (int call = 1; call <= 3; ++call) {
        faults.calls = 0;
        faults.fail_at = call;
        const auto result = route({.record = record, .email = email, .sender = sender, .now = kNoon}, rules, store, cases);
        ASSERT_FALSE(result) << call;
        EXPECT_EQ(result.error().code, "test.disk_full");
    }
}

TEST(IsSameAddress, ComparesTheLocalPartToTheLetter) {
    EXPECT_TRUE(mail::is_same_address("a@b.c", "a@B.C"));
    EXPECT_FALSE(mail::is_same_address("A@b.c", "a@b.c"));
    EXPECT_FALSE(mail::is_same_address("", ""));
    EXPECT_FALSE(mail::is_same_address("a@b.c", "aa@b.c"));
    EXPECT_FALSE(mail::is_same_address("nobody", "nobody"));
}

}  // namespace
}  // namespace resolute::mailroom
