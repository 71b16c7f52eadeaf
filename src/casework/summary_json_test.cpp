// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "casework/state.h"

namespace resolute::casework {

namespace {

Task full_task() {
    Task task;
    task.id = TaskId("t1");
    task.kind = procedure::TaskKind::held_effect;
    task.role = "manager";
    task.assignee = "dana";
    task.state = TaskState::denied;
    task.step = 11;
    task.reason = "A refund over the limit.";
    task.opened_at = from_unix_ms(1'795'000'000'123);
    task.due = from_unix_ms(1'795'000'060'000);
    task.bound_hash = "abc";
    task.amount = Money{.minor = 60000, .currency = "EUR"};
    task.order = "1001";
    task.effect = EffectId("e1");
    task.closed_at = from_unix_ms(1'795'000'030'000);
    task.decided_by = "kim";
    task.note = "No.";
    return task;
}

}  // namespace

TEST(SummaryJson, ATaskComesBackAsItWas) {
    const auto back = task_from_json(to_json(full_task()));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, full_task());
    const auto empty = task_from_json(to_json(Task{}));
    ASSERT_TRUE(empty.has_value());
    EXPECT_EQ(*empty, Task{});
}

TEST(SummaryJson, WhatIsNotThereIsNull) {
    const json::Value summary = to_json(CaseSummary{.id = CaseId("ca")});
    for (const char* name : {"ticket", "category", "priority", "tier", "resolution", "stopped_by_guard", "closed_at"}) {
        ASSERT_TRUE(summary.contains(name)) << name;
        EXPECT_TRUE(summary[name].is_null()) << name;
    }
    const json::Value task = to_json(Task{});
    for (const char* name : {"assignee", "due", "amount", "order", "note", "decided_by", "bound_hash", "closed_at", "effect"}) {
        ASSERT_TRUE(task.contains(name)) << name;
        EXPECT_TRUE(task[name].is_null()) << name;
    }
}

TEST(SummaryJson, EveryStateOfATaskHasAName) {
    for (const TaskState state :
         {TaskState::open, TaskState::approved, TaskState::denied, TaskState::done, TaskState::expired, TaskState::cancelled})
        EXPECT_EQ(parse_task_state(to_string(state)), state);
    EXPECT_FALSE(parse_task_state("lost").has_value());
}

TEST(SummaryJson, AFieldThatCannotBeReadIsAnErrorNotAGuess) {
    json::Value task = to_json(full_task());
    for (const auto& [field, value] : std::vector<std::pair<std::string, std::string>>{
             {"kind", "dance"}, {"state", "lost"}, {"opened_at", "yesterday"}, {"due", "soon"}, {"amount", "much"}}) {
        json::Value broken = task;
        broken.set(field, value);
        const auto result = task_from_json(broken);
        ASSERT_FALSE(result.has_value()) << field;
        EXPECT_EQ(result.error().code, "store.summary_malformed") << field;
    }
    EXPECT_FALSE(summary_from_json(json::Value("text")).has_value());
}

}  // namespace resolute::casework
