// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/desk_store.h"
#include "ports/intake_store.h"
#include "ports/mail_ledger.h"
#include "storage/maintenance.h"

/// What every store must say and check alike, whatever keeps the rows. One place, so that they cannot drift apart.
namespace resolute::storage {

inline constexpr std::int64_t kFirstTicketNumber = 1001;

inline constexpr Duration kClaimWindow = std::chrono::hours(24 * 30);  ///< claims of one customer add up for so long

Error fenced(const engine::Lease& lease);
Error format_newer(int kept);
Error not_frozen();
Error subject_unknown(const std::string& id);
Error refund_unapproved(const CaseId& id);
Error input_known(const InputId& input, const CaseId& owner);
Error version_conflict(const CaseId& id, std::uint64_t expected, std::uint64_t actual);
Error effect_known(const EffectId& id);
Error effect_unknown(const EffectId& id);
Error effect_ended(const EffectId& id, engine::EffectStatus status);
Error outcome_known(const MailId& id, ports::MailOutcome outcome);
Error mail_unknown(const MailId& id);
Error not_reopened(const MailId& id, ports::MailOutcome outcome);
Error ticket_not_found(const TicketId& id);
Error blob_corrupt(const std::string& hash);
Error blob_not_found(const std::string& hash);
Error ambiguous_case(std::string_view name);
Error customer_not_found(const CustomerId& id);
Error article_not_found(const ArticleId& id);
Error held_already();
Error not_held();

/// INVARIANT: the rows go on where the commit says that the journal ends, and their hashes link; effects are the case's own.
void check_rows_link(const engine::CaseCommit& commit);
/// Hash of the last row after the commit.
const std::string& head_after(const engine::CaseCommit& commit);
/// "5f0c…:2"
std::string subject_id(std::string_view blind_name, std::int64_t generation);
/// The blind name and the generation; nothing where it is no id.
std::optional<std::pair<std::string, std::int64_t>> parse_subject_id(std::string_view id);
/// What becomes of an effect that a dead owner was busy with.
engine::EffectStatus status_after_crash(engine::EffectStatus status, procedure::EffectClass effect_class);

/// sha256 of nothing: what a mail names whose raw bytes are gone.
extern const std::string kNoBlob;
/// "mail.duplicate: same as m…" → "mail.duplicate": what a reason says beside its code may be somebody's words.
std::string code_of_reason(std::string_view reason);

/// The address as it is compared: the domain in lower case, the local part as it is.
std::string address_key(std::string_view address);
/// "T-1042": the built-in desk's id and number are the same.
ports::TicketRef ticket_ref(std::int64_t number);
/// "D-1"
std::string deal_name(std::int64_t number);
/// What was learned stays when the article is imported again.
ports::Article with_learned_questions(ports::Article article, const std::vector<std::string>& learned);
/// INVARIANT: it is an outcome, and a mail that belongs to a case names it.
void check_conclusion(const ports::MailRecord& record);
bool is_same_outcome(const ports::MailRecord& a, const ports::MailRecord& b);
/// A ticket leaves `resolved` when it is worked on again; closing keeps the moment.
void apply_change(ports::Ticket& ticket, const ports::TicketChange& change);
/// The internal comment that a change's note becomes.
ports::TicketComment note_of(const ports::TicketChange& change);

}  // namespace resolute::storage
