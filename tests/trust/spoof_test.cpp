// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/trust/shop.h"

/// The spoof matrix: an address stands in From, Reply-To or Cc; the receiving server says pass, fail or nothing; the address is a
/// customer's or nobody's we know; and the mail comes alone or as an answer in the customer's conversation.
namespace resolute::trust_test {
namespace {

using testing::HasSubstr;
using testing::Not;

enum class Place { from, reply_to, cc };
enum class Verdict { pass, fail, none };

constexpr std::string_view kMallory = "mallory@evil.example";
constexpr std::string_view kNewcomer = "newcomer@elsewhere.example";

struct Spoof {
    Place place;
    Verdict verdict;
    bool is_known;
    bool is_reply;
};

std::string domain_of(std::string_view address) { return std::string(address.substr(address.rfind('@') + 1)); }

std::vector<std::string> results_of(Verdict verdict, std::string_view from) {
    switch (verdict) {
        case Verdict::pass: return {fmt::format("Authentication-Results: {}; dmarc=pass header.from={}", kOurServer, domain_of(from))};
        case Verdict::fail: return {fmt::format("Authentication-Results: {}; dmarc=fail header.from={}", kOurServer, domain_of(from))};
        case Verdict::none: return {};
    }
    return {};
}

std::string text_of(std::string bytes) {
    return text::replace_all(text::replace_all(std::move(bytes), "=\r\n", ""), "=20", " ");
}

std::string name_of(const testing::TestParamInfo<Spoof>& info) {
    const Spoof& spoof = info.param;
    const char* place = spoof.place == Place::from ? "From" : spoof.place == Place::reply_to ? "ReplyTo" : "Cc";
    const char* verdict = spoof.verdict == Verdict::pass ? "Pass" : spoof.verdict == Verdict::fail ? "Fail" : "None";
    return fmt::format("{}{}{}{}", place, verdict, spoof.is_known ? "Known" : "Unknown", spoof.is_reply ? "Reply" : "New");
}

std::vector<Spoof> all_spoofs() {
    std::vector<Spoof> all;
    for (const Place place : {Place::from, Place::reply_to, Place::cc})
        for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::none})
            for (const bool is_known : {true, false})
                for (const bool is_reply : {false, true}) all.push_back({place, verdict, is_known, is_reply});
    return all;
}

Letter honest_letter() {
    return {.from = std::string(kCustomer), .message_id = "first@shop.example", .above = results_of(Verdict::pass, kCustomer), .below = {}};
}

class SpoofMatrix : public testing::TestWithParam<Spoof> {};

TEST_P(SpoofMatrix, OnlyTheSenderIsWrittenToAndTheCrmIsForTheVerified) {
    const Spoof spoof = GetParam();
    const std::string address(spoof.is_known ? kCustomer : kNewcomer);
    Shop shop;
    CaseId conversation;
    std::string our_id;
    if (spoof.is_reply) {
        conversation = shop.receive(honest_letter()).case_id;
        ASSERT_FALSE(shop.sent().empty()) << "a verified customer is answered";
        our_id = shop.sent().back().message_id;
    }
    const std::size_t before = shop.sent().size();
    const std::string from(spoof.place == Place::from ? address : kMallory);
    Letter letter{.from = from, .subject = "Re: WINAPRIZE", .text = "It is offline still and does not print. WINAPRIZE", .message_id = "WINAPRIZE@evil.example",
                  .above = results_of(spoof.verdict, from), .below = {}};
    if (spoof.place == Place::reply_to) letter.below.push_back("Reply-To: " + address);
    if (spoof.place == Place::cc) letter.below.push_back("Cc: " + address);
    if (spoof.is_reply) letter.below.push_back("In-Reply-To: <" + our_id + ">");
    const ports::MailRecord record = shop.receive(letter);

    const bool is_the_customer = spoof.place == Place::from && spoof.is_known;
    const bool is_appended = record.outcome == ports::MailOutcome::appended;
    if (!spoof.is_reply || !is_the_customer || spoof.verdict == Verdict::fail) {
        EXPECT_EQ(record.outcome, ports::MailOutcome::new_case) << record.reason;
    } else {
        EXPECT_TRUE(is_appended) << "the customer answers in their own conversation, by an id that only they were sent";
        EXPECT_EQ(record.case_id, conversation);
    }

    for (std::size_t i = before; i < shop.sent().size(); ++i) {
        const ports::FrozenMail& mail = shop.sent()[i];
        EXPECT_EQ(mail.to, from) << "nobody but the sender";
        EXPECT_NE(spoof.verdict, Verdict::fail) << "nobody is written to in somebody else's name";
        if (spoof.verdict != Verdict::pass) {
            EXPECT_THAT(mail.bytes, Not(HasSubstr("WINAPRIZE"))) << "no byte of an unverified sender's";
            EXPECT_THAT(text_of(mail.bytes), Not(HasSubstr("Quillon")));
            EXPECT_THAT(mail.bytes, Not(HasSubstr(std::string(kCustomerOrder))));
            EXPECT_THAT(text_of(mail.bytes), Not(HasSubstr("within 1 hour"))) << "the VIP's response target tells the tier";
        }
        EXPECT_EQ(text_of(mail.bytes).find("Quillon") != std::string::npos, is_the_customer && spoof.verdict == Verdict::pass) << mail.bytes;
    }
    // An address of the sender's choosing that stands elsewhere hears nothing; an honest sender is acknowledged.
    if (!spoof.is_reply) {
        EXPECT_EQ(shop.sent().size() > before, spoof.verdict != Verdict::fail);
    }
    const casework::CaseState state = shop.state_of(record.case_id);
    if (record.outcome == ports::MailOutcome::new_case) {
        EXPECT_EQ(casework::to_string(state.trust), spoof.verdict == Verdict::pass ? "verified" : spoof.verdict == Verdict::fail ? "failed" : "unverified");
        EXPECT_FALSE(state.facts["sender"]["trust_reason"].as_string().empty()) << "people are told why";
    }
}

INSTANTIATE_TEST_SUITE_P(All, SpoofMatrix, testing::ValuesIn(all_spoofs()), name_of);

// --- Headers that say that somebody passed --------------------------------------------------------------------------------------

struct Claim {
    std::string name;
    std::vector<std::string> above;
    casework::Trust trust;
};

class ForgedResults : public testing::TestWithParam<Claim> {};

TEST_P(ForgedResults, OnlyTheTopmostWordOfOurOwnServerCounts) {
    Shop shop;
    const ports::MailRecord record = shop.receive({.from = std::string(kCustomer), .message_id = "x@shop.example", .above = GetParam().above, .below = {}});
    EXPECT_EQ(shop.state_of(record.case_id).trust, GetParam().trust) << shop.state_of(record.case_id).facts["sender"]["trust_reason"].as_string();
    for (const ports::FrozenMail& mail : shop.sent()) EXPECT_THAT(text_of(mail.bytes), Not(HasSubstr("Quillon")));
    EXPECT_EQ(shop.sent().empty(), GetParam().trust == casework::Trust::failed);
}

INSTANTIATE_TEST_SUITE_P(
    All, ForgedResults,
    testing::Values(Claim{"AnotherServer", {"Authentication-Results: mx.evil.example; dmarc=pass header.from=shop.example"}, casework::Trust::unverified},
                    Claim{"OurNameBelowAFail",
                          {"Authentication-Results: mx.acme.example; dmarc=fail header.from=shop.example",
                           "Authentication-Results: mx.acme.example; dmarc=pass header.from=shop.example"},
                          casework::Trust::failed},
                    Claim{"PassForAnotherDomain", {"Authentication-Results: mx.acme.example; dmarc=pass header.from=evil.example"}, casework::Trust::unverified},
                    Claim{"ArcAlone",
                          {"Authentication-Results: mx.acme.example; dmarc=fail header.from=shop.example; arc=pass",
                           "ARC-Authentication-Results: i=1; mx.acme.example; dmarc=pass header.from=shop.example"},
                          casework::Trust::failed}),
    [](const auto& claim) { return claim.param.name; });

}  // namespace
}  // namespace resolute::trust_test
