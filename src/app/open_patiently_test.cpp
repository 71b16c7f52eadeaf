// SPDX-License-Identifier: Apache-2.0
#include "app/open_patiently.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

namespace resolute::app {
namespace {

class OpenPatiently : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "open-patiently-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        config_.data = folder_ / "data";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
    Config config_;
    SystemClock clock_;
    StopSignals signals_;
};

TEST_F(OpenPatiently, ADatabaseThatNeverComesIsGivenUpAfterTheTime) {
    config_.postgres = "postgresql://nobody@127.0.0.1:1/nothing";  // A port that nobody listens on.
    constexpr Duration at_most = std::chrono::milliseconds(250);
    const double began = monotonic_seconds();
    const auto opened = open_patiently(config_, clock_, Role::all, signals_, at_most);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "store.unavailable");
    EXPECT_GE(monotonic_seconds() - began, 0.25);
}

TEST_F(OpenPatiently, AFileThatCannotBeOpenedIsNotWaitedFor) {
    std::filesystem::create_directories(config_.data / "resolute.db");  // A folder is in the way.
    const auto opened = open_patiently(config_, clock_, Role::all, signals_, std::chrono::hours(1));
    ASSERT_FALSE(opened);
    EXPECT_TRUE(opened.error().code.starts_with("store.")) << opened.error().code;
}

}  // namespace
}  // namespace resolute::app
