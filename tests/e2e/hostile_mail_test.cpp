// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/e2e/company.h"

namespace resolute::e2e {
namespace {

constexpr double kSecondsMax = 2.0;

std::string headers(const std::string& name, const std::string& content = "Content-Type: text/plain; charset=utf-8\n") {
    return fmt::format(
        "From: Mallory <mallory@evil.example>\nTo: support@acme.example\nSubject: {0}\nMessage-ID: <{0}@evil.example>\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n{1}",
        name, content);
}

std::string large_mail() {
    std::string mail = headers("large") + "\nHello, my printer is offline.\n";
    while (mail.size() < 30u << 20) mail += "All work and no play makes a long mail, line after line after line after line.\n";
    return mail;
}
std::string many_headers() {
    std::string mail = headers("headers");
    for (int i = 0; i < 10'000; ++i) mail += fmt::format("X-Header-{}: value {}\n", i, i);
    return mail + "\nHello, my printer is offline.\n";
}
std::string deep_multipart() {
    std::string mail = headers("deep", "Content-Type: multipart/mixed; boundary=b0\n") + "\n";
    for (int i = 1; i < 200; ++i) mail += fmt::format("--b{}\nContent-Type: multipart/mixed; boundary=b{}\n\n", i - 1, i);
    mail += "--b199\nContent-Type: text/plain\n\nHello, my printer is offline.\n";
    for (int i = 199; i >= 0; --i) mail += fmt::format("--b{}--\n", i);
    return mail;
}
std::string nul_bytes() {
    return headers("nul") + "\nHello," + std::string(1'000, '\0') + " my printer is offline." + std::string(5, '\0') + "\n";
}
std::string wrong_charset() {
    return headers("charset", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n") +
           "\nGr\xfc\xdf Gott, my printer is offline \x80\x81\xfe\xff.\n";
}

struct Hostile {
    const char* name;
    std::string (*bytes)();
    const char* outcome;  ///< as in `mail list`
    bool is_understood;   ///< its case runs as any other
};
std::string empty_file() {
    return {};
}

const Hostile kHostile[] = {
    {"empty", empty_file, "quarantined", false}, {"large", large_mail, "", false},
    {"headers", many_headers, "", false},        {"deep", deep_multipart, "", false},
    {"nul", nul_bytes, "new_case", true},        {"charset", wrong_charset, "new_case", true},
};

class HostileMail : public testing::TestWithParam<Hostile> {};

TEST_P(HostileMail, GetsAnOutcomeInTimeAndTheNextMailIsProcessed) {
    const Hostile& hostile = GetParam();
    Company company;
    const Ended idle = company.run({"run", "--until-idle", "--json"});  // What the program takes anyway is not this mail's doing.
    ASSERT_EQ(idle.exit_code, 0) << describe(idle);

    company.put_bytes("1-hostile.eml", hostile.bytes());
    const Ended ended = company.run({"run", "--until-idle", "--json"});
    ASSERT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_LT(ended.seconds - idle.seconds, kSecondsMax);

    company.put({.name = "2-next",
                 .from = "Jo Lang <jo@lang.example>",
                 .subject = "The next mail",
                 .body = "Hello,\n\nmy printer is offline and does not print.\n\nJo",
                 .in_reply_to = {}});
    ASSERT_EQ(company.run({"run", "--until-idle", "--json"}).exit_code, 0);
    const json::Value mails = company.ask({"mail", "list"});
    ASSERT_EQ(mails.as_array().size(), 2U);
    for (const json::Value& mail : mails.as_array()) {
        const bool is_next = mail["position"]["uid"].as_string() == "2-next.eml";
        EXPECT_NE(mail["outcome"].as_string(), "pending") << json::dump(mail);
        if (!is_next && *hostile.outcome != '\0') {
            EXPECT_EQ(mail["outcome"].as_string(), hostile.outcome) << json::dump(mail);
        }
        if (!is_next && mail["outcome"].as_string() != "new_case") {
            EXPECT_FALSE(mail["reason"].as_string().empty()) << json::dump(mail);
        }
    }
    EXPECT_EQ(company.find_case("The next mail")["resolution"].as_string(), "automatic");
    company.expect_sound();
}

TEST_P(HostileMail, IsParsedInTimeWithItsDefects) {
    Company company;
    write_file(company.path("mail.eml"), GetParam().bytes());
    const double began = monotonic_seconds();
    const Ended ended = company.run({"mail", "parse", "mail.eml", "--json"});
    EXPECT_LT(monotonic_seconds() - began, kSecondsMax);
    ASSERT_EQ(ended.exit_code, 0) << describe(ended);
    const json::Value parsed = ended.json();
    EXPECT_FALSE(parsed["defects"].as_array().empty()) << "what is wrong with it is said";
}

INSTANTIATE_TEST_SUITE_P(All, HostileMail, testing::ValuesIn(kHostile),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace resolute::e2e
