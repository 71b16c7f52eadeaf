// SPDX-License-Identifier: Apache-2.0
#include "connectors/maildir/maildir_sender.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace resolute::connectors {
namespace {

namespace fs = std::filesystem;

class MaildirSenderTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "outgoing-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        base_ = pattern;
        root_ = base_ / "out/mail";
    }
    void TearDown() override { fs::remove_all(base_); }

    static ports::FrozenMail mail(const std::string& key = "abc", const std::string& bytes = "Subject: x\r\n\r\nHello\r\n") {
        return {.key = EffectId(key), .from = "help@shop.example", .to = "ann@customer.example", .message_id = "1@shop.example", .bytes = bytes};
    }

    static std::size_t count(const fs::path& folder) {
        std::error_code error;
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder, error), fs::directory_iterator()));
    }

    static std::string read(const fs::path& path) {
        std::ifstream in(path, std::ios::binary);
        std::ostringstream out;
        out << in.rdbuf();
        return out.str();
    }

    fs::path base_;
    fs::path root_;
};

TEST_F(MaildirSenderTest, MakesItsFoldersAndWritesTheBytesOnce) {
    auto sender = MaildirSender::open(root_);
    ASSERT_TRUE(sender.has_value());
    EXPECT_EQ(*sender->look_up(mail(), Deadline::never()), ports::Delivery::absent);
    ASSERT_TRUE(sender->send(mail(), Deadline::never()).has_value());
    ASSERT_TRUE(sender->send(mail(), Deadline::never()).has_value());
    EXPECT_EQ(count(root_ / "new"), 1U);
    EXPECT_EQ(count(root_ / "tmp"), 0U);
    EXPECT_EQ(read(root_ / "new/abc.resolute"), mail().bytes);
    EXPECT_EQ(*sender->look_up(mail(), Deadline::never()), ports::Delivery::sent);
}

TEST_F(MaildirSenderTest, AMailThatAReaderMovedIsNotWrittenAgain) {
    auto sender = MaildirSender::open(root_);
    ASSERT_TRUE(sender->send(mail(), Deadline::never()).has_value());
    fs::rename(root_ / "new/abc.resolute", root_ / "cur/abc.resolute:2,S");
    ASSERT_TRUE(sender->send(mail(), Deadline::never()).has_value());
    EXPECT_EQ(count(root_ / "new"), 0U);
    EXPECT_EQ(*sender->look_up(mail(), Deadline::never()), ports::Delivery::sent);
    EXPECT_EQ(*sender->look_up(mail("abcd"), Deadline::never()), ports::Delivery::absent);
    EXPECT_EQ(*sender->look_up(mail("ab"), Deadline::never()), ports::Delivery::absent);
}

TEST_F(MaildirSenderTest, AFolderThatVanishedIsNotMadeAgain) {
    auto sender = MaildirSender::open(root_);
    fs::remove_all(root_);
    const Status status = sender->send(mail(), Deadline::never());
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, "mail.outgoing_unwritable");
    EXPECT_EQ(status.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_FALSE(fs::exists(root_));
    EXPECT_FALSE(sender->look_up(mail(), Deadline::never()).has_value()) << "absent needs proof";
    fs::create_directories(root_ / "new");
    fs::create_directories(root_ / "cur");
    EXPECT_EQ(sender->send(mail(), Deadline::never()).error().code, "mail.outgoing_unwritable") << "tmp is still missing";
    EXPECT_EQ(count(root_ / "new"), 0U);
}

TEST_F(MaildirSenderTest, AFileInTheFoldersPlaceIsRefused) {
    auto sender = MaildirSender::open(root_);
    fs::remove_all(root_);
    std::ofstream(root_) << "a file";
    const Status status = sender->send(mail(), Deadline::never());
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, "mail.outgoing_unwritable");
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_EQ(MaildirSender::open(root_).error().code, "mail.outgoing_unwritable");
}

TEST_F(MaildirSenderTest, AFullDiskLeavesNoPartFile) {
    auto sender = MaildirSender::open(root_);
    // A file-size limit makes the kernel refuse in the middle of the write, as a full disk does.
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = 100'000, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const Status status = sender->send(mail("abc", std::string(1'000'000, 'x')), Deadline::never());
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, old_handler);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, "mail.disk_full");
    EXPECT_EQ(status.error().kind, ErrorKind::exhausted);
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_EQ(count(root_ / "tmp"), 0U);
    EXPECT_EQ(count(root_ / "new"), 0U);
    EXPECT_TRUE(sender->send(mail(), Deadline::never()).has_value()) << "it goes out once there is room";
}

TEST_F(MaildirSenderTest, ManyThreadsWithOneKeyLeaveOneMail) {
    auto sender = MaildirSender::open(root_);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(sender->send(mail(), Deadline::never()).has_value()); });
    }
    EXPECT_EQ(count(root_ / "new"), 1U);
    EXPECT_EQ(count(root_ / "tmp"), 0U);
}

TEST_F(MaildirSenderTest, AKeyThatNamesAnotherFolderIsRefused) {
    auto sender = MaildirSender::open(root_);
    for (const char* key : {"../x", "a/b", "", ".", "a:2,S"}) {
        const Status status = sender->send(mail(key), Deadline::never());
        ASSERT_FALSE(status.has_value()) << key;
        EXPECT_EQ(status.error().code, "mail.outgoing_key") << key;
    }
}

TEST_F(MaildirSenderTest, NothingIsWrittenAfterTheDeadline) {
    auto sender = MaildirSender::open(root_);
    const Status status = sender->send(mail(), Deadline::in(Duration(0)));
    EXPECT_EQ(status.error().code, "mail.timed_out");
    EXPECT_EQ(status.error().effect, EffectState::not_sent);
    EXPECT_EQ(count(root_ / "new"), 0U);
}

}  // namespace
}  // namespace resolute::connectors
