// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <gtest/gtest.h>

namespace resolute {
namespace {

TEST(Base64, TheVectorsOfRfc4648) {
    for (const auto& [plain, text] : {std::pair{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(to_base64(plain), text);
        EXPECT_EQ(from_base64(text), plain);
    }
}

TEST(Base64, EachByteComesBackInBothAlphabets) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    for (std::size_t cut = 0; cut < 4; ++cut) {
        const std::string part = bytes.substr(cut);
        EXPECT_EQ(from_base64(to_base64(part)), part);
        EXPECT_EQ(from_base64(to_base64url(part)), part);
    }
    EXPECT_EQ(to_base64url("\xff\xfe"), "__4");
}

TEST(Base64, LineBreaksAreLeftOutAndRubbishIsRefused) {
    EXPECT_EQ(from_base64("Zm9v\r\nYmFy\n"), "foobar");
    for (const char* wrong : {"Z", "Zm9vY", "Zm 9v", "Zg=a", "Zg===", "Zm9$"}) EXPECT_FALSE(from_base64(wrong)) << wrong;
}

}  // namespace
}  // namespace resolute
