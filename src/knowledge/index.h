// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ports/knowledge_base.h"

namespace resolute::knowledge {

/// How much each thing counts. The defaults are measured, see bench/knowledge_search.cpp.
struct Weights {
    double k1 = 1.2;
    double b = 0.6;
    float title = 3;
    double stems = 0.6;            ///< BM25 over Snowball stems
    double characters = 0.4;       ///< TF-IDF cosine over character 3- to 5-grams within words
    double other_sentences = 0.4;  ///< what an article has for the rest of the mail, beside its best sentence
    double questions = 0.35;       ///< likeness to a past question, beside both
    float concepts = 0.7F;         ///< a name of the same thing, beside the word itself
    double category = 1.06;        ///< an article of the hinted category
    double other_language = 0.4;
    double noise_floor = 0.02;  ///< scores below are no hits
};

/// An inverted index over articles: never changed once built, so that any number of threads may search it while the next one is
/// built.
///
/// An article is several passages: title and text together, and each past question by itself, since a question resembles a
/// question more than it resembles an article. Words are also indexed by what they mean (concepts.h): "de:#parcel". The character grams of a passage are those of its words; grams point to words and
/// words to passages, which gives the exact cosine for a tenth of the memory of postings per gram.
class Index {
public:
    Index(std::vector<ports::Article> articles, const Weights& weights);

    /// Best first; equal scores by id.
    [[nodiscard]] Result<std::vector<ports::SearchHit>> search(const ports::SearchQuery& query, Deadline deadline) const;
    [[nodiscard]] const ports::Article* find(const ArticleId& id) const;
    [[nodiscard]] std::size_t size() const { return articles_.size(); }
    /// Of the postings and vocabulary, without the articles themselves.
    [[nodiscard]] std::size_t memory_bytes() const;

private:
    friend class IndexBuilder;
    friend class IndexSearch;

    struct Posting {
        std::uint32_t passage;
        float value;  ///< stems: BM25 saturation, 0 to 1; words: how often
    };
    /// Lists of postings, one behind the other.
    template <class T>
    struct Lists {
        std::vector<std::uint32_t> begin;  ///< one more than there are lists
        std::vector<T> items;
    };
    struct WordCount {
        std::uint32_t word;
        float count;
    };
    struct Passage {
        std::uint32_t article;
        float norm;  ///< of its gram vector
        bool is_question;
        float term_norm;  ///< of its vector of stems and concepts
    };

    Weights weights_;
    std::vector<ports::Article> articles_;  ///< sorted by id
    std::vector<std::string> languages_;    ///< of the articles, sorted
    std::vector<Passage> passages_;
    std::unordered_map<std::string, std::uint32_t> stems_;  ///< "en:return", and concepts: "en:#return"
    std::vector<float> stem_idf_;
    std::vector<float> stem_weight_;  ///< idf × how much such a word says in a question
    Lists<Posting> stem_postings_;
    Lists<Posting> word_postings_;
    std::unordered_map<std::uint64_t, std::uint32_t> grams_;  ///< by hash
    std::vector<float> gram_idf_;
    Lists<WordCount> gram_words_;
    float unknown_idf_ = 0;  ///< of what no article has
};

/// The hashes of the 3-, 4- and 5-grams of " word ", in order.
std::vector<std::uint64_t> character_grams(std::string_view word);

}  // namespace resolute::knowledge
