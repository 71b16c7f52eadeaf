// SPDX-License-Identifier: Apache-2.0
#include "storage/rules.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/invariant.h"
#include "base/text.h"

namespace resolute::storage {

using engine::EffectStatus;
using ports::TicketStatus;

Error fenced(const engine::Lease& lease) {
    return {.code = "store.fenced",
            .kind = ErrorKind::conflict,
            .detail = fmt::format("{} holds epoch {} no longer: another owner took over", lease.owner, lease.epoch)};
}

Error format_newer(int kept) {
    return {.code = "store.format_newer",
            .kind = ErrorKind::conflict,
            .detail = fmt::format("journals are written in format {} here, this program knows up to {}: use the later one", kept,
                                  engine::kJournalFormat)};
}

Error not_frozen() {
    return {.code = "store.not_frozen", .kind = ErrorKind::conflict, .detail = "nothing is frozen: there is nothing to release"};
}

Error subject_unknown(const std::string& id) {
    return {.code = "store.subject_unknown", .kind = ErrorKind::not_found, .detail = fmt::format("no key is kept under {}", id)};
}

Error refund_unapproved(const CaseId& id) {
    return {.code = "gate.refund_unapproved",
            .kind = ErrorKind::refused,
            .detail = fmt::format("case {} asks for more money than may be answered for without a person's approval", id.value())};
}

Error input_known(const InputId& input, const CaseId& owner) {
    return {.code = "store.input_known",
            .kind = ErrorKind::conflict,
            .detail = fmt::format("{} was taken by case {} before", input.value(), owner.value())};
}

Error version_conflict(const CaseId& id, std::uint64_t expected, std::uint64_t actual) {
    return {.code = "store.version_conflict",
            .kind = ErrorKind::conflict,
            .detail = actual == expected ? fmt::format("case {} came to version {} by other events: load it again", id.value(), actual)
                                         : fmt::format("case {} is at version {}, not {}: load it again", id.value(), actual, expected)};
}

Error effect_known(const EffectId& id) {
    return {.code = "store.effect_known",
            .kind = ErrorKind::conflict,
            .detail = fmt::format("effect {} was planned before", id.value())};
}

Error effect_unknown(const EffectId& id) {
    return {.code = "store.effect_unknown",
            .kind = ErrorKind::not_found,
            .detail = fmt::format("effect {} of this case is not open", id.value())};
}

Error effect_ended(const EffectId& id, EffectStatus status) {
    return {.code = "store.effect_ended",
            .kind = ErrorKind::conflict,
            .detail = fmt::format("effect {} ended as {}", id.value(), to_string(status))};
}

Error outcome_known(const MailId& id, ports::MailOutcome outcome) {
    return {.code = "intake.outcome_known",
            .kind = ErrorKind::conflict,
            .detail = fmt::format("mail {} was concluded before, as {}", id.value(), to_string(outcome))};
}

Error mail_unknown(const MailId& id) {
    return {.code = "intake.mail_unknown", .kind = ErrorKind::not_found, .detail = fmt::format("no mail {} is kept", id.value())};
}

Error not_reopened(const MailId& id, ports::MailOutcome outcome) {
    const bool is_pending = outcome == ports::MailOutcome::pending;
    return {.code = "mail.not_reopened",
            .kind = ErrorKind::conflict,
            .effect = EffectState::refused,
            .detail = fmt::format("the mail {} {}", id.value(),
                                  is_pending ? "has not been worked off yet: there is nothing to repeat"
                                             : "belongs to a case, which has taken it for good: work on the case instead")};
}

Error ticket_not_found(const TicketId& id) {
    return {.code = "helpdesk.ticket_not_found",
            .kind = ErrorKind::not_found,
            .effect = EffectState::refused,
            .detail = fmt::format("there is no ticket {}", id.value())};
}

Error blob_corrupt(const std::string& hash) {
    return {.code = "store.blob_corrupt",
            .kind = ErrorKind::corrupt,
            .detail = fmt::format("the bytes kept as {} have another hash; restore them from a backup", hash)};
}

Error blob_not_found(const std::string& hash) {
    return {.code = "store.blob_not_found", .kind = ErrorKind::not_found, .detail = fmt::format("no bytes are kept as {}", hash)};
}

Error ambiguous_case(std::string_view name) {
    return {.code = "case.ambiguous",
            .kind = ErrorKind::invalid,
            .detail = fmt::format("several cases begin with '{}': give more of the id", name)};
}

Error customer_not_found(const CustomerId& id) {
    return {.code = "crm.customer_not_found",
            .kind = ErrorKind::not_found,
            .effect = EffectState::refused,
            .detail = fmt::format("there is no customer {}", id.value())};
}

Error article_not_found(const ArticleId& id) {
    return {.code = "knowledge.article_not_found", .kind = ErrorKind::not_found, .detail = fmt::format("there is no article {}", id.value())};
}

Error held_already() {
    return {.code = "care.held_already", .kind = ErrorKind::conflict, .detail = "this person's data is under a legal hold already"};
}

Error not_held() {
    return {.code = "care.not_held", .kind = ErrorKind::not_found, .detail = "this person's data is under no legal hold"};
}

const std::string kNoBlob = sha256_hex({});

std::string code_of_reason(std::string_view reason) { return std::string(reason.substr(0, reason.find(':'))); }

void check_rows_link(const engine::CaseCommit& commit) {
    std::uint64_t version = commit.expected_version;
    INVARIANT(version > 0 || !commit.rows.empty(), "a new case begins with an event");
    INVARIANT(version > 0 || commit.summary, "a new case comes with what lists show of it");
    std::string hash = commit.expected_head;
    for (const engine::JournalRow& row : commit.rows) {
        INVARIANT(row.number == version + 1 && row.count > 0, "the journal of a case grows row by row, without a gap");
        version += row.count;
        hash = engine::chain_hash(hash, row.events, row.sealed);
        INVARIANT(row.hash == hash, "each row carries the hash of the one before it");
    }
    INVARIANT(commit.version == version, "a commit says the version that its rows make");
    for (const engine::EffectRecord& record : commit.new_effects)
        INVARIANT(record.effect.case_id == commit.case_id, "a case plans effects of its own");
}

const std::string& head_after(const engine::CaseCommit& commit) {
    return commit.rows.empty() ? commit.expected_head : commit.rows.back().hash;
}

std::string subject_id(std::string_view blind_name, std::int64_t generation) { return fmt::format("{}:{}", blind_name, generation); }

std::optional<std::pair<std::string, std::int64_t>> parse_subject_id(std::string_view id) {
    const auto colon = id.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::int64_t generation = 0;
    const auto [end, error] = std::from_chars(id.data() + colon + 1, id.data() + id.size(), generation);
    if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
    return std::pair(std::string(id.substr(0, colon)), generation);
}

EffectStatus status_after_crash(EffectStatus status, procedure::EffectClass effect_class) {
    if (status == EffectStatus::reconciling) return EffectStatus::unclear;
    switch (effect_class) {
    case procedure::EffectClass::computes:
    case procedure::EffectClass::reads:
    case procedure::EffectClass::idempotent:
    case procedure::EffectClass::waits: return EffectStatus::waiting;
    case procedure::EffectClass::guarded:
    case procedure::EffectClass::mails: return EffectStatus::unclear;
    }
    return EffectStatus::unclear;
}

std::string address_key(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return std::string(address);
    return std::string(address.substr(0, at)) + text::to_lower(address.substr(at));
}

ports::TicketRef ticket_ref(std::int64_t number) {
    std::string name = fmt::format("T-{}", number);
    return {.id = TicketId(name), .number = name};
}

std::string deal_name(std::int64_t number) { return fmt::format("D-{}", number); }

ports::Article with_learned_questions(ports::Article article, const std::vector<std::string>& learned) {
    for (const std::string& question : learned)
        if (std::ranges::find(article.questions, question) == article.questions.end()) article.questions.push_back(question);
    return article;
}

void check_conclusion(const ports::MailRecord& record) {
    INVARIANT(record.outcome != ports::MailOutcome::pending, "a conclusion is an outcome");
    const bool belongs = record.outcome == ports::MailOutcome::new_case || record.outcome == ports::MailOutcome::appended;
    INVARIANT(!belongs || !record.case_id.is_empty(), "a mail that belongs to a case names it");
}

bool is_same_outcome(const ports::MailRecord& a, const ports::MailRecord& b) {
    return a.outcome == b.outcome && a.case_id == b.case_id;
}

void apply_change(ports::Ticket& ticket, const ports::TicketChange& change) {
    if (change.assignee) ticket.assignee = *change.assignee;
    if (!change.resolution_category.empty()) ticket.resolution_category = change.resolution_category;
    if (!change.status) return;
    ticket.status = *change.status;
    switch (*change.status) {
    case TicketStatus::resolved: ticket.resolved_at = change.at; break;
    case TicketStatus::closed: break;
    case TicketStatus::open:
    case TicketStatus::escalated:
    case TicketStatus::waiting_customer: ticket.resolved_at.reset(); break;
    }
}

ports::TicketComment note_of(const ports::TicketChange& change) {
    return {.key = change.key,
            .ticket = change.ticket,
            .author = "resolute",
            .is_public = false,
            .text = change.note,
            .at = change.at};
}

}  // namespace resolute::storage
