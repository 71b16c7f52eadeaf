// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knowledge/words.h"

namespace resolute::knowledge {

/// What support mail of any industry calls by many names: "parcel", "package", "shipment". Written by hand, no company's product
/// is in it. The key is the same in all languages.
struct Concept {
    std::string_view key;
    /// Words and phrases divided by '|'. They are compared by their stems; "*x*" is any word that holds x: compounds.
    std::string_view names;
};

std::span<const Concept> english_concepts();
std::span<const Concept> german_concepts();
std::span<const Concept> french_concepts();
std::span<const Concept> spanish_concepts();
std::span<const Concept> italian_concepts();
std::span<const Concept> dutch_concepts();
std::span<const Concept> portuguese_concepts();

/// Finds the concepts of a language's words. Built once for each language. Threads: any.
class ConceptFinder {
public:
    /// Nothing is found in an unknown language.
    static const ConceptFinder& of(std::string_view language);

    struct Found {
        std::string_view key;
        std::size_t first = 0;  ///< words [first, last)
        std::size_t last = 0;
    };
    /// In order of place. A phrase is found before its words, and its words once more by themselves.
    [[nodiscard]] std::vector<Found> find(const std::vector<std::string>& words, Stemmer& stemmer) const;

private:
    ConceptFinder(std::string_view language, std::span<const Concept> concepts);

    struct Name {
        std::vector<std::string> stems;
        std::string_view key;
    };
    std::unordered_map<std::string, std::vector<Name>> names_;  ///< by the first stem
    std::vector<std::pair<std::string, std::string_view>> parts_;
};

}  // namespace resolute::knowledge
