// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/e2e/money_scan.h"

namespace resolute::e2e {
namespace {

TEST(Demo, EveryMailHasAnOutcomeAndNoTextPromisesMoneyBeyondAGrant) {
    Company company;
    const std::string work = company.path("demo").string();
    const Ended ended = company.run({"demo", "--exit", "--json", "--examples", RESOLUTE_SOURCE_DIR "/examples", "--work", work});
    ASSERT_TRUE(ended.exit_code == 0 || ended.exit_code == 1)
        << describe(ended);  // 1: a branch was not taken, which is the demo's own test.
    EXPECT_EQ(ended.json()["outcomes"]["pending"].as_int(-1), 0);
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
