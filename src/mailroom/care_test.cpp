// SPDX-License-Identifier: Apache-2.0
// What looks after the mailboxes: putting away, inventory, and reading a mail once more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "mailroom/inventory.h"
#include "mailroom/limits.h"
#include "mailroom/put_away.h"
#include "mailroom/silence.h"
#include "mailroom/test_fakes.h"

namespace resolute::mailroom {
namespace {

using ports::MailOutcome;
using ports::PutAway;
using test::kNoon;
using test::Letter;
using test::raw;
using test::World;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Duration kLongAgo = std::chrono::hours(1);

std::string numbered(int i) {
    return raw({.from = "p" + std::to_string(i) + "@shop.example",
                .message_id = "<" + std::to_string(i) + "@shop.example>",
                .text = "Question number " + std::to_string(i)});
}

/// The rows that are to be put away, and nothing else of a ledger.
class FakeLedger final : public ports::MailLedger {
public:
    explicit FakeLedger(test::FakeStore& store) : store_(store) {}
    Result<std::vector<ports::MailRecord>> to_put_away(const std::string&, const std::string&, std::size_t limit) override {
        std::vector<ports::MailRecord> found;
        for (const auto& record : store_.records)
            if (record.is_to_put_away && found.size() < limit) found.push_back(record);
        return found;
    }
    Status mark_put_away(const std::vector<MailId>& mails) override {
        for (auto& record : store_.records)
            if (std::ranges::find(mails, record.id) != mails.end()) record.is_to_put_away = false;
        return {};
    }
    Status reopen(const MailId&, const std::string&, Instant, Duration) override { return fail("test.unused", ErrorKind::internal); }
    Result<std::vector<ports::Reopening>> reopenings(const MailId&) override { return fail("test.unused", ErrorKind::internal); }
    Result<std::vector<Instant>> arrivals(const std::string&, Instant) override { return fail("test.unused", ErrorKind::internal); }
    Status put_note(const std::string&, const std::string&) override { return fail("test.unused", ErrorKind::internal); }
    Result<std::map<std::string, std::string>> notes(const std::string&) override { return fail("test.unused", ErrorKind::internal); }

private:
    test::FakeStore& store_;
};

/// A mailbox in which mails can be put away.
class Shelf final : public ports::MailSource {
public:
    [[nodiscard]] std::string name() const override { return "shelf"; }
    Result<std::vector<mail::SourcePosition>> list(std::size_t) override { return std::vector<mail::SourcePosition>{}; }
    Result<mail::RawMail> fetch(const mail::SourcePosition&) override { return fail("mail.vanished", ErrorKind::not_found); }
    Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t) override { return fetch(position); }
    Status done(const mail::SourcePosition&) override { return {}; }
    [[nodiscard]] bool is_immutable() const override { return true; }
    [[nodiscard]] bool puts_away(PutAway how) const override { return how == PutAway::done || has_quarantine; }
    Status put_away(const std::vector<mail::SourcePosition>& positions, PutAway how) override {
        if (failing == how) return fail("imap.refused", ErrorKind::refused, "no");
        for (const auto& position : positions) (how == PutAway::done ? done_uids : quarantined_uids).push_back(position.uid);
        return {};
    }

    bool has_quarantine = true;
    std::optional<PutAway> failing;
    std::vector<std::string> done_uids;
    std::vector<std::string> quarantined_uids;
};

class PuttingAway : public testing::Test {
protected:
    void SetUp() override {
        world_.options.puts_away = [](const ports::MailRecord& record) { return record.outcome != MailOutcome::pending; };
        world_.source.add(numbered(0));
        world_.source.add("");  // Quarantined.
        world_.source.add(raw({.more = {"List-Id: <news.shop.example>"}}));
        world_.run();
    }
    World world_;
    FakeLedger ledger_{world_.store};
    Shelf shelf_;
};

TEST_F(PuttingAway, EachIsPutAwayOnceAsItsOutcomeSays) {
    EXPECT_EQ(*put_away(shelf_, ledger_), 3U);
    EXPECT_THAT(shelf_.done_uids, ElementsAre("u0", "u2"));
    EXPECT_THAT(shelf_.quarantined_uids, ElementsAre("u1"));
    EXPECT_EQ(*put_away(shelf_, ledger_), 0U);
    EXPECT_EQ(shelf_.done_uids.size(), 2U);
}

TEST_F(PuttingAway, WhatFailsIsTriedAgainAndHoldsUpNoOther) {
    shelf_.failing = PutAway::done;
    EXPECT_EQ(put_away(shelf_, ledger_).error().code, "imap.refused");
    EXPECT_THAT(shelf_.quarantined_uids, ElementsAre("u1"));
    shelf_.failing.reset();
    EXPECT_EQ(*put_away(shelf_, ledger_), 2U);
    EXPECT_THAT(shelf_.done_uids, ElementsAre("u0", "u2"));
    EXPECT_EQ(shelf_.quarantined_uids.size(), 1U);
}

TEST_F(PuttingAway, WhatIsNotConfiguredAnyMoreIsLeftAndForgotten) {
    shelf_.has_quarantine = false;
    EXPECT_EQ(*put_away(shelf_, ledger_), 3U);
    EXPECT_THAT(shelf_.quarantined_uids, IsEmpty());
    EXPECT_EQ(*put_away(world_.source, ledger_), 0U) << "a mailbox that is only read";
}

// --- Inventory ---------------------------------------------------------------------------------------------------------------

class TakingInventory : public testing::Test {
protected:
    /// The same mailbox as a new connection sees it.
    Inventory take(bool is_being_read = false) {
        test::FakeSource second(world_.faults, world_.store);
        second.mails = world_.source.mails;
        second.fetch_errors = world_.source.fetch_errors;
        second.list_error = world_.source.list_error;
        Inventory inventory = take_inventory(second, world_.store, world_.intake(), world_.now, is_being_read);
        EXPECT_EQ(inventory.there, inventory.accounted + inventory.known_content + inventory.on_their_way + inventory.missed);
        EXPECT_EQ(inventory_from(to_json(inventory)), inventory);
        return inventory;
    }
    World world_;
};

TEST_F(TakingInventory, WhatWasTakenInIsAccounted) {
    for (int i = 0; i < 3; ++i) world_.source.add(numbered(i));
    world_.run();
    const Inventory inventory = take();
    EXPECT_EQ(inventory.there, 3U);
    EXPECT_EQ(inventory.accounted, 3U);
    EXPECT_EQ(inventory.unaccounted(), 0U);
    EXPECT_EQ(inventory.problem, "");
}

TEST_F(TakingInventory, WhatNobodyHadIsToldTakenInAndWorkedOff) {
    world_.source.add(numbered(0));
    world_.run();
    // The source believes that it is done with it, and the store never had it.
    world_.source.add(numbered(1), kNoon - kLongAgo);
    world_.source.done_uids.insert("u1");
    EXPECT_EQ(world_.run().kept, 0U);
    const Inventory inventory = take();
    EXPECT_EQ(inventory.missed, 1U);
    EXPECT_EQ(inventory.taken_in, 1U);
    EXPECT_EQ(inventory.unaccounted(), 0U);
    EXPECT_THAT(inventory.uids, ElementsAre("u1"));
    EXPECT_EQ(world_.run().opened, 1U);
    const Inventory after = take();
    EXPECT_EQ(after.accounted, 2U);
    EXPECT_EQ(after.missed, 0U);
}

TEST_F(TakingInventory, WhatCannotBeHadStaysUnaccounted) {
    world_.source.add(numbered(0), kNoon - kLongAgo);
    world_.source.fetch_errors.emplace("u0", fail("imap.no_body", ErrorKind::unavailable, "no body").error());
    const Inventory inventory = take();
    EXPECT_EQ(inventory.unaccounted(), 1U);
    EXPECT_THAT(inventory.problem, HasSubstr("imap.no_body"));
}

TEST_F(TakingInventory, WhatJustCameOrIsBeingReadIsOnItsWay) {
    world_.source.add(numbered(0), kNoon - kOnTheirWay + std::chrono::seconds(1));
    EXPECT_EQ(take().on_their_way, 1U);
    world_.source.add(numbered(1), kNoon - kLongAgo);
    const Inventory reading = take(true);
    EXPECT_EQ(reading.on_their_way, 1U);
    EXPECT_EQ(reading.accounted, 1U);
    EXPECT_EQ(reading.missed, 0U);
}

TEST_F(TakingInventory, AMailboxThatWasRestoredIsKnownByContent) {
    for (int i = 0; i < 2; ++i) world_.source.add(numbered(i), kNoon - kLongAgo);
    world_.run();
    for (auto& mail : world_.source.mails) mail.position.uid = "anew-" + mail.position.uid;
    const Inventory inventory = take();
    EXPECT_EQ(inventory.known_content, 2U);
    EXPECT_EQ(inventory.missed, 0U);
    const IntakeRound round = world_.run();
    EXPECT_EQ(round.opened, 0U) << "the same mails, and no second case";
    EXPECT_EQ(round.ignored, 2U);
    EXPECT_EQ(take().accounted, 2U);
}

TEST_F(TakingInventory, AMailboxThatIsAwayIsAProblemAndNoProof) {
    world_.source.list_error = fail("mail.unreachable", ErrorKind::unavailable, "away").error();
    EXPECT_THAT(take().problem, HasSubstr("mail.unreachable"));
}

// --- Silence -----------------------------------------------------------------------------------------------------------------

/// Mail each half hour from 8 to 18 o'clock on working days, and none at night and on weekends. `now` is a moment of the sixth week.
std::vector<Instant> office_mail(Instant monday, Instant until) {
    std::vector<Instant> arrivals;
    for (int day = 0; day < 40; ++day)
        for (int half = 16; half < 36 && day % 7 < 5; ++half)
            if (const Instant at = monday + std::chrono::days(day) + std::chrono::minutes(30) * half; at <= until) arrivals.push_back(at);
    return arrivals;
}

TEST(JudgeSilence, WhatIsUsualAtThisHourOfTheWeekIsNoAlarm) {
    const Instant monday = *parse_instant("2026-10-05T00:00:00Z");
    const Instant tuesday = monday + std::chrono::days(36);
    const auto alarming = [&](Instant last, Instant now) { return judge_silence(office_mail(monday, last), now)->is_alarming(); };
    EXPECT_FALSE(alarming(tuesday - std::chrono::hours(6), tuesday + std::chrono::hours(7))) << "the night";
    EXPECT_FALSE(alarming(tuesday + std::chrono::hours(10), tuesday + std::chrono::hours(11)));
    EXPECT_TRUE(alarming(tuesday + std::chrono::hours(11), tuesday + std::chrono::minutes(14 * 60)));
    const Instant sunday = monday + std::chrono::days(34);
    EXPECT_FALSE(alarming(sunday, sunday + std::chrono::hours(15))) << "the weekend";
    // Silent since Friday noon: on Monday afternoon, when mail comes each half hour, it is noticed.
    EXPECT_TRUE(alarming(monday + std::chrono::hours(32 * 24 + 12), monday + std::chrono::hours(35 * 24 + 14)));
}

TEST(JudgeSilence, NothingIsSaidBeforeFourWeeksAreKnown) {
    const Instant now = *parse_instant("2026-11-28T12:00:00Z");
    EXPECT_EQ(judge_silence({}, now), std::nullopt);
    EXPECT_EQ(judge_silence({now - std::chrono::days(27)}, now), std::nullopt);
    EXPECT_TRUE(judge_silence({now - std::chrono::days(29), now - std::chrono::days(1)}, now).has_value());
}

}  // namespace
}  // namespace resolute::mailroom
