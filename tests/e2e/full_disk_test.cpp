// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include <sys/mount.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

constexpr int kMails = 60;

/// A file system of its own in memory, whose size can change while it is used.
class SmallDisk {
public:
    SmallDisk(fs::path at, std::string_view size) : at_(std::move(at)) {
        fs::create_directories(at_);
        is_mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, fmt::format("size={}", size).c_str()) == 0;
    }
    ~SmallDisk() {
        if (is_mounted_) ::umount2(at_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool is_mounted() const { return is_mounted_; }
    void grow(std::string_view size) const {
        EXPECT_EQ(::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, fmt::format("size={}", size).c_str()), 0);
    }

private:
    fs::path at_;
    bool is_mounted_ = false;
};

class FullDisk : public testing::Test {
protected:
    void SetUp() override {
        for (int i = 0; i < kMails; ++i)
            company_.put({.name = fmt::format("{:03}", i),
                          .from = fmt::format("Customer {0} <c{0}@shop{0}.example>", i),
                          .subject = fmt::format("Printer {}", i),
                          .body = fmt::format("Hello,\n\nmy printer number {} is offline and does not print.\n\n", i) +
                                  std::string(30'000, 'x'),
                          .in_reply_to = {}});
    }
    /// It said so, once and not in a flood, with a code that `explain` knows.
    void expect_said(const std::string& err) const {
        EXPECT_NE(err.find("full"), std::string::npos) << err;
        EXPECT_LT(err.size(), 20'000U) << "it floods its log";
    }
    [[nodiscard]] static bool has_said(const Process& process) { return process.err().find("full") != std::string::npos; }
    void expect_completes(const Ended& ended) const {
        ASSERT_EQ(ended.exit_code, 0) << describe(ended);
        EXPECT_EQ(ended.json()["outcomes"]["new_case"].as_int(), kMails);
        expect_nothing_lost_or_doubled(company_, kMails);
        EXPECT_EQ(read_sent(company_.sent()).size(), 2U * kMails);
    }
    Company company_;
};

TEST_F(FullDisk, ItSaysSoAndGoesOnByItselfWhenThereIsSpaceAgain) {
    const SmallDisk disk(company_.path("state"), "1500k");
    if (!disk.is_mounted()) GTEST_SKIP() << "mounting a small file system needs root";
    Process process = company_.start({"run", "--until-idle", "--json"});
    ASSERT_TRUE(eventually([&] { return has_said(process); })) << "it did not say that the disk is full: " << process.err();
    ASSERT_FALSE(process.wait(std::chrono::milliseconds(1)).has_value()) << "it gave up: " << process.err();
    disk.grow("200m");
    auto ended = process.wait(std::chrono::minutes(3));
    ASSERT_TRUE(ended.has_value()) << process.err();
    expect_said(ended->err);
    EXPECT_NE(ended->err.find("works again"), std::string::npos) << ended->err;
    expect_completes(*ended);
}

TEST_F(FullDisk, StoppedWhileFullTheNextRunCompletes) {
    const SmallDisk disk(company_.path("state"), "1500k");
    if (!disk.is_mounted()) GTEST_SKIP() << "mounting a small file system needs root";
    {
        Process process = company_.start({"run", "--until-idle", "--json"});
        ASSERT_TRUE(eventually([&] { return has_said(process); })) << process.err();
        const Ended ended = process.stop();
        EXPECT_NE(ended.exit_code, 0) << "work is left and the disk is full: that is no success\n" << describe(ended);
    }
    disk.grow("200m");
    expect_completes(company_.run({"run", "--until-idle", "--json"}));
}

TEST_F(FullDisk, AFileSizeLimitIsAFullDiskToo) {
    Process process = company_.start({"run", "--until-idle", "--json"}, {.folder = {}, .file_bytes_max = 900'000, .input = {}});
    ASSERT_TRUE(eventually([&] { return has_said(process); })) << process.err();
    process.lift_file_limit();
    auto ended = process.wait(std::chrono::minutes(3));
    ASSERT_TRUE(ended.has_value()) << process.err();
    expect_completes(*ended);
}

/// To technical support, as the database keeps them. Nobody else has it open.
std::int64_t notifications(const fs::path& database) {
    sqlite3* handle = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::int64_t count = -1;
    if (sqlite3_open_v2(database.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(handle, "SELECT count(*) FROM notifications WHERE role = 'technical_support'", -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return count;
}

TEST_F(FullDisk, AFullOutgoingFolderKeepsTheMailsForLater) {
    const SmallDisk disk(company_.sent(), "64k");
    if (!disk.is_mounted()) GTEST_SKIP() << "mounting a small file system needs root";
    // Virtual time: the attempts, and technical support's word after three of them, take no time of ours.
    const Ended full = company_.run({"run", "--clock", "virtual", "--until", "10m", "--json"});
    ASSERT_TRUE(full.exit_code == 0 || full.exit_code == 1) << describe(full);
    const std::size_t sent = read_sent(company_.sent()).size();
    EXPECT_LT(sent, 2U * kMails);
    const json::Value effects = full.json()["effects"];
    EXPECT_GT(effects["mail.send_acknowledgment"]["intended"].as_int(), 0) << full.out;
    EXPECT_EQ(notifications(company_.path("state") / "resolute.db"), 1) << "technical support is told, once per outage: " << full.out;
    disk.grow("200m");
    const Ended after = company_.run({"run", "--clock", "virtual", "--until", "2h", "--json"});
    EXPECT_EQ(after.exit_code, 0) << describe(after);
    expect_completes(after);
}

}  // namespace
}  // namespace resolute::e2e
