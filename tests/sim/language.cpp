// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/language.h"

#include <fmt/format.h>

namespace resolute::sim {
namespace {

using ports::Draft;

bool has(std::string_view text, std::string_view mark) { return text.find(mark) != std::string_view::npos; }

/// The word after the mark: "#order=A-1 " is "A-1".
std::string after(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + mark.size());
    return std::string(rest.substr(0, rest.find_first_of(" \r\n.")));
}

Draft draft(std::string subject, std::string text) {
    return {.subject = std::move(subject), .text = std::move(text), .articles = {}, .evidence = {}, .is_grounded = true, .why_not = {}};
}

}  // namespace

Result<ports::Understanding> Language::understand(std::string_view, std::string_view text, Deadline deadline) {
    using Answer = Result<ports::Understanding>;
    return world_.outside<Answer>("language", deadline, [world = &world_, text = std::string(text)]() -> Answer {
        ports::Understanding issue;
        issue.category = ports::parse_category(after(text, "#category=")).value_or(ports::Category::general_support);
        if (world->faults_are_on && world->random.chance(world->plan.model_flips)) issue.category = ports::Category::technical;
        issue.confidence = 0.9;
        issue.summary = "a question";
        if (std::string order = after(text, "#order="); !order.empty()) issue.orders.push_back(std::move(order));
        issue.wants_refund = has(text, "#refund");
        if (issue.wants_refund && has(text, "$")) issue.amounts = find_amounts(text);
        issue.is_whole_refund = has(text, "#whole");
        issue.wants_to_buy = has(text, "#buy");
        issue.wants_a_person = has(text, "#person");
        issue.is_angry = has(text, "#angry");
        issue.is_sensitive = has(text, "#sensitive");
        issue.severity = has(text, "#severe") ? ports::Level::high : ports::Level::low;
        return issue;
    });
}

Result<ports::ReplyUnderstanding> Language::understand_reply(std::string_view text, bool, Deadline deadline) {
    using Answer = Result<ports::ReplyUnderstanding>;
    return world_.outside<Answer>("language", deadline, [text = std::string(text)]() -> Answer {
        ports::ReplyUnderstanding reply;
        if (has(text, "#persists")) reply.meaning = ports::ReplyMeaning::persists;
        if (has(text, "#thanks")) reply.meaning = ports::ReplyMeaning::satisfied;
        if (const std::string rating = after(text, "#rate="); !rating.empty()) {
            reply.meaning = ports::ReplyMeaning::rated;
            reply.rating = rating.front() - '0';
        }
        return reply;
    });
}

Result<ports::Assessment> Language::assess(const ports::AssessmentRequest& request, Deadline deadline) {
    using Answer = Result<ports::Assessment>;
    return world_.outside<Answer>("language", deadline, [world = &world_, person = request.issue.wants_a_person]() -> Answer {
        const int drawn = world->random.below(10);
        const auto decision = person || drawn == 0 ? ports::Decision::human : drawn < 3 ? ports::Decision::offer : ports::Decision::automatic;
        return ports::Assessment{.decision = decision, .confidence = 0.9, .why = "the article fits"};
    });
}

Result<Draft> Language::write_acknowledgment(const ports::AcknowledgmentRequest& request, Deadline deadline) {
    return world_.outside<Result<Draft>>("language", deadline, [ticket = request.ticket, target = request.response_target]() -> Result<Draft> {
        return draft("We have your message", fmt::format("Your ticket is {}. A colleague answers within {}.", ticket, target));
    });
}

Result<Draft> Language::write_resolution(const ports::ResolutionRequest& request, Deadline deadline) {
    return world_.outside<Result<Draft>>(
        "language", deadline,
        [world = &world_, ticket = request.ticket, amount = request.granted_amount, order = request.granted_order,
         hits = request.hits.size()]() -> Result<Draft> {
            Draft answer = draft("Your question", fmt::format("About {}: open your orders and choose Invoice.", ticket));
            if (hits > 0) answer.articles.emplace_back("invoices");
            if (!amount.empty()) answer.text += fmt::format(" We will refund {} for order {}.", amount, order);
            if (world->random.chance(world->plan.model_promises)) answer.text += " We will refund $5,000.00 to you.";
            answer.is_grounded = !world->random.chance(0.05);
            return answer;
        });
}

Result<Draft> Language::write_follow_up(const ports::FollowUpRequest& request, Deadline deadline) {
    return world_.outside<Result<Draft>>("language", deadline, [ticket = request.ticket]() -> Result<Draft> {
        return draft("Did it help?", fmt::format("Was {} solved? Answer with a number from 1 to 5.", ticket));
    });
}

Result<Draft> Language::write_agent_answer(const ports::AgentAnswerRequest& request, Deadline deadline) {
    return world_.outside<Result<Draft>>("language", deadline, [reply = request.reply]() -> Result<Draft> {
        return draft("Your question", reply);
    });
}

}  // namespace resolute::sim
