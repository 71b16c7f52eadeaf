// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "mail/raw_mail.h"

namespace resolute::ports {

enum class MailOutcome { pending, new_case, appended, quarantined, ignored };

struct MailRecord {
    MailId id;
    mail::SourcePosition position;
    Instant received_at;
    std::uint64_t size = 0;   ///< of the original, even where only its head is kept
    std::string blob;         ///< sha256 hex of the kept bytes
    bool is_truncated = false;
    MailOutcome outcome = MailOutcome::pending;
    std::string reason;       ///< code and words: "mail.duplicate: same as m…"
    CaseId case_id;           ///< new_case, appended; may be set for the others
    std::string from;         ///< as parsed; empty before
    std::string subject;
    std::string message_id;
    std::string content_key;  ///< equal for the same mail delivered twice
    bool is_to_put_away = false;  ///< its source shall show that it is done with; `conclude` keeps it, nothing tells it
    int attempts = 0;         ///< times we began to read it; counted before, so that a poison mail is found
};

struct MailFilter {
    std::optional<MailOutcome> outcome;
    std::optional<CaseId> case_id;
    std::size_t limit = 1'000'000;
};

/// Every mail that ever came, raw, and what became of it. Threads: any.
class IntakeStore {
public:
    virtual ~IntakeStore() = default;
    /// Durable when it returns. A mail already kept (same id) is left as it is; the result tells which were new.
    virtual Result<std::vector<bool>> keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& original_sizes) = 0;
    /// Which of these positions a mail was kept from, in their order.
    virtual Result<std::vector<bool>> are_kept(const std::vector<mail::SourcePosition>& positions) = 0;
    /// Mails with the outcome `pending`, oldest first, that nobody holds. They are the caller's until `now + hold`: no other
    /// intake works on them, and if this one dies another takes them then.
    virtual Result<std::vector<MailRecord>> claim_pending(Instant now, std::size_t limit, Duration hold) = 0;
    /// Those of these mails that claim_pending would hand out, in the same way.
    virtual Result<std::vector<MailRecord>> claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) = 0;
    /// attempts + 1, durable, before the bytes are looked at.
    virtual Result<int> count_attempt(const MailId& id) = 0;
    /// Exactly once per mail: another outcome for the same mail is `intake.outcome_known`, the same one again is fine.
    virtual Status conclude(const MailRecord& record) = 0;
    virtual Result<std::optional<MailRecord>> find(const MailId& id) = 0;
    /// Who reads a mail holds its content: of several mails with this key one at a time goes on, also of several programs. Returns
    /// another mail with the key: a pending one that holds it (this mail waits, and holds nothing), else the earliest; with none, or
    /// an earlier one that has ended, the content is `id`'s from now on, until its conclusion. Durable. An empty key is nobody's.
    virtual Result<std::optional<MailRecord>> hold_content(const MailId& id, const std::string& content_key) = 0;
    virtual Result<std::vector<MailRecord>> list(const MailFilter& filter) = 0;
    /// The kept bytes; checked against the hash (`store.blob_corrupt`).
    virtual Result<std::string> load_blob(const std::string& sha256_hex) = 0;
    /// Attachments and the like: by content, once. Returns the hash.
    virtual Result<std::string> keep_blob(std::string_view bytes) = 0;
};

std::string_view to_string(MailOutcome outcome);
std::optional<MailOutcome> parse_mail_outcome(std::string_view text);

}  // namespace resolute::ports
