// SPDX-License-Identifier: Apache-2.0
// What an SMTP server answers (RFC 5321 §4.2): replies of several lines, offers, and the errors made of them.
#include "base/invariant.h"
#include "tests/fuzz/bytes.h"
#include "transport/smtp_reply.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;  // NOLINT: one function, one file.
    fuzz::Bytes bytes(data, size);
    transport::SmtpReplyReader reader;
    while (!bytes.is_empty()) {
        std::string_view line = bytes.line();
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto is_last = reader.add(line);
        if (!is_last) return 0;
        if (!*is_last) continue;
        const transport::SmtpReply reply = reader.take();
        INVARIANT(reply.code >= 200 && reply.code <= 599, "a code is one of a reply");
        static_cast<void>(transport::offers_in(reply));  // Any offers will do.
        for (const auto stage : {transport::SmtpStage::ehlo, transport::SmtpStage::recipient, transport::SmtpStage::message}) {
            const Error error = transport::error_of(reply, stage, "mx.shop.example");
            INVARIANT(error.detail.find_first_of("\r\n") == std::string::npos, "an error is one line");
        }
        reader = {};
    }
    return 0;
}
