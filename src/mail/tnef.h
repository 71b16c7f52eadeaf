// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resolute::mail {

struct TnefAttachment {
    std::string file_name;     ///< as sent: hostile
    std::string content_type;  ///< may be empty
    std::string content_id;    ///< may be empty
    std::string bytes;
};

struct TnefContent {
    std::string plain;  ///< UTF-8; may be empty
    std::string html;   ///< UTF-8, as sent: hostile; may be empty
    std::vector<TnefAttachment> attachments;
    bool is_damaged = false;  ///< what follows could not be read
};

/// What Outlook puts into winmail.dat (MS-OXTNEF). Nothing where the bytes are none. A reader of our own, since libytnef's
/// licence does not allow linking. Total, linear, and nothing in it grows beyond its input but RTF, to limits::rtf_bytes_max.
std::optional<TnefContent> read_tnef(std::string_view bytes);

/// LZFu (MS-OXRTFCP): at most limits::rtf_bytes_max; what was read so far where the bytes are damaged.
std::string decompress_rtf(std::string_view bytes);

/// The text of an RTF document, as UTF-8 with '\n' line ends.
std::string rtf_text(std::string_view rtf);

}  // namespace resolute::mail
