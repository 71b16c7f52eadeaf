// SPDX-License-Identifier: Apache-2.0
// Whatever stands in the values of an outgoing mail: it is refused, or what is parsed from its bytes has exactly our headers.
#include <array>

#include "base/invariant.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/outgoing_email.h"
#include "tests/fuzz/bytes.h"

namespace {

using namespace resolute;  // NOLINT: one function, one file.

constexpr std::array<std::string_view, 14> kOurs = {"From",
                                                    "To",
                                                    "Subject",
                                                    "Date",
                                                    "Message-ID",
                                                    "In-Reply-To",
                                                    "References",
                                                    "Auto-Submitted",
                                                    "X-Auto-Response-Suppress",
                                                    "X-Resolute-Effect",
                                                    "X-Resolute-Case",
                                                    "MIME-Version",
                                                    "Content-Type",
                                                    "Content-Transfer-Encoding"};

void check(const mail::OutgoingEmail& out, const std::string& rendered) {
    std::size_t line = 0;
    for (std::size_t i = 0; i < rendered.size(); ++i) {
        if (rendered[i] == '\r') INVARIANT(i + 1 < rendered.size() && rendered[i + 1] == '\n', "no bare CR goes out");
        if (rendered[i] == '\n') INVARIANT(i > 0 && rendered[i - 1] == '\r', "no bare LF goes out");
        line = rendered[i] == '\n' ? 0 : line + 1;
        INVARIANT(line <= 999 && rendered[i] != '\0', "lines are short enough, and no NUL goes out");
    }
    const mail::ParsedEmail again = mail::parse(rendered);
    for (std::size_t i = 0; i < again.headers.size(); ++i) {
        const std::string& name = again.headers[i].name;
        INVARIANT(std::find(kOurs.begin(), kOurs.end(), name) != kOurs.end(), "each header is one of ours");
        for (std::size_t other = 0; other < i; ++other) INVARIANT(again.headers[other].name != name, "each header is there once");
    }
    INVARIANT(again.from.address == out.from.address && again.to.size() == 1 && again.to.front().address == out.to.address,
              "from us, to the one that was meant");
    INVARIANT(again.cc.empty() && again.attachments.empty(), "nobody else, and nothing else");
    INVARIANT(again.message_id == out.message_id && again.in_reply_to == out.in_reply_to && again.references == out.references,
              "the ids are those that were meant");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Bytes bytes(data, size);
    const std::uint8_t choice = bytes.byte();
    mail::OutgoingEmail out;
    out.from = {.name = std::string(bytes.text()), .address = "help@shop.example"};
    out.to = {.name = std::string(bytes.text()), .address = choice & 1U ? std::string(bytes.text()) : "ann@customer.example"};
    out.subject = bytes.text();
    out.message_id = choice & 2U ? std::string(bytes.text()) : "m1@shop.example";
    if (choice & 4U) out.in_reply_to = bytes.text();
    for (unsigned i = 0; i < (choice >> 5U); ++i) out.references.emplace_back(bytes.text());
    out.auto_submitted = choice & 8U ? std::string(bytes.text()) : "auto-replied";
    out.effect_key = choice & 16U ? std::string(bytes.text()) : "c-1.send.1";
    out.case_id = bytes.text();
    out.date = from_unix_ms(1'800'000'000'000);
    out.text = text::to_valid_utf8(bytes.text());
    if (choice & 1U) out.html = mail::html_from_text(out.text);
    const auto rendered = mail::render(out);
    if (rendered) check(out, *rendered);
    return 0;
}
