// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "knowledge/concepts.h"
#include "knowledge/index.h"
#include "knowledge/limits.h"
#include "knowledge/markdown_text.h"
#include "knowledge/words.h"

namespace resolute::knowledge {
namespace {

// FNV-1a: two grams in one place would only blur a similarity, and with 64 bits they never meet.
constexpr std::uint64_t kHashStart = 14695981039346656037u;
constexpr std::uint64_t hash_byte(std::uint64_t hash, char byte) {
    return (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
}

constexpr float kQuestionField = 1;  ///< a word of past questions counts once in the article, however often it was asked

double inverse_frequency(std::size_t documents, std::size_t with_it) {
    const auto n = static_cast<double>(documents);
    const auto df = static_cast<double>(with_it);
    return std::log(1 + (n - df + 0.5) / (df + 0.5));
}

}  // namespace

std::vector<std::uint64_t> character_grams(std::string_view word) {
    const std::string padded = fmt::format(" {} ", word);
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < padded.size(); ++i) {
        if ((static_cast<unsigned char>(padded[i]) & 0xC0) != 0x80) starts.push_back(i);
    }
    starts.push_back(padded.size());
    std::vector<std::uint64_t> grams;
    for (std::size_t length = 3; length <= 5; ++length) {
        for (std::size_t first = 0; first + length < starts.size(); ++first) {
            std::uint64_t hash = kHashStart;
            for (std::size_t i = starts[first]; i < starts[first + length]; ++i) hash = hash_byte(hash, padded[i]);
            grams.push_back(hash);
        }
    }
    return grams;
}

/// Builds the index in one go; lives only in the constructor.
class IndexBuilder {
public:
    explicit IndexBuilder(Index& index) : index_(index) {}

    void build() {
        auto& articles = index_.articles_;
        std::ranges::sort(articles, {}, &ports::Article::id);
        for (std::uint32_t number = 0; number < articles.size(); ++number) add_article(number);
        index_.languages_.assign(languages_.begin(), languages_.end());
        index_.unknown_idf_ = static_cast<float>(inverse_frequency(articles.size(), 0));
        finish_stems();
        finish_grams();
        finish_words();
    }

private:
    struct Counts {
        std::map<std::string, float> words;
        std::map<std::string_view, float> concepts;
    };

    void add_article(std::uint32_t number) {
        const ports::Article& article = index_.articles_[number];
        languages_.insert(article.language);
        Counts counts;
        count(article.title, article.language, index_.weights_.title, counts);
        count(plain_text(article.text), article.language, 1, counts);
        std::set<std::string> asked;
        std::set<std::string_view> meant;
        std::vector<Counts> questions;
        for (std::size_t i = 0; i < std::min(article.questions.size(), kQuestionsMax); ++i) {
            Counts& question = questions.emplace_back();
            count(article.questions[i], article.language, 1, question);
            for (const auto& [word, times] : question.words) asked.insert(word);
            for (const auto& [concept_key, times] : question.concepts) meant.insert(concept_key);
        }
        for (const std::string& word : asked) counts.words[word] += kQuestionField;
        for (const std::string_view concept_key : meant) counts.concepts[concept_key] += kQuestionField;
        add_passage(number, counts, false);
        for (const Counts& question : questions) add_passage(number, question, true);
    }

    void count(std::string_view text, const std::string& language, float weight, Counts& counts) {
        const auto words = split_words(text);
        Stemmer& stemmer = stemmers_.try_emplace(language, language).first->second;
        for (const auto& found : ConceptFinder::of(language).find(words, stemmer)) counts.concepts[found.key] += weight;
        for (const std::string& word : words) {
            if (!is_stop_word(word, language)) counts.words[word] += weight;
        }
    }

    void add_passage(std::uint32_t article, const Counts& counts, bool is_question) {
        const auto passage = static_cast<std::uint32_t>(index_.passages_.size());
        const std::string& language = index_.articles_[article].language;
        Stemmer& stemmer = stemmers_.try_emplace(language, language).first->second;
        std::map<std::uint32_t, float> stem_counts;
        float length = 0;
        for (const auto& [word, times] : counts.words) {
            word_lists_[number_of(word)].push_back({passage, times});
            stem_counts[number_of_stem(language + ":" + stemmer.stem(word), question_weight(word, language))] += times;
            length += times;
        }
        const auto concept_weight = static_cast<double>(index_.weights_.concepts);
        for (const auto& [concept_key, times] : counts.concepts)
            stem_counts[number_of_stem(fmt::format("{}:#{}", language, concept_key), concept_weight)] += times;
        for (const auto& [stem, times] : stem_counts) stem_lists_[stem].push_back({passage, times});
        lengths_.push_back(length);
        index_.passages_.push_back({.article = article, .norm = 0, .is_question = is_question, .term_norm = 0});
    }

    std::uint32_t number_of(const std::string& word) {
        const auto [at, is_new] = word_numbers_.try_emplace(word, static_cast<std::uint32_t>(word_numbers_.size()));
        if (is_new) {
            word_lists_.emplace_back();
            add_grams_of(word);
        }
        return at->second;
    }

    std::uint32_t number_of_stem(const std::string& stem, double weight) {
        const auto [at, is_new] = index_.stems_.try_emplace(stem, static_cast<std::uint32_t>(index_.stems_.size()));
        if (is_new) {
            stem_lists_.emplace_back();
            index_.stem_weight_.push_back(static_cast<float>(weight));
        }
        return at->second;
    }

    void add_grams_of(const std::string& word) {
        std::map<std::uint32_t, float> counts;
        for (const std::uint64_t hash : character_grams(word)) {
            counts[index_.grams_.try_emplace(hash, static_cast<std::uint32_t>(index_.grams_.size())).first->second] += 1;
        }
        word_grams_.emplace_back(counts.begin(), counts.end());
    }

    std::size_t articles_in(const std::vector<Index::Posting>& postings) const {
        std::size_t articles = 0;
        std::uint32_t last = UINT32_MAX;  // The passages of an article follow each other.
        for (const Index::Posting& posting : postings) {
            const std::uint32_t article = index_.passages_[posting.passage].article;
            articles += article == last ? 0 : 1;
            last = article;
        }
        return articles;
    }

    void finish_stems() {
        double total = 0;
        for (const float length : lengths_) total += static_cast<double>(length);
        const double average = lengths_.empty() ? 1 : std::max(1.0, total / static_cast<double>(lengths_.size()));
        const auto& [k1, b] = std::pair(index_.weights_.k1, index_.weights_.b);
        std::vector<double> squares(index_.passages_.size(), 0);
        for (std::size_t stem = 0; stem < stem_lists_.size(); ++stem) {
            auto& list = stem_lists_[stem];
            index_.stem_idf_.push_back(static_cast<float>(inverse_frequency(index_.articles_.size(), articles_in(list))));
            index_.stem_weight_[stem] *= index_.stem_idf_[stem];
            const auto weight = static_cast<double>(index_.stem_weight_[stem]);
            for (Index::Posting& posting : list) {
                squares[posting.passage] += weight * weight;
                const double times = static_cast<double>(posting.value);
                const double length = static_cast<double>(lengths_[posting.passage]) / average;
                posting.value = static_cast<float>(times / (times + k1 * (1 - b + b * length)));
            }
        }
        for (std::size_t i = 0; i < squares.size(); ++i) index_.passages_[i].term_norm = static_cast<float>(std::sqrt(squares[i]));
        flatten(stem_lists_, index_.stem_postings_);
    }

    /// A gram is as frequent as the articles with any word that has it.
    void finish_grams() {
        const std::size_t gram_count = index_.grams_.size();
        std::vector<std::vector<Index::WordCount>> lists(gram_count);
        for (std::uint32_t word = 0; word < word_grams_.size(); ++word) {
            for (const auto& [gram, times] : word_grams_[word]) lists[gram].push_back({word, times});
        }
        std::vector<std::uint32_t> seen_in(index_.articles_.size(), UINT32_MAX);
        for (std::uint32_t gram = 0; gram < gram_count; ++gram) {
            std::size_t articles = 0;
            for (const Index::WordCount& entry : lists[gram]) {
                for (const Index::Posting& posting : word_lists_[entry.word]) {
                    std::uint32_t& seen = seen_in[index_.passages_[posting.passage].article];
                    articles += seen == gram ? 0 : 1;
                    seen = gram;
                }
            }
            index_.gram_idf_.push_back(static_cast<float>(inverse_frequency(index_.articles_.size(), articles)));
        }
        flatten(lists, index_.gram_words_);
    }

    void finish_words() {
        // The vector of a passage is the sum of its words' vectors; its length needs the sum, gram by gram.
        std::vector<std::vector<std::pair<std::uint32_t, float>>> words_of(index_.passages_.size());
        for (std::uint32_t word = 0; word < word_lists_.size(); ++word) {
            for (const Index::Posting& posting : word_lists_[word]) words_of[posting.passage].emplace_back(word, posting.value);
        }
        std::vector<float> sums(index_.grams_.size(), 0);
        std::vector<std::uint32_t> touched;
        for (std::size_t passage = 0; passage < words_of.size(); ++passage) {
            touched.clear();
            for (const auto& [word, times] : words_of[passage]) {
                for (const auto& [gram, in_word] : word_grams_[word]) {
                    if (sums[gram] == 0) touched.push_back(gram);
                    sums[gram] += times * in_word;
                }
            }
            double squares = 0;
            for (const std::uint32_t gram : touched) {
                const double value = static_cast<double>(sums[gram]) * static_cast<double>(index_.gram_idf_[gram]);
                squares += value * value;
                sums[gram] = 0;
            }
            index_.passages_[passage].norm = static_cast<float>(std::sqrt(squares));
        }
        flatten(word_lists_, index_.word_postings_);
    }

    template <class T>
    static void flatten(std::vector<std::vector<T>>& lists, Index::Lists<T>& flat) {
        std::size_t total = 0;
        for (const auto& list : lists) total += list.size();
        flat.items.reserve(total);
        flat.begin.reserve(lists.size() + 1);
        for (auto& list : lists) {
            flat.begin.push_back(static_cast<std::uint32_t>(flat.items.size()));
            flat.items.insert(flat.items.end(), list.begin(), list.end());
        }
        flat.begin.push_back(static_cast<std::uint32_t>(flat.items.size()));
    }

    Index& index_;
    std::set<std::string> languages_;
    std::map<std::string, Stemmer> stemmers_;
    std::unordered_map<std::string, std::uint32_t> word_numbers_;
    std::vector<std::vector<std::pair<std::uint32_t, float>>> word_grams_;
    std::vector<std::vector<Index::Posting>> word_lists_;
    std::vector<std::vector<Index::Posting>> stem_lists_;
    std::vector<float> lengths_;
};

Index::Index(std::vector<ports::Article> articles, const Weights& weights) : weights_(weights), articles_(std::move(articles)) {
    IndexBuilder(*this).build();
}

const ports::Article* Index::find(const ArticleId& id) const {
    const auto found = std::ranges::lower_bound(articles_, id, {}, &ports::Article::id);
    return found != articles_.end() && found->id == id ? &*found : nullptr;
}

std::size_t Index::memory_bytes() const {
    constexpr std::size_t kNodeBytes = 40;  // Of a hash map's entry, beside its key.
    std::size_t bytes =
        passages_.capacity() * sizeof(Passage) + (stem_idf_.capacity() + stem_weight_.capacity()) * sizeof(float) + gram_idf_.capacity() * sizeof(float);
    bytes += stem_postings_.items.capacity() * sizeof(Posting) + word_postings_.items.capacity() * sizeof(Posting);
    bytes += gram_words_.items.capacity() * sizeof(WordCount);
    bytes += (stem_postings_.begin.capacity() + word_postings_.begin.capacity() + gram_words_.begin.capacity()) *
             sizeof(std::uint32_t);
    bytes += stems_.size() * (kNodeBytes + sizeof(std::string)) + grams_.size() * (kNodeBytes + sizeof(std::uint64_t));
    return bytes;
}

}  // namespace resolute::knowledge
