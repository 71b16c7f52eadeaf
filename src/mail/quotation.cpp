// SPDX-License-Identifier: Apache-2.0
#include "mail/quotation.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "mail/lower.h"
#include "mail/quotation_words.h"

namespace resolute::mail {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kAttributionLinesMax = 5;
constexpr std::size_t kAttributionBytesMax = 400;
constexpr std::size_t kHeaderBlockLinesMax = 14;
constexpr std::size_t kLabelBytesMax = 40;

/// Lower case, without the marks of emphasis that mail programs leave around labels ("*From:* Shop").
std::string plain_line(std::string_view line) {
    std::string out;
    for (const char c : text::trim(line)) {
        if (c != '*') out += c;
    }
    out = lower_utf8(out);
    return std::string(text::trim(out));
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

template <std::size_t N>
bool begins_with_any(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}

bool is_blank(std::string_view line) {
    return text::trim(line).empty();
}

bool is_marked(std::string_view line) {
    return text::trim(line).starts_with('>');
}

bool is_rule(std::string_view line) {
    const std::string_view trimmed = text::trim(line);
    return trimmed.size() >= 10 && trimmed.find_first_not_of("_-= ") == std::string_view::npos;
}

/// What a separator announces; nothing where the line is none.
enum class Separator { none, reply, forward };

Separator separator_in(std::string_view raw) {
    if (raw.size() > 2 * kAttributionBytesMax) return Separator::none;
    const std::string line = plain_line(raw);
    if (line.size() < 4 || line.size() > 200) return Separator::none;
    if (begins_with_any(line, words::kBareForwards)) return Separator::forward;
    if (line.size() <= 120 && contains_any(line, words::kReplyAbove)) return Separator::reply;
    const bool has_dashes = line.starts_with("--") || line.starts_with("- -") || line.starts_with("__") || line.starts_with("==");
    if (!has_dashes) return Separator::none;
    if (contains_any(line, words::kForwards)) return Separator::forward;
    if (line.size() <= 100 && contains_any(line, words::kSeparators)) return Separator::reply;
    // Zoho: "---- On Mon, … Shop <…> wrote ----"; Notes: "-----Shop <…> wrote: -----".
    const bool is_framed = line.ends_with("--") && line.find('@') != std::string::npos;
    return is_framed && contains_any(line, words::kFinalVerbs) ? Separator::reply : Separator::none;
}

/// A date's year or time of day, or an address: without one, "On Monday you wrote:" is a person's own sentence.
bool has_mail_details(std::string_view line) {
    if (line.find('@') != std::string_view::npos) return true;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool is_digit = line[i] >= '0' && line[i] <= '9';
        digits = is_digit ? digits + 1 : 0;
        if (digits >= 4) return true;
        const bool is_time = (line[i] == ':' || line[i] == 'h') && i > 0 && i + 2 < line.size() &&
                             std::isdigit(static_cast<unsigned char>(line[i - 1])) != 0 &&
                             std::isdigit(static_cast<unsigned char>(line[i + 1])) != 0 &&
                             std::isdigit(static_cast<unsigned char>(line[i + 2])) != 0;
        if (is_time) return true;
    }
    return false;
}

/// Without the colon, full-width or not, and the space that French sets before it; nothing where the line ends otherwise.
std::optional<std::string_view> before_colon(std::string_view line) {
    if (line.ends_with("："))
        line.remove_suffix(3);
    else if (line.ends_with(":>"))
        line.remove_suffix(2);  // K-9 lets the quotation begin on the same line.
    else if (line.ends_with(':'))
        line.remove_suffix(1);
    else
        return std::nullopt;
    return text::trim(line);
}

bool ends_with_verb(std::string_view line) {
    return std::any_of(words::kFinalVerbs.begin(), words::kFinalVerbs.end(),
                       [&](std::string_view verb) { return line.ends_with(verb); });
}

/// Old Gmail, Yandex and others name date and sender only: "2012/11/2 Shop <help@shop.example>", "02.11.2026, 10:15, … :".
bool is_bare_attribution(std::string_view line) {
    if (line.find('@') == std::string_view::npos || line.empty() || std::isdigit(static_cast<unsigned char>(line.front())) == 0)
        return false;
    const std::string_view rest = before_colon(line).value_or(line);
    return (rest.ends_with('>') || rest.ends_with(")")) && has_mail_details(rest.substr(0, rest.find('<')));
}

enum class Form { none, begun, named };  ///< "On … wrote:", "Shop wrote:"

/// `has_marks`: marked lines follow, which make a witness.
Form attribution_form(const std::string& joined, bool has_marks) {
    if (has_marks && is_bare_attribution(joined)) return Form::begun;
    const std::optional<std::string_view> line = before_colon(joined);
    if (!line) return Form::none;
    const bool has_details = has_mail_details(*line);
    for (const words::Attribution& form : words::kAttributions) {
        if (has_details && line->starts_with(form.begin) && line->find(form.verb) != std::string_view::npos) return Form::begun;
    }
    const bool has_witness = has_marks || line->find('@') != std::string_view::npos;
    if (has_witness && ends_with_verb(*line)) return Form::named;
    return has_details && contains_any(*line, words::kMiddleVerbs) ? Form::named : Form::none;
}

std::string joined_lines(const Lines& lines, std::size_t begin, std::size_t end) {
    std::string joined;
    for (std::size_t i = begin; i < end; ++i) {
        if (i > begin) joined += ' ';
        joined += plain_line(lines[i]);
    }
    return joined;
}

/// Below an attribution the whole rest is quoted, unless its quotation is marked: then answers may stand between the marks.
bool has_marks_below(const Lines& lines, std::size_t at) {
    constexpr std::size_t kBlankLinesMax = 4;
    for (std::size_t i = at; i < lines.size() && i <= at + kBlankLinesMax; ++i) {
        if (!is_blank(lines[i])) return is_marked(lines[i]);
    }
    return false;
}

bool may_end_attribution(std::string_view line, bool has_marks) {
    line = text::trim(line);
    while (line.ends_with('*')) line.remove_suffix(1);
    return line.ends_with(':') || line.ends_with("：") || line.ends_with(":>") ||
           (has_marks && (line.ends_with('>') || line.ends_with(')')));
}

/// "On Monday it broke." above "On 2 Nov …, Shop wrote:" is the person's own line: the attribution begins below it. Not so where
/// one that is wrapped goes on with a name or an address.
bool begins_below(const Lines& lines, std::size_t at, std::size_t end, Form form, bool has_marks) {
    for (std::size_t later = at + 1; later < end; ++later) {
        const std::string rest = joined_lines(lines, later, end);
        if (rest.starts_with('<') || rest.find(' ') == std::string::npos) continue;
        const Form rest_form = attribution_form(rest, has_marks);
        const std::string_view above = text::trim(lines[later - 1]);
        const bool ends_sentence = above.ends_with('.') || above.ends_with('!') || above.ends_with('?');
        if (rest_form == Form::begun || (rest_form == Form::named && (form == Form::named || ends_sentence))) return true;
    }
    return false;
}

/// The number of lines that an attribution beginning at `at` takes; 0 where none begins there.
std::size_t attribution_length(const Lines& lines, std::size_t at) {
    for (std::size_t n = 1; n <= kAttributionLinesMax && at + n <= lines.size(); ++n) {
        const std::string_view last = lines[at + n - 1];
        if (is_blank(last) || is_marked(last) || last.size() > kAttributionBytesMax) return 0;
        const bool has_marks = has_marks_below(lines, at + n);
        if (!may_end_attribution(last, has_marks)) continue;
        const Form form = attribution_form(joined_lines(lines, at, at + n), has_marks);
        if (form == Form::none) continue;
        if (begins_below(lines, at, at + n, form, has_marks)) return 0;
        return n;
    }
    return 0;
}

/// "from" of "*From:* Shop", "de" of "De : Shop".
std::string label_of(std::string_view raw) {
    const std::string line = plain_line(raw.substr(0, 4 * kLabelBytesMax));
    std::size_t colon = line.find(':');
    const std::size_t wide = line.find("：");
    colon = std::min(colon, wide);
    if (colon == std::string::npos || colon > kLabelBytesMax) return {};
    return std::string(text::trim(std::string_view(line).substr(0, colon)));
}

/// What a line may be in a copied header, as bits.
enum LineKind : unsigned { kFrom = 1, kSent = 2, kTo = 4, kSubject = 8, kCopy = 16, kAddress = 32, kBlank = 64, kKnown = 128 };
constexpr unsigned kLabelled = kFrom | kSent | kTo | kSubject | kCopy;

unsigned kind_of(std::string_view line) {
    if (is_blank(line)) return kKnown | kBlank;
    unsigned kind = line.find('@') != std::string_view::npos ? kKnown | kAddress : kKnown;
    const std::string label = label_of(line);
    if (label.empty()) return kind;
    if (is_one_of(label, words::kFromLabels)) kind |= kFrom;
    if (is_one_of(label, words::kSentLabels)) kind |= kSent;
    if (is_one_of(label, words::kToLabels)) kind |= kTo;
    if (is_one_of(label, words::kSubjectLabels)) kind |= kSubject;
    if (is_one_of(label, words::kCopyLabels)) kind |= kCopy;
    return kind;
}

/// Finds copied headers; asks each line once, for many may look like the beginning of one.
class HeaderBlocks {
public:
    explicit HeaderBlocks(const Lines& lines) : lines_(lines), kinds_(lines.size()) {}

    /// Outlook, Notes, GMX and others copy the headers of the mail they quote: sender and date, and one more, stand together. The
    /// end of the block after its last label; nothing where none begins here.
    std::optional<std::size_t> end_of(std::size_t at) {
        if ((kind(at) & kLabelled) == 0) return std::nullopt;
        unsigned seen = 0;
        std::size_t end = at;
        for (std::size_t i = at; i < lines_.size() && i < at + kHeaderBlockLinesMax; ++i) {
            seen |= kind(i);
            if ((kind(i) & kLabelled) != 0) end = i + 1;
            if ((kind(i) & kBlank) == 0) continue;
            // Some set a blank line between the labels; after the last one it ends the block.
            std::size_t next = i;
            while (next < lines_.size() && (kind(next) & kBlank) != 0 && next < i + 3) ++next;
            if (next >= lines_.size() || (kind(next) & kLabelled) == 0) break;
        }
        const bool has_third = (seen & kSubject) != 0 || ((seen & kTo) != 0 && (seen & kAddress) != 0);
        return (seen & kFrom) != 0 && (seen & kSent) != 0 && has_third ? std::optional(end) : std::nullopt;
    }

    /// Notes: "To:", "cc:" and "Subject:" alone; who and when stands above, without labels.
    std::optional<std::size_t> end_without_sender(std::size_t at) {
        if (at == 0 || (kind(at) & kTo) == 0) return std::nullopt;
        for (std::size_t i = at + 1; i < lines_.size() && i <= at + 3; ++i) {
            if ((kind(i) & kSubject) != 0) return i + 1;
            if ((kind(i) & (kTo | kCopy)) == 0) return std::nullopt;
        }
        return std::nullopt;
    }

private:
    unsigned kind(std::size_t at) {
        if (kinds_[at] == 0) kinds_[at] = static_cast<unsigned char>(kind_of(lines_[at]));
        return kinds_[at];
    }

    const Lines& lines_;
    std::vector<unsigned char> kinds_;
};

bool is_mbox_escape(const Lines& lines, std::size_t at) {
    if (!lines[at].starts_with(">From ")) return false;
    const bool is_above_marked = at > 0 && is_marked(lines[at - 1]);
    const bool is_below_marked = at + 1 < lines.size() && is_marked(lines[at + 1]);
    return !is_above_marked && !is_below_marked;
}

std::size_t skip_blank(const Lines& lines, std::size_t at) {
    while (at < lines.size() && is_blank(lines[at])) ++at;
    return at;
}

class Stripper {
public:
    explicit Stripper(const Lines& lines) : lines_(lines), headers_(lines) {}

    Lines strip(bool is_forward) {
        std::size_t at = 0;
        while (at < lines_.size() && !quoted_from_) at = step(at);
        const bool has_words = std::any_of(kept_.begin(), kept_.end(), [](std::string_view line) { return !is_blank(line); });
        if (has_words || !quoted_from_ || !(is_forward || is_forward_)) return std::move(kept_);
        const Lines rest(lines_.begin() + static_cast<std::ptrdiff_t>(*quoted_from_), lines_.end());
        return Stripper(rest).strip(false);
    }

private:
    std::size_t step(std::size_t at) {
        const std::string_view line = lines_[at];
        if (is_marked(line)) {
            if (is_mbox_escape(lines_, at)) kept_.push_back(line.substr(1));
            return at + 1;
        }
        if (is_blank(line)) {
            kept_.push_back(line);
            return at + 1;
        }
        const Separator separator = separator_in(line);
        if (separator != Separator::none) return quoted(skip_header(at + 1), separator == Separator::forward);
        if (const auto end = headers_.end_of(at)) return quoted(*end, false);
        if (const auto end = headers_.end_without_sender(at); end && drop_sender_lines()) return quoted(*end, false);
        if (const std::size_t length = attribution_length(lines_, at); length > 0) return quoted(at + length, false);
        kept_.push_back(line);
        return at + 1;
    }

    /// `"Shop" <help@shop.example> on 11/02/2026 04:51:22 PM`, or a name and below it such a date.
    bool drop_sender_lines() {
        std::size_t last = kept_.size();
        while (last > 0 && is_blank(kept_[last - 1])) --last;
        if (last == 0) return false;
        const std::string_view line = text::trim(kept_[last - 1]);
        const std::size_t slash = line.find('/');
        const bool has_date = slash != std::string_view::npos && line.find('/', slash + 1) != std::string_view::npos &&
                              line.find(':') != std::string_view::npos;
        if (!has_date || line.size() > kAttributionBytesMax) return false;
        const bool is_date_alone = std::isdigit(static_cast<unsigned char>(line.front())) != 0;
        kept_.resize(last - (is_date_alone && last > 1 ? 2 : 1));
        return true;
    }

    /// Below a separator a copied header may stand, and Proton writes an attribution too.
    std::size_t skip_header(std::size_t at) {
        at = skip_blank(lines_, at);
        if (at >= lines_.size()) return at;
        if (const auto end = headers_.end_of(at)) return *end;
        return at + attribution_length(lines_, at);
    }

    /// What is quoted from `at` on: where it is marked, only the marked lines go.
    std::size_t quoted(std::size_t at, bool is_forward) {
        if (has_marks_below(lines_, at)) return at;
        while (!kept_.empty() && (is_blank(kept_.back()) || is_rule(kept_.back()))) kept_.pop_back();
        is_forward_ = is_forward;
        quoted_from_ = at;
        return at;
    }

    const Lines& lines_;
    HeaderBlocks headers_;
    Lines kept_;
    std::optional<std::size_t> quoted_from_;
    bool is_forward_ = false;
};

}  // namespace

std::vector<std::string_view> without_quotation(const std::vector<std::string_view>& lines, bool is_forward) {
    return Stripper(lines).strip(is_forward);
}

bool is_forward_subject(std::string_view subject) {
    return begins_with_any(lower_utf8(text::trim(subject)), words::kForwardSubjects);
}

}  // namespace resolute::mail
