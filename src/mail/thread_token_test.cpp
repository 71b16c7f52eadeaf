// SPDX-License-Identifier: Apache-2.0
#include "mail/thread_token.h"

#include <algorithm>
#include <cctype>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"

namespace resolute::mail {
namespace {

seal::Key key_of(std::uint8_t first) {
    seal::Key key{};
    key[0] = first;
    return key;
}

const CaseId kCase("c4ekdsspokgbpaxb");
const EffectId kEffect("qa5vn3n3kcqmlmzugkw2xwyhoa");
constexpr std::string_view kAnn = "ann@customer.example";
constexpr std::string_view kOwn = "support@shop.example";

TEST(ThreadToken, AMessageIdSaysCaseAndEffectAndProvesThem) {
    const ThreadTokens tokens({key_of(1)});
    const std::string id = tokens.message_id(kCase, kEffect, kAnn, "shop.example");
    EXPECT_EQ(id, fmt::format("{}.{}.{}@shop.example", kEffect.value(), kCase.value(), tokens.mac_of(kCase, kEffect, kAnn)));
    const auto claim = read_thread_claim(id);
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->case_id, kCase);
    EXPECT_EQ(claim->effect, kEffect);
    EXPECT_TRUE(tokens.is_ours(*claim, kAnn));
    EXPECT_TRUE(tokens.is_ours(*claim, "Ann@Customer.example")) << "servers change the case of addresses";
    EXPECT_EQ(read_thread_claim(id.substr(0, id.find('@'))), claim) << "as an envelope id comes back";
    std::string upper = id;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    EXPECT_EQ(read_thread_claim(upper), claim);
}

TEST(ThreadToken, AReplyAddressSaysTheCaseAndFitsALocalPart) {
    const ThreadTokens tokens({key_of(1)}, true);
    const std::string address = tokens.reply_address(kCase, kAnn, kOwn);
    EXPECT_TRUE(address.starts_with("support+c4ekdsspokgbpaxb."));
    EXPECT_LE(address.find('@'), 64U);
    const auto claim = read_reply_claim(address, kOwn);
    ASSERT_TRUE(claim);
    EXPECT_EQ(claim->case_id, kCase);
    EXPECT_TRUE(tokens.is_ours(*claim, kAnn));
    EXPECT_FALSE(tokens.is_ours(*claim, "bob@customer.example"));
    EXPECT_FALSE(read_reply_claim(address, "sales@shop.example"));
    EXPECT_FALSE(read_reply_claim("support@shop.example", kOwn));
    EXPECT_FALSE(read_reply_claim("support+news@shop.example", kOwn));
    EXPECT_EQ(tokens.reply_address(kCase, kAnn, std::string(40, 's') + "@shop.example"), "") << "too long for a local part: none";
    EXPECT_EQ(ThreadTokens({key_of(1)}).reply_address(kCase, kAnn, kOwn), "");
}

TEST(ThreadToken, TheTwoMarksDoNotStandForEachOther) {
    const ThreadTokens tokens({key_of(1)}, true);
    const auto reply = read_reply_claim(tokens.reply_address(kCase, kAnn, kOwn), kOwn);
    ASSERT_TRUE(reply);
    EXPECT_FALSE(tokens.is_ours({kCase, kEffect, reply->mac}, kAnn));
    EXPECT_FALSE(tokens.is_ours({kCase, {}, tokens.mac_of(kCase, kEffect, kAnn)}, kAnn));
}

TEST(ThreadToken, AfterAChangeOfKeysTheOldMarksAreStillRead) {
    const ThreadTokens before({key_of(1)});
    const auto claim = read_thread_claim(before.message_id(kCase, kEffect, kAnn, "shop.example"));
    ASSERT_TRUE(claim);
    const ThreadTokens after({key_of(2), key_of(1)});
    EXPECT_TRUE(after.is_ours(*claim, kAnn));
    EXPECT_NE(after.mac_of(kCase, kEffect, kAnn), before.mac_of(kCase, kEffect, kAnn));
    EXPECT_FALSE(ThreadTokens({key_of(2)}).is_ours(*claim, kAnn));
}

TEST(ThreadToken, OddIdsAreNoClaims) {
    for (const std::string_view id : {"", "@", "a@b", "a.b@c", "..@c", "a.b.@c", "a.b.c@d", "a.b.c.d@e", "CABC@x"}) EXPECT_FALSE(read_thread_claim(id)) << id;
    const std::string mac(32, 'a');
    EXPECT_TRUE(read_thread_claim("e.c." + mac));
    EXPECT_FALSE(read_thread_claim("e.c\n." + mac)) << "what separates the hashed parts is in no id";
    EXPECT_FALSE(read_thread_claim("e.c." + mac + "0"));
    EXPECT_FALSE(read_thread_claim("e..x." + mac));
    EXPECT_FALSE(read_thread_claim(std::string(41, 'e') + ".c." + mac));
}

/// Somebody with 64 genuine marks of other people tries a million times.
class Forger {
public:
    explicit Forger(const ThreadTokens& tokens) {
        for (int i = 0; i < 64; ++i) {
            const std::string name = std::to_string(i);
            genuine_.push_back({CaseId("c" + short_hash({"case", name}, 15)), EffectId(short_hash({"effect", name}, 26)),
                                fmt::format("customer{}@mail.example", i), {}, {}});
            Mark& mark = genuine_.back();
            mark.id = tokens.message_id(mark.case_id, mark.effect, mark.recipient, "shop.example");
            mark.address = tokens.reply_address(mark.case_id, mark.recipient, kOwn);
        }
    }
    struct Mark {
        CaseId case_id;
        EffectId effect;
        std::string recipient;
        std::string id;
        std::string address;
    };

    /// A mark that is not ours for this recipient.
    std::pair<std::optional<ThreadClaim>, std::string> attempt(int number) {
        const Mark& mark = genuine_[draw(genuine_.size())];
        const bool in_address = (number / 5) % 2 == 1;
        const std::string& whole = in_address ? mark.address : mark.id;
        std::string text = whole.substr(0, whole.find('@'));
        std::string recipient = mark.recipient;
        switch (number % 5) {
            case 0: text.resize(draw(text.size())); break;                                                  // Cut.
            case 1: text[draw(text.size())] ^= static_cast<char>(1U << draw(7)); break;                     // One bit.
            case 2: for (std::size_t i = text.rfind('.') + 1; i < text.size(); ++i) text[i] = "0123456789abcdef"[draw(16)]; break;  // Guessed.
            case 3: recipient = "mallory@elsewhere.example"; break;                                         // Used by somebody else.
            default: {                                                                                      // Put onto another case.
                const Mark& other = genuine_[(&mark - genuine_.data() + 1 + draw(genuine_.size() - 1)) % genuine_.size()];
                const std::string mac = text.substr(text.rfind('.'));
                text = in_address ? "support+" + other.case_id.value() + mac : other.effect.value() + "." + other.case_id.value() + mac;
                recipient = other.recipient;
                break;
            }
        }
        // Upper case is the same mark, as it may come back.
        if (text::to_lower(text) == text::to_lower(whole.substr(0, whole.find('@'))) && recipient == mark.recipient) return {std::nullopt, {}};
        text += "@shop.example";
        return {in_address ? read_reply_claim(text, kOwn) : read_thread_claim(text), recipient};
    }

private:
    std::size_t draw(std::size_t below) { return random_() % below; }
    std::mt19937_64 random_{20261128};
    std::vector<Mark> genuine_;
};

TEST(ThreadToken, OfAMillionForgedCutChangedAndReplayedMarksNoneIsAccepted) {
    const ThreadTokens tokens({key_of(7), key_of(6)}, true);
    Forger forger(tokens);
    int accepted = 0;
    int well_formed = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        const auto [claim, recipient] = forger.attempt(i);
        if (!claim) continue;
        ++well_formed;
        accepted += tokens.is_ours(*claim, recipient) ? 1 : 0;
    }
    EXPECT_EQ(accepted, 0);
    EXPECT_GT(well_formed, 600'000) << "most attempts look right: it is the key that they lack";
}

}  // namespace
}  // namespace resolute::mail
