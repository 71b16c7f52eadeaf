// SPDX-License-Identifier: Apache-2.0
// What an IMAP server answers (RFC 9051 §9), with its literals, and the sets of UIDs in it.
#include "base/invariant.h"
#include "tests/fuzz/bytes.h"
#include "transport/imap_limits.h"
#include "transport/imap_parser.h"
#include "transport/imap_uids.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;  // NOLINT: one function, one file.
    fuzz::Bytes bytes(data, size);
    static_cast<void>(transport::parse_internal_date(bytes.rest()));  // Any moment will do.
    if (const auto uids = transport::UidSet::parse(bytes.rest(), 1'000)) {
        INVARIANT(uids->count() <= 1'000, "a set is bounded");
        INVARIANT(transport::UidSet::parse(uids->text(), 1'000) == uids, "a set is read as it was written");
    }
    // As the client cuts the stream: lines, and the literals that they announce.
    while (!bytes.is_empty()) {
        transport::ImapLines lines;
        for (bool is_complete = false; !is_complete && lines.literals.size() < transport::imap_limits::literals_max;) {
            std::string line(bytes.line());
            if (line.ends_with('\r')) line.pop_back();
            const auto announced = transport::announced_literal(line, lines.lines.empty());
            lines.lines.push_back(std::move(line));
            is_complete = !announced || !*announced;
            if (!is_complete) lines.literals.emplace_back(bytes.text());
        }
        ignore_error(transport::parse_imap_answer(std::move(lines)), "an error is an answer as well");
    }
    return 0;
}
