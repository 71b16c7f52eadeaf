// SPDX-License-Identifier: Apache-2.0
#include "mail/tnef.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/limits.h"

namespace resolute::mail {
namespace {

constexpr std::uint32_t kSignature = 0x223E9F78;

/// Attributes: type in the upper half, id in the lower one (MS-OXTNEF §2.1.3.2).
constexpr std::uint32_t kBody = 0x0002800C;
constexpr std::uint32_t kCodePage = 0x00069007;
constexpr std::uint32_t kMessageProperties = 0x00069003;
constexpr std::uint32_t kAttachBegin = 0x00069002;
constexpr std::uint32_t kAttachTitle = 0x00018010;
constexpr std::uint32_t kAttachData = 0x0006800F;
constexpr std::uint32_t kAttachProperties = 0x00069005;

/// Properties (MS-OXPROPS).
constexpr std::uint16_t kPropBody = 0x1000;
constexpr std::uint16_t kPropRtf = 0x1009;
constexpr std::uint16_t kPropHtml = 0x1013;
constexpr std::uint16_t kPropAttachData = 0x3701;
constexpr std::uint16_t kPropFileName = 0x3704;
constexpr std::uint16_t kPropLongFileName = 0x3707;
constexpr std::uint16_t kPropMimeTag = 0x370E;
constexpr std::uint16_t kPropContentId = 0x3712;
constexpr std::uint16_t kPropCodePage = 0x3FDE;

constexpr std::uint16_t kTypeObject = 0x000D;
constexpr std::uint16_t kTypeString8 = 0x001E;
constexpr std::uint16_t kTypeUnicode = 0x001F;
constexpr std::uint16_t kTypeBinary = 0x0102;

/// Little-endian numbers and pieces; once something is missing, everything is.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    std::uint32_t number(std::size_t size) {
        const std::string_view bytes = piece(size);
        std::uint32_t value = 0;
        for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
        return value;
    }
    std::string_view piece(std::size_t size) {
        if (size > rest_.size()) {
            is_damaged_ = true;
            rest_ = {};
            return {};
        }
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    /// A piece that is filled up to four bytes.
    std::string_view padded(std::size_t size) {
        const std::string_view taken = piece(size);
        const std::size_t padding = (4 - size % 4) % 4;
        rest_.remove_prefix(std::min(padding, rest_.size()));
        return taken;
    }
    [[nodiscard]] bool is_empty() const { return rest_.empty(); }
    [[nodiscard]] bool is_damaged() const { return is_damaged_; }

private:
    std::string_view rest_;
    bool is_damaged_ = false;
};

struct Property {
    std::uint16_t id = 0;
    std::uint16_t type = 0;
    std::string_view value;  ///< the first one of several
};

std::size_t fixed_size(std::uint16_t type) {
    switch (type) {
        case 0x0000:
        case 0x0001:
            return 0;
        case 0x0005:
        case 0x0006:
        case 0x0007:
        case 0x0014:
        case 0x0040:
            return 8;
        case 0x0048:
            return 16;
        default:
            return 4;
    }
}

bool is_variable(std::uint16_t type) {
    return type == kTypeString8 || type == kTypeUnicode || type == kTypeBinary || type == kTypeObject;
}

/// MS-OXTNEF §2.1.3.4: the name of a named property stands before its value.
void skip_name(Reader& reader, std::uint16_t id) {
    if (id < 0x8000) return;
    reader.piece(16);
    const bool is_text = reader.number(4) == 1;
    const std::uint32_t value = reader.number(4);
    if (is_text) reader.padded(value);
}

std::vector<Property> read_properties(std::string_view bytes, bool& is_damaged) {
    Reader reader(bytes);
    std::vector<Property> properties;
    const std::uint32_t count = reader.number(4);
    for (std::uint32_t i = 0; i < count && !reader.is_empty(); ++i) {
        Property property;
        const auto type = static_cast<std::uint16_t>(reader.number(2));
        property.type = type & 0x0FFFU;
        property.id = static_cast<std::uint16_t>(reader.number(2));
        skip_name(reader, property.id);
        const bool has_count = (type & 0x1000U) != 0 || is_variable(property.type);
        const std::uint32_t values = has_count ? reader.number(4) : 1;
        for (std::uint32_t n = 0; n < values && !reader.is_damaged(); ++n) {
            const std::size_t size = is_variable(property.type) ? reader.number(4) : fixed_size(property.type);
            // Of a type without size a sender may announce four billion.
            if (n > 0 && (size == 0 || reader.is_empty())) break;
            const std::string_view value = reader.padded(size);
            if (n == 0) property.value = value;
        }
        if (reader.is_damaged()) break;
        properties.push_back(property);
    }
    is_damaged = is_damaged || reader.is_damaged();
    return properties;
}

std::string charset_of(std::uint32_t code_page) {
    if (code_page == 65001) return "utf-8";
    if (code_page == 932 || code_page == 936 || code_page == 949 || code_page == 950) return fmt::format("cp{}", code_page);
    return code_page >= 1250 && code_page <= 1258 ? fmt::format("windows-{}", code_page) : "windows-1252";
}

/// Up to the zero that ends it.
std::string_view without_end(std::string_view text) {
    return text.substr(0, text.find('\0'));
}

std::string_view without_wide_end(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        if (text[i] == '\0' && text[i + 1] == '\0') return text.substr(0, i);
    return text;
}

class TnefWalker {
public:
    TnefContent walk(Reader reader) {
        while (!reader.is_empty() && !reader.is_damaged()) {
            reader.piece(1);  // The level tells nothing that the id does not.
            const std::uint32_t id = reader.number(4);
            const std::string_view data = reader.piece(reader.number(4));
            reader.piece(2);  // The checksum guards against lines, not against senders.
            if (!data.empty()) take(id, data);
        }
        out_.is_damaged = out_.is_damaged || reader.is_damaged();
        if (out_.plain.empty() && out_.html.empty() && !rtf_.empty()) out_.plain = rtf_text(decompress_rtf(rtf_));
        std::erase_if(out_.attachments, [](const TnefAttachment& a) { return a.bytes.empty() && a.file_name.empty(); });
        return std::move(out_);
    }

private:
    void take(std::uint32_t id, std::string_view data) {
        if (id == kCodePage) charset_ = charset_of(Reader(data).number(std::min<std::size_t>(4, data.size())));
        if (id == kBody && out_.plain.empty()) out_.plain = decoded(without_end(data));
        if (id == kMessageProperties) read_message(data);
        if (id == kAttachBegin && out_.attachments.size() < limits::mime_parts_max) {
            out_.attachments.emplace_back();
            is_open_ = true;
        } else if (id == kAttachBegin) {
            is_open_ = false;
        }
        if (!is_open_) return;
        TnefAttachment& attachment = out_.attachments.back();
        if (id == kAttachTitle && attachment.file_name.empty()) attachment.file_name = decoded(without_end(data));
        if (id == kAttachData) attachment.bytes = data;
        if (id == kAttachProperties) read_attachment(data, attachment);
    }

    [[nodiscard]] std::string decoded(std::string_view bytes) const {
        return decode_charset(bytes.substr(0, limits::text_bytes_max), charset_).text;
    }

    [[nodiscard]] std::string text_of(const Property& property) const {
        if (property.type != kTypeUnicode) return decoded(without_end(property.value));
        return decode_charset(without_wide_end(property.value.substr(0, 4 * limits::text_bytes_max)), "utf-16le").text;
    }

    void read_message(std::string_view data) {
        const std::vector<Property> properties = read_properties(data, out_.is_damaged);
        std::string html_charset;
        for (const Property& property : properties)
            if (property.id == kPropCodePage) html_charset = charset_of(Reader(property.value).number(4));
        for (const Property& property : properties) {
            if (property.id == kPropBody) out_.plain = text_of(property);
            if (property.id == kPropRtf) rtf_ = property.value;
            if (property.id != kPropHtml) continue;
            const bool is_binary = property.type == kTypeBinary;
            out_.html = is_binary ? decode_charset(property.value.substr(0, limits::html_bytes_max), html_charset).text
                                  : text_of(property);
        }
    }

    void read_attachment(std::string_view data, TnefAttachment& attachment) {
        std::string short_name;
        for (const Property& property : read_properties(data, out_.is_damaged)) {
            if (property.id == kPropLongFileName) attachment.file_name = text_of(property);
            if (property.id == kPropFileName) short_name = text_of(property);
            if (property.id == kPropMimeTag) attachment.content_type = text_of(property);
            if (property.id == kPropContentId) attachment.content_id = text_of(property);
            if (property.id != kPropAttachData || property.value.empty()) continue;
            // An object begins with the id of its interface.
            const bool is_object = property.type == kTypeObject && property.value.size() > 16;
            attachment.bytes = property.value.substr(is_object ? 16 : 0);
            if (is_object && Reader(attachment.bytes).number(4) == kSignature) attachment.content_type = "application/ms-tnef";
        }
        if (attachment.file_name.empty()) attachment.file_name = short_name;
    }

    TnefContent out_;
    std::string charset_ = "windows-1252";
    std::string_view rtf_;
    bool is_open_ = false;
};

}  // namespace

std::optional<TnefContent> read_tnef(std::string_view bytes) {
    Reader reader(bytes);
    if (reader.number(4) != kSignature) return std::nullopt;
    reader.piece(2);  // The key, of no use to us.
    return TnefWalker().walk(reader);
}

std::string decompress_rtf(std::string_view bytes) {
    constexpr std::uint32_t kCompressed = 0x75465A4C;
    constexpr std::uint32_t kUncompressed = 0x414C454D;
    constexpr std::size_t kWindow = 4096;
    constexpr std::string_view kDictionary =
        "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
        "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
        "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
    static_assert(kDictionary.size() == 207);
    Reader header(bytes.substr(0, 16));
    header.number(4);
    const std::size_t size = std::min<std::size_t>(header.number(4), limits::rtf_bytes_max);
    const std::uint32_t magic = header.number(4);
    std::string_view rest = bytes.size() > 16 ? bytes.substr(16) : std::string_view();
    if (magic == kUncompressed) return std::string(rest.substr(0, size));
    if (magic != kCompressed) return {};
    std::string window(kDictionary);
    window.resize(kWindow);
    std::size_t at = kDictionary.size();
    std::string out;
    const auto put = [&](char c) {
        out += c;
        window[at] = c;
        at = (at + 1) % kWindow;
    };
    while (!rest.empty() && out.size() < size) {
        const auto flags = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        for (unsigned bit = 0; bit < 8 && !rest.empty() && out.size() < size; ++bit) {
            if ((flags >> bit & 1U) == 0) {
                put(rest.front());
                rest.remove_prefix(1);
                continue;
            }
            if (rest.size() < 2) return out;
            const unsigned token = static_cast<unsigned char>(rest[0]) * 256U + static_cast<unsigned char>(rest[1]);
            rest.remove_prefix(2);
            const std::size_t from = token >> 4U;
            if (from == at) return out;  // The end.
            for (std::size_t n = 0; n < (token & 15U) + 2U && out.size() < size; ++n) put(window[(from + n) % kWindow]);
        }
    }
    return out;
}

}  // namespace resolute::mail
