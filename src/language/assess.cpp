// SPDX-License-Identifier: Apache-2.0
#include "language/assess.h"

#include <algorithm>
#include <cmath>

#include "language/understand.h"

namespace resolute::language {
namespace {

using ports::Decision;

// Set by hand. A clear hit (score .6, coverage .9, margin .2) comes to .84; a near miss (.45, .5, .05) to .37.
constexpr double kBias = -4.2;
constexpr double kScoreWeight = 5.0;
constexpr double kCoverageWeight = 2.5;
constexpr double kMarginWeight = 3.0;
constexpr double kMarginMax = 0.3;          // A larger lead says no more about this article.
constexpr double kCategoryAgrees = 0.35;
constexpr double kCategoryDiffers = -0.35;
constexpr double kUnsurePenalty = -0.6;
constexpr double kSeveralPenalty = -0.5;    // One article seldom answers two questions.

double answerability(const ports::SearchHit& hit, const ports::Understanding& issue) {
    double z = kBias + kScoreWeight * std::clamp(hit.score, 0.0, 1.0) + kCoverageWeight * std::clamp(hit.coverage, 0.0, 1.0) +
               kMarginWeight * std::clamp(hit.margin, 0.0, kMarginMax);
    if (!hit.article.category.empty() && !issue.is_unsure) {
        z += hit.article.category == to_string(issue.category) ? kCategoryAgrees : kCategoryDiffers;
    }
    if (issue.is_unsure) z += kUnsurePenalty;
    if (issue.requests > 1) z += kSeveralPenalty;
    return 1 / (1 + std::exp(-z));
}

bool has_instruction_text(const ports::Understanding& issue) { return std::ranges::find(issue.evidence, kInstructionEvidence) != issue.evidence.end(); }

}  // namespace

ports::Assessment assess(const ports::AssessmentRequest& request) {
    const ports::Understanding& issue = request.issue;
    if (request.hits.empty()) return {Decision::human, 0, "No article was found that speaks about this."};
    const ports::SearchHit& top = request.hits.front();
    ports::Assessment result{Decision::human, answerability(top, issue), ""};
    if (!top.article.is_public) {
        result.why = "The best article is internal and may not be quoted to a customer.";
    } else if (issue.wants_a_person) {
        result.why = "The customer asks for a person.";
    } else if (has_instruction_text(issue)) {
        result.why = "The mail holds text that looks like instructions to a machine, so a person should read it.";
    } else {
        const double cut_automatic = request.cut_automatic > 0 ? request.cut_automatic : kCutAutomatic;
        const double cut_offer = request.cut_offer > 0 ? request.cut_offer : std::min(kCutOffer, cut_automatic);
        const std::string title = "\"" + top.article.title + "\"";
        if (result.confidence < cut_offer) {
            result.why = "The best article, " + title + ", probably does not answer this question.";
        } else if (result.confidence < cut_automatic) {
            result.decision = Decision::offer;
            result.why = "The article " + title + " may answer this, but not surely enough to leave out the offer of a person.";
        } else if (issue.is_unsure || issue.is_angry || issue.requests > 1) {
            result.decision = Decision::offer;
            const char* reason = issue.is_angry ? "the customer is angry" : issue.is_unsure ? "the issue is not clear" : "several things are asked";
            result.why = "The article " + title + " fits well, but " + reason + ", so a person is offered.";
        } else {
            result.decision = Decision::automatic;
            result.why = "The article " + title + " answers the question clearly.";
        }
    }
    return result;
}

}  // namespace resolute::language
