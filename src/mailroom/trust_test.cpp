// SPDX-License-Identifier: Apache-2.0
#include "mailroom/trust.h"

#include <gtest/gtest.h>

namespace resolute::mailroom {
namespace {

using casework::Trust;

mail::ParsedEmail mail_with(std::vector<std::string> results, std::string from = "ann@shop.example") {
    mail::ParsedEmail mail;
    mail.from.address = from;
    mail.headers.push_back({"From", from});
    for (std::string& value : results) mail.headers.push_back({"Authentication-Results", std::move(value)});
    return mail;
}

struct Row {
    const char* sentence;
    const char* field;
    Trust expected;
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.sentence;
}

class JudgeSenderTable : public testing::TestWithParam<Row> {};

TEST_P(JudgeSenderTable, GivesTheTrustOfTheRow) {
    const SenderTrust judged = judge_sender(mail_with({GetParam().field}), "mx.us.example");
    EXPECT_EQ(judged.trust, GetParam().expected) << GetParam().sentence << ": " << judged.reason;
    EXPECT_FALSE(judged.reason.empty());
    EXPECT_EQ(judged.reason.find('\n'), std::string::npos);
}

constexpr Row kRows[] = {
    {"DMARC pass", "mx.us.example; dmarc=pass header.from=shop.example", Trust::verified},
    {"DMARC pass without its property", "mx.us.example; dmarc=pass", Trust::verified},
    {"DMARC pass with a policy comment", "mx.us.example; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=shop.example",
     Trust::verified},
    {"DMARC pass for another domain", "mx.us.example; dmarc=pass header.from=evil.example", Trust::unverified},
    {"DMARC pass for a subdomain is another domain", "mx.us.example; dmarc=pass header.from=x.shop.example", Trust::unverified},
    {"DMARC fail", "mx.us.example; dmarc=fail header.from=shop.example", Trust::failed},
    {"DMARC fail outweighs an aligned SPF pass", "mx.us.example; spf=pass smtp.mailfrom=shop.example; dmarc=fail", Trust::failed},
    {"DMARC fail after a pass", "mx.us.example; dmarc=pass; dmarc=fail", Trust::failed},
    {"DMARC temperror is no answer", "mx.us.example; spf=pass smtp.mailfrom=shop.example; dmarc=temperror", Trust::unverified},
    {"DMARC permerror is no answer", "mx.us.example; dmarc=permerror", Trust::unverified},
    {"DMARC with an unknown word", "mx.us.example; dmarc=passed", Trust::unverified},
    {"no DMARC policy, nothing else", "mx.us.example; dmarc=none", Trust::unverified},
    {"no DMARC policy, SPF aligned", "mx.us.example; dmarc=none; spf=pass smtp.mailfrom=ann@shop.example", Trust::verified},
    {"SPF aligned by address", "mx.us.example; spf=pass smtp.mailfrom=ann@shop.example", Trust::verified},
    {"SPF aligned by bare domain", "mx.us.example; spf=pass smtp.mailfrom=shop.example", Trust::verified},
    {"SPF aligned by a subdomain", "mx.us.example; spf=pass smtp.mailfrom=b-1@bounce.shop.example", Trust::verified},
    {"SPF with the domain in capitals", "mx.us.example; SPF=PASS SMTP.MailFrom=ANN@SHOP.EXAMPLE", Trust::verified},
    {"SPF with the root's dot", "mx.us.example; spf=pass smtp.mailfrom=shop.example.", Trust::verified},
    {"SPF for another domain", "mx.us.example; spf=pass smtp.mailfrom=ann@evil.example", Trust::unverified},
    {"SPF for a domain that only ends alike", "mx.us.example; spf=pass smtp.mailfrom=ann@evilshop.example", Trust::unverified},
    {"SPF for the whole top-level domain", "mx.us.example; spf=pass smtp.mailfrom=example", Trust::unverified},
    {"SPF by HELO name only", "mx.us.example; spf=pass smtp.helo=shop.example", Trust::unverified},
    {"SPF pass that names nobody", "mx.us.example; spf=pass", Trust::unverified},
    {"SPF softfail alone", "mx.us.example; spf=softfail smtp.mailfrom=shop.example", Trust::unverified},
    {"SPF hard fail alone", "mx.us.example; spf=fail smtp.mailfrom=shop.example", Trust::unverified},
    {"SPF neutral", "mx.us.example; spf=neutral smtp.mailfrom=shop.example", Trust::unverified},
    {"DKIM aligned by d", "mx.us.example; dkim=pass header.d=shop.example header.s=s1", Trust::verified},
    {"DKIM aligned by i", "mx.us.example; dkim=pass header.i=@shop.example", Trust::verified},
    {"DKIM where d contradicts i", "mx.us.example; dkim=pass header.d=evil.example header.i=@shop.example", Trust::unverified},
    {"DKIM of a parent domain", "mx.us.example; dkim=pass header.d=mail.shop.example", Trust::verified},
    {"DKIM of another domain", "mx.us.example; dkim=pass header.d=newsletter.test", Trust::unverified},
    {"the second of two signatures is aligned", "mx.us.example; dkim=pass header.d=esp.test; dkim=pass header.d=shop.example",
     Trust::verified},
    {"an aligned signature that failed beside a foreign one that passed",
     "mx.us.example; dkim=fail header.d=shop.example; dkim=pass header.d=esp.test; spf=fail smtp.mailfrom=a@b.test",
     Trust::unverified},
    {"SPF fail and DKIM fail", "mx.us.example; spf=fail smtp.mailfrom=shop.example; dkim=fail header.d=shop.example",
     Trust::failed},
    {"SPF fail and no signature", "mx.us.example; spf=fail smtp.mailfrom=shop.example; dkim=none", Trust::failed},
    {"SPF softfail and DKIM fail", "mx.us.example; spf=softfail smtp.mailfrom=shop.example; dkim=fail", Trust::failed},
    {"SPF softfail and no signature", "mx.us.example; spf=softfail smtp.mailfrom=shop.example; dkim=none", Trust::unverified},
    {"SPF and DKIM temperror", "mx.us.example; spf=temperror; dkim=temperror", Trust::unverified},
    {"explicitly nothing", "mx.us.example; none", Trust::unverified},
    {"explicitly nothing, with version and comment", "mx.us.example 1 (no checks); none", Trust::unverified},
    {"nothing after the id", "mx.us.example", Trust::unverified},
    {"an empty field", "", Trust::unverified},
    {"no id at all, as some servers write it", "spf=pass smtp.mailfrom=shop.example; dmarc=pass header.from=shop.example",
     Trust::unverified},
    {"the id as the first method's name", "mx.us.example=pass; dmarc=pass", Trust::unverified},
    {"another server's id", "mx.evil.example; dmarc=pass header.from=shop.example", Trust::unverified},
    {"our id in capitals", "MX.US.Example; dmarc=pass", Trust::verified},
    {"our id with a version", "mx.us.example 1; dmarc=pass", Trust::verified},
    {"our id with something else behind it", "mx.us.example evil; dmarc=pass", Trust::unverified},
    {"our id quoted", "\"mx.us.example\"; dmarc=pass", Trust::verified},
    {"our id in a comment of another's field", "(mx.us.example) mx.evil.example; dmarc=pass", Trust::unverified},
    {"comments everywhere",
     "(a) mx.us.example (b) 1 (c); (d) dmarc (e) / 1 = (f) pass (g) header.from (h) = (i) shop.example (j)", Trust::verified},
    {"a method version", "mx.us.example; dkim/1=pass header.d=shop.example", Trust::verified},
    {"white space around the property's dot", "mx.us.example; spf=pass smtp . mailfrom = shop.example", Trust::verified},
    {"a result in a comment does not count", "mx.us.example; spf=fail (dmarc=pass; dmarc=pass) smtp.mailfrom=shop.example",
     Trust::unverified},
    {"a semicolon in a comment parts nothing", "mx.us.example; spf=none (x; dmarc=pass)", Trust::unverified},
    {"a nested comment", "mx.us.example; spf=none (a (b) ; dmarc=pass)", Trust::unverified},
    {"an escaped bracket in a comment", "mx.us.example; spf=none (a \\) ; dmarc=pass)", Trust::unverified},
    {"a result in a quoted reason does not count", "mx.us.example; spf=none reason=\"x; dmarc=pass\"", Trust::unverified},
    {"an escaped quote in a reason", "mx.us.example; spf=none reason=\"x\\\"; dmarc=pass\"", Trust::unverified},
    {"a quoted local part that imitates a domain", "mx.us.example; spf=pass smtp.mailfrom=\"x@shop.example\"@evil.example",
     Trust::unverified},
    {"a comment that never ends", "mx.us.example; spf=none (; dmarc=pass", Trust::unverified},
    {"a quote that never ends", "mx.us.example; spf=none reason=\"; dmarc=pass", Trust::unverified},
    {"a result without a method", "mx.us.example; =pass; dmarc", Trust::unverified},
    {"a signature value with equals signs", "mx.us.example; dkim=pass header.b=ab/c== header.d=shop.example", Trust::verified},
    {"Gmail's form",
     "mx.us.example; dkim=pass header.i=@shop.example header.s=k1 header.b=AbC; spf=pass (google.com: domain of "
     "ann@shop.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=ann@shop.example; dmarc=pass (p=REJECT) "
     "header.from=shop.example",
     Trust::verified},
};

INSTANTIATE_TEST_SUITE_P(Rows, JudgeSenderTable, testing::ValuesIn(kRows));

TEST(JudgeSender, TheTopmostFieldOfOurServerCountsAndASecondOneBelowDoesNot) {
    const auto judged = judge_sender(mail_with({"mx.us.example; dmarc=fail", "mx.us.example; dmarc=pass"}), "mx.us.example");
    EXPECT_EQ(judged.trust, Trust::failed);
}

TEST(JudgeSender, AForgedFieldBelowOursIsNotBelievedWhenOursSaysNothing) {
    const auto judged = judge_sender(mail_with({"mx.us.example; none", "mx.us.example; dmarc=pass"}), "mx.us.example");
    EXPECT_EQ(judged.trust, Trust::unverified);
}

TEST(JudgeSender, FieldsOfOtherServersAreSkippedWhereverTheyStand) {
    const auto judged = judge_sender(
        mail_with({"relay.test; dmarc=fail", "mx.us.example; dmarc=pass header.from=shop.example", "list.test; dmarc=fail"}),
        "mx.us.example");
    EXPECT_EQ(judged.trust, Trust::verified);
}

TEST(JudgeSender, WithoutAConfiguredServerNobodyIsBelieved) {
    EXPECT_EQ(judge_sender(mail_with({"mx.us.example; dmarc=pass"}), "").trust, Trust::unverified);
    EXPECT_EQ(judge_sender(mail_with({"; dmarc=pass"}), "").trust, Trust::unverified);
}

TEST(JudgeSender, SeveralFromFieldsFailWhateverTheServerSays) {
    mail::ParsedEmail mail = mail_with({"mx.us.example; dmarc=pass"});
    mail.headers.push_back({"from", "bob@evil.example"});
    EXPECT_EQ(judge_sender(mail, "mx.us.example").trust, Trust::failed);
}

TEST(JudgeSender, AMailWithoutSenderIsNeverVerified) {
    EXPECT_EQ(judge_sender(mail_with({"mx.us.example; dmarc=pass"}, ""), "mx.us.example").trust, Trust::unverified);
}

TEST(JudgeSender, TheFieldsNameHasNoCase) {
    mail::ParsedEmail mail = mail_with({});
    mail.headers.push_back({"AUTHENTICATION-RESULTS", "mx.us.example; dmarc=pass"});
    EXPECT_EQ(judge_sender(mail, "mx.us.example").trust, Trust::verified);
}

TEST(JudgeSender, OtherHeadersThatLookAlikeAreNotRead) {
    mail::ParsedEmail mail = mail_with({});
    mail.headers.push_back({"X-Authentication-Results", "mx.us.example; dmarc=pass"});
    mail.headers.push_back({"ARC-Authentication-Results", "i=1; mx.us.example; dmarc=pass"});
    EXPECT_EQ(judge_sender(mail, "mx.us.example").trust, Trust::unverified);
}

TEST(ParseAuthenticationResults, EveryPrefixOfAFieldIsReadWithoutFault) {
    const std::string field =
        "\"mx\" 1 (c\\) (n)); dkim/1 = pass reason = \"a\\\"b\" header . d=x.y (c); ; spf=fail smtp.mailfrom=\"q\"@d; none; =; a "
        "b c=d=e";
    for (std::size_t length = 0; length <= field.size(); ++length) {
        for (const auto& result : parse_authentication_results(std::string_view(field).substr(0, length)).results)
            EXPECT_FALSE(result.method.empty());
    }
}

TEST(ParseAuthenticationResults, AMegabyteOfBracketsTakesLinearTime) {
    const AuthenticationResults parsed = parse_authentication_results("mx; spf=pass " + std::string(1u << 20, '('));
    ASSERT_EQ(parsed.results.size(), 1u);
    EXPECT_EQ(parsed.results[0].result, "pass");
}

}  // namespace
}  // namespace resolute::mailroom
