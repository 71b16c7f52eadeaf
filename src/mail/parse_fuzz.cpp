// SPDX-License-Identifier: Apache-2.0
// For libFuzzer: clang++ -fsanitize=fuzzer,address. The smoke test runs it over mutations of the corpus.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/invariant.h"
#include "base/text.h"
#include "mail/limits.h"
#include "mail/outgoing_email.h"
#include "mail/parsed_email.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;  // NOLINT: one function, one file.
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const mail::ParsedEmail parsed = mail::parse(raw);
    const json::Value value = mail::to_json(parsed);
    INVARIANT(text::is_utf8(parsed.text) && text::is_utf8(parsed.html) && text::is_utf8(parsed.subject), "what is parsed is UTF-8");
    INVARIANT(parsed.text.size() <= mail::limits::text_bytes_max, "the text is within its limit");
    INVARIANT(parsed.subject.find_first_of("\r\n") == std::string::npos, "the subject is one line");
    INVARIANT(parsed.html.find("<script") == std::string::npos, "no script is shown");
    INVARIANT(parsed.visible_text.size() <= parsed.text.size() + 1, "visible text is a part of the text");
    for (const mail::Attachment& attachment : parsed.attachments) {
        INVARIANT(!attachment.file_name.empty() && attachment.file_name.find_first_of("/\\\r\n") == std::string::npos, "file names are safe");
    }
    INVARIANT(!json::dump(value).empty(), "a mail can be written as JSON");
    // Whatever a sender put into his headers, what goes out has only the headers that we meant.
    const auto rendered = mail::render({.from = {.name = "Shop", .address = "help@shop.example"},
                                        .to = parsed.from,
                                        .subject = "Re: " + parsed.subject,
                                        .text = parsed.visible_text,
                                        .html = mail::html_from_text(parsed.visible_text),
                                        .message_id = "fuzz@shop.example",
                                        .in_reply_to = parsed.message_id,
                                        .references = parsed.references,
                                        .date = from_unix_ms(0),
                                        .auto_submitted = "auto-replied",
                                        .effect_key = "k",
                                        .case_id = "c"});
    if (rendered) {
        const mail::ParsedEmail again = mail::parse(*rendered);
        INVARIANT(again.to.size() == 1 && again.to.front().address == parsed.from.address, "one recipient, the one that was meant");
        INVARIANT(mail::header(again, "Bcc").empty(), "no header was injected");
    }
    return 0;
}
