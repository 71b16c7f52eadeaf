// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ranges>
#include <tuple>

#include "base/hash.h"
#include "base/invariant.h"
#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

using ports::MailOutcome;
using ports::MailRecord;

namespace {

void sort_oldest_first(std::vector<MailRecord>& records) {
    std::ranges::stable_sort(records, {}, [](const MailRecord& record) { return record.received_at; });
}

}  // namespace

Result<std::vector<bool>> IntakeStore::keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& original_sizes) {
    INVARIANT(mails.size() == original_sizes.size(), "each mail comes with its size");
    const std::lock_guard lock(tables_.mutex);
    std::vector<bool> is_new;
    for (std::size_t i = 0; i < mails.size(); ++i) {
        const mail::RawMail& mail = mails[i];
        MailId id = mail::id_of(mail);
        is_new.push_back(tables_.mail_index.emplace(id, tables_.mails.size()).second);
        if (!is_new.back()) continue;
        std::string hash = sha256_hex(mail.bytes);
        tables_.blobs.emplace(hash, mail.bytes);
        MailRecord record;
        record.id = std::move(id);
        record.position = mail.position;
        record.received_at = mail.received_at;
        record.size = original_sizes[i];
        record.is_truncated = original_sizes[i] > mail.bytes.size();
        record.blob = std::move(hash);
        tables_.mails.push_back(std::move(record));
    }
    return is_new;
}

Result<std::vector<bool>> IntakeStore::are_kept(const std::vector<mail::SourcePosition>& positions) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<bool> are_kept;
    for (const mail::SourcePosition& position : positions)
        are_kept.push_back(std::ranges::any_of(tables_.mails, [&](const MailRecord& record) { return record.position == position; }));
    return are_kept;
}

Result<std::vector<MailRecord>> IntakeStore::claim_pending(Instant now, std::size_t limit, Duration hold) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<MailRecord> claimed;
    for (const MailRecord& record : tables_.mails)
        if (is_free(record, now)) claimed.push_back(record);
    sort_oldest_first(claimed);
    if (claimed.size() > limit) claimed.resize(limit);
    for (const MailRecord& record : claimed) tables_.held_until[record.id] = now + hold;
    return claimed;
}

Result<std::vector<MailRecord>> IntakeStore::claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<MailRecord> claimed;
    for (const MailRecord& record : tables_.mails)
        if (is_free(record, now) && std::ranges::find(ids, record.id) != ids.end()) claimed.push_back(record);
    sort_oldest_first(claimed);
    for (const MailRecord& record : claimed) tables_.held_until[record.id] = now + hold;
    return claimed;
}

/// Needs the tables' mutex.
bool IntakeStore::is_free(const MailRecord& record, Instant now) const {
    const auto held = tables_.held_until.find(record.id);
    return record.outcome == MailOutcome::pending && (held == tables_.held_until.end() || held->second <= now);
}

Result<int> IntakeStore::count_attempt(const MailId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.mail_index.find(id);
    if (found == tables_.mail_index.end()) return std::unexpected(mail_unknown(id));
    return ++tables_.mails[found->second].attempts;
}

Status IntakeStore::conclude(const MailRecord& record) {
    check_conclusion(record);
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.mail_index.find(record.id);
    if (found == tables_.mail_index.end()) return std::unexpected(mail_unknown(record.id));
    MailRecord& kept = tables_.mails[found->second];
    if (kept.outcome != MailOutcome::pending) {
        if (is_same_outcome(kept, record)) return {};
        return std::unexpected(outcome_known(record.id, kept.outcome));
    }
    tables_.held_until.erase(record.id);
    kept.outcome = record.outcome;
    kept.reason = record.reason;
    kept.case_id = record.case_id;
    kept.from = record.from;
    kept.subject = record.subject;
    kept.message_id = record.message_id;
    kept.content_key = record.content_key;
    kept.is_to_put_away = record.is_to_put_away;
    return {};
}

Result<std::optional<MailRecord>> IntakeStore::find(const MailId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.mail_index.find(id);
    if (found == tables_.mail_index.end()) return std::nullopt;
    return tables_.mails[found->second];
}

Result<std::optional<MailRecord>> IntakeStore::hold_content(const MailId& id, const std::string& content_key) {
    const std::lock_guard lock(tables_.mutex);
    if (content_key.empty()) return std::nullopt;
    const MailRecord* other = nullptr;
    for (const MailRecord& record : tables_.mails) {
        if (record.id == id || record.content_key != content_key) continue;
        if (record.outcome == MailOutcome::pending) return record;
        if (other == nullptr) other = &record;
    }
    const auto mine = tables_.mail_index.find(id);
    if (mine != tables_.mail_index.end() && tables_.mails[mine->second].outcome == MailOutcome::pending)
        tables_.mails[mine->second].content_key = content_key;
    return other == nullptr ? std::nullopt : std::optional(*other);
}

Result<std::vector<MailRecord>> IntakeStore::list(const ports::MailFilter& filter) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<MailRecord> records;
    for (const MailRecord& record : tables_.mails)
        if ((!filter.outcome || record.outcome == *filter.outcome) && (!filter.case_id || record.case_id == *filter.case_id))
            records.push_back(record);
    sort_oldest_first(records);
    if (records.size() > filter.limit) records.resize(filter.limit);
    return records;
}

Result<std::string> IntakeStore::load_blob(const std::string& hash) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.blobs.find(hash);
    if (found == tables_.blobs.end()) return std::unexpected(blob_not_found(hash));
    if (sha256_hex(found->second) != hash) return std::unexpected(blob_corrupt(hash));
    return found->second;
}

Result<std::string> IntakeStore::keep_blob(std::string_view bytes) {
    std::string hash = sha256_hex(bytes);
    const std::lock_guard lock(tables_.mutex);
    tables_.blobs.emplace(hash, bytes);
    return hash;
}

}  // namespace resolute::storage::memory
