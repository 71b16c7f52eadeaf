// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/amounts.h"
#include "base/clock.h"
#include "base/result.h"
#include "ports/knowledge_base.h"

namespace resolute::ports {

enum class Category { billing, technical, product_inquiry, refund_request, general_support };
enum class Level { low, medium, high };

/// What a mail means. Everything here is a proposal or an exact extraction; nothing of it has authority.
struct Understanding {
    Category category = Category::general_support;
    double confidence = 0;              ///< 0 to 1
    bool is_unsure = false;             ///< below the cut: a person should look, or the answer must be very safe
    std::vector<std::string> evidence;  ///< words that spoke for the category, strongest first
    Level severity = Level::low;
    Level urgency = Level::low;
    bool has_business_impact = false;   ///< "our whole office", "production is down"
    std::string language = "en";        ///< ISO 639-1
    std::string summary;                ///< one line for people: the most telling sentence, shortened
    std::vector<std::string> orders;    ///< order numbers named
    std::vector<AmountMention> amounts;
    bool wants_refund = false;          ///< rules or model: money is wanted back (refund, chargeback, credit, reimbursement), in any category
    std::string refund_evidence;        ///< the sentence that shows it
    bool is_whole_refund = false;       ///< "a full refund", "all my money back", "for the whole order"
    bool wants_to_buy = false;          ///< buying intent: a quote, a price, an upgrade
    bool wants_a_person = false;        ///< "let me talk to a human", or asks for what only a person does: "look into my account"
    bool is_angry = false;
    bool is_sensitive = false;          ///< law, safety, rights over data, discrimination: a person should read the answer first
    int requests = 1;                   ///< how many separate things are asked
};

enum class ReplyMeaning { persists, satisfied, rated, other };
struct ReplyUnderstanding {
    ReplyMeaning meaning = ReplyMeaning::other;
    std::optional<int> rating;  ///< 1 to 5, where the reply is an answer to the survey
    std::string evidence;
};

struct AssessmentRequest {
    Understanding issue;
    std::vector<SearchHit> hits;
    bool is_vip = false;
    double cut_automatic = 0;  ///< 0: the model's own cut
    double cut_offer = 0;
};
enum class Decision { automatic, offer, human };
struct Assessment {
    Decision decision = Decision::human;
    double confidence = 0;        ///< that the first hit answers the question
    std::string why;              ///< one sentence for people
};

/// How the organisation speaks: from the configuration.
struct Voice {
    std::string organisation;     ///< "Acme Supplies"
    std::string support_address;
    std::string signature;        ///< "The Acme support team"
    std::string tone = "friendly";  ///< "friendly" or "formal"
    std::string closing = "Kind regards";
    std::string disclaimer;
};

struct AcknowledgmentRequest {
    Voice voice;
    std::string language;
    std::string customer_name;  ///< from the CRM, for a verified sender; else empty
    std::string ticket;
    std::string response_target;  ///< "1 hour"
};
struct ResolutionRequest {
    Voice voice;
    std::string language;
    std::string customer_name;
    std::string ticket;
    std::string question;       ///< what the person wrote
    Understanding issue;
    std::vector<SearchHit> hits;  ///< public ones only
    std::string granted_amount; ///< "$129.00" where a refund was granted, else empty
    std::string granted_order;
    bool offers_person = false;
    bool is_repeat = false;     ///< an answer was given before and did not help
};
struct FollowUpRequest {
    Voice voice;
    std::string language;
    std::string customer_name;
    std::string ticket;
};
struct AgentAnswerRequest {
    Voice voice;
    std::string language;
    std::string customer_name;
    std::string ticket;
    std::string agent_name;
    std::string reply;
};

struct Draft {
    std::string subject;  ///< without "Re:"; a fixed text, never the customer's words
    std::string text;
    std::vector<std::string> articles;  ///< ids cited
    /// Grounding: each sentence with what it rests on ("article:returns-30-days", "template", "case").
    struct Evidence { std::string sentence; std::string source; };
    std::vector<Evidence> evidence;
    bool is_grounded = true;  ///< false: some sentence rests on nothing; the draft is for a person
    std::string why_not;
};

/// Understanding and writing, whoever does it: the embedded model, a local server, a vendor. Threads: any.
class LanguageModel {
public:
    virtual ~LanguageModel() = default;
    virtual Result<Understanding> understand(std::string_view subject, std::string_view text, Deadline deadline) = 0;
    virtual Result<ReplyUnderstanding> understand_reply(std::string_view text, bool survey_was_sent, Deadline deadline) = 0;
    virtual Result<Assessment> assess(const AssessmentRequest& request, Deadline deadline) = 0;
    virtual Result<Draft> write_acknowledgment(const AcknowledgmentRequest& request, Deadline deadline) = 0;
    virtual Result<Draft> write_resolution(const ResolutionRequest& request, Deadline deadline) = 0;
    virtual Result<Draft> write_follow_up(const FollowUpRequest& request, Deadline deadline) = 0;
    virtual Result<Draft> write_agent_answer(const AgentAnswerRequest& request, Deadline deadline) = 0;
};

std::string_view to_string(Category category);  ///< "billing", "technical", "product_inquiry", "refund_request", "general_support"
std::optional<Category> parse_category(std::string_view text);
std::string_view to_string(Level level);  ///< "low", "medium", "high"
std::string_view to_string(Decision decision);
std::string_view to_string(ReplyMeaning meaning);

}  // namespace resolute::ports
