// SPDX-License-Identifier: Apache-2.0
#include "connectors/maildir/maildir_source.h"

#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "mail/limits.h"

namespace resolute::connectors {
namespace {

namespace fs = std::filesystem;

class MaildirSourceTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "maildir-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        root_ = pattern;
    }
    void TearDown() override { fs::remove_all(root_); }

    void make_maildir() {
        for (const char* folder : {"tmp", "new", "cur"}) fs::create_directories(root_ / folder);
    }

    void write(const std::string& path, const std::string& bytes, std::int64_t at_seconds = 1'700'000'000) {
        std::ofstream(root_ / path, std::ios::binary) << bytes;
        const timespec times[2] = {{at_seconds, 0}, {at_seconds, 250'000'000}};
        ASSERT_EQ(::utimensat(AT_FDCWD, (root_ / path).c_str(), times, 0), 0);
    }

    static std::vector<std::string> uids(MaildirSource& source, std::size_t limit = 100) {
        const auto positions = source.list(limit);
        EXPECT_TRUE(positions.has_value()) << (positions ? "" : describe(positions.error()));
        std::vector<std::string> names;
        if (!positions) return names;
        for (const auto& position : *positions) names.push_back(position.uid);
        return names;
    }

    fs::path root_;
};

TEST_F(MaildirSourceTest, ListsNewAndCurOldestFirstByTheTimeInTheName) {
    make_maildir();
    write("new/1700000300.c.host", "c", 1);
    write("cur/1700000100.a.host:2,S", "a", 9);
    write("new/1700000200.b.host", "b", 5);
    write("new/odd-name", "z", 1'700'000'150);
    write("tmp/1700000000.t.host", "half written");
    write("new/.hidden", "x");
    fs::create_directories(root_ / "new/folder");
    MaildirSource source("maildir:inbox", root_);
    EXPECT_EQ(uids(source), (std::vector<std::string>{"1700000100.a.host", "odd-name", "1700000200.b.host", "1700000300.c.host"}));
}

TEST_F(MaildirSourceTest, LimitAppliesAfterWhatIsDone) {
    make_maildir();
    for (const char* name : {"1", "2", "3", "4"}) write(std::string("new/170000000") + name + ".x", name);
    MaildirSource source("maildir:inbox", root_);
    EXPECT_EQ(uids(source, 2), (std::vector<std::string>{"1700000001.x", "1700000002.x"}));
    const auto first = source.list(2);
    for (const auto& position : *first) ASSERT_TRUE(source.done(position).has_value());
    EXPECT_EQ(uids(source, 2), (std::vector<std::string>{"1700000003.x", "1700000004.x"}));
}

TEST_F(MaildirSourceTest, DoneChangesNothingInTheFolder) {
    make_maildir();
    write("new/1700000001.x", "one");
    MaildirSource source("maildir:inbox", root_);
    ASSERT_TRUE(source.done(source.list(1)->front()).has_value());
    EXPECT_TRUE(fs::exists(root_ / "new/1700000001.x"));
    EXPECT_TRUE(uids(source).empty());
    MaildirSource after_restart("maildir:inbox", root_);
    EXPECT_EQ(uids(after_restart).size(), 1U);
}

TEST_F(MaildirSourceTest, AMailMovedToCurKeepsItsPosition) {
    make_maildir();
    write("new/1700000001.x", "one");
    MaildirSource source("maildir:inbox", root_);
    const mail::SourcePosition position = source.list(1)->front();
    fs::rename(root_ / "new/1700000001.x", root_ / "cur/1700000001.x:2,RS");
    EXPECT_EQ(source.list(1)->front(), position);
    const auto raw = source.fetch(position);
    ASSERT_TRUE(raw.has_value());
    EXPECT_EQ(raw->bytes, "one");
    ASSERT_TRUE(source.done(position).has_value());
    EXPECT_TRUE(uids(source).empty());
}

TEST_F(MaildirSourceTest, FetchGivesTheBytesAndTheFilesTime) {
    make_maildir();
    write("new/1700000001.x", std::string("a\r\nb\0c", 6), 1'700'000'123);
    MaildirSource source("maildir:inbox", root_);
    const auto raw = source.fetch(source.list(1)->front());
    ASSERT_TRUE(raw.has_value());
    EXPECT_EQ(raw->bytes, std::string("a\r\nb\0c", 6));
    EXPECT_EQ(to_unix_ms(raw->received_at), 1'700'000'123'250);
    EXPECT_EQ(raw->position.account, "maildir:inbox");
    EXPECT_EQ(raw->position.folder, "new");
}

TEST_F(MaildirSourceTest, APlainFolderGivesItsEmlFilesByTimeThenName) {
    write("b.eml", "b", 100);
    write("a.EML", "a", 100);
    write("first.eml", "f", 50);
    write("notes.txt", "no mail");
    fs::create_directories(root_ / "sub.eml");
    MaildirSource source("inbox", root_);
    EXPECT_EQ(uids(source), (std::vector<std::string>{"first.eml", "a.EML", "b.eml"}));
    EXPECT_EQ(source.fetch(source.list(1)->front())->bytes, "f");
    EXPECT_EQ(source.list(1)->front().folder, "");
}

TEST_F(MaildirSourceTest, MailThatVanishesIsNamedAsSuch) {
    write("a.eml", "a");
    MaildirSource source("inbox", root_);
    const mail::SourcePosition position = source.list(1)->front();
    fs::remove(root_ / "a.eml");
    const auto raw = source.fetch(position);
    ASSERT_FALSE(raw.has_value());
    EXPECT_EQ(raw.error().code, "mail.vanished");
    EXPECT_NE(raw.error().detail.find("a.eml"), std::string::npos);
}

TEST_F(MaildirSourceTest, PositionNeverLeavesTheFolder) {
    make_maildir();
    write("secret", "s");
    MaildirSource source("inbox", root_);
    EXPECT_EQ(source.fetch({"inbox", "new", "../secret"}).error().code, "mail.vanished");
    EXPECT_EQ(source.fetch({"inbox", "", "new/../secret"}).error().code, "mail.vanished");
}

TEST_F(MaildirSourceTest, AnUnreadableFileIsNamedAndTheOthersGoOn) {
    if (::geteuid() == 0) {
        // Root reads everything: a folder in the file's place cannot be read by anyone.
        write("a.eml", "a");
        write("b.eml", "b");
        MaildirSource source("inbox", root_);
        const auto positions = source.list(10);
        ASSERT_EQ(positions->size(), 2U);
        fs::remove(root_ / "a.eml");
        fs::create_directories(root_ / "a.eml");
        EXPECT_EQ(source.fetch(positions->at(0)).error().code, "mail.file_unreadable");
        EXPECT_NE(source.fetch(positions->at(0)).error().detail.find("a.eml"), std::string::npos);
        EXPECT_TRUE(source.fetch(positions->at(1)).has_value());
        return;
    }
    write("a.eml", "a");
    write("b.eml", "b");
    fs::permissions(root_ / "a.eml", fs::perms::none);
    MaildirSource source("inbox", root_);
    const auto positions = source.list(10);
    ASSERT_EQ(positions->size(), 2U);
    EXPECT_EQ(source.fetch(positions->at(0)).error().code, "mail.file_unreadable");
    EXPECT_NE(source.fetch(positions->at(0)).error().detail.find("a.eml"), std::string::npos);
    EXPECT_TRUE(source.fetch(positions->at(1)).has_value());
}

TEST_F(MaildirSourceTest, AMissingFolderIsAnErrorAndNotAnEmptyMailbox) {
    MaildirSource source("inbox", root_ / "nowhere");
    const auto positions = source.list(10);
    ASSERT_FALSE(positions.has_value());
    EXPECT_EQ(positions.error().code, "mail.source_unreadable");
    EXPECT_NE(positions.error().detail.find("nowhere"), std::string::npos);
}

TEST_F(MaildirSourceTest, SizeLimitAtTheLimitAndOneAbove) {
    write("a.eml", "a");
    fs::resize_file(root_ / "a.eml", mail::limits::raw_bytes_max);
    MaildirSource source("inbox", root_);
    const mail::SourcePosition position = source.list(1)->front();
    EXPECT_EQ(source.fetch(position)->bytes.size(), mail::limits::raw_bytes_max);
    fs::resize_file(root_ / "a.eml", mail::limits::raw_bytes_max + 1);
    EXPECT_EQ(source.fetch(position).error().code, "mail.too_large");
    const auto head = source.fetch_head(position, 256u << 10);
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->bytes.size(), 256u << 10);
    EXPECT_TRUE(head->bytes.starts_with('a'));
}

}  // namespace
}  // namespace resolute::connectors
