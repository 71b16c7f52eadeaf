// SPDX-License-Identifier: Apache-2.0
#include "engine/verify.h"

#include <gtest/gtest.h>

namespace resolute::engine {

namespace {

const CaseId kCase("ca");

std::vector<JournalRow> journal(std::size_t length) {
    std::vector<JournalRow> rows;
    std::string hash = chain_start(kCase);
    for (std::size_t number = 1; number <= length; ++number) {
        const std::string event = "{\"step\":" + std::to_string(number) + "}";
        hash = chain_hash(hash, event);
        rows.push_back({.number = number, .count = 1, .events = event, .sealed = {}, .hash = hash});
    }
    return rows;
}

LoadedCase head_of(const std::vector<JournalRow>& rows) {
    LoadedCase head;
    head.version = rows.size();
    head.head_hash = rows.empty() ? chain_start(kCase) : rows.back().hash;
    return head;
}

}  // namespace

TEST(VerifyJournal, WhatWasWrittenIsSound) {
    EXPECT_FALSE(find_break(kCase, journal(3), head_of(journal(3))).has_value());
}

TEST(VerifyJournal, AChangedEventIsTheFirstThatIsWrong) {
    auto rows = journal(4);
    rows[1].events = "{\"step\":9}";
    EXPECT_EQ(find_break(kCase, rows, head_of(journal(4)))->number, 2u);
}

TEST(VerifyJournal, AnEventRewrittenWithItsHashBreaksTheNext) {
    auto rows = journal(4);
    rows[1].events = "{\"step\":9}";
    rows[1].hash = chain_hash(rows[0].hash, rows[1].events);
    EXPECT_EQ(find_break(kCase, rows, head_of(journal(4)))->number, 3u);
}

TEST(VerifyJournal, AMissingEventIsNamed) {
    auto rows = journal(4);
    rows.erase(rows.begin() + 1);
    EXPECT_EQ(find_break(kCase, rows, head_of(journal(4)))->number, 2u);
}

TEST(VerifyJournal, ACutTailIsSeenByTheCasesOwnRow) {
    auto rows = journal(4);
    rows.pop_back();
    EXPECT_EQ(find_break(kCase, rows, head_of(journal(4)))->number, 0u);
    auto head = head_of(journal(4));
    head.head_hash = journal(3).back().hash;
    EXPECT_EQ(find_break(kCase, journal(4), head)->number, 0u);
}

TEST(VerifyJournal, AJournalOfAnotherCaseDoesNotFit) {
    EXPECT_EQ(find_break(CaseId("cb"), journal(2), head_of(journal(2)))->number, 1u);
}

}  // namespace resolute::engine
