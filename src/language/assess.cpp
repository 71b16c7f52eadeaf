// SPDX-License-Identifier: Apache-2.0
#include "language/assess.h"

#include <algorithm>
#include <cmath>

#include "language/understand.h"

namespace resolute::language {
namespace {

using ports::Decision;

// Fitted to the mails of tests/corpus/answers: each asked with its article, and once without it (weight 0.3).
constexpr double kBias = -2.41;
constexpr Features kWeights = {1.56, 0.89, 1.97, 2.10, 0.02, 1.47, -0.32, 0.13, 0.82, 0.21, 0.20, 0.01, 1.48};
constexpr double kMarginMax = 0.3;   // A larger lead says no more about this article.
constexpr double kMatchedMax = 8;

double answerability(const ports::AssessmentRequest& request) {
    const Features features = features_of(request);
    double z = kBias;
    for (std::size_t i = 0; i < features.size(); ++i) z += kWeights[i] * features[i];
    return 1 / (1 + std::exp(-z));
}

bool has_instruction_text(const ports::Understanding& issue) { return std::ranges::find(issue.evidence, kInstructionEvidence) != issue.evidence.end(); }

}  // namespace

Features features_of(const ports::AssessmentRequest& request) {
    if (request.hits.empty()) return {};
    const ports::SearchHit& top = request.hits.front();
    const ports::Understanding& issue = request.issue;
    double other_match = 0;
    double other_breadth = 0;
    for (std::size_t i = 1; i < request.hits.size(); ++i) {
        other_match = std::max(other_match, request.hits[i].question_match);
        other_breadth = std::max(other_breadth, request.hits[i].breadth);
    }
    double category = 0;
    if (!top.article.category.empty() && !issue.is_unsure) category = top.article.category == to_string(issue.category) ? 1 : -1;
    return {std::clamp(top.score, 0.0, 1.0),
            std::clamp(top.coverage, 0.0, 1.0),
            std::clamp(top.breadth, 0.0, 1.0),
            std::clamp(top.margin, 0.0, kMarginMax) / kMarginMax,
            top.score > 0 ? std::clamp(top.margin / top.score, 0.0, 1.0) : 0,
            std::clamp(top.question_match, 0.0, 1.0),
            std::clamp(top.agreement, 0.0, 1.0),
            std::min(static_cast<double>(top.matched.size()), kMatchedMax) / kMatchedMax,
            category,
            issue.is_unsure ? 1.0 : 0.0,
            issue.requests > 1 ? 1.0 : 0.0,
            std::clamp(top.question_match - other_match, -1.0, 1.0),
            std::clamp(top.breadth - other_breadth, -1.0, 1.0)};
}

ports::Assessment assess(const ports::AssessmentRequest& request) {
    const ports::Understanding& issue = request.issue;
    if (request.hits.empty()) return {Decision::human, 0, "No article was found that speaks about this."};
    const ports::SearchHit& top = request.hits.front();
    ports::Assessment result{Decision::human, answerability(request), ""};
    if (!top.article.is_public) {
        result.why = "The best article is internal and may not be quoted to a customer.";
    } else if (!top.article.language.empty() && top.article.language != issue.language) {
        result.why = "The best article is in another language than the mail.";
    } else if (issue.wants_a_person) {
        result.why = "The customer asks for a person.";
    } else if (issue.is_sensitive) {
        result.why = "Law, safety or personal data are touched, so a person should answer.";
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
