// SPDX-License-Identifier: Apache-2.0
#include "mail/quotation.h"

#include <array>
#include <cctype>
#include <optional>

#include "base/text.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kAttributionLinesMax = 4;
constexpr std::size_t kAttributionBytesMax = 400;
constexpr std::size_t kHeaderBlockLinesMax = 8;

struct Attribution {
    std::string_view begin;  ///< of the first line, lower case
    std::string_view verb;   ///< must follow
};

/// Verbs of the languages' mail programs; the line or its wrapped continuation ends in a colon.
constexpr std::array<Attribution, 15> kAttributions = {{{"on ", " wrote"},
                                                        {"am ", " schrieb"},
                                                        {"le ", " a écrit"},
                                                        {"el ", " escribió"},
                                                        {"el ", " escribio"},
                                                        {"il ", " ha scritto"},
                                                        {"op ", " schreef"},
                                                        {"em ", " escreveu"},
                                                        {"no dia ", " escreveu"},
                                                        {"w dniu ", " napisał"},
                                                        {"den ", " skrev"},
                                                        {"dne ", " napsal"},
                                                        {"il giorno ", " ha scritto"},
                                                        {"a ", " escreveu"},
                                                        {"op ", " het volgende geschreven"}}};

constexpr std::array<std::string_view, 14> kSeparators = {
    "original message", "ursprüngliche nachricht", "ursprungliche nachricht", "originalnachricht",      "message d'origine",
    "message d’origine", "mensaje original",        "messaggio originale",     "oorspronkelijk bericht", "mensagem original",
    "forwarded message", "weitergeleitete nachricht", "message transféré",       "mensaje reenviado"};

constexpr std::array<std::string_view, 9> kFromLabels = {"from:", "von:", "de:", "de :", "da:", "van:", "från:", "fra:", "od:"};
constexpr std::array<std::string_view, 17> kSentLabels = {"sent:",   "date:",    "gesendet:", "datum:",    "envoyé:",  "envoyé :",
                                                          "date :",  "enviado:", "enviado el:", "fecha:", "inviato:", "data:",
                                                          "verzonden:", "enviada:", "enviada em:", "skickat:", "sendt:"};
constexpr std::array<std::string_view, 19> kOtherLabels = {
    "to:", "an:", "à:", "à :", "para:", "a:", "aan:", "til:", "till:", "cc:", "subject:", "betreff:", "objet:", "objet :", "asunto:",
    "oggetto:", "onderwerp:", "assunto:", "ämne:"};

/// Lower case, without the marks of emphasis that mail programs leave around labels ("*From:* Shop").
std::string plain_line(std::string_view line) {
    std::string out;
    for (const char c : text::trim(line)) {
        if (c != '*') out += c;
    }
    out = text::to_lower(out);
    return std::string(text::trim(out));
}

template <std::size_t N>
bool begins_with_any(std::string_view line, const std::array<std::string_view, N>& labels) {
    for (const std::string_view label : labels) {
        if (line.starts_with(label)) return true;
    }
    return false;
}

bool is_blank(std::string_view line) { return text::trim(line).empty(); }

bool is_marked(std::string_view line) { return text::trim(line).starts_with('>'); }

bool is_rule(std::string_view line) {
    const std::string_view trimmed = text::trim(line);
    return trimmed.size() >= 10 && trimmed.find_first_not_of("_-=") == std::string_view::npos;
}

bool is_separator(std::string_view line) {
    const std::string lower = plain_line(line);
    if (!lower.starts_with("--") || lower.size() > 100) return false;
    for (const std::string_view words : kSeparators) {
        if (lower.find(words) != std::string::npos) return true;
    }
    return lower.starts_with("begin forwarded message");
}

/// A date's year or time of day, or an address: without one, "On Monday you wrote:" is a person's own sentence.
bool has_mail_details(std::string_view line) {
    if (line.find('@') != std::string_view::npos) return true;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool is_digit = line[i] >= '0' && line[i] <= '9';
        digits = is_digit ? digits + 1 : 0;
        if (digits >= 4) return true;
        const bool is_time = (line[i] == ':' || line[i] == 'h') && i > 0 && i + 2 < line.size() && std::isdigit(static_cast<unsigned char>(line[i - 1])) &&
                             std::isdigit(static_cast<unsigned char>(line[i + 1])) && std::isdigit(static_cast<unsigned char>(line[i + 2]));
        if (is_time) return true;
    }
    return false;
}

bool is_attribution(const std::string& joined) {
    if (!joined.ends_with(':') || !has_mail_details(joined)) return false;
    for (const Attribution& form : kAttributions) {
        if (joined.starts_with(form.begin) && joined.find(form.verb) != std::string::npos) return true;
    }
    // "Shop Support <help@shop.example> wrote:", "… schrieb am …:"
    return (joined.ends_with("> wrote:") || joined.ends_with("> schrieb:") || joined.ends_with("> a écrit :") ||
                           joined.find("> schrieb am ") != std::string::npos || joined.ends_with("> escribió:"));
}

std::string joined_lines(const std::vector<std::string_view>& lines, std::size_t begin, std::size_t end) {
    std::string joined;
    for (std::size_t i = begin; i < end; ++i) {
        if (i > begin) joined += ' ';
        joined += plain_line(lines[i]);
    }
    return joined;
}

/// The number of lines that an attribution beginning at `at` takes; 0 where none begins there.
std::size_t attribution_length(const std::vector<std::string_view>& lines, std::size_t at) {
    for (std::size_t n = 1; n <= kAttributionLinesMax && at + n <= lines.size(); ++n) {
        const std::string_view last = lines[at + n - 1];
        if (is_blank(last) || is_marked(last) || last.size() > kAttributionBytesMax) return 0;
        if (text::trim(last).back() != ':' && !text::trim(last).ends_with(":*")) continue;
        if (!is_attribution(joined_lines(lines, at, at + n))) continue;
        // "On Monday it broke." above "On 2 Nov …, Shop wrote:" is the person's own line: the attribution begins below it.
        for (std::size_t later = at + 1; later < at + n; ++later) {
            if (is_attribution(joined_lines(lines, later, at + n))) return 0;
        }
        return n;
    }
    return 0;
}

/// Outlook copies the headers of the mail it quotes; at least From, a date and one more must stand together.
bool is_header_block(const std::vector<std::string_view>& lines, std::size_t at) {
    if (!begins_with_any(plain_line(lines[at]), kFromLabels)) return false;
    bool has_date = false;
    bool has_other = false;
    for (std::size_t i = at + 1; i < lines.size() && i <= at + kHeaderBlockLinesMax; ++i) {
        if (is_blank(lines[i]) && i > at + 1 && has_date && has_other) break;
        const std::string line = plain_line(lines[i]);
        has_date = has_date || begins_with_any(line, kSentLabels);
        has_other = has_other || begins_with_any(line, kOtherLabels);
    }
    return has_date && has_other;
}

bool is_mbox_escape(const std::vector<std::string_view>& lines, std::size_t at) {
    if (!lines[at].starts_with(">From ")) return false;
    const bool is_above_marked = at > 0 && is_marked(lines[at - 1]);
    const bool is_below_marked = at + 1 < lines.size() && is_marked(lines[at + 1]);
    return !is_above_marked && !is_below_marked;
}

/// Below an attribution the whole rest is quoted, unless its quotation is marked: then answers may stand between the marks.
bool has_marks_below(const std::vector<std::string_view>& lines, std::size_t at) {
    for (std::size_t i = at; i < lines.size(); ++i) {
        if (!is_blank(lines[i])) return is_marked(lines[i]);
    }
    return false;
}

}  // namespace

std::vector<std::string_view> without_quotation(const std::vector<std::string_view>& lines) {
    std::vector<std::string_view> kept;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (is_marked(lines[i])) {
            if (is_mbox_escape(lines, i)) kept.push_back(lines[i].substr(1));
            continue;
        }
        if (is_separator(lines[i]) || is_header_block(lines, i)) {
            while (!kept.empty() && (is_blank(kept.back()) || is_rule(kept.back()))) kept.pop_back();
            break;
        }
        if (const std::size_t length = attribution_length(lines, i); length > 0) {
            if (!has_marks_below(lines, i + length)) break;
            i += length - 1;
            continue;
        }
        kept.push_back(lines[i]);
    }
    return kept;
}

}  // namespace resolute::mail
