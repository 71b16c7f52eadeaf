// SPDX-License-Identifier: Apache-2.0
// Authentication-Results (RFC 8601) as any server, or any sender, may write it.
#include "base/invariant.h"
#include "base/text.h"
#include "mail/encoded_words.h"
#include "mailroom/trust.h"
#include "tests/fuzz/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;  // NOLINT: one function, one file.
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const mailroom::AuthenticationResults results = mailroom::parse_authentication_results(mail::unfold_header(raw));
    for (const mailroom::AuthenticationResult& result : results.results)
        INVARIANT(result.method == text::to_lower(result.method) && !result.method.empty(), "a method has a name in lower case");
    mail::ParsedEmail email;
    email.from.address = "ann@customer.example";
    email.headers.push_back({.name = "Authentication-Results", .value = mail::decode_header_text(raw)});
    static_cast<void>(mailroom::judge_sender(email, "mx.shop.example"));  // Any verdict will do.
    return 0;
}
