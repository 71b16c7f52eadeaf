// SPDX-License-Identifier: Apache-2.0
#include "mail/address.h"

#include <gtest/gtest.h>

namespace resolute::mail {
namespace {

Address first(std::string_view raw) {
    const AddressList list = parse_addresses(raw, 10);
    return list.addresses.empty() ? Address{} : list.addresses.front();
}

std::string with_local(std::size_t length, std::string_view rest) {
    std::string address;
    address.append(length, 'a').append(rest);
    return address;
}

TEST(ParseAddresses, FormsOfRfc5322Section34) {
    EXPECT_EQ(first("jdoe@example.org"), (Address{"", "jdoe@example.org"}));
    EXPECT_EQ(first("<jdoe@example.org>"), (Address{"", "jdoe@example.org"}));
    EXPECT_EQ(first("John Doe <JDoe@Example.ORG>"), (Address{"John Doe", "JDoe@example.org"}));
    EXPECT_EQ(first("\"Doe, John\" <jdoe@example.org>"), (Address{"Doe, John", "jdoe@example.org"}));
    EXPECT_EQ(first("jdoe@example.org (John (Johnny) Doe)"), (Address{"John (Johnny) Doe", "jdoe@example.org"}));
    EXPECT_EQ(first("\"john.doe\"@example.org"), (Address{"", "john.doe@example.org"}));
    EXPECT_EQ(parse_addresses("a@b.example; c@d.example", 10).addresses.size(), 2U);
    EXPECT_TRUE(parse_addresses("Undisclosed recipients:;", 10).addresses.empty());
}

TEST(ParseAddresses, EncodedWordsAreNamesAndNeverAddresses) {
    EXPECT_EQ(first("=?utf-8?Q?J=C3=B6rg?= <j@example.org>"), (Address{"Jörg", "j@example.org"}));
    // RFC 2047 §5 (3): not within an addr-spec; a decoder that looks there is told another domain.
    EXPECT_EQ(first("=?utf-8?q?x=40evil.example?=@good.example").address, "");
    // An encoded comma or bracket does not split (RFC 2047 §6.2).
    EXPECT_EQ(first("=?utf-8?Q?a=2C_b_=3Cevil=40x.example=3E?= <j@example.org>").address, "j@example.org");
}

TEST(ParseAddresses, WhatIsNotUsableHasNoAddress) {
    for (const std::string_view raw : {"a@b@c.example", "\"a@b\"@c.example", "a b@c.example", "@c.example", "a@", "a@-b.example", "a@b..example",
                                       ".a@b.example", "a..b@c.example", "<a@b.example", "a@b.example>x<c@d.example>", "<a@b.example><c@d.example>",
                                       "<@route.example:a@b.example>", "a@[127.0.0.1]", "a@b_c.example", "\"unterminated <a@b.example>"}) {
        EXPECT_EQ(first(raw).address, "") << raw;
    }
    EXPECT_EQ(first(with_local(65, "@b.example")).address, "");
    EXPECT_NE(first(with_local(64, "@b.example")).address, "");
}

TEST(ParseAddresses, StopsAtTheLimitAndSaysSo) {
    EXPECT_FALSE(parse_addresses("a@b.example,c@d.example", 2).is_over_limit);
    EXPECT_TRUE(parse_addresses("a@b.example,c@d.example", 1).is_over_limit);
}

TEST(IsSafeRecipient, TakesPlainAddressesOnly) {
    for (const std::string_view address : {"ann@customer.com", "o'brien+tag@mail.customer.co.uk", "a@b.example", "x@shop.test", "x@y.invalid",
                                           "bounce=1234@x.org"}) {
        EXPECT_TRUE(is_safe_recipient(address)) << address;
    }
    for (const std::string_view address : {"", "ann", "@x.com", "ann@", "ann@localhost", "ann@x.localhost", "ann@x", "\"ann\"@x.com", "ann@x.com\r\nBcc: y@z.com",
                                           "ann lee@x.com", "<ann@x.com>", "ann@x.com,bob@x.com", "-oQ@x.com", "zoë@x.com", "ann@bücher.com",
                                           "=?utf-8?q?a?=@x.com", "a%b@x.com", "a!b@x.com", "a|b@x.com", "ann@127.0.0.1", "ann@[127.0.0.1]", "ann@x.com."}) {
        EXPECT_FALSE(is_safe_recipient(address)) << address;
    }
    EXPECT_TRUE(is_safe_recipient(with_local(64, "@x.com")));
    EXPECT_FALSE(is_safe_recipient(with_local(65, "@x.com")));
    EXPECT_FALSE(is_safe_recipient(std::string_view("a\0b@x.com", 9)));
}

}  // namespace
}  // namespace resolute::mail
