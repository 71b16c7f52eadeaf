// SPDX-License-Identifier: Apache-2.0
#include "mailroom/intake.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "mail/limits.h"
#include "mailroom/limits.h"
#include "mailroom/sender_scan.h"
#include "mailroom/test_fakes.h"

namespace resolute::mailroom {
namespace {

using ports::MailOutcome;
using test::kNoon;
using test::Letter;
using test::raw;
using test::World;

std::string numbered(int i) {
    return raw({.from = "p" + std::to_string(i) + "@shop.example",
                .message_id = "<" + std::to_string(i) + "@shop.example>",
                .text = "Question number " + std::to_string(i)});
}

const casework::CaseOpened& opened(const World& world, std::size_t i) {
    return std::get<casework::CaseOpened>(world.inbox.signals.at(i).second);
}

TEST(Intake, AMailIsKeptMarkedOpenedAndConcluded) {
    World world;
    world.source.add(raw({.more = {"Authentication-Results: mx.us.example; dmarc=pass header.from=shop.example"}}));
    const IntakeRound round = world.run();
    EXPECT_EQ(round.kept, 1u);
    EXPECT_EQ(round.opened, 1u);
    EXPECT_TRUE(round.problems.empty());
    EXPECT_TRUE(world.source.done_uids.contains("u0"));
    ASSERT_EQ(world.inbox.signals.size(), 1u);
    const ports::MailRecord& record = world.store.records[0];
    EXPECT_EQ(record.outcome, MailOutcome::new_case);
    EXPECT_EQ(record.case_id, case_id_for(record.id));
    EXPECT_EQ(record.from, "ann@shop.example");
    EXPECT_EQ(record.message_id, "1@shop.example");
    EXPECT_FALSE(record.content_key.empty());
    EXPECT_EQ(record.attempts, 1);
    const auto& event = opened(world, 0);
    EXPECT_EQ(event.id, record.case_id);
    EXPECT_EQ(event.mail_id, record.id);
    EXPECT_EQ(event.trust, casework::Trust::verified);
    EXPECT_EQ(event.subject, "My order");
    EXPECT_EQ(event.intake_problem, "");
    EXPECT_TRUE(world.run().is_idle());
}

TEST(Intake, WhatIsKeptFromAnImmutableSourceIsNotFetchedAgainAfterAStart) {
    World world;
    world.options.list_max = 2;
    world.source.are_immutable = true;
    for (int i = 0; i < 5; ++i) world.source.add(numbered(i));
    while (!world.run().is_idle()) {
    }
    EXPECT_EQ(world.source.fetches, 5u);
    world.source.done_uids.clear();  // What only the memory of the program before knew.
    world.source.add(numbered(5));
    const IntakeRound round = world.run();
    EXPECT_EQ(round.known, 5u);
    EXPECT_EQ(round.kept, 1u);
    EXPECT_EQ(world.source.fetches, 6u);
    EXPECT_EQ(world.source.done_uids.size(), 6u);
    EXPECT_FALSE(world.source.done_too_early);
}

TEST(Intake, AFileThatMayBeWrittenAnewIsFetchedAgainAndIsAnotherMail) {
    World world;
    world.source.add(numbered(1));
    world.run();
    world.source.done_uids.clear();
    world.source.mails[0].bytes = numbered(2);
    EXPECT_EQ(world.run().kept, 1u);
    EXPECT_EQ(world.store.records.size(), 2u);
}

TEST(Intake, ACaseIdHasTheShapeOfACaseIdAndDependsOnTheMailAlone) {
    const CaseId id = case_id_for(MailId("m123"));
    EXPECT_EQ(id.value().size(), 16u);
    EXPECT_EQ(id.value()[0], 'c');
    EXPECT_EQ(id, case_id_for(MailId("m123")));
    EXPECT_NE(id, case_id_for(MailId("m124")));
    EXPECT_EQ(input_id_for(MailId("m123")).value(), "mail/m123");
}

TEST(Intake, AReplyGoesToItsCase) {
    World world;
    world.source.add(raw({}));
    world.run();
    world.source.add(
        raw({.message_id = "<2@shop.example>", .text = "One more thing", .more = {"In-Reply-To: <1@shop.example>"}}));
    EXPECT_EQ(world.run().appended, 1u);
    ASSERT_EQ(world.inbox.signals.size(), 2u);
    const auto& arrived = std::get<casework::MailArrived>(world.inbox.signals[1].second);
    EXPECT_EQ(world.inbox.signals[1].first, case_id_for(world.store.records[0].id));
    EXPECT_EQ(arrived.mail.message_id, "2@shop.example");
    EXPECT_EQ(arrived.mail.sender, "ann@shop.example");
    EXPECT_NE(arrived.mail.text.find("One more thing"), std::string::npos);
}

TEST(Intake, AReplyThatItsCaseRefusesOpensALinkedOne) {
    World world;
    world.source.add(raw({}));
    world.run();
    world.inbox.refuse = [](const CaseId&, const casework::Signal& signal) -> std::optional<Error> {
        if (std::holds_alternative<casework::CaseOpened>(signal)) return std::nullopt;
        return Error{.code = "case.not_open", .kind = ErrorKind::conflict, .effect = EffectState::refused};
    };
    world.source.add(raw({.message_id = "<2@shop.example>", .text = "Again", .more = {"In-Reply-To: <1@shop.example>"}}));
    EXPECT_EQ(world.run().opened, 1u);
    EXPECT_EQ(opened(world, 1).linked_case, case_id_for(world.store.records[0].id).value());
}

TEST(Intake, AMailThatTheEngineWillNeverAdmitIsQuarantined) {
    World world;
    world.inbox.refuse = [](const CaseId&, const casework::Signal&) {
        return std::optional(Error{.code = "case.malformed", .kind = ErrorKind::invalid, .detail = "why"});
    };
    world.source.add(raw({}));
    EXPECT_EQ(world.run().quarantined, 1u);
    EXPECT_EQ(world.store.records[0].reason, "mail.not_admitted: case.malformed: why");
}

TEST(Intake, TheSameMailInTwoMailboxesIsOneCase) {
    World world;
    test::FakeSource other(world.faults, world.store, "alias");
    world.sources.push_back(&other);
    world.source.add(raw({}));
    other.add(raw({.more = {"Received: by another way"}}));
    const IntakeRound round = world.run();
    EXPECT_EQ(round.opened, 1u);
    EXPECT_EQ(round.ignored, 1u);
    EXPECT_EQ(world.store.records[1].reason, "mail.duplicate: same as " + world.store.records[0].id.value());
}

TEST(Intake, AutomaticMailIsRecordedAndReachesNobody) {
    World world;
    world.source.add(raw({.more = {"Auto-Submitted: auto-replied"}}));
    world.source.add(raw({.from = "support@us.example"}));
    world.source.add(raw({.more = {"X-Resolute-Effect: abc"}}));
    EXPECT_EQ(world.run().ignored, 3u);
    EXPECT_TRUE(world.inbox.signals.empty());
    EXPECT_EQ(world.store.records[0].reason, "mail.auto_reply: Auto-Submitted: auto-replied");
}

TEST(Intake, AnEmptyFileIsQuarantinedAndNeverACase) {
    World world;
    world.source.add("");
    EXPECT_EQ(world.run().quarantined, 1u);
    EXPECT_EQ(world.store.records[0].reason, "mail.empty: the file has no bytes");
    EXPECT_TRUE(world.inbox.signals.empty());
}

TEST(Intake, BytesThatAreNoMailOpenACaseForAPerson) {
    World world;
    world.source.add(std::string("\x00\xff\x01 what is this", 16));
    EXPECT_EQ(world.run().opened, 1u);
    EXPECT_EQ(opened(world, 0).intake_problem, "no usable sender");
    EXPECT_EQ(world.store.records[0].reason, "no usable sender");
}

TEST(Intake, ATooLargeMailIsKeptByItsHeadAndOpensACaseForAPerson) {
    World world;
    world.source.add(raw({.text = std::string(1u << 20, 'x')}));
    world.source.fetch_errors["u0"] = {.code = "mail.too_large", .kind = ErrorKind::exhausted};
    EXPECT_EQ(world.run().opened, 1u);
    EXPECT_TRUE(world.store.records[0].is_truncated);
    EXPECT_GT(world.store.records[0].size, mail::limits::raw_bytes_max);
    EXPECT_EQ(world.store.blobs.begin()->second.size(), kHeadBytesMax);
    EXPECT_TRUE(opened(world, 0).intake_problem.starts_with("limit passed: mail.too_large"));
    EXPECT_TRUE(world.source.done_uids.contains("u0"));
}

TEST(Intake, ASourceThatHandsOverTooMuchIsCutHere) {
    World world;
    world.source.add(raw({.text = std::string(mail::limits::raw_bytes_max, 'x')}));
    EXPECT_EQ(world.run().opened, 1u);
    EXPECT_TRUE(world.store.records[0].is_truncated);
    EXPECT_EQ(world.store.records[0].size, world.source.mails[0].bytes.size());
}

TEST(Intake, AMailThatVanishedIsNobodysProblem) {
    World world;
    world.source.add(raw({}));
    world.source.add(numbered(2));
    world.source.fetch_errors["u0"] = {.code = "mail.vanished", .kind = ErrorKind::not_found};
    const IntakeRound round = world.run();
    EXPECT_EQ(round.opened, 1u);
    EXPECT_TRUE(round.problems.empty());
}

TEST(Intake, AMailThatCannotBeFetchedDoesNotHideTheOthers) {
    World world;
    for (int i = 0; i < 4; ++i) world.source.add(numbered(i));
    world.source.fetch_errors["u1"] = {.code = "imap.broken", .kind = ErrorKind::unavailable};
    const IntakeRound round = world.run();
    EXPECT_EQ(round.opened, 3u);
    ASSERT_EQ(round.problems.size(), 1u);
    EXPECT_EQ(round.problems[0].where, "box");
    EXPECT_FALSE(world.source.done_uids.contains("u1"));
    world.source.fetch_errors.clear();
    EXPECT_EQ(world.run().opened, 1u);
}

TEST(Intake, ASourceThatOnlyFailsIsLeftAloneAfterThreeErrors) {
    World world;
    for (int i = 0; i < 50; ++i) {
        world.source.add(numbered(i));
        world.source.fetch_errors["u" + std::to_string(i)] = {.code = "imap.broken", .kind = ErrorKind::unavailable};
    }
    EXPECT_EQ(world.run().problems.size(), static_cast<std::size_t>(kFetchErrorsMax));
}

TEST(Intake, ASourceThatIsDownDoesNotHinderTheOthers) {
    World world;
    test::FakeSource down(world.faults, world.store, "down");
    down.list_error = Error{.code = "imap.unreachable", .kind = ErrorKind::unavailable};
    world.sources.insert(world.sources.begin(), &down);
    world.source.add(raw({}));
    const IntakeRound round = world.run();
    EXPECT_EQ(round.opened, 1u);
    ASSERT_EQ(round.problems.size(), 1u);
    EXPECT_EQ(round.problems[0].where, "down");
    EXPECT_EQ(round.problems[0].error.code, "imap.unreachable");
    EXPECT_FALSE(round.stopped_by);
}

TEST(Intake, RawMailsAreKeptInBatchesOfAtMostSixtyFour) {
    World world;
    for (int i = 0; i < 150; ++i) world.source.add(numbered(i));
    EXPECT_EQ(world.run().kept, 150u);
    EXPECT_EQ(world.store.largest_batch, kKeepMailsMax);
}

TEST(Intake, ALargeMailEndsItsBatchSoThatMemoryStaysBounded) {
    World world;
    for (int i = 0; i < 5; ++i) world.source.add(numbered(i) + std::string(12u << 20, 'x'));
    world.parse = [](std::string_view) { return mail::ParsedEmail{}; };
    EXPECT_EQ(world.run().kept, 5u);
    EXPECT_EQ(world.store.largest_batch, 3u);
}

TEST(Intake, AReceivedTimeInTheFutureBecomesNow) {
    World world;
    world.source.add(raw({}), kNoon + std::chrono::days(100));
    world.run();
    EXPECT_EQ(world.store.records[0].received_at, kNoon);
}

TEST(Intake, VipsAreWorkedOffFirstThenTheOldest) {
    World world;
    world.options.vip_hint = [](std::string_view address) { return address == "vip@shop.example"; };
    world.source.add(raw({.from = "b@shop.example", .message_id = "<b@x>", .text = "b"}), kNoon - std::chrono::hours(1));
    world.source.add(raw({.from = "a@shop.example", .message_id = "<a@x>", .text = "a"}), kNoon - std::chrono::hours(2));
    world.source.add(raw({.from = "V <vip@SHOP.example>", .message_id = "<v@x>", .text = "v"}), kNoon);
    EXPECT_EQ(world.run().opened, 3u);
    EXPECT_EQ(opened(world, 0).sender, "vip@shop.example");
    EXPECT_EQ(opened(world, 1).sender, "a@shop.example");
    EXPECT_EQ(opened(world, 2).sender, "b@shop.example");
}

TEST(Intake, AVipBeyondTheRoundsShareIsFoundInTheBacklogAfterARestart) {
    World world;
    world.options.vip_hint = [](std::string_view address) { return address == "vip@shop.example"; };
    world.options.work_max = 2;
    for (int i = 0; i < 9; ++i) world.source.add(numbered(i), kNoon - std::chrono::minutes(60 - i));
    world.source.add(raw({.from = "vip@shop.example", .message_id = "<v@x>", .text = "v"}), kNoon);
    EXPECT_EQ(world.run().opened, 2u);
    EXPECT_EQ(opened(world, 0).sender, "vip@shop.example");
    world.restart();
    EXPECT_EQ(world.run().opened, 2u);
    EXPECT_EQ(opened(world, 2).sender, "p1@shop.example");
}

TEST(Intake, WhereOthersTakeInTooItHoldsNoMoreThanItsShare) {
    World world;
    world.options.held_max = 2;
    for (int i = 0; i < 9; ++i) world.source.add(numbered(i), kNoon - std::chrono::minutes(60 - i));
    EXPECT_EQ(world.run().opened, 2u);
    EXPECT_EQ(world.store.claim_pending(world.now, 10, kHold)->size(), 7u) << "another intake gets the rest";
    EXPECT_EQ(world.run().opened, 0u);
}

TEST(Intake, WhereItWorksFirstWhatIsKeptDoesNotWaitForTheNextLook) {
    World world;
    world.source.add(numbered(1));
    world.options.work_max = 0;
    EXPECT_EQ(world.run().kept, 1u);
    world.options = {.vip_hint = {}, .works_first = true};
    world.restart();
    world.source.add(numbered(2));
    const IntakeRound first = world.run();
    EXPECT_EQ(first.opened, 1u);
    EXPECT_EQ(first.kept, 1u);
    EXPECT_EQ(world.run().opened, 1u);
}

TEST(Intake, AVipAmongMailsThatItDoesNotHoldIsTakenAlso) {
    World world;
    world.options.vip_hint = [](std::string_view address) { return address == "vip@shop.example"; };
    world.options.held_max = 2;
    for (int i = 0; i < 9; ++i) world.source.add(numbered(i), kNoon - std::chrono::minutes(60 - i));
    EXPECT_EQ(world.run().opened, 2u);
    world.source.add(raw({.from = "vip@shop.example", .message_id = "<v@x>", .text = "v"}), kNoon);
    EXPECT_EQ(world.run().opened, 3u);
    EXPECT_EQ(opened(world, 2).sender, "vip@shop.example");
    world.source.add(raw({.from = "vip@shop.example", .message_id = "<w@x>", .text = "w"}), kNoon);
    world.restart();
    EXPECT_EQ(world.run().opened, 3u);
    EXPECT_EQ(opened(world, 5).sender, "vip@shop.example") << "a program that did not keep it finds it too";
}

TEST(Intake, AMailThatEndedThreeProgramsIsQuarantinedByTheFourth) {
    World world;
    world.source.add(raw({}));
    bool is_poison = true;
    struct Died {};
    world.parse = [&](std::string_view bytes) {
        if (is_poison) throw Died{};  // The nearest that a test comes to a crash: nothing after it runs.
        return mail::parse(bytes);
    };
    for (int i = 0; i < kAttemptsMax; ++i) {
        EXPECT_THROW(world.run(), Died);
        world.restart();
    }
    world.source.add(numbered(2));
    is_poison = false;
    const IntakeRound round = world.run();
    EXPECT_EQ(round.quarantined, 1u);
    EXPECT_EQ(round.opened, 1u);
    EXPECT_TRUE(world.store.records[0].reason.starts_with("mail.poison: "));
}

TEST(Intake, AnEngineThatIsDownForHoursPoisonsNoMail) {
    World world;
    world.source.add(raw({}));
    world.inbox.refuse = [](const CaseId&, const casework::Signal&) {
        return std::optional(Error{.code = "store.disk_full", .kind = ErrorKind::exhausted});
    };
    for (int i = 0; i < 100; ++i) {
        const IntakeRound round = world.run();
        ASSERT_TRUE(round.stopped_by);
        EXPECT_EQ(round.stopped_by->code, "store.disk_full");
    }
    EXPECT_EQ(world.store.records[0].attempts, 1);
    world.inbox.refuse = nullptr;
    EXPECT_EQ(world.run().opened, 1u);
}

TEST(Intake, ACrashBetweenReceiveAndConcludeEndsWithTheSameCase) {
    World world;
    world.source.add(raw({}));
    // The last call of the first round is `conclude`.
    world.run();
    const int calls = world.faults.calls;
    World again;
    again.source.add(raw({}));
    again.faults.fail_at = calls;
    EXPECT_TRUE(again.run().stopped_by);
    EXPECT_EQ(again.store.records[0].outcome, MailOutcome::pending);
    again.restart();
    EXPECT_EQ(again.run().opened, 1u);
    EXPECT_EQ(again.inbox.signals.size(), 1u);
    EXPECT_EQ(again.store.records[0].case_id, case_id_for(again.store.records[0].id));
    EXPECT_EQ(again.store.records[0].subject, "My order");
}

TEST(Intake, ABlobThatRottedIsQuarantinedAndTheOthersGoOn) {
    World world;
    world.source.add(raw({}));
    world.source.add(numbered(2));
    world.options.work_max = 0;
    world.run();
    world.store.blobs.erase(world.store.records[0].blob);
    world.restart();
    world.options.work_max = 10;
    const IntakeRound round = world.run();
    EXPECT_EQ(round.quarantined, 1u);
    EXPECT_EQ(round.opened, 1u);
    EXPECT_TRUE(world.store.records[0].reason.starts_with("mail.unreadable: store.blob_corrupt"));
}

TEST(Intake, AFaultInOneMailsCaseLeavesItPendingAndTheOthersGoOn) {
    World world;
    world.source.add(raw({}));
    world.source.add(numbered(2));
    world.inbox.refuse = [&](const CaseId& id, const casework::Signal&) -> std::optional<Error> {
        if (id != case_id_for(world.store.records[0].id)) return std::nullopt;
        return Error{.code = "engine.fault", .kind = ErrorKind::internal};
    };
    const IntakeRound round = world.run();
    EXPECT_EQ(round.opened, 1u);
    ASSERT_EQ(round.problems.size(), 1u);
    EXPECT_EQ(round.problems[0].where, world.store.records[0].id.value());
    EXPECT_EQ(world.store.records[0].outcome, MailOutcome::pending);
}

TEST(Intake, TextIsCutForTheCaseAndKeptWholeInTheRawMail) {
    World world;
    world.source.add(raw({.text = std::string(200'000, 'y')}));
    world.run();
    EXPECT_LE(opened(world, 0).text.size(), kCaseTextBytesMax);
    EXPECT_GT(opened(world, 0).text.size(), kCaseTextBytesMax - 8);
}

TEST(SubmitMail, TheSameFileTwiceIsOneMail) {
    World world;
    const auto first = world.intake().submit({.position = {"x", "y", "a.eml"}, .received_at = kNoon, .bytes = raw({})});
    const auto second = world.intake().submit({.position = {"x", "y", "b.eml"}, .received_at = kNoon, .bytes = raw({})});
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->outcome, MailOutcome::new_case);
    EXPECT_EQ(first->position.account, "submit");
    EXPECT_EQ(second->id, first->id);
    EXPECT_EQ(second->case_id, first->case_id);
    EXPECT_EQ(world.inbox.signals.size(), 1u);
}

TEST(SubmitMail, AFailureAfterKeepingLeavesItForTheNextRound) {
    World world;
    world.inbox.refuse = [](const CaseId&, const casework::Signal&) {
        return std::optional(Error{.code = "store.disk_full", .kind = ErrorKind::exhausted});
    };
    EXPECT_FALSE(world.intake().submit({.position = {}, .received_at = kNoon, .bytes = raw({})}));
    world.inbox.refuse = nullptr;
    EXPECT_EQ(world.run().opened, 1u);
}

TEST(SubmitMail, AnEmptyFileIsToldToBeQuarantined) {
    World world;
    const auto record = world.intake().submit({.position = {}, .received_at = kNoon, .bytes = ""});
    ASSERT_TRUE(record);
    EXPECT_EQ(record->outcome, MailOutcome::quarantined);
}

TEST(ScanSender, FindsTheAddressWithoutParsingTheMail) {
    EXPECT_EQ(scan_sender("Subject: x\r\nFROM: Ann <ann@Shop.Example>\r\n\r\n"), "ann@shop.example");
    EXPECT_EQ(scan_sender("From: Ann\n <ann@shop.example>\nTo: x@y.z\n\nhi"), "ann@shop.example");
    EXPECT_EQ(scan_sender("From: ann@shop.example"), "ann@shop.example");
    EXPECT_EQ(scan_sender("Subject: x\n\nFrom: body@shop.example\n"), "");
    EXPECT_EQ(scan_sender(""), "");
    EXPECT_EQ(scan_sender("From:"), "");
    EXPECT_EQ(scan_sender(std::string(kScanBytesMax, 'x') + "\nFrom: a@b.example\n"), "");
}

/// A day's mixture: every outcome but poison occurs in it.
void fill(World& world) {
    world.source.add(raw({}), kNoon - std::chrono::minutes(9));
    world.source.add(raw({.message_id = "<2@shop.example>", .text = "And?", .more = {"In-Reply-To: <1@shop.example>"}}),
                     kNoon - std::chrono::minutes(8));
    world.source.add(raw({.more = {"Received: twice"}}), kNoon - std::chrono::minutes(7));
    world.source.add("", kNoon - std::chrono::minutes(6));
    world.source.add(raw({.from = "", .message_id = "<3@x>"}), kNoon - std::chrono::minutes(5));
    world.source.add(raw({.from = "support@us.example", .message_id = "<4@x>"}), kNoon - std::chrono::minutes(4));
}

void expect_settled(World& world, int call) {
    SCOPED_TRACE("call " + std::to_string(call));
    EXPECT_FALSE(world.source.done_too_early);
    EXPECT_EQ(world.source.done_uids.size(), 6u);
    std::map<std::string, MailOutcome> outcomes;
    for (const ports::MailRecord& record : world.store.records) {
        outcomes[record.position.uid] = record.outcome;
        EXPECT_EQ(world.store.conclusions[record.id], 1) << record.position.uid;
        EXPECT_LE(record.attempts, kAttemptsMax);
    }
    ASSERT_EQ(world.store.records.size(), 6u);
    // A mail whose fetching failed comes after those behind it: then its copy opens the case, and the reply finds none yet.
    const bool is_first = outcomes["u0"] == MailOutcome::new_case;
    EXPECT_EQ(outcomes["u0"], is_first ? MailOutcome::new_case : MailOutcome::ignored);
    EXPECT_EQ(outcomes["u2"], is_first ? MailOutcome::ignored : MailOutcome::new_case);
    EXPECT_EQ(outcomes["u1"], is_first ? MailOutcome::appended : MailOutcome::new_case);
    EXPECT_EQ(outcomes["u3"], MailOutcome::quarantined);
    EXPECT_EQ(outcomes["u4"], MailOutcome::new_case);
    EXPECT_EQ(outcomes["u5"], MailOutcome::ignored);
    EXPECT_EQ(world.inbox.signals.size(), 3u);
    EXPECT_EQ(world.inbox.repeated, 0);
}

struct CrashCase {
    test::Faults::When when;
    bool restarts;
    ErrorKind kind;
};

class IntakeUnderFaults : public testing::TestWithParam<CrashCase> {};

TEST_P(IntakeUnderFaults, EveryMailEndsOnceWhicheverCallFails) {
    int call = 1;
    for (;; ++call) {
        World world;
        world.options.vip_hint = [](std::string_view) { return false; };
        fill(world);
        world.faults.fail_at = call;
        world.faults.when = GetParam().when;
        world.faults.error.kind = GetParam().kind;
        for (int round = 0; round < 3; ++round) {
            world.run();
            if (GetParam().restarts) world.restart();
            world.now += std::chrono::minutes(1);  // A claim whose reply was lost holds for a while.
        }
        const bool was_reached = world.faults.calls >= call;
        expect_settled(world, call);
        if (!was_reached || HasFatalFailure()) break;
    }
    EXPECT_GT(call, 40) << "the loop visited the calls of a whole round";
}

INSTANTIATE_TEST_SUITE_P(Faults, IntakeUnderFaults,
                         testing::Values(CrashCase{test::Faults::When::before, false, ErrorKind::exhausted},
                                         CrashCase{test::Faults::When::before, true, ErrorKind::exhausted},
                                         CrashCase{test::Faults::When::after, false, ErrorKind::exhausted},
                                         CrashCase{test::Faults::When::after, true, ErrorKind::timed_out}));

TEST(Intake, AThousandMailsAreTakenInWithinSeconds) {
    World world;
    for (int i = 0; i < 1000; ++i) world.source.add(numbered(i));
    const double start = monotonic_seconds();
    std::size_t opened_cases = 0;
    for (int round = 0; round < 6; ++round) opened_cases += world.run().opened;
    const double seconds = monotonic_seconds() - start;
    EXPECT_EQ(opened_cases, 1000u);
    RecordProperty("seconds", std::to_string(seconds));
    std::printf("intake of 1000 small mails: %.3f s\n", seconds);
    EXPECT_LT(seconds, 30.0);
}

}  // namespace
}  // namespace resolute::mailroom
