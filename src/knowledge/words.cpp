// SPDX-License-Identifier: Apache-2.0
#include "knowledge/words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <libstemmer.h>

#include "knowledge/limits.h"

namespace resolute::knowledge {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 10> kStopEn{"the", "an", "to", "of", "and", "in", "is", "it", "for", "on"};
constexpr std::array<std::string_view, 10> kStopDe{"der", "die", "das", "und", "in", "zu", "den", "ein", "eine", "ist"};
constexpr std::array<std::string_view, 10> kStopFr{"le", "la", "les", "de", "des", "et", "un", "une", "du", "en"};
constexpr std::array<std::string_view, 10> kStopEs{"el", "la", "los", "las", "de", "y", "un", "una", "en", "que"};
constexpr std::array<std::string_view, 10> kStopIt{"il", "la", "le", "di", "e", "un", "una", "in", "che", "del"};
constexpr std::array<std::string_view, 10> kStopNl{"de", "het", "een", "en", "van", "in", "te", "is", "dat", "op"};
constexpr std::array<std::string_view, 10> kStopPt{"o", "os", "as", "de", "do", "da", "um", "uma", "em", "que"};

constexpr std::string_view kLightEn[] = {
    "please", "would", "could", "should", "can",   "may",      "might",    "will",  "do",     "does",      "did",   "am",
    "are",    "be",    "been",  "was",    "were",  "have",     "has",      "had",   "me",     "my",        "we",    "our",
    "us",     "you",   "your",  "this",   "that",  "these",    "there",    "how",   "what",   "when",      "where", "which",
    "why",    "who",   "if",    "so",     "just",  "like",     "want",     "need",  "know",   "tell",      "help",  "hi",
    "hello",  "dear",  "hey",   "thanks", "thank", "very",     "really",   "also",  "any",    "some",      "with",  "from",
    "at",     "by",    "as",    "or",     "but",   "got",      "get",      "still", "kindly", "wondering", "ve",    "ll",
    "re",     "don",   "im",    "team",   "ask",   "question", "possible", "let",   "sorry",  "now",       "about", "its",
    "cannot", "unable", "because", "since", "today", "yesterday", "here", "everything", "something", "anything", "someone", "somebody",
    "one",    "two",    "thing",   "things", "being", "already", "yet", "even", "only", "then", "than", "them", "they", "their", "he",
    "she",    "his",    "her",     "after",  "before", "again", "tried", "try", "going", "go"};
constexpr std::string_view kLightDe[] = {
    "bitte",  "ich",  "mir",   "mich",  "mein", "meine",  "meinen", "meiner",  "meinem", "wir",     "uns",    "unser",  "unsere",
    "sie",    "ihr",  "ihre",  "ihnen", "kann", "können", "könnte", "könnten", "möchte", "möchten", "würde",  "würden", "habe",
    "haben",  "hat",  "hatte", "bin",   "sind", "war",    "wie",    "was",     "wann",   "wo",      "warum",  "welche", "ob",
    "wenn",   "dass", "es",    "auf",   "mit",  "von",    "für",    "bei",     "hallo",  "danke",   "vielen", "dank",   "gerne",
    "leider", "noch", "auch",  "sehr",  "mal",  "nur",    "frage",  "wissen",  "sagen",  "helfen",  "aber",   "einen",  "einem"};
constexpr std::string_view kLightFr[] = {
    "je",   "me",   "mon",    "ma",       "mes",      "nous",     "notre",  "nos",      "vous",    "votre", "vos",
    "est",  "suis", "ai",     "avons",    "avez",     "comment",  "quand",  "pourquoi", "où",      "quel",  "quelle",
    "si",   "que",  "qui",    "pour",     "avec",     "dans",     "sur",    "merci",    "bonjour", "svp",   "plaît",
    "peux", "puis", "pouvez", "pourriez", "voudrais", "souhaite", "savoir", "aider",    "ce",      "cette", "il"};
constexpr std::string_view kLightEs[] = {
    "yo",    "me",     "mi",     "mis",     "nos",    "nuestro",  "nuestra", "usted",  "su",   "sus",  "es",   "estoy",   "he",
    "ha",    "cómo",   "como",   "cuándo",  "dónde",  "por",      "qué",     "si",     "para", "con",  "hola", "gracias", "favor",
    "puedo", "pueden", "podría", "podrían", "quiero", "quisiera", "saber",   "ayudar", "este", "esta", "lo",   "se",      "no"};
constexpr std::string_view kLightIt[] = {
    "io",     "mi",    "mio",    "mia",      "noi",    "nostro", "voi",     "vostro", "lei",    "suo", "sono", "è",
    "ho",     "ha",    "come",   "quando",   "dove",   "perché", "quale",   "se",     "per",    "con", "ciao", "grazie",
    "favore", "posso", "potete", "potrebbe", "vorrei", "sapere", "aiutare", "questo", "questa", "lo",  "si",   "buongiorno"};
constexpr std::string_view kLightNl[] = {"ik",  "me",   "mij",     "mijn",  "wij",     "we",          "ons",    "onze",
                                         "u",   "uw",   "jullie",  "ben",   "zijn",    "heb",         "hebben", "heeft",
                                         "hoe", "wat",  "wanneer", "waar",  "waarom",  "welke",       "als",    "of",
                                         "met", "voor", "hallo",   "dank",  "bedankt", "kan",         "kunt",   "kunnen",
                                         "zou", "wil",  "graag",   "weten", "helpen",  "alstublieft", "deze",   "dit"};
constexpr std::string_view kLightPt[] = {
    "eu",    "me",    "meu",     "minha",    "nós",   "nosso", "nossa",  "você", "seu",  "sua",  "é",        "estou",    "tenho",
    "tem",   "como",  "quando",  "onde",     "por",   "qual",  "se",     "para", "com",  "olá",  "obrigado", "obrigada", "favor",
    "posso", "podem", "poderia", "gostaria", "quero", "saber", "ajudar", "este", "esta", "isso", "não"};

constexpr double kLightWeight = 0.25;

struct Language {
    std::string_view code;
    const char* algorithm;
    Words stop;
    Words light;
};
const std::array<Language, 7> kLanguages{{{"en", "english", kStopEn, kLightEn},
                                          {"de", "german", kStopDe, kLightDe},
                                          {"fr", "french", kStopFr, kLightFr},
                                          {"es", "spanish", kStopEs, kLightEs},
                                          {"it", "italian", kStopIt, kLightIt},
                                          {"nl", "dutch", kStopNl, kLightNl},
                                          {"pt", "portuguese", kStopPt, kLightPt}}};

const Language* find_language(std::string_view code) {
    const auto found = std::ranges::find(kLanguages, code, &Language::code);
    return found == kLanguages.end() ? nullptr : &*found;
}

/// The code point at `*at`, which moves behind it. Malformed bytes come out as U+FFFD, one at a time.
char32_t next_code_point(std::string_view utf8, std::size_t* at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
    const unsigned char lead = byte((*at)++);
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
    if (more == 0 || lead > 0xF4 || *at + static_cast<std::size_t>(more) > utf8.size()) return 0xFFFD;
    char32_t code = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i) {
        const unsigned char next = byte(*at + static_cast<std::size_t>(i));
        if ((next & 0xC0) != 0x80) return 0xFFFD;
        code = (code << 6) | (next & 0x3Fu);
    }
    *at += static_cast<std::size_t>(more);
    return code;
}

void append(std::string& text, char32_t code) {
    const auto add = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (code < 0x80) return add(code);
    if (code < 0x800) {
        add(0xC0 | (code >> 6));
    } else if (code < 0x10000) {
        add(0xE0 | (code >> 12));
        add(0x80 | ((code >> 6) & 0x3F));
    } else {
        add(0xF0 | (code >> 18));
        add(0x80 | ((code >> 12) & 0x3F));
        add(0x80 | ((code >> 6) & 0x3F));
    }
    add(0x80 | (code & 0x3F));
}

char32_t lower(char32_t code) {
    if (code >= 'A' && code <= 'Z') return code + 32;
    if (code < 0xC0) return code;
    if (code <= 0xDE) return code == 0xD7 ? code : code + 32;
    if (code == 0x178) return 0xFF;
    if (code >= 0x100 && code <= 0x17F) {
        // Latin Extended-A goes in pairs; which of a pair is the capital changes twice.
        const bool odd_is_capital = (code >= 0x139 && code <= 0x148) || code >= 0x179;
        const bool is_single = code == 0x138 || code == 0x149 || code == 0x17F;
        return !is_single && (code % 2 == 1) == odd_is_capital ? code + 1 : code;
    }
    if (code >= 0x391 && code <= 0x3A9) return code + 32;
    if (code >= 0x410 && code <= 0x42F) return code + 32;
    if (code >= 0x400 && code <= 0x40F) return code + 80;
    return code;
}

bool is_combining(char32_t code) {
    return code >= 0x300 && code <= 0x36F;
}

bool is_word_character(char32_t code) {
    if (code < 0x80) return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9');
    if (code < 0xC0) return code == 0xAA || code == 0xB5 || code == 0xBA;
    if (code == 0xD7 || code == 0xF7 || code == 0xFFFD) return false;
    // General punctuation, arrows, symbols and emoji divide words; so do CJK punctuation and full-width signs.
    if (code >= 0x2000 && code <= 0x2BFF) return false;
    if (code >= 0x3000 && code <= 0x303F) return false;
    if (code >= 0xFE00 && code <= 0xFE6F) return false;
    return code < 0x1F000;
}

/// What a mail program on a Mac writes as two code points is one letter for us.
char32_t compose(char32_t letter, char32_t mark) {
    struct Pair {
        char32_t letter, mark, composed;
    };
    static constexpr Pair kPairs[] = {
        {'a', 0x308, 0xE4}, {'o', 0x308, 0xF6}, {'u', 0x308, 0xFC}, {'e', 0x308, 0xEB}, {'i', 0x308, 0xEF}, {'a', 0x301, 0xE1},
        {'e', 0x301, 0xE9}, {'i', 0x301, 0xED}, {'o', 0x301, 0xF3}, {'u', 0x301, 0xFA}, {'a', 0x300, 0xE0}, {'e', 0x300, 0xE8},
        {'i', 0x300, 0xEC}, {'o', 0x300, 0xF2}, {'u', 0x300, 0xF9}, {'a', 0x302, 0xE2}, {'e', 0x302, 0xEA}, {'i', 0x302, 0xEE},
        {'o', 0x302, 0xF4}, {'u', 0x302, 0xFB}, {'n', 0x303, 0xF1}, {'a', 0x303, 0xE3}, {'o', 0x303, 0xF5}, {'c', 0x327, 0xE7}};
    for (const Pair& pair : kPairs) {
        if (pair.letter == letter && pair.mark == mark) return pair.composed;
    }
    return letter;
}

/// "Rueckgabe" is "Rückgabe" to a German without the key; "Quelle" and "neue" come out odd, but the same on both sides.
std::string with_umlauts(const std::string& word) {
    std::string result;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool is_pair = i + 1 < word.size() && word[i + 1] == 'e' && (i == 0 || word[i - 1] != 'q');
        if (is_pair && (word[i] == 'a' || word[i] == 'o' || word[i] == 'u')) {
            result += word[i] == 'a' ? "ä" : word[i] == 'o' ? "ö" : "ü";
            ++i;
        } else {
            result.push_back(word[i]);
        }
    }
    return result;
}

bool is_worth_keeping(const std::string& word, std::size_t letters) {
    if (letters < 2 || word.size() > kWordBytesMax) return false;
    return std::ranges::any_of(word, [](char c) { return c < '0' || c > '9'; });
}

}  // namespace

std::vector<std::string> split_words(std::string_view utf8) {
    std::vector<std::string> words;
    std::u32string word;
    const auto end_word = [&] {
        std::string encoded;
        for (const char32_t code : word) append(encoded, code);
        if (is_worth_keeping(encoded, word.size())) words.push_back(std::move(encoded));
        word.clear();
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t code = next_code_point(utf8, &at);
        if (is_combining(code)) {
            if (!word.empty()) word.back() = compose(word.back(), code);
        } else if (is_word_character(code)) {
            word.push_back(lower(code));
        } else if (code != 0xAD) {  // A soft hyphen stands inside a word.
            end_word();
        }
    }
    end_word();
    return words;
}

std::string fold_case(std::string_view utf8) {
    std::string folded;
    for (std::size_t at = 0; at < utf8.size();) append(folded, lower(next_code_point(utf8, &at)));
    return folded;
}

bool is_stop_word(std::string_view word, std::string_view language) {
    const Language* known = find_language(language);
    return known != nullptr && std::ranges::find(known->stop, word) != known->stop.end();
}

double question_weight(std::string_view word, std::string_view language) {
    const Language* known = find_language(language);
    return known != nullptr && std::ranges::find(known->light, word) != known->light.end() ? kLightWeight : 1.0;
}

void Stemmer::Free::operator()(sb_stemmer* stemmer) const {
    sb_stemmer_delete(stemmer);
}

Stemmer::Stemmer(std::string_view language) : language_(language) {
    if (const Language* known = find_language(language)) stemmer_.reset(sb_stemmer_new(known->algorithm, "UTF_8"));
}
Stemmer::~Stemmer() = default;
Stemmer::Stemmer(Stemmer&&) noexcept = default;
Stemmer& Stemmer::operator=(Stemmer&&) noexcept = default;

const std::string& Stemmer::stem(const std::string& word) {
    const auto known = known_.find(word);
    if (known != known_.end()) return known->second;
    std::string stemmed = language_ == "de" ? with_umlauts(word) : word;
    if (stemmer_) {
        const auto* result =
            sb_stemmer_stem(stemmer_.get(), reinterpret_cast<const sb_symbol*>(stemmed.data()), static_cast<int>(stemmed.size()));
        // Nothing comes back only where memory ran out; the word itself is then a fair stem.
        if (result != nullptr)
            stemmed.assign(reinterpret_cast<const char*>(result), static_cast<std::size_t>(sb_stemmer_length(stemmer_.get())));
    }
    return known_.emplace(word, std::move(stemmed)).first->second;
}

}  // namespace resolute::knowledge
