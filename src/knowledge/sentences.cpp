// SPDX-License-Identifier: Apache-2.0
#include "knowledge/sentences.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "knowledge/limits.h"
#include "knowledge/words.h"

namespace resolute::knowledge {
namespace {

constexpr std::size_t kWrappedLineMin = 50;      ///< a line at least this long goes on in the next one
constexpr std::size_t kPleasantryWordsMax = 14;  ///< a longer sentence says something besides
constexpr std::size_t kGreetingWordsMax = 6;
constexpr std::size_t kSignatureSentencesMax =
    6;  ///< this many after a closing are a signature; with more, the closing closes nothing

constexpr std::string_view kGreetings[] = {
    "hi",        "hello",     "hey",         "dear",         "good morning", "good afternoon", "good evening", "good day",
    "greetings", "to whom",   "guten tag",   "guten morgen", "guten abend",  "hallo",          "sehr geehrte", "sehr geehrter",
    "liebe",     "lieber",    "liebes",      "moin",         "servus",       "grüezi",         "bonjour",      "bonsoir",
    "salut",     "cher",      "chère",       "madame",       "monsieur",     "hola",           "buenos días",  "buenas tardes",
    "buenas",    "estimado",  "estimada",    "estimados",    "ciao",         "buongiorno",     "buonasera",    "salve",
    "gentile",   "spett",     "goedemorgen", "goedemiddag",  "goedendag",    "beste",          "geachte",      "olá",
    "bom dia",   "boa tarde", "prezado",     "prezada",      "prezados",     "caro",           "cara"};
constexpr std::string_view kClosings[] = {"kind regards",
                                          "best regards",
                                          "warm regards",
                                          "regards",
                                          "best wishes",
                                          "sincerely",
                                          "yours",
                                          "cheers",
                                          "all the best",
                                          "best",
                                          "cordially",
                                          "respectfully",
                                          "mit freundlichen",
                                          "freundliche grüße",
                                          "freundliche grüsse",
                                          "viele grüße",
                                          "viele grüsse",
                                          "liebe grüße",
                                          "beste grüße",
                                          "schöne grüße",
                                          "herzliche grüße",
                                          "mfg",
                                          "lg",
                                          "gruß",
                                          "grüße",
                                          "hochachtungsvoll",
                                          "cordialement",
                                          "bien à vous",
                                          "bien cordialement",
                                          "sincères salutations",
                                          "salutations",
                                          "saludos",
                                          "un saludo",
                                          "atentamente",
                                          "cordiales saludos",
                                          "cordiali saluti",
                                          "distinti saluti",
                                          "saluti",
                                          "un saluto",
                                          "met vriendelijke",
                                          "vriendelijke groet",
                                          "groet",
                                          "groeten",
                                          "hartelijke groet",
                                          "atenciosamente",
                                          "cumprimentos",
                                          "com os melhores",
                                          "abraço",
                                          "sent from my",
                                          "von meinem",
                                          "gesendet von",
                                          "envoyé de"};
constexpr std::string_view kPleasantries[] = {"thank you",
                                              "thanks",
                                              "many thanks",
                                              "thx",
                                              "i hope",
                                              "hope you",
                                              "hope this",
                                              "hope all",
                                              "have a nice",
                                              "have a great",
                                              "have a good",
                                              "looking forward",
                                              "i look forward",
                                              "we look forward",
                                              "please let me know",
                                              "let me know",
                                              "sorry to bother",
                                              "sorry for bothering",
                                              "apologies for",
                                              "i appreciate",
                                              "appreciate your",
                                              "any help",
                                              "please advise",
                                              "please get back",
                                              "i would appreciate",
                                              "i'd appreciate",
                                              "much appreciated",
                                              "hoping to hear",
                                              "hope to hear",
                                              "awaiting your",
                                              "vielen dank",
                                              "danke",
                                              "besten dank",
                                              "herzlichen dank",
                                              "ich hoffe",
                                              "ich freue mich auf",
                                              "schönen tag",
                                              "merci",
                                              "je vous remercie",
                                              "dans l'attente",
                                              "en vous remerciant",
                                              "j'espère",
                                              "gracias",
                                              "muchas gracias",
                                              "espero que",
                                              "quedo a la espera",
                                              "grazie",
                                              "la ringrazio",
                                              "vi ringrazio",
                                              "resto in attesa",
                                              "spero che",
                                              "bedankt",
                                              "dank u",
                                              "alvast bedankt",
                                              "ik hoop",
                                              "obrigado",
                                              "obrigada",
                                              "muito obrigado",
                                              "espero",
                                              "aguardo"};
constexpr std::string_view kAbbreviations[] = {"mr",  "mrs", "ms",  "dr",  "no",  "nr",   "st",   "vs",   "etc",
                                               "e.g", "i.e", "z.b", "bzw", "ca",  "inkl", "zzgl", "usw",  "approx",
                                               "inc", "art", "tel", "sr",  "sra", "dott", "d.h",  "evtl", "ggf"};
constexpr std::string_view kSubjectPrefixes[] = {
    "re:", "fwd:", "fw:", "aw:", "wg:", "antw:", "tr:", "rv:", "sv:", "res:", "enc:", "r:", "i:", "[external]", "[ext]"};

/// Is the folded sentence's beginning one of these, up to the end of a word?
template <std::size_t N>
bool begins_with(std::string_view folded, const std::string_view (&phrases)[N]) {
    return std::ranges::any_of(phrases, [&](std::string_view phrase) {
        if (!folded.starts_with(phrase)) return false;
        const char next = folded.size() == phrase.size() ? ' ' : folded[phrase.size()];
        return !(next >= 'a' && next <= 'z') && static_cast<unsigned char>(next) < 0x80;
    });
}

bool is_abbreviation(std::string_view before_period) {
    const std::size_t begin = before_period.find_last_of(" \t\n(") + 1;  // npos + 1 is 0: the beginning.
    const std::string word = text::to_lower(before_period.substr(begin));
    if (word.size() <= 1) return true;  // "J. Smith", or the number of a list.
    if (word.size() <= 2 && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; })) return true;  // "am 3. Mai"
    return std::ranges::find(kAbbreviations, word) != std::end(kAbbreviations);
}

void add_sentences(std::string_view paragraph, std::vector<std::string>& sentences) {
    std::size_t begin = 0;
    const auto end_sentence = [&](std::size_t end) {
        const std::string_view sentence = text::trim(paragraph.substr(begin, end - begin));
        if (!sentence.empty()) sentences.emplace_back(sentence);
        begin = end;
    };
    for (std::size_t i = 0; i < paragraph.size(); ++i) {
        const char c = paragraph[i];
        if (c != '.' && c != '!' && c != '?' && c != ';') continue;
        const bool ends_word =
            i + 1 == paragraph.size() || std::string_view(" \t\n\"')").find(paragraph[i + 1]) != std::string_view::npos;
        if (!ends_word || (c == '.' && is_abbreviation(paragraph.substr(begin, i - begin)))) continue;
        end_sentence(i + 1);
    }
    end_sentence(paragraph.size());
}

bool begins_list_item(std::string_view line) {
    if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ")) return true;
    const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    return digits > 0 && digits <= 2 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
}

/// Mail programs wrap lines; a short line was ended by a person.
std::vector<std::string> split_sentences(std::string_view text) {
    std::vector<std::string> sentences;
    std::string paragraph;
    const auto end_paragraph = [&] {
        add_sentences(paragraph, sentences);
        paragraph.clear();
    };
    for (const std::string_view whole_line : text::split_lines(text)) {
        const std::string_view line = text::trim(whole_line);
        if (whole_line == "-- " || line == "--") break;  // RFC 3676 §4.3: below it is the signature.
        if (line.empty() || line.starts_with('>')) {
            end_paragraph();
            continue;
        }
        if (begins_list_item(line)) end_paragraph();
        if (!paragraph.empty()) paragraph.push_back(' ');
        paragraph += line;
        if (line.size() < kWrappedLineMin) end_paragraph();
    }
    end_paragraph();
    return sentences;
}

/// "Hi Ann, where is my order?" without its greeting; empty where the sentence is nothing else.
std::string without_greeting(const std::string& sentence, const std::string& folded) {
    if (!begins_with(folded, kGreetings)) return sentence;
    const std::size_t end = sentence.find_first_of(",!:");
    const bool has_more = end != std::string::npos && end + 1 < sentence.size();
    if (has_more && split_words(std::string_view(sentence).substr(0, end)).size() <= kGreetingWordsMax) {
        const std::string_view rest = text::trim(std::string_view(sentence).substr(end + 1));
        return split_words(rest).size() >= 2 ? std::string(rest) : std::string();
    }
    const bool is_greeting_alone = !sentence.ends_with('?') && split_words(sentence).size() <= kGreetingWordsMax;
    return is_greeting_alone ? std::string() : sentence;
}

bool is_pleasantry(const std::string& sentence, const std::string& folded) {
    return !sentence.ends_with('?') && begins_with(folded, kPleasantries) && split_words(sentence).size() <= kPleasantryWordsMax;
}

std::string_view without_prefixes(std::string_view subject) {
    for (bool found = true; found;) {
        subject = text::trim(subject);
        found = false;
        for (const std::string_view prefix : kSubjectPrefixes) {
            if (!text::equals_ignore_case(subject.substr(0, prefix.size()), prefix)) continue;
            subject.remove_prefix(prefix.size());
            found = true;
            break;
        }
    }
    return subject;
}

/// A text without any full stop is asked in pieces, so that what is said once in it is not drowned.
void add_in_pieces(const std::string& sentence, std::vector<std::string>& kept) {
    std::size_t words = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        if (sentence[i] != ' ' || ++words % kSentenceWordsMax != 0) continue;
        kept.push_back(sentence.substr(begin, i - begin));
        begin = i + 1;
    }
    kept.push_back(sentence.substr(begin));
}

}  // namespace

std::vector<std::string> question_sentences(std::string_view subject, std::string_view text) {
    std::vector<std::string> kept;
    if (const std::string_view bare = without_prefixes(subject); !bare.empty()) add_in_pieces(std::string(bare), kept);
    const std::string whole = text::shorten(text, kQueryBytesMax);
    const auto sentences = split_sentences(whole);
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const std::string folded = fold_case(sentences[i]);
        const bool is_short = split_words(sentences[i]).size() <= kGreetingWordsMax;
        if (is_short && begins_with(folded, kClosings)) {
            if (sentences.size() - i <= kSignatureSentencesMax) break;
            continue;
        }
        if (is_pleasantry(sentences[i], folded)) continue;
        const std::string asked = without_greeting(sentences[i], folded);
        if (!split_words(asked).empty()) add_in_pieces(asked, kept);
    }
    if (kept.empty() && !text::trim(whole).empty()) kept.emplace_back(text::trim(whole));
    std::vector<std::string> distinct;
    for (std::string& sentence : kept) {
        if (distinct.size() < kSentencesMax && std::ranges::find(distinct, sentence) == distinct.end())
            distinct.push_back(std::move(sentence));
    }
    return distinct;
}

}  // namespace resolute::knowledge
