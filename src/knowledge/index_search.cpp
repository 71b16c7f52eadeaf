// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "knowledge/concepts.h"
#include "knowledge/index.h"
#include "knowledge/sentences.h"
#include "knowledge/words.h"

namespace resolute::knowledge {

/// One search over one index; lives only in Index::search.
///
///   sentence ─┬ stems, concepts ──▶ BM25 share per passage ─┐ the best passage    min-max within the sentence, .6/.4/.35,
///             ├ grams ──▶ cosine per passage ───────────────┤ of each article ──▶ × how strong the sentence's first one is
///             └ stems, concepts ──▶ cosine per past question┘
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
          question_sums_(index.passages_.size()),
          word_dots_(index.word_postings_.begin.size()),
          best_(index.articles_.size()),
          own_stemmer_(language_) {
        for (const std::string& language : index.languages_) stemmers_.emplace_back(language);
    }

    void ask(std::size_t number, const std::string& sentence) {
        Asked asked = asked_in(sentence);
        if (asked.words.empty()) return;
        const double mass = add_stems(asked);
        const double norm = add_grams(asked.words);
        keep_best(number, mass, norm);
        asked_.emplace_back(number, std::move(asked));
    }

    [[nodiscard]] std::vector<ports::SearchHit> hits(const std::vector<std::string>& sentences);

private:
    struct Best {
        double value = 0;  ///< of the best sentence
        double sum = 0;    ///< of all sentences
        double question = 0;
        double agreed = 0;  ///< how much the sentences say in which a ranker put it first, half for each ranker
        std::size_t sentence = 0;
    };
    struct Meaning {
        std::string_view key;
        double weight = 0;
    };
    /// A sentence as it is asked.
    struct Asked {
        std::vector<std::string> words;              ///< each once, without stop words
        std::vector<std::vector<std::size_t>> means;  ///< by word: which of the concepts
        std::vector<Meaning> concepts;
    };
    struct Scores {
        double stems = 0;
        double characters = 0;
        double questions = 0;
    };
    /// A stem of the sentence in one of the index's languages.
    struct Term {
        std::string stem;
        double weight = 0;  ///< idf × how much such a word says
        std::uint32_t number = kUnknown;
    };
    static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
    static constexpr double kNamed = 0.7;           ///< of a word whose concept is asked beside it
    static constexpr double kNamedOtherwise = 0.3;  ///< the same, where no article has the word itself
    static constexpr double kCoveredByMeaning = 0.7;
    static constexpr std::size_t kJudged = 10;  ///< the first ones by sentences, which are then looked at more closely
    static constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();

    Asked asked_in(const std::string& sentence) {
        const auto all = split_words(sentence);
        Asked asked;
        std::vector<std::size_t> place(all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto found = std::ranges::find(asked.words, all[i]);
            place[i] = static_cast<std::size_t>(found - asked.words.begin());
            if (is_stop_word(all[i], language_)) {
                place[i] = kNowhere;
            } else if (found == asked.words.end()) {
                asked.words.push_back(all[i]);
            }
        }
        asked.means.resize(asked.words.size());
        const auto found = ConceptFinder::of(language_).find(all, own_stemmer_);
        std::vector<std::size_t> names(all.size(), 0);  // A word that may mean many things says less of each.
        for (const auto& one : found) ++names[one.first];
        for (const auto& one : found) {
            const bool is_phrase = one.last - one.first > 1;
            const double weight = (is_phrase ? 1.0 : question_weight(all[one.first], language_)) / std::sqrt(static_cast<double>(names[one.first]));
            auto meaning = std::ranges::find(asked.concepts, one.key, &Meaning::key);
            if (meaning == asked.concepts.end()) meaning = asked.concepts.insert(meaning, {one.key, 0});
            meaning->weight = std::max(meaning->weight, weight);
            const auto number = static_cast<std::size_t>(meaning - asked.concepts.begin());
            for (std::size_t i = one.first; i < one.last; ++i)
                if (place[i] != kNowhere) asked.means[place[i]].push_back(number);
        }
        return asked;
    }

    [[nodiscard]] std::uint32_t number_of(const std::string& key) const {
        const auto known = index_.stems_.find(key);
        return known == index_.stems_.end() ? kUnknown : known->second;
    }

    [[nodiscard]] double idf_of(std::uint32_t number) const {
        return static_cast<double>(number == kUnknown ? index_.unknown_idf_ : index_.stem_idf_[number]);
    }

    /// The sentence's stems and concepts in one of the index's languages.
    std::vector<Term> terms_of(const Asked& asked, std::size_t language) {
        const std::string prefix = index_.languages_[language] + ":";
        std::vector<Term> meanings;
        for (const Meaning& meaning : asked.concepts) {
            Term term{.stem = prefix + "#" + std::string(meaning.key), .weight = meaning.weight};
            term.number = number_of(term.stem);
            term.weight *= static_cast<double>(index_.weights_.concepts) * idf_of(term.number);
            meanings.push_back(std::move(term));
        }
        std::vector<Term> terms;
        for (std::size_t i = 0; i < asked.words.size(); ++i) {
            const std::string& stem = stemmers_[language].stem(asked.words[i]);
            if (std::ranges::find(terms, stem, &Term::stem) != terms.end()) continue;
            Term term{.stem = stem, .weight = question_weight(asked.words[i], language_), .number = number_of(prefix + stem)};
            term.weight *= idf_of(term.number);
            const bool is_meant = std::ranges::any_of(asked.means[i], [&](std::size_t m) { return meanings[m].number != kUnknown; });
            // Another name of something known is not itself unknown.
            if (is_meant) term.weight *= term.number == kUnknown ? kNamedOtherwise : kNamed;
            terms.push_back(std::move(term));
        }
        for (Term& term : meanings)
            if (term.number != kUnknown) terms.push_back(std::move(term));
        return terms;
    }

    /// Adds each passage's share of the best possible score, and its likeness. Returns how much the sentence says, in words that no
    /// article has.
    double add_stems(const Asked& asked) {
        double most = 0;
        for (std::size_t language = 0; language < stemmers_.size(); ++language) {
            const auto terms = terms_of(asked, language);
            double mass = 0;
            double squares = 0;
            for (const Term& term : terms) {
                mass += term.weight;
                squares += term.weight * term.weight;
            }
            if (mass <= 0) continue;
            const double norm = std::sqrt(squares);
            for (const Term& term : terms) {
                if (term.number == kUnknown) continue;
                const auto& lists = index_.stem_postings_;
                const auto share = static_cast<float>(term.weight / mass);
                const auto likeness = static_cast<float>(term.weight / norm) * index_.stem_weight_[term.number];
                for (std::uint32_t i = lists.begin[term.number]; i < lists.begin[term.number + 1]; ++i) {
                    stem_sums_[lists.items[i].passage] += share * lists.items[i].value;
                    question_sums_[lists.items[i].passage] += likeness;
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
            if (passage.is_question && passage.term_norm > 0)
                own.questions = std::max(own.questions, static_cast<double>(question_sums_[i] / passage.term_norm));
            stem_sums_[i] = 0;
            gram_sums_[i] = 0;
            question_sums_[i] = 0;
        }
        return scores;
    }

    void keep_best(std::size_t number, double mass, double norm) {
        const auto scores = take_scores(norm);
        Scores highest;
        for (const auto& [article, own] : scores) {
            highest.stems = std::max(highest.stems, own.stems);
            highest.characters = std::max(highest.characters, own.characters);
            highest.questions = std::max(highest.questions, own.questions);
        }
        const Weights& weights = index_.weights_;
        // Min-max within the sentence; the least is 0, since some article has nothing of it.
        const auto fused = [&](const Scores& own) {
            return (highest.stems > 0 ? weights.stems * own.stems / highest.stems : 0) +
                   (highest.characters > 0 ? weights.characters * own.characters / highest.characters : 0) +
                   (highest.questions > 0 ? weights.questions * own.questions : 0);
        };
        const auto first = std::ranges::max_element(scores, {}, [&](const auto& entry) { return fused(entry.second); });
        if (first == scores.end() || fused(first->second) <= 0) return;
        all_said_ += says(mass);
        // Min-max says who is first, never how good; that is the share of what is possible. A sentence of one word easily has all
        // of it, so that the more a sentence says, the more its answer counts.
        const double strength = (weights.stems * first->second.stems + weights.characters * first->second.characters +
                                 weights.questions * first->second.questions) /
                                (1 + weights.questions);
        const double scale = strength * says(mass) / fused(first->second);
        for (const auto& [article, own] : scores) {
            const double value = fused(own) * scale * lift(index_.articles_[article]);
            Best& best = best_[article];
            best.sum += value;
            if (own.stems >= highest.stems) best.agreed += says(mass) / 2;
            if (own.characters >= highest.characters) best.agreed += says(mass) / 2;
            best.question = std::max(best.question, own.questions * says(mass));
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

    [[nodiscard]] bool has(std::uint32_t article, std::uint32_t number, double* strongest) const;
    double cover(const Asked& asked, std::uint32_t article, double* mass, std::vector<std::pair<double, std::string>>* spoke);
    void explain(std::uint32_t article, ports::SearchHit& hit);
    [[nodiscard]] double blend(double score, const ports::SearchHit& hit) const;

    const Index& index_;
    const ports::SearchQuery& query_;
    const std::string language_;
    std::vector<Stemmer> stemmers_;  ///< of the index's languages
    std::vector<float> stem_sums_;
    std::vector<float> gram_sums_;
    std::vector<float> question_sums_;
    std::vector<float> word_dots_;
    std::vector<std::uint32_t> touched_words_;
    std::vector<Best> best_;    ///< by article
    Stemmer own_stemmer_;       ///< of the query's language
    std::vector<std::pair<std::size_t, Asked>> asked_;  ///< with the number of its sentence
    double all_said_ = 0;
    std::vector<double> said_;  ///< by sentence
};

bool IndexSearch::has(std::uint32_t article, std::uint32_t number, double* strongest) const {
    if (number == kUnknown) return false;
    const auto& lists = index_.stem_postings_;
    const auto begin = lists.items.begin() + lists.begin[number];
    const auto end = lists.items.begin() + lists.begin[number + 1];
    // The passages of a list go up, and so do their articles.
    const auto article_of = [&](const Index::Posting& posting) { return index_.passages_[posting.passage].article; };
    auto at = std::ranges::lower_bound(begin, end, article, {}, article_of);
    const bool is_there = at != end && article_of(*at) == article;
    for (; at != end && article_of(*at) == article; ++at) *strongest = std::max(*strongest, static_cast<double>(at->value));
    return is_there;
}

/// How much of the sentence's weight the article has; a word by another name counts for less.
double IndexSearch::cover(const Asked& asked, std::uint32_t article, double* mass, std::vector<std::pair<double, std::string>>* spoke) {
    const std::string& language = index_.articles_[article].language;
    const auto place = static_cast<std::size_t>(std::ranges::find(index_.languages_, language) - index_.languages_.begin());
    double covered = 0;
    for (std::size_t i = 0; i < asked.words.size(); ++i) {
        const std::string& stem = stemmers_[place].stem(asked.words[i]);
        const std::uint32_t number = number_of(language + ":" + stem);
        const double weight = question_weight(asked.words[i], language_) * idf_of(number);
        *mass += weight;
        double strongest = 0;
        if (has(article, number, &strongest)) {
            covered += weight;
            if (spoke != nullptr) spoke->emplace_back(-strongest * weight, stem);
            continue;
        }
        for (const std::size_t meaning : asked.means[i]) {
            const std::string_view key = asked.concepts[meaning].key;
            if (!has(article, number_of(language + ":#" + std::string(key)), &strongest)) continue;
            covered += kCoveredByMeaning * weight;
            if (spoke != nullptr) spoke->emplace_back(-kCoveredByMeaning * strongest * weight, stem);
            break;
        }
    }
    return covered;
}

/// Coverage, agreement and the words that spoke for the article.
void IndexSearch::explain(std::uint32_t article, ports::SearchHit& hit) {
    std::vector<std::pair<double, std::string>> spoke;
    double all_mass = 0;
    double all_covered = 0;
    for (const auto& [sentence, asked] : asked_) {
        const bool is_best = sentence == best_[article].sentence;
        double mass = 0;
        const double covered = cover(asked, article, &mass, is_best ? &spoke : nullptr);
        if (is_best) hit.coverage = mass > 0 ? covered / mass : 0;
        all_mass += mass;
        all_covered += covered;
    }
    hit.breadth = all_mass > 0 ? all_covered / all_mass : 0;
    hit.agreement = all_said_ > 0 ? best_[article].agreed / all_said_ : 0;
    hit.question_match = std::min(1.0, best_[article].question);
    std::ranges::sort(spoke);
    for (auto& [strength, stem] : spoke)
        if (std::ranges::find(hit.matched, stem) == hit.matched.end()) hit.matched.push_back(std::move(stem));
}

std::vector<ports::SearchHit> IndexSearch::hits(const std::vector<std::string>& sentences) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t article = 0; article < best_.size(); ++article) {
        if (best_[article].value > 0) order.push_back(article);
    }
    // One more than asked for, because the margin of the last one needs the next.
    const std::size_t wanted = std::min(order.size(), std::max(query_.limit + 1, kJudged));
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
    std::vector<std::pair<double, std::size_t>> judged;  // With the place, so that equal ones stay by id.
    for (const std::uint32_t article : order) {
        const double score = score_of(article);
        if (score < index_.weights_.noise_floor) break;
        ports::SearchHit& hit = hits.emplace_back();
        explain(article, hit);
        const bool is_language = index_.articles_[article].language == language_;
        hit.score = blend(score, hit) * (is_language ? 1 : index_.weights_.other_language);
        judged.emplace_back(-hit.score, hits.size() - 1);
    }
    std::ranges::sort(judged);
    std::vector<ports::SearchHit> best;
    for (std::size_t i = 0; i < judged.size() && i < query_.limit; ++i) {
        const std::size_t place = judged[i].second;
        ports::SearchHit& hit = best.emplace_back(std::move(hits[place]));
        hit.margin = hit.score - (i + 1 < judged.size() ? -judged[i + 1].first : 0);
        hit.article = index_.articles_[order[place]];
        hit.sentence = sentences[best_[order[place]].sentence];
    }
    return best;
}

/// What the best sentence says, and what all of the mail says: a mail about another matter often has one fitting sentence.
/// Fitted to the mails of tests/corpus/answers, each company left out once.
double IndexSearch::blend(double score, const ports::SearchHit& hit) const {
    constexpr double kScore = 3.5;
    constexpr double kCoverage = 1.2;
    constexpr double kBreadth = 7.5;
    constexpr double kQuestion = 2.2;
    constexpr double kAgreement = 2.6;
    const double sum = kScore * score + kCoverage * hit.coverage + kBreadth * hit.breadth + kQuestion * hit.question_match + kAgreement * hit.agreement;
    return sum / (kScore + kCoverage + kBreadth + kQuestion + kAgreement);
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
