// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "casework/casework.h"

namespace resolute::casework {
namespace {

/// Law 4: a promise of money stands on a grant in the journal, whoever wrote the sentence.
void check_promises(const CaseState& state, std::string_view text, std::vector<Violation>& violations) {
    for (const MoneyPromise& promise : find_money_promises(text)) {
        const bool is_granted = std::any_of(state.grants.begin(), state.grants.end(), [&](const Grant& grant) {
            if (!promise.amount) return true;
            const auto order = compare(*promise.amount, grant.amount);
            return order && *order <= 0;
        });
        if (is_granted) continue;
        violations.push_back({"gate.promise_without_grant",
                              fmt::format("\"{}\" promises money, and {}", text::shorten(promise.sentence, 160),
                                          state.grants.empty() ? std::string("no refund was granted in this case")
                                                               : "at most " + display_text(state.grants.back().amount) + " was granted")});
    }
}

/// An automatic resolution rests on articles that were really retrieved, and says exactly what was examined.
void check_grounding(const CaseState& state, const json::Value& draft, std::vector<Violation>& violations) {
    if (!draft["is_grounded"].as_bool()) violations.push_back({"gate.not_grounded", "the text rests on nothing that was retrieved"});
    if (draft["text_hash"].as_string() != sha256_hex(draft["text"].as_string()))
        violations.push_back({"gate.text_changed", "the text is not the one whose grounding was examined"});
    for (const std::string& cited : json::to_strings(draft["articles"])) {
        const json::Array& retrieved = state.facts["articles"].as_array();
        const bool was_retrieved =
            std::any_of(retrieved.begin(), retrieved.end(), [&](const json::Value& hit) { return hit["id"].as_string() == cited; });
        if (!was_retrieved)
            violations.push_back({"gate.article_not_retrieved", fmt::format("the cited article \"{}\" was not retrieved", cited)});
    }
}

}  // namespace

std::vector<Violation> check_outgoing(const CaseState& state, const procedure::Procedure& procedure, std::string_view tool,
                                      const json::Value& draft, Instant now) {
    std::vector<Violation> violations;
    const json::Value context = context_of(state, procedure, now);
    for (const procedure::NeverRule& rule : procedure.never) {
        if (rule.tool != tool) continue;
        const procedure::Evaluation evaluation = rule.when.evaluate(context);
        if (evaluation.verdict == procedure::Verdict::no || evaluation.is_too_early) continue;
        violations.push_back({"gate.never", fmt::format("rule \"never {} when {}\" (line {})", rule.tool, rule.when.text(), rule.where.line)});
    }
    check_promises(state, draft["text"].as_string(), violations);
    if (tool == "mail.send_resolution") check_grounding(state, draft, violations);
    return violations;
}

}  // namespace resolute::casework
