// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sb_stemmer;

namespace resolute::knowledge {

/// The words of a text in lower case, in order: letters and digits of any script; apostrophes, hyphens and all else divide.
/// Decomposed letters (a + U+0308) are put together. Single letters, numbers alone (order and phone numbers) and over-long runs
/// are left out. Total: any bytes.
std::vector<std::string> split_words(std::string_view utf8);

/// Lower case of what the languages we stem are written in: Latin, Greek, Cyrillic.
std::string fold_case(std::string_view utf8);

/// One of at most ten words per language that are neither indexed nor asked for. A longer list costs more than it saves: "can I
/// not …".
bool is_stop_word(std::string_view word, std::string_view language);

/// How much a word of a question counts: politeness and talk about oneself ("please", "would", "my") say little about the matter,
/// although they may be rare in articles and would then count most.
double question_weight(std::string_view word, std::string_view language);

/// Snowball stems of one language; unknown languages keep their words. Remembers stems. Threads: one.
class Stemmer {
public:
    explicit Stemmer(std::string_view language);
    ~Stemmer();
    Stemmer(Stemmer&&) noexcept;
    Stemmer& operator=(Stemmer&&) noexcept;

    const std::string& stem(const std::string& word);

private:
    struct Free {
        void operator()(sb_stemmer* stemmer) const;
    };
    std::string language_;
    std::unique_ptr<sb_stemmer, Free> stemmer_;
    std::unordered_map<std::string, std::string> known_;
};

}  // namespace resolute::knowledge
