// SPDX-License-Identifier: Apache-2.0
#include "language/writer.h"

#include <algorithm>

#include "base/phrases.h"
#include "base/text.h"
#include "casework/casework.h"
#include "language/article_text.h"
#include "language/templates.h"

namespace resolute::language {
namespace {

constexpr std::size_t kNameBytesMax = 80;
constexpr double kSecondArticleScore = 0.45;  // A second article must stand on its own score,
constexpr double kSecondArticleShare = 0.75;  // and not far below the first.
constexpr double kCloseMargin = 0.08;         // Nearer than this, either article may be the one that was asked for.

std::string fill(std::string_view form, std::string_view value) { return text::replace_all(std::string(form), "{}", value); }

std::string fill_two(std::string_view form, std::string_view first, std::string_view second) {
    std::string out(form);
    const std::size_t one = out.find("{}");
    out.replace(one, 2, first);
    out.replace(out.find("{}", one + first.size()), 2, second);
    return out;
}

/// One line, no control characters: a name from the CRM or the configuration goes into one line of the mail.
std::string one_line(std::string_view value) {
    std::string out(text::shorten(text::trim(value), kNameBytesMax));
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return out;
}

/// "2 hours" in the mail's language; what is written otherwise stays as it is.
std::string duration_text(std::string_view target, const Templates& templates) {
    const auto parts = text::split(text::trim(target), ' ');
    if (parts.size() != 2) return one_line(target);
    const bool is_one = parts[0] == "1";
    std::string_view unit = parts[1];
    if (unit.starts_with("hour")) unit = is_one ? templates.hour : templates.hours;
    else if (unit.starts_with("minute")) unit = is_one ? templates.minute : templates.minutes;
    else if (unit.starts_with("day")) unit = is_one ? templates.day : templates.days;
    return std::string(parts[0]) + " " + std::string(unit);
}

/// Gathers the text and, sentence by sentence, what it rests on.
class Composer {
public:
    Composer(const ports::Voice& voice, std::string_view language, std::string_view name, std::string_view ticket)
        : voice_(voice), templates_(templates_for(language)), ticket_(ticket) {
        const bool is_formal = voice.tone == "formal";
        const std::string clean = one_line(name);
        line(clean.empty() ? std::string(templates_.hello) : fill(is_formal ? templates_.hello_named_formal : templates_.hello_named, clean), "template");
        gap();
    }

    [[nodiscard]] const Templates& templates() const { return templates_; }
    [[nodiscard]] ports::Draft& draft() { return draft_; }
    void gap() { draft_.text += '\n'; }

    /// A line whose sentences all rest on `source`.
    void line(std::string_view text, const std::string& source) {
        draft_.text += std::string(text) + "\n";
        for (std::string& sentence : sentences_of(Block{Block::Kind::paragraph, std::string(text)})) draft_.evidence.push_back({std::move(sentence), source});
    }
    void form(std::string_view text) { line(text, "template"); }
    /// A template with a fact of the case in it.
    void fact(std::string_view text) { line(text, "case"); }

    ports::Draft finish(std::string_view subject, std::string_view agent = {}) {
        draft_.subject = "[" + std::string(ticket_) + "] " + std::string(subject);
        gap();
        // The configured default is English; a German mail closes in German unless the organisation chose its own words.
        const bool is_default = voice_.closing.empty() || voice_.closing == "Kind regards";
        form(is_default ? std::string(templates_.closing) : voice_.closing);
        if (const std::string name = one_line(agent); !name.empty()) form(name);
        if (!voice_.signature.empty()) form(voice_.signature);
        else if (!voice_.organisation.empty()) form(voice_.organisation);
        if (!voice_.disclaimer.empty()) {
            gap();
            form(voice_.disclaimer);
        }
        return std::move(draft_);
    }

private:
    const ports::Voice& voice_;
    const Templates& templates_;
    std::string_view ticket_;
    ports::Draft draft_;
};

void write_blocks(const std::vector<Block>& blocks, const std::string& source, Composer* composer) {
    std::size_t step = 0;
    std::optional<Block::Kind> before;
    for (const Block& block : blocks) {
        const bool is_item = block.kind == Block::Kind::step || block.kind == Block::Kind::bullet;
        if (before && !(is_item && before == block.kind)) composer->gap();
        if (block.kind == Block::Kind::step) {
            // A paragraph between two steps explains; a heading begins anew.
            composer->line(std::to_string(++step) + ". " + block.text, source);
        } else {
            composer->line(block.kind == Block::Kind::bullet ? "- " + block.text : block.text, source);
            if (block.kind == Block::Kind::heading) step = 0;
        }
        before = block.kind;
    }
}

void cite(const ports::Article& article, Composer* composer) {
    composer->gap();
    std::string line = std::string(composer->templates().resolution_source) + " " + one_line(article.title);
    if (!article.url.empty()) line += " " + article.url;
    composer->draft().text += line + "\n";
    composer->draft().evidence.push_back({line, "article:" + article.id.value()});
    composer->draft().articles.push_back(article.id.value());
}

/// Another article that answers another sentence of the mail.
const ports::SearchHit* second_hit(const ports::ResolutionRequest& request) {
    if (request.issue.requests < 2) return nullptr;
    const ports::SearchHit& first = request.hits.front();
    for (std::size_t i = 1; i < request.hits.size(); ++i) {
        const ports::SearchHit& hit = request.hits[i];
        const bool is_other = hit.article.id != first.article.id && hit.sentence != first.sentence && !hit.sentence.empty();
        if (is_other && hit.score >= kSecondArticleScore && hit.score >= kSecondArticleShare * first.score && !answer_blocks(hit).empty()) return &hit;
    }
    return nullptr;
}

/// Where we are not sure and two articles are as good as even, the customer gets both: one question saved for them, and no guess of ours.
const ports::SearchHit* alternative_hit(const ports::ResolutionRequest& request) {
    if (!request.offers_person || request.hits.size() < 2 || request.hits.front().margin >= kCloseMargin) return nullptr;
    const ports::SearchHit& second = request.hits[1];
    const bool is_other = second.article.id != request.hits.front().article.id && second.article.language == request.hits.front().article.language;
    return is_other && !answer_blocks(second).empty() ? &second : nullptr;
}

std::string why_not_grounded(const ports::ResolutionRequest& request) {
    if (request.hits.empty()) return "There is no article to rest the answer on.";
    if (std::ranges::any_of(request.hits, [](const ports::SearchHit& hit) { return !hit.article.is_public; })) {
        return "An article among the hits is internal and may not be quoted to a customer.";
    }
    if (answer_blocks(request.hits.front()).empty()) return "The article has no text that may be sent.";
    return {};
}

}  // namespace

ports::Draft write_acknowledgment(const ports::AcknowledgmentRequest& request) {
    Composer composer(request.voice, request.language, request.customer_name, request.ticket);
    const Templates& t = composer.templates();
    composer.form(request.voice.tone == "formal" ? t.acknowledgment_thanks_formal : t.acknowledgment_thanks);
    composer.gap();
    composer.fact(fill(t.acknowledgment_ticket, request.ticket));
    if (!request.response_target.empty()) composer.fact(fill(t.acknowledgment_time, duration_text(request.response_target, t)));
    composer.gap();
    composer.form(t.acknowledgment_next);
    composer.form(t.acknowledgment_reply);
    return composer.finish(t.acknowledgment_subject);
}

ports::Draft write_resolution(const ports::ResolutionRequest& request) {
    Composer composer(request.voice, request.language, request.customer_name, request.ticket);
    const Templates& t = composer.templates();
    const std::string why_not = why_not_grounded(request);
    composer.fact(fill(request.is_repeat ? t.resolution_opening_repeat : t.resolution_opening, request.ticket));
    if (!request.granted_amount.empty()) {
        composer.gap();
        composer.fact(request.granted_order.empty() ? fill(t.resolution_granted_plain, one_line(request.granted_amount))
                                                    : fill_two(t.resolution_granted, one_line(request.granted_amount), one_line(request.granted_order)));
    }
    if (why_not.empty()) {
        const ports::SearchHit& first = request.hits.front();
        composer.gap();
        write_blocks(answer_blocks(first), "article:" + first.article.id.value(), &composer);
        const ports::SearchHit* other_part = second_hit(request);
        const ports::SearchHit* second = other_part != nullptr ? other_part : alternative_hit(request);
        cite(first.article, &composer);
        if (second != nullptr) {
            composer.gap();
            composer.form(other_part != nullptr ? t.resolution_second : t.resolution_alternative);
            composer.gap();
            write_blocks(answer_blocks(*second), "article:" + second->article.id.value(), &composer);
            cite(second->article, &composer);
        }
    }
    composer.gap();
    composer.form(request.offers_person ? t.resolution_person : t.resolution_reply);
    composer.draft().is_grounded = why_not.empty();
    composer.draft().why_not = why_not;
    return composer.finish(t.resolution_subject);
}

ports::Draft write_follow_up(const ports::FollowUpRequest& request) {
    Composer composer(request.voice, request.language, request.customer_name, request.ticket);
    const Templates& t = composer.templates();
    composer.fact(fill(t.follow_up_question, request.ticket));
    composer.form(t.follow_up_scale);
    composer.gap();
    composer.form(t.follow_up_problem);
    return composer.finish(t.follow_up_subject);
}

ports::Draft write_agent_answer(const ports::AgentAnswerRequest& request) {
    Composer composer(request.voice, request.language, request.customer_name, request.ticket);
    const Templates& t = composer.templates();
    composer.fact(fill(t.agent_opening, request.ticket));
    composer.gap();
    for (const std::string_view line : text::split_lines(text::trim(request.reply))) composer.line(line, "agent");
    if (text::trim(request.reply).empty()) {
        composer.draft().is_grounded = false;
        composer.draft().why_not = "The agent's reply is empty.";
    }
    return composer.finish(t.agent_subject, request.agent_name);
}

}  // namespace resolute::language
