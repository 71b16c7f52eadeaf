// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/parsed_email.h"
#include "mail/structure.h"

namespace resolute::mail {

/// One piece of the body in reading order; an alternative is one piece with both.
struct BodyPiece {
    std::string plain;  ///< UTF-8
    std::string html;   ///< UTF-8, as sent: hostile
};

struct MimeParts {
    std::vector<BodyPiece> pieces;
    std::vector<Attachment> attachments;
    std::vector<std::string>
        calendar_lines;  ///< one for each text/calendar part that could be read; the part is an attachment too
    std::vector<Defect> defects;
    bool is_over_limit = false;
    bool was_read = false;  ///< false where the parser found nothing at all: the caller takes the raw body
};

/// The MIME tree of the body, by GMime. Only the Content fields of the header are shown to it: addresses and the like are
/// ours to bound. Transfer encodings are undone, texts are UTF-8.
MimeParts read_parts(std::string_view raw, const Structure& structure);

/// The Date header; nothing where it is absent or absurd (RFC 5322 §3.3, and what senders make of it).
std::optional<Instant> parse_date(std::string_view value);

}  // namespace resolute::mail
