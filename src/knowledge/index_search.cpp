// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "knowledge/index.h"
#include "knowledge/sentences.h"
#include "knowledge/words.h"

namespace resolute::knowledge {

/// One search over one index; lives only in Index::search.
///
///   sentence ── stems ──▶ BM25 share per passage ─┐ the best passage    min-max within the sentence, .6/.4,
///            └─ grams ──▶ cosine per passage ─────┘ of each article ──▶ × how strong the sentence's first one is
///
/// An article's value is that of its best sentence and .4 of what the other sentences give it.
class IndexSearch {
public:
    IndexSearch(const Index& index, const ports::SearchQuery& query)
        : index_(index),
          query_(query),
          language_(query.language.empty() ? "en" : query.language),
          stem_sums_(index.passages_.size()),
          gram_sums_(index.passages_.size()),
          word_dots_(index.word_postings_.begin.size()),
          best_(index.articles_.size()) {
        for (const std::string& language : index.languages_) stemmers_.emplace_back(language);
    }

    void ask(std::size_t number, const std::string& sentence) {
        std::vector<std::string> words;
        for (std::string& word : split_words(sentence)) {
            if (!is_stop_word(word, language_) && std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
        }
        if (words.empty()) return;
        const double mass = add_stems(words);
        const double norm = add_grams(words);
        keep_best(number, mass, norm);
    }

    [[nodiscard]] std::vector<ports::SearchHit> hits(const std::vector<std::string>& sentences);

private:
    struct Best {
        double value = 0;  ///< of the best sentence
        double sum = 0;    ///< of all sentences
        std::size_t sentence = 0;
    };
    struct Scores {
        double stems = 0;
        double characters = 0;
    };
    /// A stem of the sentence in one of the index's languages.
    struct Term {
        std::string stem;
        double weight = 0;  ///< idf × how much such a word says
        std::uint32_t number = kUnknown;
    };
    static constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();

    std::vector<Term> terms_of(const std::vector<std::string>& words, std::size_t language) {
        std::vector<Term> terms;
        for (const std::string& word : words) {
            const std::string& stem = stemmers_[language].stem(word);
            if (std::ranges::find(terms, stem, &Term::stem) != terms.end()) continue;
            const auto known = index_.stems_.find(index_.languages_[language] + ":" + stem);
            Term term{.stem = stem, .weight = question_weight(word, language_)};
            if (known != index_.stems_.end()) term.number = known->second;
            term.weight *= static_cast<double>(term.number == kUnknown ? index_.unknown_idf_ : index_.stem_idf_[term.number]);
            terms.push_back(std::move(term));
        }
        return terms;
    }

    /// Adds each passage's share of the best possible score. Returns how much the sentence says, in words that no article has.
    double add_stems(const std::vector<std::string>& words) {
        double most = 0;
        for (std::size_t language = 0; language < stemmers_.size(); ++language) {
            const auto terms = terms_of(words, language);
            double mass = 0;
            for (const Term& term : terms) mass += term.weight;
            if (mass <= 0) continue;
            for (const Term& term : terms) {
                if (term.number == kUnknown) continue;
                const auto& lists = index_.stem_postings_;
                for (std::uint32_t i = lists.begin[term.number]; i < lists.begin[term.number + 1]; ++i) {
                    stem_sums_[lists.items[i].passage] += static_cast<float>(term.weight / mass) * lists.items[i].value;
                }
            }
            most = std::max(most, mass);
        }
        return index_.unknown_idf_ > 0 ? most / static_cast<double>(index_.unknown_idf_) : 0;
    }

    /// Adds each passage's dot product with the sentence's gram vector. Returns the length of that vector.
    double add_grams(const std::vector<std::string>& words) {
        std::unordered_map<std::uint64_t, double> counts;
        for (const std::string& word : words) {
            const double weight = question_weight(word, language_);
            for (const std::uint64_t hash : character_grams(word)) counts[hash] += weight;
        }
        double squares = 0;
        touched_words_.clear();
        for (const auto& [hash, count] : counts) {
            const auto known = index_.grams_.find(hash);
            const double idf =
                static_cast<double>(known == index_.grams_.end() ? index_.unknown_idf_ : index_.gram_idf_[known->second]);
            squares += count * idf * count * idf;
            if (known == index_.grams_.end()) continue;
            const auto& lists = index_.gram_words_;
            for (std::uint32_t i = lists.begin[known->second]; i < lists.begin[known->second + 1]; ++i) {
                float& dot = word_dots_[lists.items[i].word];
                if (dot == 0) touched_words_.push_back(lists.items[i].word);
                dot += static_cast<float>(count * idf * idf) * lists.items[i].count;
            }
        }
        std::ranges::sort(touched_words_);  // Sums of floats depend on their order; ties must not.
        for (const std::uint32_t word : touched_words_) {
            const auto& lists = index_.word_postings_;
            for (std::uint32_t i = lists.begin[word]; i < lists.begin[word + 1]; ++i) {
                gram_sums_[lists.items[i].passage] += word_dots_[word] * lists.items[i].value;
            }
            word_dots_[word] = 0;
        }
        return std::sqrt(squares);
    }

    /// Each article by the best of its passages; clears the sums for the next sentence.
    std::vector<std::pair<std::uint32_t, Scores>> take_scores(double norm) {
        std::vector<std::pair<std::uint32_t, Scores>> scores;
        for (std::size_t i = 0; i < index_.passages_.size(); ++i) {
            if (stem_sums_[i] == 0 && gram_sums_[i] == 0) continue;
            const Index::Passage& passage = index_.passages_[i];
            if (scores.empty() || scores.back().first != passage.article) scores.emplace_back(passage.article, Scores{});
            Scores& own = scores.back().second;
            own.stems = std::max(own.stems, static_cast<double>(stem_sums_[i]));
            const double lengths = norm * static_cast<double>(passage.norm);
            if (lengths > 0) own.characters = std::max(own.characters, static_cast<double>(gram_sums_[i]) / lengths);
            stem_sums_[i] = 0;
            gram_sums_[i] = 0;
        }
        return scores;
    }

    void keep_best(std::size_t number, double mass, double norm) {
        const auto scores = take_scores(norm);
        Scores highest;
        for (const auto& [article, own] : scores) {
            highest.stems = std::max(highest.stems, own.stems);
            highest.characters = std::max(highest.characters, own.characters);
        }
        const Weights& weights = index_.weights_;
        // Min-max within the sentence; the least is 0, since some article has nothing of it.
        const auto fused = [&](const Scores& own) {
            return (highest.stems > 0 ? weights.stems * own.stems / highest.stems : 0) +
                   (highest.characters > 0 ? weights.characters * own.characters / highest.characters : 0);
        };
        const auto first = std::ranges::max_element(scores, {}, [&](const auto& entry) { return fused(entry.second); });
        if (first == scores.end() || fused(first->second) <= 0) return;
        // Min-max says who is first, never how good; that is the share of what is possible. A sentence of one word easily has all
        // of it, so that the more a sentence says, the more its answer counts.
        const double strength = weights.stems * first->second.stems + weights.characters * first->second.characters;
        const double scale = strength * says(mass) / fused(first->second);
        for (const auto& [article, own] : scores) {
            const double value = fused(own) * scale * lift(index_.articles_[article]);
            Best& best = best_[article];
            best.sum += value;
            if (value <= best.value) continue;
            best.value = value;
            best.sentence = number;
        }
        said_.resize(std::max(said_.size(), number + 1));
        said_[number] = says(mass);
    }

    static double says(double mass) { return mass / (mass + 1); }

    [[nodiscard]] double lift(const ports::Article& article) const {
        const bool is_category = !query_.category.empty() && article.category == query_.category;
        const bool is_language = article.language == language_;
        return (is_category ? index_.weights_.category : 1) * (is_language ? 1 : index_.weights_.other_language);
    }

    /// What articles are ordered by. The question stands in one sentence, but the others tell what it is about.
    [[nodiscard]] double total(std::uint32_t article) const {
        const Best& best = best_[article];
        return best.value + index_.weights_.other_sentences * (best.sum - best.value);
    }

    void explain(const std::string& sentence, std::uint32_t article, ports::SearchHit& hit);

    const Index& index_;
    const ports::SearchQuery& query_;
    const std::string language_;
    std::vector<Stemmer> stemmers_;  ///< of the index's languages
    std::vector<float> stem_sums_;
    std::vector<float> gram_sums_;
    std::vector<float> word_dots_;
    std::vector<std::uint32_t> touched_words_;
    std::vector<Best> best_;    ///< by article
    std::vector<double> said_;  ///< by sentence
};

/// Coverage and the words that spoke for the article.
void IndexSearch::explain(const std::string& sentence, std::uint32_t article, ports::SearchHit& hit) {
    std::vector<std::string> words;
    for (std::string& word : split_words(sentence)) {
        if (!is_stop_word(word, language_)) words.push_back(std::move(word));
    }
    const auto language = std::ranges::find(index_.languages_, index_.articles_[article].language) - index_.languages_.begin();
    double mass = 0;
    double covered = 0;
    std::vector<std::pair<double, std::string>> spoke;
    for (const Term& term : terms_of(words, static_cast<std::size_t>(language))) {
        mass += term.weight;
        if (term.number == kUnknown) continue;
        const auto& lists = index_.stem_postings_;
        double strongest = 0;
        for (std::uint32_t i = lists.begin[term.number]; i < lists.begin[term.number + 1]; ++i) {
            if (index_.passages_[lists.items[i].passage].article != article) continue;
            strongest = std::max(strongest, static_cast<double>(lists.items[i].value));
        }
        if (strongest <= 0) continue;
        covered += term.weight;
        spoke.emplace_back(-strongest * term.weight, term.stem);
    }
    hit.coverage = mass > 0 ? covered / mass : 0;
    std::ranges::sort(spoke);
    for (auto& [strength, stem] : spoke) hit.matched.push_back(std::move(stem));
}

std::vector<ports::SearchHit> IndexSearch::hits(const std::vector<std::string>& sentences) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t article = 0; article < best_.size(); ++article) {
        if (best_[article].value > 0) order.push_back(article);
    }
    // One more than asked for, because the margin of the last one needs the next.
    const std::size_t wanted = std::min(order.size(), query_.limit + 1);
    const auto is_better = [&](std::uint32_t a, std::uint32_t b) {
        const double of_a = total(a);
        const double of_b = total(b);
        return of_a != of_b ? of_a > of_b : a < b;  // Articles stand sorted by id.
    };
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(wanted), is_better);
    order.resize(wanted);
    std::vector<ports::SearchHit> hits;
    if (order.empty()) return hits;
    // The first one's score is its share of its best sentence; the others keep their distance.
    const Best& first = best_[order.front()];
    const double share = std::min(1.0, first.value / said_[first.sentence]);
    const double most = total(order.front());
    const auto score_of = [&](std::uint32_t article) { return share * total(article) / most; };
    for (std::size_t i = 0; i < order.size() && hits.size() < query_.limit; ++i) {
        const double score = score_of(order[i]);
        if (score < index_.weights_.noise_floor) break;
        ports::SearchHit hit{.article = index_.articles_[order[i]],
                             .score = score,
                             .sentence = sentences[best_[order[i]].sentence],
                             .matched = {}};
        hit.margin = score - (i + 1 < order.size() ? score_of(order[i + 1]) : 0);
        explain(hit.sentence, order[i], hit);
        hits.push_back(std::move(hit));
    }
    return hits;
}

Result<std::vector<ports::SearchHit>> Index::search(const ports::SearchQuery& query, Deadline deadline) const {
    const auto sentences = question_sentences(query.subject, query.text);
    if (articles_.empty() || sentences.empty() || query.limit == 0) return std::vector<ports::SearchHit>{};
    IndexSearch search(*this, query);
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        if (deadline.has_passed())
            return fail("knowledge.timed_out", ErrorKind::timed_out, "the search was given up between two sentences");
        search.ask(i, sentences[i]);
    }
    return search.hits(sentences);
}

}  // namespace resolute::knowledge
