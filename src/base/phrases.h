// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resolute {

/// A text as sentences of words. Words are lower case without accents ("Möchte" → "mochte", "ß" → "ss"); "n't" stays with its
/// word ("dont"), any other apostrophe divides ("l'argent" → "l", "argent"). Total: any bytes. Linear.
class Words {
public:
    struct Word {
        std::size_t begin = 0;  ///< bytes of the text
        std::size_t end = 0;
        std::size_t folded_begin = 0;
        std::size_t folded_end = 0;
        bool follows_comma = false;  ///< a comma, colon, dash or bracket stands before it
    };
    struct Sentence {
        std::size_t first = 0;  ///< words [first, last)
        std::size_t last = 0;
        std::size_t begin = 0;  ///< bytes of the text, trimmed
        std::size_t end = 0;
        bool is_question = false;
        bool is_shouted = false;  ///< ends with "!"
        std::size_t paragraph = 0;
    };

    explicit Words(std::string_view text);

    [[nodiscard]] const std::vector<Word>& words() const { return words_; }
    [[nodiscard]] const std::vector<Sentence>& sentences() const { return sentences_; }
    [[nodiscard]] std::string_view folded(std::size_t word) const {
        return std::string_view(folded_).substr(words_[word].folded_begin, words_[word].folded_end - words_[word].folded_begin);
    }
    /// As written. `text` is the one given to the constructor.
    static std::string_view as_written(std::string_view text, const Sentence& sentence) {
        return text.substr(sentence.begin, sentence.end - sentence.begin);
    }

private:
    std::string folded_;
    std::vector<Word> words_;
    std::vector<Sentence> sentences_;
};

/// Many phrases, found together. A phrase is words divided by spaces:
///   refund      this word            refund*     words that begin so        *zahlung*   words that hold it (at least 3 letters)
///   my|our      one of these         ?the|my     may be left out            ..3         up to three words of any kind
/// A phrase begins with a word that is neither optional nor a gap, and never crosses a sentence.
class PhraseSet {
public:
    struct Match {
        std::size_t phrase = 0;
        std::size_t first = 0;  ///< words [first, last)
        std::size_t last = 0;
    };

    explicit PhraseSet(std::span<const std::string_view> phrases);

    /// Every place where a phrase begins, in order of place, then of phrase.
    void find(const Words& words, const Words::Sentence& sentence, const std::function<void(const Match&)>& found) const;
    [[nodiscard]] bool matches(const Words& words, const Words::Sentence& sentence) const;

private:
    enum class How { exact, prefix, contains };
    struct Choice { std::string text; How how = How::exact; };
    struct Element {
        std::vector<Choice> choices;
        bool is_optional = false;
        std::size_t gap = 0;
    };
    using Phrase = std::vector<Element>;

    static Phrase parse(std::string_view phrase);
    static bool fits(const Element& element, std::string_view word);
    static std::size_t match_from(const Phrase& phrase, std::size_t element, const Words& words, std::size_t at, std::size_t last);

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    using Index = std::unordered_map<std::string, std::vector<std::uint32_t>, Hash, std::equal_to<>>;

    std::vector<Phrase> phrases_;
    Index exact_;                            // By the whole first word.
    Index prefix_;                           // By the first three letters of the first word.
    std::vector<std::uint32_t> everywhere_;  // First words that are looked for inside others, or shorter than three letters.
};

}  // namespace resolute
