// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/bounded_queue.h"

namespace resolute {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
protected:
    Files() {
        std::string name = (fs::temp_directory_path() / "resolute-file-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        dir = name;
    }
    ~Files() override {
        std::error_code ignored;
        fs::remove_all(dir, ignored);
    }
    std::size_t entries() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir), {})); }
    fs::path dir;
};

TEST_F(Files, AreReadBackWholeWithEveryByte) {
    const std::string bytes("a\0b\xFF\n", 5);
    ASSERT_TRUE(file::write_durably(dir / "f", bytes));
    EXPECT_EQ(file::read(dir / "f"), bytes);
    ASSERT_TRUE(file::write_durably(dir / "f", ""));
    EXPECT_EQ(file::read(dir / "f"), "");
    EXPECT_EQ(entries(), 1U) << "no part file stays";
}

TEST_F(Files, AboveTheCapAreRefused) {
    ASSERT_TRUE(file::write_durably(dir / "f", "12345"));
    EXPECT_TRUE(file::read(dir / "f", 5));
    EXPECT_EQ(file::read(dir / "f", 4).error().code, "file.too_large");
}

TEST_F(Files, ThatAreMissingOrNoFilesAreErrors) {
    EXPECT_EQ(file::read(dir / "none").error().code, "file.not_found");
    EXPECT_EQ(file::read(dir).error().code, "file.unreadable");
    EXPECT_FALSE(file::write_durably(dir / "no" / "such" / "folder", "x"));
    EXPECT_EQ(entries(), 0U);
}

TEST_F(Files, OfAnUnwritableTargetLeaveNoPartBehind) {
    ASSERT_TRUE(file::make_directories(dir / "taken" / "inside"));
    EXPECT_FALSE(file::write_durably(dir / "taken", "x"));
    EXPECT_EQ(entries(), 1U);
    EXPECT_TRUE(file::make_directories(dir / "taken" / "inside"));
}

TEST(BoundedQueues, AreFirstInFirstOutAndFullWhenFull) {
    BoundedQueue<int> queue(2);
    EXPECT_TRUE(queue.try_push(1));
    EXPECT_TRUE(queue.push(2));
    EXPECT_FALSE(queue.try_push(3));
    EXPECT_EQ(queue.pop(), 1);
    EXPECT_TRUE(queue.try_push(3));
    EXPECT_EQ(queue.pop_all(1), std::vector<int>{2});
    EXPECT_EQ(queue.size(), 1U);
}

TEST(BoundedQueues, DrainAfterTheyWereClosed) {
    BoundedQueue<int> queue(2);
    queue.push(1);
    queue.close();
    EXPECT_FALSE(queue.push(2));
    EXPECT_FALSE(queue.try_push(2));
    EXPECT_EQ(queue.pop(), 1);
    EXPECT_FALSE(queue.pop());
    EXPECT_TRUE(queue.pop_all(5).empty());
}

TEST(BoundedQueues, HandEveryItemToExactlyOneOfManyThreads) {
    BoundedQueue<int> queue(3);
    std::atomic<int> sum{0};
    std::atomic<int> taken{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
                while (const auto item = queue.pop()) {
                    sum += *item;
                    ++taken;
                }
            });
        {
            std::vector<std::jthread> producers;
            for (int p = 0; p < 2; ++p)
                producers.emplace_back([&] {
                    for (int i = 1; i <= 500; ++i) queue.push(i);
                });
        }
        queue.close();
    }
    EXPECT_EQ(taken, 1'000);
    EXPECT_EQ(sum, 2 * 500 * 501 / 2);
}

}  // namespace
}  // namespace resolute
