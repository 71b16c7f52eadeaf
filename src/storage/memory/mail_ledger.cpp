// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

using ports::MailOutcome;
using ports::MailRecord;

Result<std::vector<MailRecord>> MailLedger::to_put_away(const std::string& account, const std::string& folder, std::size_t limit) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<MailRecord> found;
    for (const MailRecord& record : tables_.mails) {
        if (found.size() == limit) break;
        if (record.is_to_put_away && record.outcome != MailOutcome::pending && record.position.account == account &&
            record.position.folder == folder)
            found.push_back(record);
    }
    return found;
}

Status MailLedger::mark_put_away(const std::vector<MailId>& mails) {
    const std::lock_guard lock(tables_.mutex);
    for (const MailId& id : mails)
        if (const auto found = tables_.mail_index.find(id); found != tables_.mail_index.end())
            tables_.mails[found->second].is_to_put_away = false;
    return {};
}

Status MailLedger::reopen(const MailId& id, const std::string& by, Instant at, Duration hold) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.mail_index.find(id);
    if (found == tables_.mail_index.end()) return std::unexpected(mail_unknown(id));
    MailRecord& mail = tables_.mails[found->second];
    if (mail.outcome != MailOutcome::quarantined && mail.outcome != MailOutcome::ignored)
        return std::unexpected(not_reopened(id, mail.outcome));
    tables_.reopenings.push_back(
        {.mail = id, .at = at, .by = by, .was = mail.outcome, .reason_code = code_of_reason(mail.reason)});
    mail.outcome = MailOutcome::pending;
    mail.reason.clear();
    mail.case_id = {};
    mail.content_key.clear();
    mail.attempts = 0;
    mail.is_to_put_away = false;
    tables_.held_until[id] = at + hold;
    return {};
}

Result<std::vector<ports::Reopening>> MailLedger::reopenings(const MailId& mail) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<ports::Reopening> found;
    for (const ports::Reopening& one : tables_.reopenings)
        if (one.mail == mail) found.push_back(one);
    return found;
}

Result<std::vector<Instant>> MailLedger::arrivals(const std::string& account, Instant since) {
    constexpr std::int64_t kMinute = 60'000;
    const std::lock_guard lock(tables_.mutex);
    std::set<Instant> minutes;
    for (const MailRecord& record : tables_.mails)
        if (record.position.account == account && record.received_at >= since)
            minutes.insert(from_unix_ms(to_unix_ms(record.received_at) / kMinute * kMinute));
    return std::vector<Instant>(minutes.begin(), minutes.end());
}

Status MailLedger::put_note(const std::string& topic, const std::string& text) {
    const std::lock_guard lock(tables_.mutex);
    tables_.notes[topic] = text;
    return {};
}

Result<std::map<std::string, std::string>> MailLedger::notes(const std::string& topic_prefix) {
    const std::lock_guard lock(tables_.mutex);
    std::map<std::string, std::string> found;
    for (const auto& [topic, text] : tables_.notes)
        if (topic.starts_with(topic_prefix)) found.emplace(topic, text);
    return found;
}

}  // namespace resolute::storage::memory
