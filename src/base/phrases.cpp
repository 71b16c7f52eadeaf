// SPDX-License-Identifier: Apache-2.0
#include "base/phrases.h"

#include <algorithm>
#include <array>

#include "base/invariant.h"
#include "base/text.h"

namespace resolute {
namespace {

constexpr std::size_t kPrefixBytes = 3;
constexpr std::size_t kShortLine = 48;  // A line this short before a capital letter is a line of its own, not wrapped text.

struct Decoded {
    char32_t code = 0;
    std::size_t bytes = 1;
};

/// The character at `at`; a broken sequence counts as one byte of nothing.
Decoded decode(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    if (length == 1 || at + length > text.size()) return {0, 1};
    char32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return {0, 1};
        code = (code << 6U) | (byte(at + i) & 0x3FU);
    }
    return {code, length};
}

/// Lower-case letters without accent for a Latin letter or digit; empty for anything that is no part of a word.
std::string_view fold(char32_t code) {
    static constexpr std::string_view kLower = "0123456789abcdefghijklmnopqrstuvwxyz";
    if (code >= '0' && code <= '9') return kLower.substr(code - '0', 1);
    if (code >= 'a' && code <= 'z') return kLower.substr(code - 'a' + 10, 1);
    if (code >= 'A' && code <= 'Z') return kLower.substr(code - 'A' + 10, 1);
    if (code < 0xC0) return {};
    // U+00C0 to U+017F, the Latin letters of western and central Europe.
    static constexpr std::array<std::string_view, 0x40> kLatin1 = {
        "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "", "o", "u",
        "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o",
        "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y"};
    if (code < 0x100) return kLatin1[code - 0xC0];
    if (code < 0x180) {
        static constexpr std::string_view kExtended =
            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
            "nnnnnnnnooooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
        const std::size_t index = code - 0x100;
        return index < kExtended.size() ? kExtended.substr(index, 1) : std::string_view("z");
    }
    return "\x01";  // A letter of another script: part of a word, kept as it is.
}

bool is_apostrophe(char32_t code) { return code == '\'' || code == 0x2019 || code == 0x2018 || code == 0x02BC; }
bool is_letter_of_other_script(char32_t code) {
    return (code >= 0x180 && code < 0x2000) || (code >= 0x2E80 && code < 0xFE00) || code >= 0x20000;
}

bool is_abbreviation(std::string_view word) {
    static constexpr std::array<std::string_view, 23> kAbbreviations = {"mr", "mrs", "ms", "dr", "nr", "no", "st", "inc", "ltd", "approx", "etc", "vs",
                                                                        "bzw", "ca", "zb", "ggf", "usw", "sr", "sra", "num", "art", "mio", "fr"};
    return word.size() == 1 || std::ranges::find(kAbbreviations, word) != kAbbreviations.end();
}

}  // namespace

Words::Words(std::string_view text) {
    folded_.reserve(text.size() + 16);
    Sentence sentence;
    bool is_open = false;
    bool follows_comma = false;
    std::size_t paragraph = 0;
    std::size_t line_begin = 0;
    const auto close = [&](std::size_t end) {
        if (is_open) {
            sentence.last = words_.size();
            sentence.end = end;
            sentences_.push_back(sentence);
        }
        is_open = false;
        follows_comma = false;
    };
    std::size_t at = 0;
    while (at < text.size()) {
        const Decoded here = decode(text, at);
        const std::string_view folded = is_letter_of_other_script(here.code) ? std::string_view("\x01") : here.code >= 0x180 ? "" : fold(here.code);
        if (!folded.empty()) {  // A word.
            Word word{.begin = at, .end = at, .folded_begin = folded_.size(), .folded_end = 0, .follows_comma = follows_comma};
            follows_comma = false;
            while (at < text.size()) {
                const Decoded next = decode(text, at);
                const bool is_other = is_letter_of_other_script(next.code);
                const std::string_view letters = is_other ? text.substr(at, next.bytes) : next.code >= 0x180 ? "" : fold(next.code);
                if (letters.empty()) {
                    // "don't" is one word; so is "n't" with any apostrophe.
                    const bool is_nt = is_apostrophe(next.code) && folded_.size() > word.folded_begin && folded_.back() == 'n' &&
                                       at + next.bytes < text.size() && (text[at + next.bytes] | 0x20) == 't' &&
                                       (at + next.bytes + 1 >= text.size() || fold(decode(text, at + next.bytes + 1).code).empty());
                    if (!is_nt) break;
                    folded_ += 't';
                    at += next.bytes + 1;
                    break;
                }
                folded_ += letters;
                at += next.bytes;
            }
            word.end = at;
            word.folded_end = folded_.size();
            if (!is_open) {
                is_open = true;
                sentence = Sentence{.first = words_.size(), .last = 0, .begin = word.begin, .end = 0, .is_question = false, .is_shouted = false, .paragraph = paragraph};
            }
            words_.push_back(word);
            continue;
        }
        if (here.code == '\n') {
            std::size_t next = at + 1;
            while (next < text.size() && (text[next] == ' ' || text[next] == '\t' || text[next] == '\r')) ++next;
            const bool is_blank = next >= text.size() || text[next] == '\n';
            const char begin = next < text.size() ? text[next] : '\n';
            const bool is_item = begin == '-' || begin == '*' || begin == '#' || begin == '>' || begin == '|' || text.substr(next, 3) == "•" ||
                                 (begin >= '0' && begin <= '9' && (text.substr(next + 1, 1) == "." || text.substr(next + 1, 1) == ")"));
            std::size_t line_end = at;
            while (line_end > line_begin && (text[line_end - 1] == ' ' || text[line_end - 1] == '\r')) --line_end;
            const bool is_short = line_end - line_begin < kShortLine;
            const bool is_headed = line_end > line_begin && (text[line_end - 1] == ':' || (is_short && text[line_end - 1] == ','));
            const bool is_line = is_short && begin >= 'A' && begin <= 'Z';
            if (is_blank || is_item || is_headed || is_line) close(line_end);
            if (is_blank) ++paragraph;
            line_begin = at + 1;
        } else if (here.code == '.' || here.code == '!' || here.code == '?' || here.code == 0x2026 || here.code == 0x3002) {
            std::size_t end = at;
            bool is_question = false;
            bool is_shouted = false;
            while (end < text.size() && (text[end] == '.' || text[end] == '!' || text[end] == '?' || decode(text, end).code == 0x2026)) {
                is_question = is_question || text[end] == '?';
                is_shouted = is_shouted || text[end] == '!';
                end += decode(text, end).bytes;
            }
            if (end == at) end = at + here.bytes;
            const bool is_last = end >= text.size() || text[end] == ' ' || text[end] == '\n' || text[end] == '\r' || text[end] == '\t' ||
                                 text[end] == '"' || text[end] == ')' || text[end] == '*' || static_cast<unsigned char>(text[end]) >= 0x80;
            const bool is_number = here.code == '.' && end + 1 < text.size() && text[end] == ' ' && text[end + 1] >= '0' && text[end + 1] <= '9' &&
                                   !words_.empty() && is_open && is_abbreviation(this->folded(words_.size() - 1));
            const bool is_short_word = here.code == '.' && end == at + 1 && is_open && is_abbreviation(this->folded(words_.size() - 1)) &&
                                       (is_number || this->folded(words_.size() - 1).size() > 1) && end < text.size() && text[end] == ' ';
            const bool ends = is_question || is_shouted || (is_last && !is_number && !is_short_word);
            if (ends && is_open) {
                sentence.is_question = is_question;
                sentence.is_shouted = is_shouted;
                close(end);
            }
            at = end;
            continue;
        } else if (here.code == ',' || here.code == ';' || here.code == ':' || here.code == '(' || here.code == 0x2013 || here.code == 0x2014) {
            follows_comma = true;
        } else if (here.code == '-' && at > 0 && text[at - 1] == ' ') {
            follows_comma = true;
        }
        at += here.bytes;
    }
    close(text.size());
    for (Sentence& each : sentences_) {
        while (each.end > each.begin && (text[each.end - 1] == ' ' || text[each.end - 1] == '\n' || text[each.end - 1] == '\r')) --each.end;
    }
}

PhraseSet::PhraseSet(std::span<const std::string_view> phrases) {
    for (const std::string_view text : phrases) {
        const auto index = static_cast<std::uint32_t>(phrases_.size());
        Phrase phrase = parse(text);
        INVARIANT(!phrase.empty() && phrase.front().gap == 0 && !phrase.front().is_optional, "a phrase begins with a word");
        for (const Choice& choice : phrase.front().choices) {
            if (choice.how == How::exact) {
                exact_[choice.text].push_back(index);
            } else if (choice.how == How::prefix && choice.text.size() >= kPrefixBytes) {
                auto& list = prefix_[choice.text.substr(0, kPrefixBytes)];
                if (list.empty() || list.back() != index) list.push_back(index);
            } else if (everywhere_.empty() || everywhere_.back() != index) {
                everywhere_.push_back(index);
            }
        }
        phrases_.push_back(std::move(phrase));
    }
}

PhraseSet::Phrase PhraseSet::parse(std::string_view text) {
    Phrase phrase;
    for (std::string_view part : text::split(text, ' ')) {
        if (part.empty()) continue;
        Element element;
        if (part.starts_with("..")) {
            element.gap = static_cast<std::size_t>(part[2] - '0');
            phrase.push_back(std::move(element));
            continue;
        }
        if (part.front() == '?') {
            element.is_optional = true;
            part.remove_prefix(1);
        }
        for (std::string_view choice : text::split(part, '|')) {
            How how = How::exact;
            if (choice.ends_with('*')) {
                how = How::prefix;
                choice.remove_suffix(1);
            }
            if (choice.starts_with('*')) {
                how = How::contains;
                choice.remove_prefix(1);
            }
            element.choices.push_back({std::string(choice), how});
        }
        phrase.push_back(std::move(element));
    }
    return phrase;
}

bool PhraseSet::fits(const Element& element, std::string_view word) {
    for (const Choice& choice : element.choices) {
        switch (choice.how) {
        case How::exact:
            if (word == choice.text) return true;
            break;
        case How::prefix:
            if (word.starts_with(choice.text)) return true;
            break;
        case How::contains:
            if (word.find(choice.text) != std::string_view::npos) return true;
            break;
        }
    }
    return false;
}

/// The end of the shortest match of the elements from `element` on, at word `at`; 0: none.
std::size_t PhraseSet::match_from(const Phrase& phrase, std::size_t element, const Words& words, std::size_t at, std::size_t last) {
    if (element == phrase.size()) return at;
    const Element& want = phrase[element];
    if (want.gap > 0) {
        for (std::size_t skip = 0; skip <= want.gap && at + skip <= last; ++skip) {
            if (const std::size_t end = match_from(phrase, element + 1, words, at + skip, last); end > 0) return end;
        }
        return 0;
    }
    if (at < last && fits(want, words.folded(at))) {
        if (const std::size_t end = match_from(phrase, element + 1, words, at + 1, last); end > 0) return end;
    }
    return want.is_optional ? match_from(phrase, element + 1, words, at, last) : 0;
}

void PhraseSet::find(const Words& words, const Words::Sentence& sentence, const std::function<void(const Match&)>& found) const {
    std::vector<std::uint32_t> candidates;
    for (std::size_t at = sentence.first; at < sentence.last; ++at) {
        const std::string_view word = words.folded(at);
        candidates = everywhere_;
        if (const auto it = exact_.find(word); it != exact_.end()) candidates.insert(candidates.end(), it->second.begin(), it->second.end());
        if (word.size() >= kPrefixBytes) {
            if (const auto it = prefix_.find(word.substr(0, kPrefixBytes)); it != prefix_.end()) {
                candidates.insert(candidates.end(), it->second.begin(), it->second.end());
            }
        }
        std::ranges::sort(candidates);
        const auto repeated = std::ranges::unique(candidates);
        candidates.erase(repeated.begin(), repeated.end());
        for (const std::uint32_t index : candidates) {
            if (const std::size_t end = match_from(phrases_[index], 0, words, at, sentence.last); end > 0) found({index, at, end});
        }
    }
}

bool PhraseSet::matches(const Words& words, const Words::Sentence& sentence) const {
    bool is_found = false;
    find(words, sentence, [&](const Match&) { is_found = true; });
    return is_found;
}

}  // namespace resolute
