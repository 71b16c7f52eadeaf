// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "mail/outgoing_email.h"

namespace resolute::mail {
namespace {

OutgoingEmail plain() {
    return {.from = {.name = "Shop Support", .address = "help@shop.example"},
            .to = {.name = "Ann Lee", .address = "ann@customer.example"},
            .subject = "Re: Your order",
            .text = "Hello Ann,\n\nit is on its way.\n",
            .html = {},
            .message_id = "abc123@shop.example",
            .in_reply_to = "m1@customer.example",
            .references = {"m0@customer.example", "m1@customer.example"},
            .date = *parse_instant("2026-11-22T18:05:00Z"),
            .auto_submitted = "auto-replied",
            .effect_key = "ek1",
            .case_id = "c1"};
}

std::string rendered(const OutgoingEmail& mail) {
    const auto bytes = render(mail);
    EXPECT_TRUE(bytes.has_value()) << (bytes ? "" : describe(bytes.error()));
    return bytes.value_or("");
}

TEST(Render, PlainMailHasExactlyTheseBytes) {
    EXPECT_EQ(rendered(plain()),
              "From: \"Shop Support\"\r\n <help@shop.example>\r\nTo: \"Ann Lee\"\r\n <ann@customer.example>\r\nSubject: Re: Your order\r\n"
              "Date: Sun, 22 Nov 2026 18:05:00 +0000\r\nMessage-ID: <abc123@shop.example>\r\nIn-Reply-To: <m1@customer.example>\r\n"
              "References: <m0@customer.example> <m1@customer.example>\r\nAuto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n"
              "X-Resolute-Effect: ek1\r\nX-Resolute-Case: c1\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n\r\nHello Ann,\r\n\r\nit is on its way.\r\n");
}

TEST(Render, SameValueSameBytesAndHtmlBringsAnAlternative) {
    OutgoingEmail mail = plain();
    mail.html = html_from_text(mail.text);
    EXPECT_EQ(rendered(mail), rendered(mail));
    const ParsedEmail parsed = parse(rendered(mail));
    EXPECT_EQ(parsed.text, "Hello Ann,\n\nit is on its way.");
    EXPECT_EQ(parsed.html, "<p>Hello Ann,</p>\n<p>it is on its way.</p>");
    EXPECT_TRUE(parsed.defects.empty());
    EXPECT_EQ(parsed.kind, MailKind::auto_reply);
}

TEST(Render, APersonsWordsSuppressNothing) {
    OutgoingEmail mail = plain();
    mail.auto_submitted = "no";
    EXPECT_EQ(rendered(mail).find("X-Auto-Response-Suppress"), std::string::npos);
    EXPECT_EQ(parse(rendered(mail)).kind, MailKind::person);
}

TEST(Render, ALineBreakInAnyHeaderIsRefused) {
    for (const std::string& value : {std::string("x\r\nBcc: a@b.example"), std::string("x\ny"), std::string("x\ry"), std::string("x\0y", 3)}) {
        std::vector<OutgoingEmail> mails(9, plain());
        mails[0].subject = value;
        mails[1].from.name = value;
        mails[2].to.name = value;
        mails[3].message_id = value;
        mails[4].in_reply_to = value;
        mails[5].references = {value};
        mails[6].auto_submitted = value;
        mails[7].effect_key = value;
        mails[8].case_id = value;
        for (std::size_t i = 0; i < mails.size(); ++i) {
            const auto bytes = render(mails[i]);
            ASSERT_FALSE(bytes.has_value()) << i;
            EXPECT_EQ(bytes.error().code, "out.header_line_break") << i;
            EXPECT_EQ(bytes.error().effect, EffectState::not_sent);
        }
    }
}

TEST(Render, UnusableAddressesAndIdsAreRefused) {
    OutgoingEmail mail = plain();
    mail.to.address = "a@b@c.example";
    EXPECT_EQ(render(mail).error().code, "out.unsafe_recipient");
    mail = plain();
    mail.from.address = "";
    EXPECT_EQ(render(mail).error().code, "out.no_sender");
    for (const std::string id : {"a b@c", "<a@b>", "ä@b", ""}) {
        mail = plain();
        mail.message_id = id;
        EXPECT_EQ(render(mail).error().code, "out.invalid_id") << id;
    }
    mail = plain();
    mail.subject = std::string(30'000, 'x');
    EXPECT_EQ(render(mail).error().code, "out.header_too_long");
}

/// Text made of the pieces that break mail writers.
std::string odd_text(std::mt19937& random, std::size_t pieces, bool may_break) {
    static const std::vector<std::string> kPieces = {"a", " ", "  ", "ä", "€", "漢字", "😀", "=", "=?utf-8?Q?x?=", ".", "..", "From ", "--", "-- ", "\"", "\\", "<b>", "&amp;",
                                                     ",", ";", ":", "(", ")", "@", "word", "=20", "=3D", "\xC2\xA0x", "verylongwordwithoutanyspaceinside", "1. ", "?="};
    std::string out;
    for (std::size_t i = 0; i < pieces; ++i) {
        out += kPieces[random() % kPieces.size()];
        if (may_break && random() % 6 == 0) out += '\n';
        if (may_break && random() % 40 == 0) out += std::string(1'200, 'x');
    }
    return out;
}

std::string stripped(const std::string& text) {
    // The parser shows a no-break space as a space, and no line ends at the end.
    std::string out = text::replace_all(text, "\xC2\xA0", " ");
    while (out.ends_with('\n')) out.pop_back();
    return out;
}

TEST(Render, ParsingGivesBackWhatWasWritten) {
    std::mt19937 random(7);
    for (int i = 0; i < 500; ++i) {
        OutgoingEmail mail = plain();
        mail.subject = std::string(text::trim(odd_text(random, random() % 30, false)));
        mail.from.name = std::string(text::trim(odd_text(random, random() % 6, false)));
        mail.to.name = std::string(text::trim(odd_text(random, random() % 6, false)));
        mail.text = odd_text(random, random() % 80, true);
        if (i % 2 == 0) mail.html = "<p>" + text::escape_html(mail.text) + "</p>";
        mail.references.clear();
        for (unsigned n = 0; n < random() % 30; ++n) mail.references.push_back(fmt::format("{}.{}@x.example", n, random()));
        const std::string bytes = rendered(mail);
        for (const std::string_view line : text::split(bytes, '\n')) {
            ASSERT_LE(line.size(), 999U);
            ASSERT_TRUE(line.empty() || line.ends_with('\r'));
        }
        const ParsedEmail parsed = parse(bytes);
        SCOPED_TRACE(bytes);
        ASSERT_EQ(parsed.subject, mail.subject);
        ASSERT_EQ(parsed.from, mail.from);
        ASSERT_EQ(parsed.to, std::vector<Address>{mail.to});
        ASSERT_EQ(parsed.message_id, mail.message_id);
        ASSERT_EQ(parsed.in_reply_to, mail.in_reply_to);
        ASSERT_EQ(parsed.references, mail.references);
        ASSERT_EQ(parsed.date, mail.date);
        if (!text::trim(mail.text).empty()) {
            ASSERT_EQ(parsed.text, stripped(mail.text));
        }
        ASSERT_FALSE(parsed.is_over_limit);
    }
}

TEST(HtmlFromText, ParagraphsListsAndLinksAllEscaped) {
    EXPECT_EQ(html_from_text("Hi <b>\nyou\n\n1. Press \"on\"\n2. Wait\n\nSee https://a.example/x?a=1&b=2. Bye"),
              "<p>Hi &lt;b&gt;<br>you</p>\n<ol><li>Press &quot;on&quot;</li><li>Wait</li></ol>\n"
              "<p>See <a href=\"https://a.example/x?a=1&amp;b=2\">https://a.example/x?a=1&amp;b=2</a>. Bye</p>\n");
    EXPECT_EQ(html_from_text(""), "");
    EXPECT_EQ(html_from_text("http:// and https and javascript:x"), "<p>http:// and https and javascript:x</p>\n");
    EXPECT_EQ(html_from_text("(https://a.example)"), "<p>(<a href=\"https://a.example\">https://a.example</a>)</p>\n");
    EXPECT_EQ(html_from_text("https://a.example/\"onclick=x"),
              "<p><a href=\"https://a.example/\">https://a.example/</a>&quot;onclick=x</p>\n");
}

}  // namespace
}  // namespace resolute::mail
