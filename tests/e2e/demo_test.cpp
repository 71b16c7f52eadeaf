// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/e2e/money_scan.h"

namespace resolute::e2e {
namespace {

/// At the end each case is closed, or a named person has an open task for it.
void expect_every_case_closed_or_with_a_person(const json::Value& report) {
    EXPECT_EQ(report["waiting_for_nobody"].as_int(-1), 0);
}

/// What examples/ordinary-day/expected.yaml says of each mail: at least four of five answered, and no answer but an expected one.
void expect_the_ordinary_day(const json::Value& day) {
    EXPECT_GE(day["summary"]["automation_rate"].as_double(), 0.8);
    EXPECT_EQ(day["answered_right"].as_int(), day["answered"].as_int(-1));
    EXPECT_TRUE(day["surprises"].as_array().empty()) << json::dump(day["surprises"]);
}

TEST(Demo, EveryMailHasAnOutcomeAndNoTextPromisesMoneyBeyondAGrant) {
    Company company;
    const std::string work = company.path("demo").string();
    const Ended ended = company.run({"demo", "--exit", "--json", "--examples", RESOLUTE_SOURCE_DIR "/examples", "--work", work});
    ASSERT_EQ(ended.exit_code, 0) << describe(ended);
    const json::Value report = ended.json();
    EXPECT_EQ(report["outcomes"]["pending"].as_int(-1), 0);
    for (const json::Value& row : report["coverage"].as_array())
        EXPECT_TRUE(!row["main"].as_bool() || row["taken"].as_int() > 0) << row["step"].as_int() << " " << row["branch"].as_string();
    expect_every_case_closed_or_with_a_person(report);
    expect_the_ordinary_day(report["ordinary_day"]);
    // What the demo leaves behind is a company like any other.
    fs::copy_file(fs::path(work) / "resolute.yaml", company.path("resolute.yaml"), fs::copy_options::overwrite_existing);
    fs::create_symlink(fs::path(work) / "state", company.path("state"));
    const Process server = company.serve();
    const auto journals = company.journals();
    EXPECT_GE(journals.size(), 100U);
    const auto sent = read_sent(fs::path(work) / "sent");
    EXPECT_GE(sent.size(), 200U);
    expect_no_promise_beyond_a_grant(sent, journals);
    company.expect_sound();
}

}  // namespace
}  // namespace resolute::e2e
