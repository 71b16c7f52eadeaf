// SPDX-License-Identifier: Apache-2.0
// Hostile sizes: each limit at the limit and one above, each input within the two seconds that the contract allows.
#include "mail/limits.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>

#include "mail/parsed_email.h"

namespace resolute::mail {
namespace {

const std::string kHeader =
    "From: Ann <ann@customer.example>\nTo: help@shop.example\nSubject: Hi\nMessage-ID: <1@customer.example>\n";

std::string repeat(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

std::string html_mail(const std::string& html) {
    return kHeader + "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + html;
}

/// Nested `depth` multiparts, a text on top.
std::string nested(std::size_t depth) {
    std::string out = kHeader + "MIME-Version: 1.0\n";
    for (std::size_t i = 0; i < depth; ++i) {
        out += fmt::format("Content-Type: multipart/mixed; boundary=b{}\n\n", i);
        if (i == 0) out += "--b0\n\nThe text on top.\n";
        out += fmt::format("--b{}\n", i);
    }
    return out + "Content-Type: text/plain\n\nThe text below.\n";
}

std::string with_parts(std::size_t parts) {
    return kHeader + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=p\n\n--p\n\nThe text.\n" +
           repeat("--p\nContent-Type: image/gif\n\nGIF\n", parts - 1) + "--p--\n";
}

bool has_defect(const ParsedEmail& mail, std::string_view code) {
    return std::any_of(mail.defects.begin(), mail.defects.end(), [&](const Defect& defect) { return defect.code == code; });
}

/// Of this thread: other programs on the machine do not count.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Parses, and reports what it cost; the bound is the contract's.
ParsedEmail timed(std::string_view what, const std::string& raw) {
    const double begin = cpu_seconds();
    ParsedEmail mail = parse(raw);
    const double seconds = cpu_seconds() - begin;
    fmt::print("{:>34} {:>10} bytes {:>9.2f} ms\n", what, raw.size(), seconds * 1000);
    EXPECT_LT(seconds, 2.0) << what;
    return mail;
}

TEST(MailLimits, MailThatIsTooLargeGivesItsBeginning) {
    std::string raw = kHeader + "\nMy lamp is broken.\n";
    raw += repeat(std::string(75, 'x') + "\n", (30u << 20) / 76);
    const ParsedEmail mail = timed("30 MB", raw);
    EXPECT_TRUE(mail.is_over_limit);
    EXPECT_TRUE(has_defect(mail, "mail.too_large"));
    EXPECT_TRUE(mail.text.starts_with("My lamp is broken."));
    EXPECT_EQ(mail.from.address, "ann@customer.example");
}

TEST(MailLimits, LargestAllowedMailIsReadWhole) {
    std::string raw = kHeader +
                      "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=p\n\n--p\n\nThe text.\n--p\n"
                      "Content-Type: application/zip\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n";
    while (raw.size() + 77 <= limits::raw_bytes_max) raw += repeat("QUFB", 19) + "\n";
    const ParsedEmail mail = timed("25 MB base64", raw);
    EXPECT_FALSE(mail.is_over_limit);
    ASSERT_EQ(mail.attachments.size(), 1U);
    EXPECT_GT(mail.attachments.front().bytes.size(), 18u << 20);
}

TEST(MailLimits, HeaderLinesAtTheLimitAndOneAbove) {
    const std::size_t own = 4;
    const auto raw = [&](std::size_t lines) { return kHeader + repeat("X-A: b\n", lines - own) + "\nThe text.\n"; };
    EXPECT_FALSE(timed("1,000 header lines", raw(limits::header_lines_max)).is_over_limit);
    const ParsedEmail over = timed("1,001 header lines", raw(limits::header_lines_max + 1));
    EXPECT_TRUE(over.is_over_limit);
    EXPECT_TRUE(has_defect(over, "mail.header_too_many_lines"));
    const ParsedEmail far = timed("10,000 header lines", raw(10'000));
    EXPECT_TRUE(far.is_over_limit);
    EXPECT_EQ(far.headers.size(), limits::header_lines_max);
    EXPECT_EQ(far.text, "The text.");
    timed("3,000,000 header lines", raw(3'000'000));
}

TEST(MailLimits, OneHugeHeaderFieldIsOverTheLimit) {
    const ParsedEmail mail =
        timed("10 MB header field", "Subject: " + std::string(10u << 20, 'x') + "\n" + kHeader + "\nThe text.\n");
    EXPECT_TRUE(mail.is_over_limit);
    EXPECT_TRUE(has_defect(mail, "mail.header_too_large"));
    EXPECT_EQ(mail.text, "The text.");
}

TEST(MailLimits, AddressesAreCountedOverAllHeaders) {
    const auto raw = [](std::size_t n) { return "From: a@b.example\nTo: " + repeat("x@y.zz,\n ", n - 1) + "\n\nThe text.\n"; };
    EXPECT_FALSE(has_defect(timed("1,000 addresses", raw(limits::addresses_max)), "mail.too_many_addresses"));
    EXPECT_TRUE(has_defect(parse("From: a@b.example\nTo: " + repeat("x@y.zz,", limits::addresses_max) + "\n\nText\n"),
                           "mail.too_many_addresses"));
    const ParsedEmail over = timed("500,000 addresses", raw(500'000));
    EXPECT_TRUE(over.is_over_limit);
    EXPECT_LE(over.to.size(), limits::addresses_max);
    const ParsedEmail single =
        timed("500,000 addresses in one line", "From: a@b.example\nTo: " + repeat("x@y.zz,", 500'000) + "\n\nThe text.\n");
    EXPECT_TRUE(single.is_over_limit);
    const ParsedEmail fields =
        timed("500,000 address fields", "From: a@b.example\n" + repeat("Cc: x@y.zz\n", 500'000) + "\nThe text.\n");
    EXPECT_TRUE(fields.is_over_limit);
    EXPECT_EQ(fields.text, "The text.");
}

TEST(MailLimits, NestingAtTheLimitAndOneAbove) {
    const ParsedEmail at = timed("20 levels", nested(limits::mime_depth_max - 1));
    EXPECT_FALSE(at.is_over_limit);
    EXPECT_NE(at.text.find("The text below."), std::string::npos);
    const ParsedEmail over = timed("200 levels", nested(200));
    EXPECT_TRUE(over.is_over_limit);
    EXPECT_TRUE(has_defect(over, "mail.mime_too_deep"));
    EXPECT_EQ(over.text, "The text on top.");
    timed("20,000 levels", nested(20'000));
    std::string forwarded = kHeader;
    for (int i = 0; i < 50'000; ++i) forwarded += "Content-Type: message/rfc822\n\n";
    EXPECT_TRUE(timed("50,000 forwarded in one another", forwarded).is_over_limit);
}

TEST(MailLimits, PartsAtTheLimitAndOneAbove) {
    const ParsedEmail at = timed("200 parts", with_parts(limits::mime_parts_max));
    EXPECT_FALSE(at.is_over_limit);
    EXPECT_EQ(at.attachments.size(), limits::mime_parts_max - 1);
    const ParsedEmail over = timed("201 parts", with_parts(limits::mime_parts_max + 1));
    EXPECT_TRUE(over.is_over_limit);
    EXPECT_TRUE(has_defect(over, "mail.mime_too_many_parts"));
    EXPECT_EQ(over.text, "The text.");
    timed("700,000 parts", with_parts(700'000));
}

TEST(MailLimits, HeadersAndParametersOfPartsAreBounded) {
    const std::string begin = kHeader + "Content-Type: multipart/mixed; boundary=p\n\n--p\n\nThe text.\n--p\n";
    const ParsedEmail lines = timed("2,000,000 part header lines", begin + repeat("X-A: b\n", 2'000'000) + "\nbelow\n--p--\n");
    EXPECT_TRUE(lines.is_over_limit);
    EXPECT_EQ(lines.text, "The text.");
    std::string parameters = "Content-Disposition: attachment";
    for (int i = 0; i < 60'000; ++i) parameters += fmt::format(";\n filename*{}=x", i);
    const ParsedEmail many = timed("60,000 RFC 2231 parameters", begin + parameters + "\n\nbelow\n--p--\n");
    EXPECT_TRUE(many.is_over_limit);
    EXPECT_TRUE(has_defect(many, "mail.part_headers_too_large"));
    timed("60,000 parameters on top", kHeader + parameters + "\n\nbelow\n");
}

TEST(MailLimits, OneLineOfOneMegabyteIsRead) {
    const ParsedEmail mail = timed("1 MB line", kHeader + "\n" + std::string(limits::text_bytes_max, 'a') + "\n");
    EXPECT_FALSE(mail.is_over_limit);
    EXPECT_EQ(mail.text.size(), limits::text_bytes_max);
    const ParsedEmail over = timed("1 MB line and one byte", kHeader + "\n" + std::string(limits::text_bytes_max + 1, 'a'));
    EXPECT_TRUE(over.is_over_limit);
    EXPECT_TRUE(has_defect(over, "mail.text_too_large"));
}

TEST(MailLimits, DeepHtmlIsReadFlat) {
    const ParsedEmail at = parse(html_mail(repeat("<div>", limits::html_depth_max) + "hello"));
    EXPECT_FALSE(at.is_over_limit);
    const ParsedEmail over = parse(html_mail(repeat("<div>", limits::html_depth_max + 1) + "hello"));
    EXPECT_TRUE(over.is_over_limit);
    EXPECT_TRUE(has_defect(over, "mail.html_too_deep"));
    EXPECT_EQ(over.text, "hello");
    const ParsedEmail far =
        timed("40,000 nested <div>", html_mail(repeat("<div>", 40'000) + "hello" + repeat("</div>", 40'000) + "<p>bye</p>"));
    EXPECT_EQ(far.text, "hello\n\nbye");
}

TEST(MailLimits, HtmlThatIsQuadraticElsewhereIsLinearHere) {
    timed("400 <font>, 150,000 <p>", html_mail(repeat("<font color=red>", 390) + repeat("<p>", 150'000)));
    timed("100,000 </x> over 400 open", html_mail(repeat("<b>", 390) + repeat("</x>", 100'000)));
    timed("100,000 unclosed <!--", html_mail(repeat("<!--", 100'000)));
    timed("100,000 unclosed </script", html_mail("<script>" + repeat("</scrip", 70'000)));
    timed("60,000 attributes", html_mail("<p " + repeat("a=b ", 60'000) + ">x</p>"));
    timed("style of comments", html_mail("<p style='" + repeat("/**/", 100'000) + "'>x</p>"));
    timed("3,000 nested tables", html_mail(repeat("<table><tr><td>", 3'000) + "x"));
    timed("20,000 blockquotes", html_mail(repeat("<blockquote>a<br>", 20'000)));
    timed("100,000 &", html_mail(repeat("&", 100'000) + repeat("&amp", 50'000)));
}

TEST(MailLimits, TextShapesThatCouldBeQuadraticAreNot) {
    const auto text = [](const std::string& body) { return kHeader + "\n" + body; };
    timed("200,000 x 'On '", text(repeat("On \n", 200'000)));
    timed("100,000 x 'From: a'", text(repeat("From: a\n", 100'000)));
    timed("100,000 attribution lines", text(repeat("On 2026 a@b wrote:\n> x\n", 40'000)));
    timed("300,000 x '-- '", text(repeat("-- \n", 300'000)));
    timed("200,000 x 'Thanks'", text(repeat("Thanks\n", 150'000)));
    timed("encoded words without end", "Subject: " + repeat("=?utf-8?q?", 25'000) + "\n\nx\n");
    timed("comments in an address", "From: " + repeat("(", 250'000) + "\n\nx\n");
    timed("references", "References: " + repeat("<a@b>\n ", 900) + repeat("<a@b> ", 30'000) + "\n\nx\n");
    timed("NUL bytes", kHeader + "\n" + std::string(1u << 20, '\0'));
    timed("only NUL bytes", std::string(10u << 20, '\0'));
    timed("only line feeds", std::string(20u << 20, '\n'));
    timed("delimiters that are none", kHeader + "Content-Type: multipart/mixed; boundary=p\n\n" + repeat("--pp\n", 4'000'000));
    timed("empty", "");
}

TEST(MailLimits, MoreReferencesThanTheLimitKeepTheFirstAndTheLast) {
    std::string raw = "References:";
    for (int i = 0; i < 150; ++i) raw += fmt::format(" <{}@x.example>\n", i);
    const ParsedEmail mail = parse(raw + "\ntext\n");
    ASSERT_EQ(mail.references.size(), limits::references_max);
    EXPECT_EQ(mail.references.front(), "0@x.example");
    EXPECT_EQ(mail.references.back(), "149@x.example");
    EXPECT_TRUE(has_defect(mail, "mail.too_many_references"));
}

}  // namespace
}  // namespace resolute::mail
