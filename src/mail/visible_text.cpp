// SPDX-License-Identifier: Apache-2.0
#include "mail/visible_text.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "mail/lower.h"
#include "mail/quotation.h"
#include "mail/visible_words.h"

namespace resolute::mail {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kSignatureLinesMax = 20;
constexpr std::size_t kMarkedSignatureLinesMax = 60;
constexpr std::size_t kClosingLinesMax = 14;
constexpr std::size_t kClosingBytesMax = 80;
constexpr std::size_t kSignatureLineBytesMax = 120;
constexpr std::size_t kFooterLinesMax = 15;

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_blank(std::string_view line) {
    return text::trim(line).empty();
}

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
/// "[cid:image001.png@…]" is what Outlook leaves of a picture, "[image: logo]" what Gmail does.
bool is_boilerplate(std::string_view line) {
    line = text::trim(line);
    if (line.size() > 160 || line.find('?') != std::string_view::npos) return false;
    const bool is_picture = line.starts_with("[cid:") || line.starts_with("[image: ");
    if (is_picture && line.find(']') == line.size() - 1) return true;
    const std::string lower = lower_utf8(line);
    const std::size_t words = count_words(lower);
    return std::any_of(words::kBoilerplate.begin(), words::kBoilerplate.end(), [&](const words::Boilerplate& form) {
        return words <= form.words_max && lower.starts_with(form.begin) &&
               (form.end.empty() || lower.find(form.end) != std::string::npos);
    });
}

/// RFC 3676 §4.3: "-- " begins the signature. A long rest is no signature, whatever stands above it; with the space that the
/// standard asks for it may be longer than with the dashes alone.
void drop_dashed_signature(Lines& lines) {
    for (std::size_t i = lines.size(); i-- > 0;) {
        const std::size_t below = lines.size() - i;
        if (below > kMarkedSignatureLinesMax) return;
        if (lines[i] == "-- " || (below <= kSignatureLinesMax && lines[i] == "--")) {
            lines.resize(i);
            return;
        }
    }
}

/// Mailman and its like: a rule, then the list's name or how to leave it.
void drop_list_footer(Lines& lines) {
    const std::size_t first = lines.size() > kFooterLinesMax ? lines.size() - kFooterLinesMax : 0;
    for (std::size_t i = first; i < lines.size(); ++i) {
        const std::string_view rule = text::trim(lines[i]);
        if (rule.size() < 20 || rule.find_first_not_of("_-=") != std::string_view::npos) continue;
        for (std::size_t next = i + 1; next < lines.size() && next <= i + 3; ++next) {
            const std::string lower = lower_utf8(lines[next].substr(0, 200));
            if (lower.find("mailing list") == std::string::npos && lower.find("unsubscribe") == std::string::npos) continue;
            lines.resize(i);
            return;
        }
    }
}

/// The last paragraph, where it speaks of the mail itself: confidentiality, viruses, printing.
bool drop_disclaimer(Lines& lines) {
    constexpr std::size_t kParagraphBytesMax = 4'000;
    drop_blank_end(lines);
    std::size_t begin = lines.size();
    std::string paragraph;
    while (begin > 0 && !is_blank(lines[begin - 1]) && paragraph.size() < kParagraphBytesMax) {
        paragraph = std::string(lines[--begin].substr(0, kParagraphBytesMax)) + " " + paragraph;
    }
    const std::string lower = lower_utf8(paragraph);
    const std::size_t head = std::min<std::size_t>(lower.size(), 120);
    const bool is_about_printing = lower.size() <= 400 && contains_any(lower, words::kPrintWords);
    const bool is_disclaimer = lower.size() >= 60 &&
                               contains_any(std::string_view(lower).substr(0, head), words::kDisclaimerSubjects) &&
                               contains_any(lower, words::kDisclaimerWords);
    if (begin == 0 || !(is_about_printing || is_disclaimer)) return false;
    lines.resize(begin);
    drop_blank_end(lines);
    return true;
}

/// A gateway's warning above the text.
void drop_banner(Lines& lines) {
    std::size_t begin = 0;
    while (begin < lines.size() && is_blank(lines[begin])) ++begin;
    std::size_t end = begin;
    std::string paragraph;
    while (end < lines.size() && !is_blank(lines[end]) && paragraph.size() < 1'000)
        paragraph += lower_utf8(lines[end++].substr(0, 500)) + " ";
    std::string_view words = text::trim(paragraph);
    while (words.starts_with('*') || words.starts_with('[') || words.starts_with('!') || words.starts_with(' '))
        words.remove_prefix(1);
    const std::string bracketed = "[" + std::string(words);
    const bool is_banner = std::any_of(words::kBanners.begin(), words::kBanners.end(), [&](std::string_view begin_words) {
        return words.starts_with(begin_words) || bracketed.starts_with(begin_words);
    });
    if (!is_banner) return;
    // Without a blank line below, only the first line is surely the gateway's.
    const std::size_t kept_from = end < lines.size() ? end : begin + 1;
    if (kept_from < lines.size()) lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(kept_from));
}

/// RFC 9580 §7: the frame around a signed text, and what is encrypted, are no words.
void drop_pgp(Lines& lines) {
    enum class State { text, header, hidden };
    State state = State::text;
    Lines kept;
    bool has_frame = false;
    for (std::string_view line : lines) {
        const bool begins_message = line.starts_with("-----BEGIN PGP SIGNED MESSAGE");
        if (begins_message)
            state = State::header;
        else if (line.starts_with("-----BEGIN PGP "))
            state = State::hidden;
        has_frame = has_frame || begins_message;
        if (state == State::text) {
            if (has_frame && line.starts_with("- ")) line.remove_prefix(2);
            kept.push_back(line);
        }
        if (state == State::header && is_blank(line)) state = State::text;
        if (state == State::hidden && line.starts_with("-----END PGP ")) state = State::text;
    }
    lines = std::move(kept);
}

std::string closing_words(std::string_view line) {
    std::string lower = lower_utf8(text::trim(line));
    for (std::size_t apostrophe = lower.find("’"); apostrophe != std::string::npos; apostrophe = lower.find("’"))
        lower.replace(apostrophe, 3, "'");
    while (!lower.empty() && std::string_view(",.!:;- ").find(lower.back()) != std::string_view::npos) lower.pop_back();
    return lower;
}

bool is_known_closing(std::string_view words) {
    return std::find(words::kClosings.begin(), words::kClosings.end(), words) != words::kClosings.end();
}

/// "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées."
bool is_ceremonial(std::string_view lower) {
    const bool begins = lower.starts_with("je vous prie") || lower.starts_with("veuillez agréer") ||
                        lower.starts_with("nous vous prions") || lower.starts_with("veuillez recevoir") ||
                        lower.starts_with("recevez");
    return begins && (lower.find("salutations") != std::string_view::npos || lower.find("sentiments") != std::string_view::npos ||
                      lower.find("considération") != std::string_view::npos);
}

bool is_closing(std::string_view line) {
    if (line.size() > 2 * kClosingBytesMax) return false;
    const std::string lower = closing_words(line);
    if (is_ceremonial(lower)) return true;
    if (line.size() > kClosingBytesMax) return false;
    if (is_known_closing(lower)) return true;
    // "Mit freundlichen Grüßen / Best regards / Cordialement"
    const std::vector<std::string_view> tongues = text::split(lower, '/');
    if (std::all_of(tongues.begin(), tongues.end(), [](std::string_view part) { return is_known_closing(text::trim(part)); }))
        return true;
    // "Thanks & best regards", "Danke und Gruß", "Viele Grüße aus Köln".
    for (const std::string_view joint : {" & ", " and ", " und ", " et ", " y ", " e ", " en ", " / "}) {
        const std::size_t at = lower.find(joint);
        if (at == std::string::npos) continue;
        if (is_known_closing(lower.substr(0, at)) && is_known_closing(lower.substr(at + joint.size()))) return true;
    }
    for (const std::string_view place : {" aus ", " from ", " uit ", " da ", " de ", " desde "}) {
        const std::size_t at = lower.find(place);
        if (at != std::string::npos && is_known_closing(lower.substr(0, at)) && count_words(lower.substr(at + place.size())) <= 2)
            return true;
    }
    const std::size_t comma = lower.find_first_of(",!.-");
    if (comma == std::string::npos) return false;
    // "Thanks, Ann": at most two words of a name may stand on the same line; "Danke, viele Grüße": two closings in one.
    const std::string_view rest = text::trim(std::string_view(lower).substr(comma + 1));
    return is_known_closing(text::trim(std::string_view(lower).substr(0, comma))) &&
           (count_words(rest) <= 2 || is_known_closing(rest));
}

bool has_sentence_word(std::string_view lower) {
    for (std::size_t begin = 0; begin < lower.size();) {
        const std::size_t end = std::min(lower.find_first_of(" \t,.!;:()", begin), lower.size());
        const std::string_view word = lower.substr(begin, end - begin);
        if (std::find(words::kSentenceWords.begin(), words::kSentenceWords.end(), word) != words::kSentenceWords.end())
            return true;
        begin = end + 1;
    }
    return false;
}

/// "+49 30 123", "https://…", "ann@customer.example".
bool is_contact_line(std::string_view line) {
    const auto digits =
        static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; }));
    return line.find('@') != std::string_view::npos || line.find("www.") != std::string_view::npos ||
           line.find("://") != std::string_view::npos || digits * 2 >= line.size();
}

/// A name, a role, a telephone number. Not a sentence.
bool may_be_signature_line(std::string_view line) {
    line = text::trim(line);
    if (line.empty()) return true;
    if (line.size() > kSignatureLineBytesMax || line.find('?') != std::string_view::npos) return false;
    const std::size_t words = count_words(line);
    const std::string lower = lower_utf8(line);
    if (contains_any(lower, words::kContentWords)) return false;
    // "i. A. Sabine Groß"
    const bool is_by_proxy = lower.starts_with("i. a") || lower.starts_with("i.a") || lower.starts_with("i. v") ||
                             lower.starts_with("i.v") || lower.starts_with("p.p") || lower.starts_with("ppa");
    if (words >= 3 && !is_by_proxy && has_sentence_word(lower)) return false;
    if (is_contact_line(line)) return words <= 12;
    if (line.back() == '.' && words >= 5) return false;
    const bool begins_small = line[0] >= 'a' && line[0] <= 'z';
    if (begins_small && words > 2 && !is_by_proxy) return false;
    return words <= 10;
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

/// "-Ann Lee", "— Ann" as the last line: a dash and a name, no item of a list.
void drop_dashed_name(Lines& lines) {
    drop_blank_end(lines);
    if (lines.size() < 2) return;
    std::string_view line = text::trim(lines.back());
    const auto remove_dash = [](std::string_view& text) {
        for (const std::string_view dash : {"—", "–", "-", "~"}) {
            if (!text.starts_with(dash)) continue;
            text.remove_prefix(dash.size());
            return true;
        }
        return false;
    };
    if (!remove_dash(line) || line.size() > 40) return;
    line = text::trim(line);
    std::size_t above = lines.size() - 1;
    while (above > 0 && is_blank(lines[above - 1])) --above;
    std::string_view before = above > 0 ? text::trim(lines[above - 1]) : std::string_view();
    if (before.empty() || remove_dash(before) || before.ends_with(':') || line.empty() || count_words(line) > 3) return;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool begins_word = i == 0 || line[i - 1] == ' ';
        const bool is_capital = (line[i] >= 'A' && line[i] <= 'Z') || static_cast<unsigned char>(line[i]) >= 0x80;
        if ((begins_word && !is_capital) || (line[i] >= '0' && line[i] <= '9')) return;
    }
    lines.pop_back();
    drop_blank_end(lines);
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

std::string visible_text(std::string_view text, std::string_view subject) {
    Lines lines = text::split_lines(text);
    drop_pgp(lines);
    lines = without_quotation(lines, is_forward_subject(subject));
    drop_banner(lines);
    drop_list_footer(lines);
    drop_blank_end(lines);
    drop_dashed_signature(lines);
    constexpr int kDisclaimersMax = 4;
    for (int i = 0; i < kDisclaimersMax && drop_disclaimer(lines); ++i) continue;
    std::erase_if(lines, is_boilerplate);
    drop_blank_end(lines);
    drop_closing(lines);
    drop_dashed_name(lines);
    return joined(lines);
}

}  // namespace resolute::mail
