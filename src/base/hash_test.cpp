// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace resolute {
namespace {

TEST(Hash, IsTheStandardsSha256) {  // FIPS 180-2, appendix B
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, IsTheSameInEveryThread) {
    std::vector<std::string> hashes(8);
    {
        std::vector<std::jthread> threads;
        for (std::string& hash : hashes)
            threads.emplace_back([&hash] {
                for (int i = 0; i < 1'000; ++i) hash = sha256_hex("abc");
            });
    }
    for (const std::string& hash : hashes) EXPECT_EQ(hash, sha256_hex("abc"));
}

TEST(Base32, IsThatOfTheStandardInLowerCase) {  // RFC 4648, section 10
    EXPECT_EQ(base32(""), "");
    EXPECT_EQ(base32("f"), "my");
    EXPECT_EQ(base32("foobar"), "mzxw6ytboi");
}

}  // namespace
}  // namespace resolute
