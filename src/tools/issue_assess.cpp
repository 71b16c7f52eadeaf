// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tools/facts.h"

namespace resolute::tools {
namespace {

constexpr Duration kDefaultWindow = std::chrono::hours(24 * 30);

/// What is compared with the limit: this claim and the customer's others for the order within the window, pending ones included; with what
/// earlier mails of this case ask for beside it, for those count together. Claims are recorded when the issue is classified, before any of
/// them is decided here, so of two at once at least one sees both.
Result<json::Value> with_other_claims(World& world, const Call& call) {
    json::Value refund = call.arg("refund");
    if (!refund["requested"].as_bool()) return refund;
    const Duration window = json::to_duration(call.arg("policy")["refund_window"]).value_or(kDefaultWindow);
    TRY(const auto others, world.cases.claims(refund["customer"].as_string(), refund["order"].as_string(), call.at() - window, CaseId()));
    std::optional<Money> sum = json::to_money(refund["own_amount"]);
    const auto own = std::ranges::find(others, case_of(call), &ports::LedgerRow::case_id);
    if (own != others.end()) sum = larger(sum, own->claim.amount);
    for (const ports::LedgerRow& row : others) {
        if (row.case_id == case_of(call)) continue;
        if (!sum || !row.claim.amount) {
            sum.reset();  // One unknown claim makes the sum unknown.
            break;
        }
        const auto added = add(*sum, *row.claim.amount);
        if (!added) {
            sum.reset();
            break;
        }
        sum = *added;
    }
    refund.set("amount", sum ? json::from_money(*sum) : json::Value());
    refund.set("other_claims", others.size() - (own == others.end() ? 0 : 1));
    return refund;
}

engine::Settlement run(World& world, const Call& call) {
    const auto refund = with_other_claims(world, call);
    if (!refund) return engine::Settlement::from(refund.error());
    const ports::AssessmentRequest request{.issue = issue_of(call.arg("issue")),
                                           .hits = hits_of(call.arg("articles")),
                                           .is_vip = call.arg("customer")["tier"].as_string() == "vip",
                                           .cut_automatic = call.arg("policy")["cut_automatic"].as_double(),
                                           .cut_offer = call.arg("policy")["cut_offer"].as_double()};
    const auto assessment = world.language.assess(request, call.deadline);
    if (!assessment) return engine::Settlement::from(assessment.error());
    json::Value facts;
    facts.set("refund", *refund);
    facts.set("assessment", json::Value()
                                .set("decision", to_string(assessment->decision))
                                .set("confidence", assessment->confidence)
                                .set("why", assessment->why)
                                .set("offers_person", assessment->decision == ports::Decision::offer));
    return engine::Settlement::success(std::string(to_string(assessment->decision)), std::move(facts));
}

}  // namespace

Tool issue_assess() {
    return {.signature = {.name = "issue.assess",
                          .purpose = "decides whether the articles answer the question, or a person is needed; adds up refund claims",
                          .category = procedure::ToolCategory::prompt,
                          .action = procedure::ActionType::decision,
                          .effect = procedure::EffectClass::computes,
                          .integration = "language",
                          .outcomes = {"automatic", "offer", "human"},
                          .needs = {"issue", "refund", "articles"},
                          .uses = {"customer", "sender", "policy"},
                          .produces = {{"assessment", "map"}, {"assessment.decision", "string"}, {"assessment.confidence", "double"},
                                       {"assessment.why", "string"}, {"assessment.offers_person", "bool"},
                                       {"refund", "map"}, {"refund.requested", "bool"}, {"refund.amount", "money"},
                                       {"refund.own_amount", "money"}, {"refund.claimed", "money"}, {"refund.is_covered", "bool"},
                                       {"refund.order", "string"}, {"refund.customer", "string"}, {"refund.other_claims", "int"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
