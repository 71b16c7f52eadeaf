// SPDX-License-Identifier: Apache-2.0
#include "base/seal.h"

#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.h"

namespace resolute::seal {
namespace {

const Key kKey = [] {
    Key key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
    return key;
}();

class MasterKey : public testing::Test {
protected:
    MasterKey() : folder_(testing::TempDir() + "/seal_" + testing::UnitTest::GetInstance()->current_test_info()->name()) {
        std::filesystem::remove_all(folder_);
    }
    ~MasterKey() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "keys" / "master.key"; }
    std::filesystem::path folder_;
};

mode_t mode_of(const std::filesystem::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
}

TEST(Seal, OpensAsItWasAndEqualInputGivesEqualOutput) {
    for (const std::string& plain :
         {std::string(), std::string("ann@example.com"), std::string("\0\xff\n", 3), std::string(100'000, 'x')}) {
        const std::string sealed = seal(kKey, "journal/c1/1", plain);
        EXPECT_EQ(sealed.size(), plain.size() + 40);
        EXPECT_EQ(sealed, seal(kKey, "journal/c1/1", plain));
        EXPECT_EQ(open(kKey, "journal/c1/1", sealed), plain);
    }
}

TEST(Seal, HoldsNothingOfThePlainText) {
    EXPECT_EQ(seal(kKey, "ctx", "ann@example.com wants her money back").find("ann"), std::string::npos);
}

TEST(Seal, OpensNeitherWithAnotherKeyNorInAnotherContext) {
    const std::string sealed = seal(kKey, "journal/c1/1", "secret");
    Key other = kKey;
    other[31] ^= 1;
    EXPECT_EQ(open(other, "journal/c1/1", sealed).error().code, "seal.cannot_open");
    EXPECT_EQ(open(kKey, "journal/c1/2", sealed).error().code, "seal.cannot_open");
    EXPECT_EQ(open(kKey, "", sealed).error().code, "seal.cannot_open");
    EXPECT_EQ(open(kKey, "journal/c1/1", sealed).value(), "secret");
}

TEST(Seal, RefusesEveryChangedBitAndEveryCut) {
    const std::string sealed = seal(kKey, "ctx", "secret");
    for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
        std::string changed = sealed;
        changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
        const auto opened = open(kKey, "ctx", changed);
        ASSERT_FALSE(opened) << "bit " << i;
        EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
    }
    for (std::size_t length = 0; length < sealed.size(); ++length) EXPECT_FALSE(open(kKey, "ctx", sealed.substr(0, length)));
    EXPECT_FALSE(open(kKey, "ctx", sealed + "x"));
}

TEST(Seal, NoNonceServesTwoTextsContextsOrKeys) {
    Key other = kKey;
    other[0] ^= 1;
    std::set<std::string> nonces;
    for (const std::string& sealed :
         {seal(kKey, "a", "b"), seal(kKey, "a", "c"), seal(kKey, "ab", ""), seal(kKey, "", "ab"), seal(other, "a", "b")})
        nonces.insert(sealed.substr(0, 24));
    EXPECT_EQ(nonces.size(), 5U);
}

TEST(Seal, KeysOfDifferentPurposesAndBlindNamesDiffer) {
    EXPECT_EQ(derive(kKey, "subjects"), derive(kKey, "subjects"));
    EXPECT_NE(derive(kKey, "subjects"), derive(kKey, "names"));
    EXPECT_NE(derive(kKey, "subjects"), kKey);
    EXPECT_NE(random_key(), random_key());
    const std::string name = blind(kKey, "ann@example.com");
    EXPECT_EQ(name.size(), 32U);
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(name, blind(kKey, "ann@example.com"));
    EXPECT_NE(name, blind(kKey, "ben@example.com"));
    EXPECT_NE(name, blind(derive(kKey, "names"), "ann@example.com"));
}

TEST(Seal, AForgottenKeyIsZero) {
    Key key = kKey;
    forget(key);
    EXPECT_EQ(key, Key{});
}

TEST_F(MasterKey, IsMadeForItsOwnerAloneAndReadAgain) {
    const auto made = load_master_key(path(), true);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(mode_of(path()), 0600U);
    EXPECT_EQ(load_master_key(path(), false), *made);
    EXPECT_EQ(load_master_key(path(), true), *made);
    EXPECT_NE(*made, Key{});
    // Nothing of its making is left beside it.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path().parent_path()), {}), 1);
}

TEST_F(MasterKey, MissingIsMadeOnlyWhereItMayBe) {
    EXPECT_EQ(load_master_key(path(), false).error().code, "seal.key_missing");
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(MasterKey, ThatOthersMayReadIsRefused) {
    ASSERT_TRUE(load_master_key(path(), true));
    for (const mode_t mode : {0640U, 0604U, 0620U, 0666U}) {
        ASSERT_EQ(::chmod(path().c_str(), mode), 0);
        EXPECT_EQ(load_master_key(path(), true).error().code, "seal.key_exposed") << mode;
    }
    ASSERT_EQ(::chmod(path().c_str(), 0400), 0);
    EXPECT_TRUE(load_master_key(path(), false));
}

TEST_F(MasterKey, MalformedIsRefusedAndNeverReplaced) {
    ASSERT_TRUE(file::make_directories(path().parent_path()));
    for (const std::string& text :
         {std::string(), std::string("zz"), std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'g')}) {
        std::ofstream(path()) << text;
        ASSERT_EQ(::chmod(path().c_str(), 0600), 0);
        EXPECT_EQ(load_master_key(path(), true).error().code, "seal.key_malformed") << text;
        EXPECT_EQ(file::read(path()), text);
    }
}

TEST_F(MasterKey, OfProgramsThatStartAtOnceIsOne) {
    std::array<Key, 8> keys{};
    std::vector<std::jthread> threads;
    for (Key& key : keys) threads.emplace_back([this, &key] { key = load_master_key(path(), true).value_or(Key{}); });
    threads.clear();
    for (const Key& key : keys) EXPECT_EQ(key, keys.front());
    EXPECT_NE(keys.front(), Key{});
}

}  // namespace
}  // namespace resolute::seal
