// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/hash.h"
#include "casework/casework.h"
#include "casework/journal.h"

// Whole journals, as the program that wrote their format kept them, with the state that it computed. Never change one of these
// files: they stand for the databases of companies.
namespace resolute::test {
namespace {

namespace fs = std::filesystem;

struct KeptJournal {
    std::string name;
    json::Value content;
};

std::vector<KeptJournal> kept_journals(std::string_view format) {
    std::vector<KeptJournal> journals;
    for (const auto& entry : fs::directory_iterator(fs::path(RESOLUTE_SOURCE_DIR) / "tests/corpus/journals" / format)) {
        const auto text = file::read(entry.path());
        auto content = json::parse(text.value_or(""));
        EXPECT_TRUE(content) << entry.path();
        if (content) journals.push_back({entry.path().stem().string(), std::move(*content)});
    }
    std::ranges::sort(journals, {}, &KeptJournal::name);
    return journals;
}

std::vector<casework::CaseEvent> events_of(const KeptJournal& journal) {
    std::vector<casework::CaseEvent> events;
    for (const json::Value& row : journal.content["rows"].as_array()) {
        auto read = casework::read_events(row["event"].as_string(), {});
        EXPECT_TRUE(read) << journal.name << " " << row["number"].as_int() << ": " << describe(read.error());
        if (!read) return {};
        std::ranges::move(*read, std::back_inserter(events));
    }
    return events;
}

TEST(JournalsOfFormatOne, HaveWholeChains) {
    for (const KeptJournal& journal : kept_journals("format-1")) {
        std::string hash = sha256_hex(journal.content["case"].as_string());
        std::int64_t number = 0;
        for (const json::Value& row : journal.content["rows"].as_array()) {
            hash = sha256_hex(hash + row["event"].as_string());
            EXPECT_EQ(row["number"].as_int(), ++number) << journal.name;
            EXPECT_EQ(row["hash"].as_string(), hash) << journal.name << " " << number;
        }
        EXPECT_GT(number, 0) << journal.name;
    }
}

TEST(JournalsOfFormatOne, FoldIntoTheStateThatTheyFoldedIntoThen) {
    const auto journals = kept_journals("format-1");
    EXPECT_GE(journals.size(), 11U);
    for (const KeptJournal& journal : journals) {
        const auto kept = json::parse(journal.content["state"].as_string());
        ASSERT_TRUE(kept) << journal.name;
        const auto expected = casework::state_from_json(*kept);
        ASSERT_TRUE(expected) << journal.name << " " << describe(expected.error());
        const casework::CaseState state = casework::fold(events_of(journal));
        EXPECT_EQ(state, *expected) << journal.name << "\n" << json::dump(casework::to_json(state)) << "\n" << json::dump(*kept);
        // What was kept then is kept still: only members may have come.
        const json::Value now = casework::to_json(state);
        for (const auto& [name, value] : kept->as_object()) EXPECT_EQ(now[name], value) << journal.name << "." << name;
    }
}

TEST(JournalsOfFormatOne, SayTheSameInFormatTwo) {
    for (const KeptJournal& journal : kept_journals("format-1")) {
        const auto events = events_of(journal);
        const casework::EventsText text = casework::write_events(events);
        const auto read = casework::read_events(text.open, text.personal);
        ASSERT_TRUE(read) << journal.name << describe(read.error());
        EXPECT_EQ(casework::fold(*read), casework::fold(events)) << journal.name;
        EXPECT_EQ(casework::write_events(*read), text) << journal.name;
        // The customer's address, and what they wrote, stand nowhere in the open part.
        const auto& opened = std::get<casework::CaseOpened>(events.front().body);
        for (const std::string& personal : {opened.sender, opened.message_id, opened.subject}) {
            if (personal.empty()) continue;
            EXPECT_EQ(text.open.find(personal), std::string::npos) << journal.name << ": " << personal;
        }
        // Without what was sealed the way of the case is still to be followed, and erasing it leads to one state.
        const auto redacted = casework::read_events(text.open, {});
        ASSERT_TRUE(redacted) << journal.name;
        const casework::CaseEvent erased{events.back().at, casework::CaseErased{"dpo"}};
        EXPECT_EQ(casework::evolve(casework::fold(*redacted), erased), casework::evolve(casework::fold(events), erased))
            << journal.name;
    }
}

TEST(JournalsOfFormatOne, HoldEveryKindOfEventThatAnOrdinaryMonthBrings) {
    std::set<std::string_view> kinds;
    for (const KeptJournal& journal : kept_journals("format-1"))
        for (const casework::CaseEvent& event : events_of(journal)) kinds.insert(casework::kind_of(event));
    for (const std::string_view kind :
         {"CaseOpened",    "MailAppended",  "StepEntered",  "StepWaiting",      "EffectPlanned", "EffectSucceeded",
          "EffectFailed",  "StepEnded",     "BranchTaken",  "ExitConditionMet", "ActionDone",    "TimerSet",
          "TimerFired",    "TaskOpened",    "TaskClosed",   "RefundClaimed",    "RefundGranted", "RefundDenied",
          "CustomerRated", "CaseEscalated", "CaseReopened", "CaseClosed"})
        EXPECT_TRUE(kinds.contains(kind)) << kind;
}

}  // namespace
}  // namespace resolute::test
