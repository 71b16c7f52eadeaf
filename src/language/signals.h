// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/amounts.h"
#include "base/phrases.h"
#include "ports/language_model.h"

/// What rules see in a mail beside its category. All total and deterministic.
namespace resolute::language {

/// "en", "de", "fr", "es", "it", "nl" or "pt". `is_known` is false where no word of any of them was seen.
struct LanguageGuess { std::string code = "en"; bool is_known = false; };
LanguageGuess identify_language(const Words& words);

/// Does the writer want money back? In doubt about a personal wish: yes, since a guard stands on it.
/// `is_ruled_out`: money back is denied, granted or received already, or only the rule is asked for.
struct RefundWish { bool is_wanted = false; bool is_whole = false; bool is_ruled_out = false; std::string evidence; };
RefundWish find_refund_wish(std::string_view text);
/// "refnud" → "refund". The text keeps its length, so that places in it stay.
std::string mend_refund_typos(std::string_view text);
/// Words [first, last) that say no to money back, each to the end of its clause.
std::vector<std::pair<std::size_t, std::size_t>> find_refund_denials(const Words& words, const Words::Sentence& sentence);

/// Order numbers as written, without "#". Invoice numbers, dates and amounts are none.
std::vector<std::string> find_orders(std::string_view text, const std::vector<AmountMention>& amounts);

struct Tone {
    ports::Level severity = ports::Level::low;
    ports::Level urgency = ports::Level::low;
    bool has_business_impact = false;
    bool wants_a_person = false;
    bool is_angry = false;
    bool wants_to_buy = false;
};
Tone find_tone(std::string_view text, const Words& words);
/// The first sentence behind a greeting is hardly more than "a person, please".
bool asks_only_for_a_person(const Words& words);

/// Law, the rights of data subjects, danger and injury, discrimination, death: a person should read it before an answer goes out.
bool is_sensitive(const Words& words);

/// Text that tries to steer the reader's machine ("ignore your rules"). It is only text; it makes nobody more sure.
bool has_instructions(const Words& words);

}  // namespace resolute::language
