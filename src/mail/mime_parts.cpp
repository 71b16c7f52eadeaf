// SPDX-License-Identifier: Apache-2.0
// The one file that knows GMime.
#include "mail/mime_parts.h"

#include <fmt/format.h>
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "base/hash.h"
#include "base/text.h"
#include "mail/calendar.h"
#include "mail/charset.h"
#include "mail/encoded_words.h"
#include "mail/file_name.h"
#include "mail/limits.h"
#include "mail/smime.h"
#include "mail/tnef.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kCalendarLinesMax = 5;

struct Unref {
    void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

void start_gmime() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

std::string text_or_empty(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

std::string bytes_of(GMimeStream* stream) {
    const GByteArray* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    return array == nullptr || array->data == nullptr ? std::string()
                                                      : std::string(reinterpret_cast<const char*>(array->data), array->len);
}

std::string raw_content(GMimeDataWrapper* content) {
    GMimeStream* source = g_mime_data_wrapper_get_stream(content);
    if (source == nullptr) return {};
    const Owned<GMimeStream> raw(g_mime_stream_mem_new());
    g_mime_stream_reset(source);
    g_mime_stream_write_to_stream(source, raw.get());
    return bytes_of(raw.get());
}

bool is_base64(char c) {
    return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '=';
}

/// Called base64, and its first line has what base64 does not: plain text under a wrong name.
bool is_not_base64(std::string_view raw) {
    raw = text::trim(raw);
    const std::string_view line = text::trim(raw.substr(0, std::min(raw.find('\n'), raw.size())));
    const auto others = std::count_if(line.begin(), line.end(), [](char c) { return !is_base64(c); });
    return line.find(' ') != std::string_view::npos && others >= 2;
}

/// GMime leaves out what comes after the last four characters; many programs write no padding, and cut mails have none.
std::string unpadded_base64_end(std::string_view raw) {
    std::string letters;
    for (const char c : raw) {
        if (c == '=') return {};
        if (is_base64(c)) letters += c;
    }
    return letters.size() % 4 >= 2 ? decode_base64(std::string_view(letters).substr(letters.size() - letters.size() % 4))
                                   : std::string();
}

std::string decoded_content(GMimePart* part) {
    GMimeDataWrapper* content = g_mime_part_get_content(part);
    if (content == nullptr) return {};
    const Owned<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(content, stream.get());
    std::string bytes = bytes_of(stream.get());
    if (g_mime_data_wrapper_get_encoding(content) != GMIME_CONTENT_ENCODING_BASE64) return bytes;
    std::string raw = raw_content(content);
    return is_not_base64(raw) ? raw : bytes + unpadded_base64_end(raw);
}

std::string written_object(GMimeObject* object) {
    const Owned<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(object, nullptr, stream.get());
    return bytes_of(stream.get());
}

std::string type_of(GMimeObject* object) {
    GMimeContentType* type = g_mime_object_get_content_type(object);
    if (type == nullptr) return "text/plain";
    const char* main = g_mime_content_type_get_media_type(type);
    const char* sub = g_mime_content_type_get_media_subtype(type);
    if (main == nullptr || sub == nullptr) return "application/octet-stream";
    return clean_line(text::to_valid_utf8(text::to_lower(fmt::format("{}/{}", main, sub))));
}

/// What GMime is shown: the Content fields of the header and the body.
std::string shown_bytes(std::string_view raw, const Structure& structure) {
    std::string bytes = "MIME-Version: 1.0\n";
    for (const RawField& field : structure.fields) {
        if (text::to_lower(field.name.substr(0, 8)) != "content-" || field.value.empty()) continue;
        bytes += text::to_valid_utf8(field.name);
        bytes += ':';
        bytes += text::replace_all(std::string(field.value), std::string_view("\0", 1), "");
        bytes += '\n';
    }
    bytes += '\n';
    bytes += raw.substr(structure.body_begin, structure.safe_end - std::min(structure.safe_end, structure.body_begin));
    return bytes;
}

/// Types under text/ that programs exchange; all others are read as plain text (RFC 2046 §4.1.4).
constexpr std::array<std::string_view, 20> kProgramTexts = {"text/calendar",
                                                            "text/vcard",
                                                            "text/x-vcard",
                                                            "text/directory",
                                                            "text/css",
                                                            "text/csv",
                                                            "text/xml",
                                                            "text/rtf",
                                                            "text/x-amp-html",
                                                            "text/watch-html",
                                                            "text/x-watch-html",
                                                            "text/javascript",
                                                            "text/rfc822-headers",
                                                            "text/tab-separated-values",
                                                            "text/x-patch",
                                                            "text/x-diff",
                                                            "text/x-log",
                                                            "text/ecmascript",
                                                            "text/rfc822",
                                                            "text/html"};

bool is_readable_text(std::string_view type) {
    return type == "text" ||
           (type.starts_with("text/") && std::find(kProgramTexts.begin(), kProgramTexts.end(), type) == kProgramTexts.end());
}

bool is_tnef(std::string_view type, std::string_view file_name) {
    return type == "application/ms-tnef" || type == "application/vnd.ms-tnef" ||
           (type == "application/octet-stream" && text::equals_ignore_case(file_name, "winmail.dat"));
}

bool is_html_in_disguise(std::string_view content) {
    const std::string begin = text::to_lower(text::trim(content).substr(0, 14));
    return begin.starts_with("<html") || begin.starts_with("<!doctype html");
}

/// The charset that an HTML document names itself, where the mail names none (HTML §13.2.3.2).
std::string charset_in_html(std::string_view bytes) {
    const std::string head = text::to_lower(bytes.substr(0, 2'048));
    const std::size_t meta = head.find("<meta");
    std::size_t at = meta == std::string::npos ? meta : head.find("charset=", meta);
    if (at == std::string::npos) return {};
    at += 8;
    while (at < head.size() && (head[at] == '"' || head[at] == '\'')) ++at;
    return head.substr(at, std::min(head.find_first_of("\"'>; /", at), at + 40) - at);
}

/// Walks the tree. The recursion is bounded by the scan before and by its own count.
class Walker {
public:
    explicit Walker(MimeParts& out) : out_(out) {}

    /// A mail of its own, from its first byte.
    std::vector<BodyPiece> walk_bytes(const std::string& bytes, std::size_t depth) {
        const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
        const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
        g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
        const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
        if (message == nullptr) return {};  // GMime gives nothing for some garbage.
        GMimeObject* root = g_mime_message_get_mime_part(message.get());
        if (root == nullptr) return {};
        out_.was_read = true;
        return walk(root, depth);
    }

    std::vector<BodyPiece> walk(GMimeObject* object, std::size_t depth) {
        depth_ = depth;
        if (depth > limits::mime_depth_max || ++parts_ > limits::mime_parts_max + limits::mime_depth_max + 1) {
            if (!out_.is_over_limit)
                out_.defects.push_back({"mail.mime_too_deep", "too many levels or parts; the rest was not read"});
            out_.is_over_limit = true;
            return {};
        }
        if (GMIME_IS_MULTIPART(object)) return walk_multipart(GMIME_MULTIPART(object), depth);
        if (GMIME_IS_MESSAGE_PART(object)) {
            attach_message(GMIME_MESSAGE_PART(object));
            return {};
        }
        if (!GMIME_IS_PART(object)) return {};
        return read_leaf(GMIME_PART(object));
    }

private:
    std::vector<BodyPiece> walk_multipart(GMimeMultipart* multipart, std::size_t depth) {
        const int count = g_mime_multipart_get_count(multipart);
        if (count == 0) return childless(multipart);
        if (type_of(GMIME_OBJECT(multipart)) == "multipart/encrypted") note_encrypted("PGP/MIME");
        const bool is_alternative = type_of(GMIME_OBJECT(multipart)) == "multipart/alternative";
        std::vector<BodyPiece> pieces;
        BodyPiece merged;
        for (int i = 0; i < count; ++i) {
            std::vector<BodyPiece> child = walk(g_mime_multipart_get_part(multipart, i), depth + 1);
            if (!is_alternative) {
                for (BodyPiece& piece : child) pieces.push_back(std::move(piece));
                continue;
            }
            // RFC 2046 §5.1.4: the last one that we can read is the best; plain text and HTML are kept side by side.
            BodyPiece joined;
            for (const BodyPiece& piece : child) {
                joined.plain += piece.plain;
                joined.html += piece.html;
            }
            if (!text::trim(joined.plain).empty()) merged.plain = std::move(joined.plain);
            if (!text::trim(joined.html).empty()) merged.html = std::move(joined.html);
        }
        if (is_alternative) pieces.push_back(std::move(merged));
        return pieces;
    }

    /// A multipart without boundary, or whose boundary never comes: GMime keeps its text as preamble or drops it.
    std::vector<BodyPiece> childless(GMimeMultipart* multipart) {
        out_.defects.push_back({"mail.multipart_without_parts", "no part found; the raw body was taken"});
        const std::string preamble = text_or_empty(g_mime_multipart_get_prologue(multipart));
        if (text::trim(preamble).empty()) return {};
        return {{.plain = decode(preamble, ""), .html = {}}};
    }

    std::vector<BodyPiece> read_leaf(GMimePart* part) {
        std::string type = type_of(GMIME_OBJECT(part));
        if (is_type_unreadable(GMIME_OBJECT(part))) type = "text/plain";
        const char* disposition = g_mime_object_get_disposition(GMIME_OBJECT(part));
        const bool is_attachment = disposition != nullptr && g_ascii_strcasecmp(disposition, "attachment") == 0;
        const std::string file_name = raw_file_name(part);
        if (is_tnef(type, file_name)) return open_tnef(part, type, file_name);
        if (type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime") return open_pkcs7(part, type, file_name);
        const bool is_text = is_readable_text(type) || type == "text/html";
        if (!is_text || is_attachment || (disposition != nullptr && !file_name.empty())) {
            attach(part, type, file_name, is_attachment);
            return {};
        }
        return read_text(part, type);
    }

    std::vector<BodyPiece> read_text(GMimePart* part, const std::string& type) {
        const std::string bytes = decoded_content(part);
        std::string charset = text_or_empty(g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset"));
        if (charset.empty() && type == "text/html") charset = charset_in_html(bytes);
        std::string content = decode(bytes, charset);
        has_text_ = has_text_ || !text::trim(content).empty();
        const bool is_html =
            type == "text/html" || type == "text/enriched" || type == "text/richtext" || is_html_in_disguise(content);
        if (is_html) return {{.plain = {}, .html = std::move(content)}};
        const std::string format = text_or_empty(g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "format"));
        if (text::equals_ignore_case(format, "flowed")) {
            const std::string del_sp = text_or_empty(g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "delsp"));
            content = unflow(content, text::equals_ignore_case(del_sp, "yes"));
        }
        if (!content.empty() && !content.ends_with('\n')) content += '\n';
        return {{.plain = std::move(content), .html = {}}};
    }

    /// Outlook's winmail.dat: what is in it takes its place. The body counts only where the mail has no other.
    std::vector<BodyPiece> open_tnef(GMimePart* part, const std::string& type, const std::string& file_name) {
        std::optional<TnefContent> content = read_tnef(decoded_content(part));
        if (!content || content->is_damaged) {
            out_.defects.push_back({"mail.tnef_damaged", "a winmail.dat could not be read to its end; it is kept as it is"});
            attach(part, type, file_name, true);
        }
        if (!content) return {};
        for (TnefAttachment& inner : content->attachments) {
            if (out_.attachments.size() >= limits::mime_parts_max) break;
            Attachment attachment;
            attachment.content_type = clean_line(text::to_lower(inner.content_type));
            if (attachment.content_type.empty()) attachment.content_type = "application/octet-stream";
            attachment.content_id = clean_line(inner.content_id);
            attachment.is_inline = !attachment.content_id.empty();
            attachment.bytes = std::move(inner.bytes);
            add(std::move(attachment), inner.file_name);
        }
        if (has_text_) return {};
        has_text_ = !content->plain.empty() || !content->html.empty();
        return {{.plain = std::move(content->plain), .html = std::move(content->html)}};
    }

    /// Signed content is read; of what is encrypted a person is told.
    std::vector<BodyPiece> open_pkcs7(GMimePart* part, const std::string& type, const std::string& file_name) {
        const std::optional<std::string> content = signed_content(decoded_content(part));
        if (!content) {
            attach(part, type, file_name, true);
            if (!file_name.ends_with(".p7c")) note_encrypted("S/MIME");
            return {};
        }
        const Structure structure = scan_structure(*content);
        for (const Defect& defect : structure.over_limits) out_.defects.push_back(defect);
        out_.is_over_limit = out_.is_over_limit || !structure.over_limits.empty();
        return walk_bytes(shown_bytes(*content, structure), depth_ + 1);
    }

    void note_encrypted(std::string_view how) {
        out_.defects.push_back({"mail.encrypted", fmt::format("encrypted with {}; only its receiver can read it", how)});
    }

    /// RFC 2045 §5.2: what has a Content-Type that cannot be read is plain text, where nothing says that it is a file.
    static bool is_type_unreadable(GMimeObject* object) {
        const char* value = g_mime_object_get_header(object, "Content-Type");
        return value != nullptr && std::string_view(value).find('/') == std::string_view::npos &&
               g_mime_object_get_disposition(object) == nullptr;
    }

    static std::string raw_file_name(GMimePart* part) { return text_or_empty(g_mime_part_get_filename(part)); }

    /// RFC 3676 §4: a line that ends in a space goes on in the next one, at the same depth of quotation.
    static std::string unflow(std::string_view content, bool delete_space) {
        std::string out;
        bool is_open = false;
        std::size_t open_depth = 0;
        for (std::string_view line : text::split_lines(content)) {
            if (line.ends_with('\r')) line.remove_suffix(1);
            const std::size_t depth = std::min(line.find_first_not_of('>'), line.size());
            std::string_view rest = line.substr(depth);
            if (rest.starts_with(' ')) rest.remove_prefix(1);
            const bool is_signature = rest == "-- ";
            if (is_open && depth == open_depth && !is_signature) {
                out += rest;
            } else {
                if (is_open) out += '\n';
                out.append(depth, '>');
                if (depth > 0) out += ' ';
                out += rest;
            }
            is_open = rest.ends_with(' ') && !is_signature;
            open_depth = depth;
            if (is_open && delete_space) out.pop_back();
            if (!is_open) out += '\n';
        }
        return out;
    }

    std::string decode(std::string_view bytes, std::string_view charset) {
        // Four bytes a character at most (UTF-32): what lies beyond would be cut after decoding anyway.
        bytes = bytes.substr(0, 4 * limits::text_bytes_max + 4);
        DecodedText decoded = decode_charset(bytes, charset);
        const std::string shown = text::shorten(text::to_valid_utf8(charset), 40);
        if (decoded.is_charset_unknown)
            out_.defects.push_back({"mail.charset_unknown", shown + " is not known; another was tried"});
        if (decoded.is_charset_wrong)
            out_.defects.push_back({"mail.charset_wrong", shown + " was declared, the bytes are UTF-8"});
        if (decoded.replaced > 0) {
            out_.defects.push_back(
                {"mail.charset_invalid", fmt::format("{} characters replaced; the original is kept", decoded.replaced)});
        }
        return std::move(decoded.text);
    }

    void attach(GMimePart* part, std::string type, std::string_view file_name, bool is_attachment) {
        Attachment attachment;
        attachment.content_type = std::move(type);
        attachment.content_id = clean_line(text::to_valid_utf8(text_or_empty(g_mime_part_get_content_id(part))));
        attachment.is_inline = !is_attachment && !attachment.content_id.empty();
        attachment.bytes = decoded_content(part);
        if (attachment.content_type == "text/calendar" && out_.calendar_lines.size() < kCalendarLinesMax) {
            const char* charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
            std::string line = calendar_line(decode_charset(attachment.bytes, text_or_empty(charset)).text);
            const bool is_new =
                std::find(out_.calendar_lines.begin(), out_.calendar_lines.end(), line) == out_.calendar_lines.end();
            if (!line.empty() && is_new) out_.calendar_lines.push_back(std::move(line));
            if (file_name.empty()) file_name = "invite.ics";
        }
        add(std::move(attachment), file_name);
    }

    void attach_message(GMimeMessagePart* part) {
        Attachment attachment;
        attachment.content_type = "message/rfc822";
        GMimeMessage* message = g_mime_message_part_get_message(part);
        if (message != nullptr) attachment.bytes = written_object(GMIME_OBJECT(message));
        const char* name = g_mime_object_get_content_disposition_parameter(GMIME_OBJECT(part), "filename");
        add(std::move(attachment), text_or_empty(name));
    }

    void add(Attachment attachment, std::string_view file_name) {
        attachment.sha256_hex = sha256_hex(attachment.bytes);
        attachment.file_name = safe_file_name(file_name, out_.attachments.size() + 1);
        out_.attachments.push_back(std::move(attachment));
    }

    MimeParts& out_;
    std::size_t parts_ = 0;
    std::size_t depth_ = 0;  ///< of the part that is being read
    bool has_text_ = false;
};

}  // namespace

MimeParts read_parts(std::string_view raw, const Structure& structure) {
    start_gmime();
    MimeParts out;
    out.pieces = Walker(out).walk_bytes(shown_bytes(raw, structure), 1);
    return out;
}

std::optional<Instant> parse_date(std::string_view value) {
    start_gmime();
    const std::string text = decode_header_text(value.substr(0, 200));
    if (text.empty()) return std::nullopt;
    GDateTime* date = g_mime_utils_header_decode_date(text.c_str());
    if (date == nullptr) return std::nullopt;
    const gint64 seconds = g_date_time_to_unix(date);
    g_date_time_unref(date);
    constexpr gint64 kYear2100 = 4'102'444'800;
    if (seconds <= 0 || seconds >= kYear2100) return std::nullopt;
    return from_unix_ms(seconds * 1000);
}

}  // namespace resolute::mail
