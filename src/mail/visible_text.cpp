// SPDX-License-Identifier: Apache-2.0
#include "mail/visible_text.h"

#include <array>
#include <optional>
#include <vector>

#include "base/text.h"
#include "mail/quotation.h"

namespace resolute::mail {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kSignatureLinesMax = 20;
constexpr std::size_t kClosingLinesMax = 8;
constexpr std::size_t kClosingBytesMax = 60;

constexpr std::array<std::string_view, 62> kClosings = {
    "regards", "best regards", "kind regards", "warm regards", "kindest regards", "many regards", "best", "best wishes",
    "all the best", "with best regards", "with kind regards", "sincerely", "yours sincerely", "sincerely yours", "yours faithfully",
    "yours truly", "respectfully", "cheers", "thanks", "thank you", "many thanks", "thanks a lot", "thanks again",
    "thanks in advance", "thank you in advance", "thank you very much", "thanks so much", "thanks and regards", "thanks & regards",
    "br", "kr", "mit freundlichen grüßen", "mit freundlichen grüssen", "freundliche grüße", "freundliche grüsse", "viele grüße",
    "viele grüsse", "beste grüße", "liebe grüße", "herzliche grüße", "mit besten grüßen", "mit freundlichem gruß", "schöne grüße",
    "danke", "vielen dank", "gruß", "grüße", "mfg", "lg", "vg", "cordialement", "bien cordialement", "bien à vous", "merci",
    "sincères salutations", "saludos", "un saludo", "gracias", "atentamente", "cordiali saluti", "met vriendelijke groet", "atenciosamente"};

constexpr std::array<std::string_view, 18> kBoilerplate = {
    "sent from my ", "sent from outlook for ", "sent from mail for ", "get outlook for ", "sent from yahoo mail", "sent via ",
    "sent with ", "von meinem ", "gesendet mit ", "gesendet von ", "diese nachricht wurde von meinem ", "envoyé de mon ",
    "envoyé depuis ", "enviado desde mi ", "inviato da ", "verstuurd vanaf ", "verzonden vanaf ", "enviado do meu "};

/// What a signature does not speak of: such a line after "Thanks," is a person's afterthought.
constexpr std::array<std::string_view, 16> kContentWords = {"order", "invoice", "ticket", "refund", "account", "charge", "please", "also",
                                                            "bestell", "rechnung", "bitte", "commande", "facture", "pedido",
                                                            "factura", "p.s"};

bool is_blank(std::string_view line) { return text::trim(line).empty(); }

void drop_blank_end(Lines& lines) {
    while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
}

std::size_t count_words(std::string_view line) {
    std::size_t words = 0;
    bool is_in_word = false;
    for (const char c : line) {
        const bool is_space = c == ' ' || c == '\t';
        if (!is_space && !is_in_word) ++words;
        is_in_word = !is_space;
    }
    return words;
}

/// "Sent from my iPhone", a line by itself and short; "Sent from my iPhone app I cannot log in" is a sentence.
bool is_boilerplate(std::string_view line) {
    line = text::trim(line);
    const std::string lower = text::to_lower(line);
    if (lower.size() > 80 || lower.find('?') != std::string::npos) return false;
    for (const std::string_view begin : kBoilerplate) {
        if (!lower.starts_with(begin)) continue;
        if (begin == "von meinem ") return lower.find(" gesendet") != std::string::npos && count_words(lower) <= 6;
        if (begin == "sent via " || begin == "sent with ") return count_words(lower) <= 4;
        return count_words(lower) <= (begin.starts_with("diese") ? 12U : 7U);
    }
    return lower == "outlook for ios" || lower == "outlook für ios herunterladen" || lower == "sent from mobile";
}

/// RFC 3676 §4.3: "-- " begins the signature. A long rest is no signature, whatever stands above it.
void drop_dashed_signature(Lines& lines) {
    for (std::size_t i = lines.size(); i-- > 0;) {
        if (lines.size() - i > kSignatureLinesMax) return;
        if (lines[i] == "-- " || lines[i] == "--") {
            lines.resize(i);
            return;
        }
    }
}

std::string closing_words(std::string_view line) {
    std::string lower = text::to_lower(text::trim(line));
    while (!lower.empty() && std::string_view(",.!:;-– ").find(lower.back()) != std::string_view::npos) lower.pop_back();
    return lower;
}

bool is_closing(std::string_view line) {
    if (line.size() > kClosingBytesMax) return false;
    const std::string lower = closing_words(line);
    const std::size_t comma = lower.find(',');
    // "Thanks, Ann": at most two words of a name may stand on the same line.
    const bool has_name = comma != std::string::npos && count_words(lower.substr(comma + 1)) <= 2;
    const std::string_view words = has_name ? std::string_view(lower).substr(0, comma) : std::string_view(lower);
    for (const std::string_view closing : kClosings) {
        if (words == closing) return true;
    }
    return false;
}

/// A name, a role, a telephone number. Not a sentence.
bool may_be_signature_line(std::string_view line) {
    line = text::trim(line);
    if (line.empty()) return true;
    if (line.size() > kClosingBytesMax || line.find('?') != std::string_view::npos) return false;
    const std::size_t words = count_words(line);
    if (line.back() == '.' && words >= 4) return false;
    const bool begins_small = line[0] >= 'a' && line[0] <= 'z';
    if (begins_small && words > 2) return false;
    const std::string lower = text::to_lower(line);
    for (const std::string_view word : kContentWords) {
        if (lower.find(word) != std::string::npos) return false;
    }
    return words <= 8;
}

/// The closing line at the end of the text, with nothing but a signature below it; nothing where there is none.
std::optional<std::size_t> find_closing(const Lines& lines) {
    std::size_t seen = 0;
    for (std::size_t i = lines.size(); i-- > 0 && seen <= kClosingLinesMax;) {
        if (is_blank(lines[i])) continue;
        ++seen;
        if (is_closing(lines[i])) return i;
        if (!may_be_signature_line(lines[i])) return std::nullopt;
    }
    return std::nullopt;
}

void drop_closing(Lines& lines) {
    std::size_t first = 0;
    while (first < lines.size() && is_blank(lines[first])) ++first;
    // More than once: "Thanks," may stand above "Best regards,". "Thanks!" alone is the message.
    for (auto closing = find_closing(lines); closing && *closing > first; closing = find_closing(lines)) {
        lines.resize(*closing);
        drop_blank_end(lines);
    }
}

std::string joined(const Lines& lines) {
    std::string out;
    std::size_t blank = 0;
    for (std::string_view line : lines) {
        while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
        blank = line.empty() ? blank + 1 : 0;
        if (blank > 1 || (line.empty() && out.empty())) continue;
        out += line;
        out += '\n';
    }
    while (out.ends_with('\n')) out.pop_back();
    return out;
}

}  // namespace

std::string visible_text(std::string_view text) {
    Lines lines = without_quotation(text::split_lines(text));
    drop_blank_end(lines);
    drop_dashed_signature(lines);
    std::erase_if(lines, is_boilerplate);
    drop_blank_end(lines);
    drop_closing(lines);
    return joined(lines);
}

}  // namespace resolute::mail
