// SPDX-License-Identifier: Apache-2.0
#include <random>

#include <gtest/gtest.h>

#include "life.h"

// Random signals and random ends of effects over the shipped procedure. Whatever comes, the laws of life.cpp hold.
namespace resolute::test {
namespace {

using casework::TaskDecision;
using engine::Settlement;

constexpr int kCases = 60;
constexpr int kActions = 50;

class Chance {
public:
    explicit Chance(std::uint32_t seed) : engine_(seed) {}
    int below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(limit)); }
    bool one_in(int n) { return below(n) == 0; }

private:
    std::mt19937 engine_;
};

testkit::Script random_script(Chance& chance) {
    testkit::Script script;
    script.is_known = !chance.one_in(4);
    script.is_vip = script.is_known && chance.one_in(3);
    script.wants_refund = chance.one_in(2);
    if (!chance.one_in(4)) script.refund = Money{chance.one_in(3) ? 50'000 : chance.below(100'000), "USD"};
    script.is_covered = !chance.one_in(4);
    script.is_sensitive = chance.one_in(4);
    script.decision = chance.one_in(3) ? "human" : chance.one_in(2) ? "offer" : "automatic";
    script.meaning = chance.one_in(2) ? "persists" : "satisfied";
    if (chance.one_in(4)) {
        script.meaning = "rated";
        script.rating = 1 + chance.below(5);
    }
    if (chance.one_in(3)) script.resolution_text = "We will refund you $90.00. Open your orders.";
    script.has_articles = !chance.one_in(5);
    script.is_readable = !chance.one_in(8);
    return script;
}

Settlement random_settlement(Chance& chance, const Life& life, const casework::Effect& effect) {
    Error error{.code = "test.random", .kind = ErrorKind::unavailable, .effect = EffectState::not_sent, .detail = "random"};
    switch (chance.below(14)) {
        case 0:
        case 1: return Settlement::from(error);
        case 2: error.effect = EffectState::refused; return Settlement::from(error);
        case 3: error.effect = EffectState::unknown; return Settlement::from(error);
        default: return testkit::answer(life.script, effect);
    }
}

TaskDecision random_decision(Chance& chance, const casework::CaseState& state) {
    TaskDecision decision{.by = "bob", .by_manager = chance.one_in(2)};
    if (!state.tasks.empty()) decision.task = state.tasks[static_cast<std::size_t>(chance.below(static_cast<int>(state.tasks.size())))].id;
    decision.verb = static_cast<TaskDecision::Verb>(chance.below(4));
    decision.note = "carol";
    if (chance.one_in(2)) decision.reply = chance.one_in(2) ? "We will refund you $40.00." : "Here is your invoice.";
    if (chance.one_in(2)) decision.amount = Money{chance.below(90'000), "USD"};
    decision.went_out = chance.one_in(2);
    return decision;
}

void act(Life& life, Chance& chance, int number) {
    switch (chance.below(10)) {
        case 0: ignore_error(life.signal(testkit::reply_mail(number)), "a refusal is an answer too"); break;
        case 1:
        case 2:
        case 3: ignore_error(life.signal(random_decision(chance, life.state)), "most are refused"); break;
        case 4: ignore_error(life.signal(casework::CustomerRating{chance.below(7), "ann"}), "some are out of range"); break;
        case 5: life.advance(kHour * (1 + chance.below(200)), false); break;
        case 6: life.script = random_script(chance); break;
        case 7:
            if (chance.one_in(4)) life.apply({casework::CaseQuarantined{"random"}});
            if (life.state.is_quarantined) life.apply({casework::CaseReleased{"bob"}});
            life.settle_down();
            break;
        default: break;
    }
    for (int i = chance.below(12); i > 0 && !life.effects.empty(); --i) {
        const auto at = std::next(life.effects.begin(), chance.below(static_cast<int>(life.effects.size())));
        if (life.state.effects.at(at->first).state == casework::OpenEffect::State::held) continue;
        const casework::Effect effect = at->second;
        life.answer_one(effect.id, random_settlement(chance, life, effect));
    }
}

TEST(RandomLives, KeepEveryLawOfACase) {
    int closed = 0;
    int answered = 0;
    int granted = 0;
    for (std::uint32_t seed = 1; seed <= kCases; ++seed) {
        Chance chance(seed);
        Life life(random_script(chance));
        life.open(chance.one_in(4) ? static_cast<casework::Trust>(chance.below(3)) : casework::Trust::verified);
        for (int i = 0; i < kActions && life.broken.empty(); ++i) {
            act(life, chance, i);
            if (i % 5 == 0) life.check_thoroughly();
        }
        life.check_thoroughly();
        ASSERT_EQ(life.broken, "") << "seed " << seed;
        EXPECT_LT(life.most_moves, 60) << "seed " << seed;
        closed += life.count("CaseClosed");
        answered += life.count("EffectSucceeded", "sent");
        granted += life.count("RefundGranted");
    }
    // The lives were lives: every part of the procedure was reached.
    EXPECT_GT(closed, 5);
    EXPECT_GT(answered, 40);
    EXPECT_GT(granted, 2);
}

TEST(RandomLives, EndOnceTheWorldIsWellAgain) {
    for (std::uint32_t seed = 101; seed <= 150; ++seed) {
        Chance chance(seed);
        Life life(random_script(chance));
        life.open();
        for (int i = 0; i < 15; ++i) act(life, chance, i);
        life.script = {};
        life.script.meaning = "satisfied";
        // People do their work, and the customer says no more.
        for (int i = 0; i < 40 && life.broken.empty(); ++i) {
            life.run();
            const std::vector<casework::Task> tasks = life.state.tasks;
            for (const casework::Task& task : tasks) {
                TaskDecision decision{.task = task.id, .by = "mia", .by_manager = true, .amount = task.amount ? task.amount : Money{1, "USD"}};
                const bool is_approval = task.kind == procedure::TaskKind::approve || task.kind == procedure::TaskKind::review;
                decision.verb = is_approval ? TaskDecision::Verb::approve : TaskDecision::Verb::resolve;
                if (casework::find_task(life.state, task.id)->state != casework::TaskState::open) continue;
                EXPECT_TRUE(life.signal(decision)) << seed;
            }
            life.advance(24 * kHour);
        }
        life.check_thoroughly();
        ASSERT_EQ(life.broken, "") << "seed " << seed;
        EXPECT_EQ(life.state.phase, casework::Phase::closed) << "seed " << seed << " stands at step " << life.state.step;
        EXPECT_TRUE(life.effects.empty());
    }
}

}  // namespace
}  // namespace resolute::test
