// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/charset.h"
#include "mail/delivery_report.h"
#include "mail/encoded_words.h"
#include "mail/html.h"
#include "mail/limits.h"
#include "mail/mail_kind.h"
#include "mail/mime_parts.h"
#include "mail/outgoing_email.h"
#include "mail/parsed_email.h"
#include "mail/structure.h"
#include "mail/visible_text.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kIdBytesMax = 998;
constexpr std::size_t kDefectsMax = 50;
/// Of a mail over limits::raw_bytes_max so much is read: the text comes first in nearly all.
constexpr std::size_t kHeadBytes = 1u << 20;

void note(ParsedEmail& mail, std::string code, std::string detail) {
    const bool is_known =
        std::any_of(mail.defects.begin(), mail.defects.end(), [&](const Defect& defect) { return defect.code == code; });
    if (!is_known && mail.defects.size() < kDefectsMax) mail.defects.push_back({std::move(code), std::move(detail)});
}

void note_over_limit(ParsedEmail& mail, std::string code, std::string detail) {
    mail.is_over_limit = true;
    note(mail, std::move(code), std::move(detail));
}

/// "<a@b> <c@d>" → "a@b", "c@d"; what has no brackets is split at white space.
std::vector<std::string> parse_ids(std::string_view value, std::size_t ids_max) {
    std::vector<std::string> ids;
    std::size_t at = 0;
    const bool has_brackets = value.find('<') != std::string_view::npos;
    while (at < value.size() && ids.size() < ids_max) {
        const std::size_t begin = has_brackets ? value.find('<', at) : value.find_first_not_of(" \t", at);
        if (begin == std::string_view::npos) break;
        const std::size_t end = std::min(has_brackets ? value.find('>', begin) : value.find_first_of(" \t", begin), value.size());
        std::string id;
        for (const char c : value.substr(begin + (has_brackets ? 1 : 0), end - begin - (has_brackets ? 1 : 0))) {
            if (c != ' ' && c != '\t' && c != '<') id += c;
        }
        if (!id.empty() && id.size() <= kIdBytesMax) ids.push_back(std::move(id));
        at = end + 1;
    }
    return ids;
}

/// All address headers of that name, within what is left of the limit.
std::vector<Address> read_addresses(ParsedEmail& mail, const std::vector<RawField>& fields, std::string_view name,
                                    std::size_t& left) {
    std::vector<Address> addresses;
    for (const RawField& field : fields) {
        if (!text::equals_ignore_case(field.name, name)) continue;
        AddressList list = parse_addresses(field.value, left);
        left -= list.addresses.size();
        if (list.is_over_limit) {
            note_over_limit(mail, "mail.too_many_addresses",
                            fmt::format("more than {} addresses; the rest was not read", limits::addresses_max));
        }
        if (list.unusable > 0)
            note(mail, "mail.address_unusable", fmt::format("{} holds {} address(es) that cannot be used", name, list.unusable));
        std::move(list.addresses.begin(), list.addresses.end(), std::back_inserter(addresses));
    }
    return addresses;
}

void read_sender(ParsedEmail& mail, const std::vector<RawField>& fields, std::size_t& left) {
    const std::vector<Address> from = read_addresses(mail, fields, "From", left);
    const auto from_fields =
        std::count_if(fields.begin(), fields.end(), [](const RawField& f) { return text::equals_ignore_case(f.name, "From"); });
    if (from.size() == 1 && from_fields == 1) {
        mail.from = from.front();
    } else if (from.empty()) {
        note(mail, "mail.no_from", "there is no sender");
    } else {
        // RFC 5322 §3.6.2 allows several with a Sender; for a claim of identity, several are none.
        note(mail, "mail.several_from", fmt::format("{} From addresses in {} field(s)", from.size(), from_fields));
    }
    const std::vector<Address> reply_to = read_addresses(mail, fields, "Reply-To", left);
    if (!reply_to.empty() && !reply_to.front().address.empty() && reply_to.front().address != mail.from.address) {
        mail.reply_to = reply_to.front();
    }
    const std::string_view return_path = text::trim(find_field(fields, "Return-Path"));
    mail.has_null_return_path = return_path == "<>";
    if (!return_path.empty() && !mail.has_null_return_path) {
        const AddressList path = parse_addresses(return_path, 1);
        if (!path.addresses.empty()) mail.return_path = path.addresses.front().address;
    }
}

void read_ids(ParsedEmail& mail, const std::vector<RawField>& fields) {
    const auto first_of = [](std::vector<std::string> ids) { return ids.empty() ? std::string() : std::move(ids.front()); };
    mail.message_id = first_of(parse_ids(unfold_header(find_field(fields, "Message-ID")), 1));
    mail.in_reply_to = first_of(parse_ids(unfold_header(find_field(fields, "In-Reply-To")), 1));
    mail.references = parse_ids(unfold_header(find_field(fields, "References")), limits::header_lines_max * 10);
    if (mail.references.size() > limits::references_max) {
        // The first names the conversation, the last ones say what is answered.
        note(mail, "mail.too_many_references",
             fmt::format("{} references, the first and the last were kept", mail.references.size()));
        mail.references.erase(mail.references.begin() + 1,
                              mail.references.end() - static_cast<std::ptrdiff_t>(limits::references_max - 1));
    }
    if (mail.message_id.empty()) note(mail, "mail.no_message_id", "identified by its content");
}

void read_header_fields(ParsedEmail& mail, const std::vector<RawField>& fields) {
    for (const RawField& field : fields) {
        mail.headers.push_back({.name = text::to_valid_utf8(field.name), .value = decode_header_text(field.value)});
    }
    std::size_t left = limits::addresses_max;
    read_sender(mail, fields, left);
    mail.to = read_addresses(mail, fields, "To", left);
    mail.cc = read_addresses(mail, fields, "Cc", left);
    mail.subject = std::string(cut_utf8(header(mail, "Subject"), limits::subject_bytes_max));
    const std::string_view date = find_field(fields, "Date");
    mail.date = parse_date(date);
    if (!mail.date) note(mail, "mail.no_date", text::trim(date).empty() ? "there is no date" : "the date cannot be read");
    read_ids(mail, fields);
}

/// Cuts before the layout, so that nothing that is laid out is larger than a limit.
HtmlContent read_html_piece(ParsedEmail& mail, const std::string& html, bool is_only_text) {
    const std::string_view kept = cut_utf8(html, limits::html_bytes_max);
    if (kept.size() < html.size()) {
        const std::string detail =
            fmt::format("{} bytes of HTML > {}; the rest was not read", html.size(), limits::html_bytes_max);
        if (is_only_text)
            note_over_limit(mail, "mail.html_too_large", detail);
        else
            note(mail, "mail.html_too_large", detail);
    }
    HtmlContent content = read_html(kept);
    if (content.is_too_deep) {
        note_over_limit(mail, "mail.html_too_deep",
                        fmt::format("more than {} levels of HTML; shown flat", limits::html_depth_max));
    }
    if (content.has_hidden_text) {
        mail.has_hidden_text = true;
        note(mail, "mail.hidden_text", "text that nobody can see was left out");
    }
    return content;
}

/// "Your mail program cannot show HTML": what some senders put in the place of the plain text.
bool is_excuse(std::string_view plain, std::string_view html_text) {
    constexpr std::size_t kExcuseBytesMax = 400;
    return plain.size() <= kExcuseBytesMax && html_text.size() > plain.size() && text::contains_ignore_case(plain, "html");
}

void read_body(ParsedEmail& mail, const MimeParts& parts) {
    const bool has_html =
        std::any_of(parts.pieces.begin(), parts.pieces.end(), [](const BodyPiece& p) { return !p.html.empty(); });
    std::size_t html_left = limits::html_bytes_max;
    for (const BodyPiece& piece : parts.pieces) {
        const bool has_plain = !text::trim(piece.plain).empty();
        HtmlContent content;
        if (!piece.html.empty() && html_left > 0) content = read_html_piece(mail, piece.html, !has_plain);
        html_left -= std::min(html_left, piece.html.size());
        const bool is_plain_better = has_plain && !is_excuse(piece.plain, content.text);
        if (mail.text.size() <= limits::text_bytes_max) mail.text += is_plain_better ? piece.plain : content.text;
        if (has_html) mail.html += piece.html.empty() ? html_from_text(cut_utf8(piece.plain, html_left)) : content.html;
    }
}

void take_raw_body(ParsedEmail& mail, std::string_view raw, const Structure& structure) {
    const std::string_view body = raw.substr(std::min(structure.body_begin, raw.size()), limits::text_bytes_max);
    mail.text = decode_charset(body, "").text;
    if (!text::trim(mail.text).empty()) note(mail, "mail.raw_body", "no readable part was found; the raw text is shown");
}

/// An invitation is read where it stands for the mail, and known in any case.
void add_calendar(ParsedEmail& mail, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
        const bool is_only_text = mail.visible_text.empty();
        mail.text += (mail.text.empty() ? "" : "\n\n") + line;
        if (is_only_text) mail.visible_text = line;
    }
}

/// Both forms get plain line ends and lose what cannot be seen.
void finish_text(ParsedEmail& mail) {
    bool has_tag_characters = false;
    mail.text = clean_text(mail.text, &has_tag_characters);
    while (mail.text.ends_with('\n')) mail.text.pop_back();
    mail.html = std::string(text::trim(clean_text(mail.html, &has_tag_characters)));
    if (has_tag_characters) {
        mail.has_hidden_text = true;
        note(mail, "mail.hidden_text", "text that nobody can see was left out");
    }
    if (mail.text.size() > limits::text_bytes_max) {
        note_over_limit(mail, "mail.text_too_large",
                        fmt::format("{} bytes of text > {}; the rest was cut", mail.text.size(), limits::text_bytes_max));
        mail.text = std::string(cut_utf8(mail.text, limits::text_bytes_max));
    }
    if (mail.text.find("-----BEGIN PGP MESSAGE-----") != std::string::npos) {
        note(mail, "mail.encrypted", "encrypted with PGP; only its receiver can read it");
    }
    mail.visible_text = visible_text(mail.text, mail.subject);
}

std::string collapse_white_space(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_space = c == ' ' || c == '\n' || c == '\t';
        if (!is_space)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

std::string without_returns(std::string bytes) {
    std::erase(bytes, '\r');
    return bytes;
}

std::string content_key_of(const ParsedEmail& mail) {
    std::string material;
    const auto add = [&](std::string_view part) { material += fmt::format("{}:", part.size()).append(part); };
    // Where there is no one sender, what stands in the field still tells two mails apart.
    add(text::to_lower(mail.from.address.empty() ? header(mail, "From") : std::string_view(mail.from.address)));
    add(text::to_lower(collapse_white_space(mail.subject)));
    add(collapse_white_space(mail.text));
    for (const Attachment& attachment : mail.attachments) {
        // Text travels with either line end: the same mail by IMAP and from a Maildir must have one key.
        const bool is_text = attachment.content_type.starts_with("text/") || attachment.content_type.starts_with("message/") ||
                             (attachment.bytes.find('\0') == std::string::npos && text::is_utf8(attachment.bytes));
        add(is_text ? sha256_hex(without_returns(attachment.bytes)) : attachment.sha256_hex);
    }
    return sha256_hex(material);
}

/// Old Macintosh line ends: without one line feed there are no lines at all.
std::string with_line_feeds(std::string_view raw) {
    std::string out(raw);
    std::replace(out.begin(), out.end(), '\r', '\n');
    return out;
}

/// Blank lines above the header, as some gateways leave them, would make all of it text.
std::string_view without_blank_begin(std::string_view raw) {
    const std::size_t begin = raw.find_first_not_of("\r\n");
    if (begin == 0 || begin == std::string_view::npos) return raw;
    const std::string_view rest = raw.substr(begin);
    for (const std::string_view name :
         {"From:", "Return-Path:", "Received:", "Delivered-To:", "Date:", "Message-ID:", "MIME-Version:", "Subject:", "To:"})
        if (text::equals_ignore_case(rest.substr(0, name.size()), name)) return rest;
    return raw;
}

}  // namespace

ParsedEmail parse(std::string_view raw) {
    ParsedEmail mail;
    if (text::trim(raw.substr(0, kHeadBytes)).empty()) note(mail, "mail.no_bytes", "there are no bytes to read");
    if (raw.size() > limits::raw_bytes_max) {
        note_over_limit(mail, "mail.too_large",
                        fmt::format("{} bytes > {}; only the beginning was read", raw.size(), limits::raw_bytes_max));
        raw = raw.substr(0, kHeadBytes);
    }
    std::string converted;
    if (raw.find('\n') == std::string_view::npos && raw.find('\r') != std::string_view::npos) {
        converted = with_line_feeds(raw);
        raw = converted;
    }
    raw = without_blank_begin(raw);
    Structure structure = scan_structure(raw);
    for (Defect& defect : structure.over_limits) note_over_limit(mail, std::move(defect.code), std::move(defect.detail));
    for (Defect& defect : structure.oddities) note(mail, std::move(defect.code), std::move(defect.detail));
    read_header_fields(mail, structure.fields);

    MimeParts parts = read_parts(raw, structure);
    mail.is_over_limit = mail.is_over_limit || parts.is_over_limit;
    for (Defect& defect : parts.defects) note(mail, std::move(defect.code), std::move(defect.detail));
    read_body(mail, parts);
    mail.attachments = std::move(parts.attachments);
    if (text::trim(mail.text).empty() && mail.attachments.empty() && mail.html.empty()) take_raw_body(mail, raw, structure);
    finish_text(mail);
    add_calendar(mail, parts.calendar_lines);
    classify(mail);
    if (mail.kind == MailKind::bounce) mail.delivery_report = read_delivery_report(mail);
    mail.content_key = content_key_of(mail);
    return mail;
}

}  // namespace resolute::mail
