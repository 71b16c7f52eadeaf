// SPDX-License-Identifier: Apache-2.0
#include "base/cow.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace resolute {
namespace {

using Shared = Cow<std::string>;

TEST(Cow, CopiesShareOneValueUntilOneIsChanged) {
    Shared first("text");
    Shared second = first;
    EXPECT_EQ(&*first, &*second);
    second.change() += "!";
    EXPECT_EQ(*first, "text");
    EXPECT_EQ(*second, "text!");
    EXPECT_NE(first, second);
}

TEST(Cow, TheOnlyCopyIsChangedInPlace) {
    Shared only("text");
    const std::string* before = &*only;
    only.change() += "!";
    EXPECT_EQ(&*only, before);
    {
        const Shared other = only;
        EXPECT_EQ(*other, "text!");
    }
    only.change() += "!";
    EXPECT_EQ(&*only, before) << "the other copy is gone";
}

TEST(Cow, WithoutAValueIsTheEmptyOne) {
    Shared empty;
    EXPECT_EQ(*empty, "");
    EXPECT_EQ(empty, Shared(""));
    const Shared moved = std::move(empty);
    empty = Shared("again");
    EXPECT_EQ(*moved, "");
    EXPECT_EQ(*empty, "again");
    Shared self("self");
    const Shared& same = self;
    self = same;
    EXPECT_EQ(*self, "self");
}

TEST(Cow, CopiesMayBeChangedInDifferentThreads) {
    const Shared origin(std::string(100, 'x'));
    std::vector<std::string> seen(8);
    {
        std::vector<std::jthread> threads;
        for (std::string& one : seen)
            threads.emplace_back([&one, copy = origin]() mutable {
                for (int i = 0; i < 1'000; ++i) {
                    const Shared before = copy;
                    copy.change().back() = static_cast<char>('a' + i % 26);
                    one = *before;
                }
            });
    }
    for (const std::string& one : seen) EXPECT_EQ(one, std::string(99, 'x') + static_cast<char>('a' + 998 % 26));
    EXPECT_EQ(*origin, std::string(100, 'x'));
}

}  // namespace
}  // namespace resolute
