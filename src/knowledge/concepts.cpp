// SPDX-License-Identifier: Apache-2.0
#include "knowledge/concepts.h"

#include <array>
#include <utility>

namespace resolute::knowledge {

ConceptFinder::ConceptFinder(std::string_view language, std::span<const Concept> concepts) {
    Stemmer stemmer(language);
    for (const Concept& group : concepts) {
        std::string_view rest = group.names;
        while (!rest.empty()) {
            const std::size_t bar = rest.find('|');
            const std::string_view name = rest.substr(0, bar);
            rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
            if (name.size() > 2 && name.front() == '*' && name.back() == '*') {
                parts_.emplace_back(name.substr(1, name.size() - 2), group.key);
                continue;
            }
            Name made{.stems = {}, .key = group.key};
            for (const std::string& word : split_words(name)) made.stems.push_back(stemmer.stem(word));
            if (!made.stems.empty()) names_[made.stems.front()].push_back(std::move(made));
        }
    }
}

const ConceptFinder& ConceptFinder::of(std::string_view language) {
    static const std::array<std::pair<std::string_view, ConceptFinder>, 7> finders{{
        {"en", ConceptFinder("en", english_concepts())},
        {"de", ConceptFinder("de", german_concepts())},
        {"fr", ConceptFinder("fr", french_concepts())},
        {"es", ConceptFinder("es", spanish_concepts())},
        {"it", ConceptFinder("it", italian_concepts())},
        {"nl", ConceptFinder("nl", dutch_concepts())},
        {"pt", ConceptFinder("pt", portuguese_concepts())},
    }};
    static const ConceptFinder none("", {});
    for (const auto& [code, finder] : finders) {
        if (code == language) return finder;
    }
    return none;
}

std::vector<ConceptFinder::Found> ConceptFinder::find(const std::vector<std::string>& words, Stemmer& stemmer) const {
    std::vector<Found> found;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (const auto names = names_.find(stemmer.stem(words[i])); names != names_.end()) {
            for (const Name& name : names->second) {
                bool fits = i + name.stems.size() <= words.size();
                for (std::size_t k = 1; fits && k < name.stems.size(); ++k) fits = stemmer.stem(words[i + k]) == name.stems[k];
                if (fits) found.push_back({name.key, i, i + name.stems.size()});
            }
        }
        for (const auto& [part, key] : parts_) {
            if (words[i].find(part) != std::string::npos) found.push_back({key, i, i + 1});
        }
    }
    return found;
}

}  // namespace resolute::knowledge
