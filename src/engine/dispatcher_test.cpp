// SPDX-License-Identifier: Apache-2.0
#include "engine/dispatcher.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace resolute::engine {
namespace {

const Instant kNoon = *parse_instant("2026-11-23T12:00:00Z");
constexpr Duration kSecond = std::chrono::seconds(1);

EffectTicket ticket(std::string id, std::string integration, std::int64_t rank = 0) {
    EffectTicket made;
    made.effect.id = EffectId(std::move(id));
    made.effect.integration = std::move(integration);
    made.rank = rank;
    return made;
}

std::string taken(Dispatcher& dispatcher, Instant now = kNoon) {
    const auto next = dispatcher.take(now);
    return next ? next->effect.id.value() : "";
}

TEST(DispatcherOrder, TheSmallestRankGoesFirstOverAllIntegrations) {
    Dispatcher dispatcher(10, {});
    dispatcher.offer(ticket("late", "mail", 30));
    dispatcher.offer(ticket("vip", "crm", -50));
    dispatcher.offer(ticket("early", "mail", 20));
    EXPECT_EQ(dispatcher.queued(), 3U);
    EXPECT_EQ(taken(dispatcher), "vip");
    EXPECT_EQ(taken(dispatcher), "early");
    EXPECT_EQ(taken(dispatcher), "late");
    EXPECT_EQ(taken(dispatcher), "");
    EXPECT_EQ(dispatcher.queued(), 0U);
}

TEST(DispatcherOrder, EqualRanksGoByAgeThenByName) {
    Dispatcher dispatcher(10, {});
    EffectTicket older = ticket("z", "mail");
    older.effect.planned_at = kNoon - kSecond;
    EffectTicket newer = ticket("a", "mail");
    newer.effect.planned_at = kNoon;
    dispatcher.offer(newer);
    dispatcher.offer(older);
    dispatcher.offer(newer);
    EXPECT_EQ(taken(dispatcher), "z");
    EXPECT_EQ(taken(dispatcher), "a");
    EXPECT_EQ(taken(dispatcher), "a");
}

TEST(DispatcherBulkhead, AFullIntegrationHindersNoOther) {
    Dispatcher dispatcher(10, {{"mail", {.running_max = 2}}});
    for (const char* id : {"m1", "m2", "m3"}) dispatcher.offer(ticket(id, "mail", -100));
    dispatcher.offer(ticket("c1", "crm"));
    EXPECT_EQ(taken(dispatcher), "m1");
    EXPECT_EQ(taken(dispatcher), "m2");
    EXPECT_EQ(taken(dispatcher), "c1");
    EXPECT_EQ(taken(dispatcher), "");
    dispatcher.finished("mail", true, kNoon);
    EXPECT_EQ(taken(dispatcher), "m3");
}

TEST(DispatcherQueue, HasRoomUntilItsLimit) {
    Dispatcher dispatcher(2, {});
    EXPECT_TRUE(dispatcher.has_room());
    dispatcher.offer(ticket("a", "mail"));
    EXPECT_TRUE(dispatcher.has_room());
    dispatcher.offer(ticket("b", "mail"));
    EXPECT_FALSE(dispatcher.has_room());
    taken(dispatcher);
    EXPECT_TRUE(dispatcher.has_room());
}

class Breaker : public ::testing::Test {
protected:
    Breaker() {
        for (int i = 0; i < 40; ++i) dispatcher.offer(ticket("t" + std::to_string(i), "mail"));
    }
    Dispatcher::Change call(bool is_healthy, Instant now) {
        EXPECT_NE(taken(dispatcher, now), "");
        return dispatcher.finished("mail", is_healthy, now);
    }
    void open() {
        EXPECT_EQ(call(false, kNoon), Dispatcher::Change::none);
        EXPECT_EQ(call(false, kNoon), Dispatcher::Change::none);
        EXPECT_EQ(call(false, kNoon), Dispatcher::Change::opened);
    }
    Dispatcher dispatcher{100, {{"mail", {.running_max = 8, .failures_to_open = 3, .open_for = 30 * kSecond}}}};
};

TEST_F(Breaker, OpensAfterFailuresInARowAndNotAfterScatteredOnes) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(call(false, kNoon), Dispatcher::Change::none);
        EXPECT_EQ(call(false, kNoon), Dispatcher::Change::none);
        EXPECT_EQ(call(true, kNoon), Dispatcher::Change::none);
    }
    EXPECT_FALSE(dispatcher.next_probe());
    open();
    EXPECT_EQ(dispatcher.next_probe(), kNoon + 30 * kSecond);
    EXPECT_EQ(taken(dispatcher, kNoon + 29 * kSecond), "");
}

TEST_F(Breaker, LetsOneCallTryWhenItsTimeHasComeAndClosesOnSuccess) {
    open();
    const Instant later = kNoon + 30 * kSecond;
    EXPECT_NE(taken(dispatcher, later), "");
    EXPECT_EQ(taken(dispatcher, later), "") << "only one probe at once";
    EXPECT_EQ(dispatcher.finished("mail", true, later), Dispatcher::Change::closed);
    EXPECT_NE(taken(dispatcher, later), "");
    EXPECT_NE(taken(dispatcher, later), "");
    EXPECT_FALSE(dispatcher.next_probe());
}

TEST_F(Breaker, DoublesItsPauseWhileTheProbeFailsToAtMostFifteenMinutes) {
    open();
    Instant now = kNoon;
    for (const int seconds : {30, 60, 120, 240, 480, 900, 900}) {
        EXPECT_EQ(dispatcher.next_probe(), now + seconds * kSecond);
        now += seconds * kSecond;
        EXPECT_EQ(taken(dispatcher, now - kSecond), "");
        EXPECT_EQ(call(false, now), Dispatcher::Change::none);
    }
    now += 900 * kSecond;
    EXPECT_EQ(call(true, now), Dispatcher::Change::closed);
    for (int i = 0; i < 3; ++i) call(false, now);
    EXPECT_EQ(dispatcher.next_probe(), now + 30 * kSecond) << "closed, it begins anew";
}

TEST_F(Breaker, CallsBegunBeforeItOpenedAreNoProbes) {
    for (int i = 0; i < 8; ++i) EXPECT_NE(taken(dispatcher), "");
    for (int i = 0; i < 8; ++i) dispatcher.finished("mail", false, kNoon + kSecond);
    EXPECT_EQ(dispatcher.next_probe(), kNoon + 31 * kSecond);
}

TEST(DispatcherWait, EndsAtOnceWhenItWasStopped) {
    Dispatcher dispatcher(1, {});
    dispatcher.stop();
    const double began = monotonic_seconds();
    dispatcher.wait(std::chrono::hours(1));
    EXPECT_LT(monotonic_seconds() - began, 60);
}

}  // namespace
}  // namespace resolute::engine
