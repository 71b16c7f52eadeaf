// SPDX-License-Identifier: Apache-2.0
#include "mail/structure.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "mail/limits.h"

namespace resolute::mail {
namespace {

struct Line {
    std::string_view text;  ///< without its line end
    std::size_t begin = 0;
    std::size_t end = 0;  ///< after its line end
};

Line line_at(std::string_view raw, std::size_t at) {
    const std::size_t newline = raw.find('\n', at);
    const std::size_t end = newline == std::string_view::npos ? raw.size() : newline + 1;
    std::string_view text = raw.substr(at, end - at);
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return {text, at, end};
}

bool is_continuation(std::string_view line) {
    return !line.empty() && (line[0] == ' ' || line[0] == '\t');
}

/// RFC 5322 §3.6.8: printable ASCII without the colon; white space before the colon is obsolete syntax (§4.5).
std::optional<std::size_t> colon_of(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const std::string_view name = text::trim(line.substr(0, colon));
    if (name.empty() || is_continuation(line)) return std::nullopt;
    for (const char c : name) {
        if (c <= ' ' || c > '~') return std::nullopt;
    }
    return colon;
}

struct HeaderBlock {
    std::vector<RawField> fields;
    std::size_t lines = 0;
    std::size_t end = 0;  ///< where the body begins
    bool is_cut = false;
    bool has_no_separator = false;
};

/// Reads one header block. Views go into `raw`; beyond the limits nothing is kept, but the end is still found.
HeaderBlock read_header(std::string_view raw, std::size_t begin) {
    HeaderBlock block;
    std::size_t at = begin;
    bool is_kept = false;
    while (at < raw.size()) {
        const Line line = line_at(raw, at);
        if (line.text.empty()) {
            at = line.end;
            break;
        }
        ++block.lines;
        const bool is_mbox_line = line.begin == begin && (line.text.starts_with("From ") || line.text.starts_with(">From "));
        if (is_continuation(line.text) && (!block.fields.empty() || line.begin != begin)) {
            if (is_kept) {
                RawField& field = block.fields.back();
                const auto value_begin = static_cast<std::size_t>(field.value.data() - raw.data());
                field.value = raw.substr(value_begin, line.begin + line.text.size() - value_begin);
            }
        } else if (const auto colon = colon_of(line.text)) {
            is_kept = block.lines <= limits::header_lines_max && line.end - begin <= limits::header_bytes_max;
            if (is_kept) block.fields.push_back({text::trim(line.text.substr(0, *colon)), line.text.substr(*colon + 1)});
        } else if (!is_mbox_line) {
            // The blank line is missing: what stands here is text, and text is never thrown away.
            block.has_no_separator = true;
            break;
        }
        at = line.end;
    }
    block.end = at;
    block.is_cut = block.lines > limits::header_lines_max || block.end - begin > limits::header_bytes_max;
    return block;
}

/// Follows the multipart nesting by boundaries alone (RFC 2046 §5.1) and stops at the first limit.
class NestingScan {
public:
    NestingScan(std::string_view raw, Structure& structure) : raw_(raw), structure_(structure) {}

    void run(const std::vector<RawField>& top, std::size_t body_begin) {
        std::size_t at = body_begin;
        enter(top, at);
        while (at < raw_.size()) {
            const Line line = line_at(raw_, at);
            if (!line.text.starts_with("--") || !is_delimiter(line.text)) {
                at = line.end;
                continue;
            }
            if (is_close_) {
                at = line.end;
                continue;
            }
            if (++parts_ > limits::mime_parts_max)
                return stop("mail.mime_too_many_parts", line.begin,
                            fmt::format("more than {} parts; the rest was not read", limits::mime_parts_max));
            at = line.end;
            if (!read_part_header(at, line.begin)) return;
        }
    }

private:
    struct Open {
        std::string boundary;
        std::size_t depth;
    };

    /// False where a limit stopped the scan.
    bool read_part_header(std::size_t& at, std::size_t part_begin) {
        const HeaderBlock block = read_header(raw_, at);
        header_bytes_ += block.end - at;
        if (block.is_cut || header_bytes_ > limits::part_header_bytes_max) {
            stop("mail.part_headers_too_large", part_begin, "the headers of the parts are too large; the rest was not read");
            return false;
        }
        for (const RawField& field : block.fields) {
            if (text::to_lower(field.name.substr(0, 8)) == "content-" && field.value.size() > limits::content_field_bytes_max) {
                stop("mail.part_headers_too_large", part_begin, "one Content field is too large; the rest was not read");
                return false;
            }
        }
        at = block.end;
        return enter(block.fields, at);
    }

    /// Opens what the header announces; a message/rfc822 has a header of its own right away.
    bool enter(const std::vector<RawField>& fields, std::size_t& at) {
        const std::string_view content_type = find_field(fields, "content-type");
        const std::string type = media_type(content_type);
        const std::size_t depth = base_depth_ + open_.size();
        if (depth >= limits::mime_depth_max && (type.starts_with("multipart/") || type == "message/rfc822")) {
            stop("mail.mime_too_deep", at,
                 fmt::format("more than {} levels; what lies deeper was not read", limits::mime_depth_max));
            return false;
        }
        if (type.starts_with("multipart/")) {
            std::string boundary = parameter(content_type, "boundary");
            if (!boundary.empty()) open_.push_back({std::move(boundary), depth + 1});
        } else if (type == "message/rfc822" || type == "message/global") {
            ++base_depth_;
            return read_part_header(at, at);
        }
        return true;
    }

    bool is_delimiter(std::string_view line) {
        line.remove_prefix(2);
        for (std::size_t i = open_.size(); i-- > 0;) {
            const std::string& boundary = open_[i].boundary;
            if (!line.starts_with(boundary)) continue;
            std::string_view rest = line.substr(boundary.size());
            is_close_ = rest.starts_with("--");
            if (is_close_) rest.remove_prefix(2);
            if (!text::trim(rest).empty()) continue;
            base_depth_ = open_[i].depth - 1 - i;
            open_.resize(is_close_ ? i : i + 1);
            return true;
        }
        return false;
    }

    void stop(std::string code, std::size_t at, std::string detail) {
        structure_.safe_end = at;
        structure_.over_limits.push_back({std::move(code), std::move(detail)});
    }

    std::string_view raw_;
    Structure& structure_;
    std::vector<Open> open_;
    std::size_t base_depth_ = 0;  ///< levels that message/rfc822 added
    std::size_t parts_ = 0;
    std::size_t header_bytes_ = 0;
    bool is_close_ = false;
};

std::size_t skip_blank(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) ++at;
    return at;
}

/// Reads a token or a quoted string at `at` and moves behind it.
std::string read_value(std::string_view text, std::size_t& at) {
    std::string value;
    at = skip_blank(text, at);
    if (at < text.size() && text[at] == '"') {
        for (++at; at < text.size() && text[at] != '"'; ++at) {
            if (text[at] == '\\' && at + 1 < text.size()) ++at;
            if (text[at] != '\r' && text[at] != '\n') value += text[at];
        }
        if (at < text.size()) ++at;
        return value;
    }
    while (at < text.size() && std::string_view("; \t\r\n").find(text[at]) == std::string_view::npos) value += text[at++];
    return value;
}

}  // namespace

RawHeader read_raw_header(std::string_view raw) {
    HeaderBlock block = read_header(raw, 0);
    return {.fields = std::move(block.fields), .end = block.end};
}

std::string_view find_field(const std::vector<RawField>& fields, std::string_view name) {
    for (const RawField& field : fields) {
        if (text::equals_ignore_case(field.name, name)) return field.value;
    }
    return {};
}

std::string media_type(std::string_view content_type) {
    std::size_t end = 0;
    content_type = text::trim(content_type);
    while (end < content_type.size() && std::string_view("; \t\r\n(").find(content_type[end]) == std::string_view::npos) ++end;
    return text::to_lower(content_type.substr(0, end));
}

std::string parameter(std::string_view content_type, std::string_view name) {
    std::size_t at = std::min(content_type.find(';'), content_type.size());
    while (at < content_type.size()) {
        if (content_type[at] != ';') {
            ++at;  // A comment or junk between parameters.
            continue;
        }
        const std::size_t name_begin = skip_blank(content_type, at + 1);
        std::size_t name_end = name_begin;
        while (name_end < content_type.size() && content_type[name_end] != '=' && content_type[name_end] != ';') ++name_end;
        at = name_end;
        if (name_end >= content_type.size() || content_type[name_end] == ';') continue;
        ++at;
        std::string value = read_value(content_type, at);
        std::string_view found = text::trim(content_type.substr(name_begin, name_end - name_begin));
        if (found.ends_with('*')) found.remove_suffix(1);  // RFC 2231 §4.
        if (found.ends_with("*0")) found.remove_suffix(2);
        if (text::equals_ignore_case(found, name)) return value;
    }
    return {};
}

Structure scan_structure(std::string_view raw) {
    Structure structure;
    HeaderBlock top = read_header(raw, 0);
    structure.body_begin = top.end;
    structure.safe_end = raw.size();
    if (top.lines > limits::header_lines_max) {
        structure.over_limits.push_back(
            {"mail.header_too_many_lines", fmt::format("{} lines > {}", top.lines, limits::header_lines_max)});
    }
    if (top.end > limits::header_bytes_max) {
        structure.over_limits.push_back(
            {"mail.header_too_large", fmt::format("{} bytes > {}", top.end, limits::header_bytes_max)});
    }
    if (top.has_no_separator) {
        structure.oddities.push_back({"mail.header_malformed", "a line in the header is no field; the text begins there"});
    }
    for (RawField& field : top.fields) {
        const bool is_content = text::to_lower(field.name.substr(0, 8)) == "content-";
        if (is_content && field.value.size() > limits::content_field_bytes_max) {
            structure.over_limits.push_back({"mail.header_too_large", "a Content field is too large and was not read"});
            field.value = {};
        }
        if (field.value.size() > limits::header_bytes_max) field.value = field.value.substr(0, limits::header_bytes_max);
    }
    structure.fields = std::move(top.fields);
    NestingScan(raw, structure).run(structure.fields, structure.body_begin);
    return structure;
}

}  // namespace resolute::mail
