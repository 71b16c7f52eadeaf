// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "ports/language_model.h"

/// Phrases that speak for a category, by language. Written by hand, not learnt: no company's product is named in them.
/// The notation is that of base/phrases.h.
namespace resolute::language {

/// A weight of 1 is a hint, 2 a good sign, 3 nearly decides, 4 and more decides alone. Negative: speaks against.
struct LexiconEntry {
    std::string_view phrase;
    ports::Category category;
    double weight;
};

std::span<const LexiconEntry> english_money_lexicon();    // billing and refund_request
std::span<const LexiconEntry> english_trouble_lexicon();  // technical
std::span<const LexiconEntry> english_other_lexicon();    // product_inquiry and general_support
std::span<const LexiconEntry> german_lexicon();
std::span<const LexiconEntry> french_lexicon();
std::span<const LexiconEntry> spanish_lexicon();
std::span<const LexiconEntry> italian_lexicon();
std::span<const LexiconEntry> dutch_lexicon();
std::span<const LexiconEntry> portuguese_lexicon();

}  // namespace resolute::language
