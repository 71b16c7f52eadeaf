// SPDX-License-Identifier: Apache-2.0
// winmail.dat, which comes base64-encoded in a mail: the mail's fuzzer would hardly get there.
#include "base/invariant.h"
#include "base/text.h"
#include "mail/limits.h"
#include "mail/tnef.h"
#include "tests/fuzz/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;  // NOLINT: one function, one file.
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const auto content = mail::read_tnef(raw);
    if (content) {
        INVARIANT(text::is_utf8(content->plain) && text::is_utf8(content->html), "the body is UTF-8");
        INVARIANT(content->attachments.size() <= mail::limits::mime_parts_max, "attachments are bounded");
    }
    INVARIANT(mail::decompress_rtf(raw).size() <= mail::limits::rtf_bytes_max, "what is unpacked is bounded");
    INVARIANT(text::is_utf8(mail::rtf_text(raw)), "the text of RTF is UTF-8");
    return 0;
}
