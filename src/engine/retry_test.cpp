// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "engine/engine.h"

namespace resolute::engine {
namespace {

const Instant kNoon = *parse_instant("2026-11-23T12:00:00Z");
constexpr Duration kSecond = std::chrono::seconds(1);

casework::Effect effect(int attempts_max = 10) {
    casework::Effect made;
    made.id = EffectId("effect");
    made.retry = {.attempts_max = attempts_max, .first_delay = 2 * kSecond, .delay_max = 60 * kSecond};
    return made;
}

Error error(ErrorKind kind) { return {.code = "test.failed", .kind = kind}; }

TEST(Retry, HelpsAgainstWhatMayPassAndNotAgainstWhatStays) {
    const std::pair<ErrorKind, bool> kKinds[] = {
        {ErrorKind::invalid, false},      {ErrorKind::not_found, false}, {ErrorKind::refused, false},  {ErrorKind::corrupt, false},
        {ErrorKind::conflict, true},      {ErrorKind::rate_limited, true}, {ErrorKind::unavailable, true}, {ErrorKind::timed_out, true},
        {ErrorKind::exhausted, true},     {ErrorKind::internal, true},
    };
    for (const auto& [kind, is_tried_again] : kKinds) {
        EXPECT_EQ(may_help(kind), is_tried_again) << to_string(kind);
        EXPECT_EQ(retry_at(effect(), 1, error(kind), kNoon).has_value(), is_tried_again) << to_string(kind);
        EXPECT_FALSE(retry_at(effect(), 10, error(kind), kNoon)) << to_string(kind);
    }
}

TEST(Retry, EndsWithTheBudget) {
    EXPECT_FALSE(retry_at(effect(1), 1, error(ErrorKind::unavailable), kNoon));
    EXPECT_TRUE(retry_at(effect(2), 1, error(ErrorKind::unavailable), kNoon));
    EXPECT_FALSE(retry_at(effect(2), 2, error(ErrorKind::unavailable), kNoon));
    EXPECT_FALSE(retry_at(effect(2), 3, error(ErrorKind::unavailable), kNoon));
}

TEST(Retry, DoublesItsDelayWithinTheJitterAndTheLimit) {
    const std::pair<int, int> kDelays[] = {{1, 2}, {2, 4}, {3, 8}, {4, 16}, {5, 32}, {6, 60}, {7, 60}, {399, 60}};
    for (const auto& [attempt, seconds] : kDelays) {
        const auto at = retry_at(effect(400), attempt, error(ErrorKind::timed_out), kNoon);
        ASSERT_TRUE(at);
        EXPECT_GE(*at - kNoon, seconds * 750 * Duration(1)) << attempt;
        EXPECT_LE(*at - kNoon, seconds * 1'250 * Duration(1)) << attempt;
        EXPECT_EQ(at, retry_at(effect(400), attempt, error(ErrorKind::timed_out), kNoon)) << "the same attempt waits as long again";
    }
}

TEST(Retry, SpreadsManyEffectsOverTime) {
    std::set<Instant> moments;
    for (int i = 0; i < 50; ++i) {
        casework::Effect one = effect();
        one.id = EffectId("e" + std::to_string(i));
        moments.insert(*retry_at(one, 5, error(ErrorKind::unavailable), kNoon));
    }
    EXPECT_GT(moments.size(), 40U);
}

TEST(Retry, WaitsAsLongAsTheOtherSideAsksFor) {
    Error limited = error(ErrorKind::rate_limited);
    limited.retry_after = std::chrono::hours(1);
    EXPECT_EQ(retry_at(effect(), 1, limited, kNoon), kNoon + std::chrono::hours(1));
    limited.retry_after = Duration(1);
    EXPECT_GE(*retry_at(effect(), 1, limited, kNoon), kNoon + kSecond);
}

casework::CaseState ranked(std::string tier, std::string priority) {
    casework::CaseState state;
    state.facts.set("customer", json::Value().set("tier", tier));
    if (!priority.empty()) state.facts.set("priority", json::Value().set("level", priority));
    return state;
}

TEST(Rank, VipsGoFirstThenPriorityThenAge) {
    EXPECT_LT(rank_of(ranked("vip", "low"), kNoon), rank_of(ranked("regular", "high"), kNoon));
    EXPECT_LT(rank_of(ranked("regular", "high"), kNoon), rank_of(ranked("regular", ""), kNoon));
    EXPECT_LT(rank_of(ranked("regular", ""), kNoon), rank_of(ranked("regular", "medium"), kNoon));
    EXPECT_LT(rank_of(ranked("regular", "medium"), kNoon), rank_of(ranked("regular", "low"), kNoon));
    EXPECT_LT(rank_of(ranked("regular", "low"), kNoon - kSecond), rank_of(ranked("regular", "low"), kNoon));
    EXPECT_LT(rank_of(ranked("vip", "high"), kNoon), rank_of(ranked("vip", "low"), kNoon));
    EXPECT_NO_FATAL_FAILURE(rank_of(casework::CaseState{}, kNoon));
}

TEST(Rank, WhoWaitsLongerThanTheHeadStartOvertakesANewVip) {
    const std::int64_t vip = rank_of(ranked("vip", "high"), kNoon);
    EXPECT_GT(rank_of(ranked("regular", "low"), kNoon - std::chrono::hours(27)), vip);
    EXPECT_LT(rank_of(ranked("regular", "low"), kNoon - std::chrono::hours(29)), vip);
}

TEST(SettlementFromError, SaysWhatHappenedOutside) {
    const auto kind_of = [](EffectState state) { return Settlement::from({.code = "x", .effect = state}).kind; };
    EXPECT_EQ(kind_of(EffectState::not_sent), Settlement::Kind::failed);
    EXPECT_EQ(kind_of(EffectState::refused), Settlement::Kind::refused);
    EXPECT_EQ(kind_of(EffectState::unknown), Settlement::Kind::unclear);
}

}  // namespace
}  // namespace resolute::engine
