// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/parsed_email.h"

namespace resolute::mail {

/// A field as it stands in the mail; views into the raw bytes.
struct RawField {
    std::string_view name;
    std::string_view value;  ///< folded, any bytes
};

/// What a cheap scan sees before any MIME parser gets the bytes: one pass, no allocation that grows with the mail.
struct Structure {
    std::vector<RawField> fields;  ///< of the top header, at most limits::header_lines_max
    std::size_t body_begin = 0;
    std::size_t safe_end = 0;         ///< [body_begin, safe_end) is within all limits of structure
    std::vector<Defect> over_limits;  ///< one for each limit that was passed
    std::vector<Defect> oddities;
};

Structure scan_structure(std::string_view raw);

struct RawHeader {
    std::vector<RawField> fields;  ///< at most limits::header_lines_max
    std::size_t end = 0;           ///< after the blank line
};

/// One block of fields alone, as in a message/delivery-status part.
RawHeader read_raw_header(std::string_view raw);

/// First field of that name, any case; empty where there is none.
std::string_view find_field(const std::vector<RawField>& fields, std::string_view name);

/// "multipart/report" of a Content-Type value, in lower case.
std::string media_type(std::string_view content_type);

/// A parameter's value, unquoted: `parameter("multipart/mixed; boundary=\"a b\"", "boundary")`.
std::string parameter(std::string_view content_type, std::string_view name);

}  // namespace resolute::mail
