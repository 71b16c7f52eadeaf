// SPDX-License-Identifier: Apache-2.0
#include "desk/folder_archive.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "desk/limits.h"

namespace resolute::desk {
namespace {

class FolderArchiveTest : public testing::Test {
protected:
    FolderArchiveTest()
        : folder_(std::filesystem::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
        std::filesystem::remove_all(folder_);
    }
    ~FolderArchiveTest() override { std::filesystem::remove_all(folder_); }

    std::string put(const std::string& name, const std::string& bytes) {
        const auto status = archive_.put(name, bytes, Deadline::never());
        return status ? "fine" : status.error().code;
    }

    const std::filesystem::path folder_;
    FolderArchive archive_{folder_};
};

TEST_F(FolderArchiveTest, AFileIsThereWithItsFoldersAndNothingBesides) {
    EXPECT_EQ(put("2026/11/c1.json", "{}"), "fine");
    EXPECT_EQ(file::read(folder_ / "2026/11/c1.json"), "{}");
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, 1) << "a part file was left behind";
}

TEST_F(FolderArchiveTest, TheSameBytesAgainAreFineAndOthersAreAConflict) {
    EXPECT_EQ(put("c1.json", "one"), "fine");
    EXPECT_EQ(put("c1.json", "one"), "fine");
    EXPECT_EQ(put("c1.json", "two"), "files.conflict");
    EXPECT_EQ(file::read(folder_ / "c1.json"), "one");
}

TEST_F(FolderArchiveTest, ANameThatLeavesTheFolderOrHidesInItIsRefused) {
    for (const std::string name : {"", "../x", "a/../x", "/etc/x", "a//b", "a/", ".hidden", "a/.b", "A.json", "a b", "a\\b"}) {
        EXPECT_EQ(put(name, "x"), "files.bad_name") << name;
    }
    EXPECT_EQ(put(std::string(kArchiveNameBytesMax + 1, 'a'), "x"), "files.bad_name");
    EXPECT_FALSE(std::filesystem::exists(folder_));
}

}  // namespace
}  // namespace resolute::desk
