// SPDX-License-Identifier: Apache-2.0
// The scan before the MIME parser, what kind of mail it is, and what of a text a person wrote.
#include "base/invariant.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoded_words.h"
#include "mail/limits.h"
#include "mail/mail_kind.h"
#include "mail/structure.h"
#include "mail/visible_text.h"
#include "tests/fuzz/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;  // NOLINT: one function, one file.
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const mail::Structure structure = mail::scan_structure(raw);
    INVARIANT(structure.body_begin <= raw.size() && structure.safe_end <= raw.size(), "what was scanned lies in the mail");
    INVARIANT(structure.fields.size() <= mail::limits::header_lines_max, "fields are bounded");
    mail::ParsedEmail email;
    for (const mail::RawField& field : structure.fields) {
        const std::string value = mail::decode_header_text(field.value);
        INVARIANT(text::is_utf8(value) && value.find_first_of("\r\n") == std::string::npos, "a value is one line of UTF-8");
        email.headers.push_back({.name = text::to_valid_utf8(field.name), .value = value});
    }
    email.subject = mail::header(email, "Subject");
    email.from.address = mail::header(email, "From");
    email.text = mail::clean_text(text::to_valid_utf8(raw.substr(structure.body_begin)));
    email.visible_text = mail::visible_text(email.text);
    INVARIANT(text::is_utf8(email.visible_text), "visible text is UTF-8");
    INVARIANT(email.visible_text.size() <= email.text.size() + 1, "visible text is a part of the text");
    mail::classify(email);
    INVARIANT((email.kind == mail::MailKind::person) == email.kind_reason.empty(), "what is no person's says why");
    return 0;
}
