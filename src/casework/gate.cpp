// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "base/amounts.h"
#include "base/hash.h"
#include "base/phrases.h"
#include "base/text.h"
#include "casework/context.h"

namespace resolute::casework {
namespace {

/// What was granted in one currency. A grant of nothing covers nothing.
std::int64_t granted_in(const CaseState& state, std::string_view currency) {
    std::int64_t sum = 0;
    for (const Grant& grant : state.grants) {
        if (grant.amount.currency != currency || grant.amount.minor <= 0) continue;
        if (__builtin_add_overflow(sum, grant.amount.minor, &sum)) return std::numeric_limits<std::int64_t>::max();
    }
    return sum;
}

bool has_grant(const CaseState& state) {
    return std::ranges::any_of(state.grants, [](const Grant& grant) { return grant.amount.minor > 0; });
}

constexpr std::string_view kMore[] = {
    "another|additional|additionally|more|extra|also|plus|further|zusatzlich|zusatzliche|zusatzlichen|weitere|weiteren|weiterer|"
    "nochmal|nochmals|encore|supplementaire|"
    "supplementaires|autre|autres|otro|otros|adicional|adicionales|altri|altro|ulteriori|nog|outros",
    "on top"};
constexpr std::string_view kFull[] = {
    "full|fully|whole|entire|entirely|everything|complete|completely|total|vollstandig*|komplett*|gesamte|gesamten|ganze|ganzen|"
    "voll|volle|vollen|integral*|totalite|entier|"
    "entierement|totalmente|completo|completa|integro|intero|volledig|volledige|hele|inteiro",
    "every|each|last|all cent|penny|dollar|of|the|your"};

/// The amounts that one sentence promises: its largest, and what is said to come on top of it. An amount that the others of
/// the sentence add up to is their sum, not one more.
std::vector<Money> amounts_of(const MoneyPromise& promise) {
    std::vector<Money> amounts;
    for (const AmountMention& mention : find_amounts(promise.sentence))
        amounts.push_back(mention.money ? *mention.money : mention.readings.back());
    if (amounts.size() < 2) return amounts;
    const auto largest = std::ranges::max_element(amounts, {}, &Money::minor);
    std::int64_t others = 0;
    for (auto it = amounts.begin(); it != amounts.end(); ++it) {
        if (it != largest && __builtin_add_overflow(others, it->minor, &others)) return amounts;
    }
    const bool is_sum = amounts.size() > 2 && others == largest->minor;
    static const PhraseSet joined(std::to_array<std::string_view>(
        {"and|plus|und|et|y|e|en|sowie", "another|additional|more|extra|further|weitere|weiteren|zusatzlich|encore"}));
    const Words words(promise.sentence);
    const bool is_joined =
        std::ranges::any_of(words.sentences(), [&](const Words::Sentence& part) { return joined.matches(words, part); });
    return is_joined && !is_sum ? amounts : std::vector<Money>{*largest};
}

bool says(std::string_view text, std::span<const std::string_view> phrases) {
    const PhraseSet set(phrases);
    const Words words(text);
    return std::ranges::any_of(words.sentences(), [&](const Words::Sentence& sentence) { return set.matches(words, sentence); });
}

/// The order that the case claims money for, if the customer's record names its total.
std::optional<Money> total_of_the_order(const CaseState& state) {
    const std::string& id = state.claim.order.empty() && !state.grants.empty() ? state.grants.back().order : state.claim.order;
    if (id.empty()) return std::nullopt;
    for (const json::Value& order : state.facts["customer"]["orders"].as_array()) {
        if (order["id"].as_string() == id) return json::to_money(order["total"]);
    }
    return std::nullopt;
}

/// Law 4: a promise of money stands on grants in the journal, whoever wrote the sentence. What a text promises is added up: two
/// sentences that name one amount speak of the same money, unless one says that it is more.
void check_promises(const CaseState& state, std::string_view text, std::vector<Violation>& violations) {
    std::map<std::string, std::int64_t> promised;
    std::vector<Money> counted;
    for (const MoneyPromise& promise : find_money_promises(text)) {
        bool is_granted = has_grant(state);
        const bool is_more = says(promise.sentence, kMore);
        for (const Money& amount : amounts_of(promise)) {
            std::int64_t& sum = promised[amount.currency];
            if (is_more || std::ranges::find(counted, amount) == counted.end()) {
                if (__builtin_add_overflow(sum, amount.minor, &sum)) sum = std::numeric_limits<std::int64_t>::max();
                counted.push_back(amount);
            }
            is_granted = is_granted && sum <= granted_in(state, amount.currency);
        }
        if (const auto total = total_of_the_order(state); total && says(promise.sentence, kFull))
            is_granted = is_granted && granted_in(state, total->currency) >= total->minor;
        if (is_granted) continue;
        violations.push_back(
            {"gate.promise_without_grant",
             fmt::format("\"{}\" promises money, and {}", text::shorten(promise.sentence, 160),
                         has_grant(state) ? "at most " +
                                                display_text({granted_in(state, state.grants.back().amount.currency),
                                                              state.grants.back().amount.currency}) +
                                                " was granted"
                                          : std::string("no refund was granted in this case"))});
    }
}

/// An automatic resolution rests on articles that were really retrieved, and says exactly what was examined.
void check_grounding(const CaseState& state, const json::Value& draft, std::vector<Violation>& violations) {
    if (!draft["is_grounded"].as_bool())
        violations.push_back({"gate.not_grounded", "the text rests on nothing that was retrieved"});
    if (draft["text_hash"].as_string() != sha256_hex(draft["text"].as_string()))
        violations.push_back({"gate.text_changed", "the text is not the one whose grounding was examined"});
    for (const std::string& cited : json::to_strings(draft["articles"])) {
        const json::Array& retrieved = state.facts["articles"].as_array();
        const bool was_retrieved = std::any_of(retrieved.begin(), retrieved.end(),
                                               [&](const json::Value& hit) { return hit["id"].as_string() == cited; });
        if (!was_retrieved)
            violations.push_back(
                {"gate.article_not_retrieved", fmt::format("the cited article \"{}\" was not retrieved", cited)});
    }
}

}  // namespace

std::vector<Violation> check_outgoing(const CaseState& state, const procedure::Procedure& procedure, std::string_view tool,
                                      const json::Value& draft, Instant now) {
    std::vector<Violation> violations;
    const Context context(state, procedure, now);
    for (const procedure::NeverRule& rule : procedure.never) {
        if (rule.tool != tool) continue;
        const procedure::Judgement judgement = rule.when.judge(context);
        if (judgement.verdict == procedure::Verdict::no || judgement.is_too_early) continue;
        violations.push_back(
            {"gate.never", fmt::format("rule \"never {} when {}\" (line {})", rule.tool, rule.when.text(), rule.where.line)});
    }
    check_promises(state, draft["text"].as_string(), violations);
    if (tool == "mail.send_resolution") check_grounding(state, draft, violations);
    return violations;
}

bool is_automatic_resolution(const Effect& effect) { return effect.tool == "mail.send_resolution"; }

}  // namespace resolute::casework
