// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/hash.h"
#include "json/json.h"
#include "storage/memory/stores.h"
#include "storage/rules.h"

namespace resolute::storage::memory {

namespace {

template <class T>
bool has(const std::vector<T>& all, const T& one) {
    return std::ranges::find(all, one) != all.end();
}

template <class T>
bool names(const std::vector<T>& all, const T& one) {
    return one != T{} && has(all, one);
}

bool is_theirs(const ports::MailRecord& mail, const std::vector<CaseId>& cases, const std::vector<std::string>& addresses,
               const std::vector<CaseId>& spared) {
    return names(cases, mail.case_id) || (names(addresses, mail.from) && !has(spared, mail.case_id));
}

void drop_unused_blobs(Tables& tables, const std::set<std::string>& hashes, Scrubbed& done) {
    for (const std::string& hash : hashes)
        if (std::ranges::none_of(tables.mails, [&](const ports::MailRecord& mail) { return mail.blob == hash; }))
            done.blobs += static_cast<std::int64_t>(tables.blobs.erase(hash));
}

void scrub_mails(Tables& tables, const ScrubOrder& order, Scrubbed& done) {
    std::set<std::string> hashes;
    for (ports::MailRecord& mail : tables.mails) {
        if (!is_theirs(mail, order.cases, order.addresses, order.spared)) continue;
        if (mail.blob != kNoBlob) hashes.insert(mail.blob);
        if (!mail.from.empty() || !mail.subject.empty() || !mail.message_id.empty() || !mail.content_key.empty()) ++done.mails;
        mail.blob = kNoBlob;
        mail.from.clear();
        mail.subject.clear();
        mail.message_id.clear();
        mail.content_key.clear();
        mail.reason = code_of_reason(mail.reason);
    }
    tables.blobs[kNoBlob] = {};
    drop_unused_blobs(tables, hashes, done);
}

void scrub_desk(Tables& tables, const ScrubOrder& order, Scrubbed& done) {
    for (ports::Ticket& ticket : tables.tickets) {
        const bool is_theirs =
            has(order.cases, ticket.case_id) ||
            (!has(order.spared, ticket.case_id) &&
             (names(order.addresses, ticket.requester) || names(order.customers, CustomerId(ticket.customer))));
        if (!is_theirs) continue;
        for (ports::TicketComment& comment : ticket.comments) {
            if (!comment.text.empty()) ++done.comments;
            comment.text.clear();
        }
        if (ticket.customer.empty() && ticket.requester.empty() && ticket.subject.empty() && ticket.description.empty()) continue;
        ++done.tickets;
        ticket.customer.clear();
        ticket.requester.clear();
        ticket.subject.clear();
        ticket.description.clear();
        ticket.status = ports::TicketStatus::closed;
    }
    for (const CustomerId& id : order.customers) done.customers += static_cast<std::int64_t>(tables.customers.erase(id));
    for (auto& [id, customer] : tables.customers)
        std::erase_if(customer.ours, [&](const ports::Interaction& one) { return names(order.cases, CaseId(one.case_id)); });
    for (ports::Notification& notification : tables.notifications) {
        if (notification.text.empty() || !has(order.cases, notification.case_id)) continue;
        notification.text.clear();
        ++done.notifications;
    }
}

void scrub_cases(Tables& tables, const ScrubOrder& order, Scrubbed& done) {
    for (const CaseId& id : order.cases) {
        const auto found = tables.cases.find(id);
        if (found == tables.cases.end()) continue;
        CaseRow& row = found->second;
        row.snapshot.clear();
        row.snapshot_version = 0;
        if (row.claim.state != casework::Claim::State::none) {
            row.claim.customer = order.pseudonym;
            row.claim.order.clear();
        }
        for (engine::JournalRow& entry : row.journal) {
            const bool is_due = order.blanks_journals || entry.events.starts_with('{');
            if (entry.events.empty() || !is_due || entry.events.find("\"kind\":\"CaseErased\"") != std::string::npos) continue;
            entry.events.clear();
            entry.sealed.clear();
            ++done.journal_rows;
        }
    }
    std::erase_if(tables.effects, [&](const auto& entry) { return has(order.cases, entry.second.effect.case_id); });
    std::erase_if(tables.message_ids, [&](const auto& entry) { return has(order.cases, entry.second); });
}

std::string blind_part(const std::string& subject) { return subject.substr(0, subject.find(':')); }

}  // namespace

Result<Queue> Maintenance::queue(Instant now) {
    const std::lock_guard lock(tables_.mutex);
    Queue queue;
    for (const auto& [id, record] : tables_.effects) {
        ++queue.effects[std::string(engine::to_string(record.status))];
        const bool can_be_due = record.status == engine::EffectStatus::waiting || record.status == engine::EffectStatus::unclear;
        if (!can_be_due || record.next_at > now) continue;
        ++queue.due;
        queue.oldest_due = queue.oldest_due ? std::min(*queue.oldest_due, record.next_at) : record.next_at;
    }
    return queue;
}

Result<std::int64_t> Maintenance::schema() { return std::int64_t{0}; }

Result<std::vector<std::string>> Maintenance::addresses() {
    const std::lock_guard lock(tables_.mutex);
    std::set<std::string> all;
    for (const auto& [id, row] : tables_.cases) all.insert(row.summary.from);
    for (const ports::MailRecord& mail : tables_.mails) all.insert(mail.from);
    for (const auto& [id, customer] : tables_.customers)
        for (const std::string& email : customer.imported.emails) all.insert(address_key(email));
    for (const ports::Ticket& ticket : tables_.tickets) all.insert(ticket.requester);
    all.erase("");
    return std::vector<std::string>(all.begin(), all.end());
}

Result<std::optional<ports::Customer>> Maintenance::find_customer(const CustomerId& id) {
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.customers.find(id);
    if (found == tables_.customers.end()) return std::nullopt;
    return found->second.imported;
}

Result<std::vector<CaseId>> Maintenance::cases_of(const std::vector<std::string>& addresses, const std::vector<std::string>& blind_names) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<CaseId> found;
    for (const auto& [id, row] : tables_.cases)
        if (names(addresses, row.summary.from) || names(blind_names, blind_part(row.data_subject))) found.push_back(id);
    return found;
}

Result<std::vector<std::string>> Maintenance::tickets_of(const std::vector<CaseId>& cases) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<std::string> found;
    for (const ports::Ticket& ticket : tables_.tickets) {
        if (!has(cases, ticket.case_id)) continue;
        json::Array comments;
        for (const ports::TicketComment& comment : ticket.comments)
            comments.push_back(json::Object{{"author", comment.author}, {"is_public", comment.is_public}, {"text", comment.text},
                                            {"at", to_unix_ms(comment.at)}});
        found.push_back(json::dump(json::Object{{"number", ticket.ref.number}, {"case", ticket.case_id.value()}, {"customer", ticket.customer},
                                                {"requester", ticket.requester}, {"subject", ticket.subject},
                                                {"description", ticket.description}, {"category", ticket.category},
                                                {"priority", ticket.priority}, {"status", to_string(ticket.status)},
                                                {"comments", std::move(comments)}}));
    }
    return found;
}

Result<std::vector<MailId>> Maintenance::mails_of(const std::vector<CaseId>& cases, const std::vector<std::string>& addresses) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<MailId> found;
    for (const ports::MailRecord& mail : tables_.mails)
        if (is_theirs(mail, cases, addresses, {})) found.push_back(mail.id);
    return found;
}

Result<std::vector<Subject>> Maintenance::subjects(const std::string& blind_name) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<Subject> found;
    const auto known = tables_.subjects.find(blind_name);
    if (known == tables_.subjects.end()) return found;
    for (const SubjectKey& key : known->second)
        found.push_back({.id = subject_id(blind_name, static_cast<std::int64_t>(found.size()) + 1), .is_living = key.is_living,
                         .has_key = !key.wrapped_key.empty()});
    return found;
}

Result<std::vector<std::string>> Maintenance::people_with_keys() {
    const std::lock_guard lock(tables_.mutex);
    std::vector<std::string> found;
    for (const auto& [name, generations] : tables_.subjects)
        if (std::ranges::any_of(generations, [](const SubjectKey& key) { return !key.wrapped_key.empty(); })) found.push_back(name);
    return found;
}

Result<Scrubbed> Maintenance::scrub(const ScrubOrder& order) {
    const std::lock_guard lock(tables_.mutex);
    Scrubbed done;
    scrub_mails(tables_, order, done);
    scrub_desk(tables_, order, done);
    scrub_cases(tables_, order, done);
    return done;
}

Result<std::vector<MailId>> Maintenance::old_mails(Instant before, std::size_t limit) {
    const std::lock_guard lock(tables_.mutex);
    std::vector<MailId> found;
    for (const ports::MailRecord& mail : tables_.mails) {
        if (found.size() >= limit) break;
        const auto its = tables_.cases.find(mail.case_id);
        const bool is_over = its == tables_.cases.end() || its->second.lifecycle == engine::Lifecycle::closed;
        if (mail.received_at < before && mail.blob != kNoBlob && mail.outcome != ports::MailOutcome::pending && is_over) found.push_back(mail.id);
    }
    return found;
}

Status Maintenance::drop_raw(const std::vector<MailId>& mails) {
    const std::lock_guard lock(tables_.mutex);
    std::set<std::string> hashes;
    for (ports::MailRecord& mail : tables_.mails) {
        if (!has(mails, mail.id) || mail.blob == kNoBlob) continue;
        hashes.insert(mail.blob);
        mail.blob = kNoBlob;
    }
    tables_.blobs[kNoBlob] = {};
    Scrubbed done;
    drop_unused_blobs(tables_, hashes, done);
    return {};
}

Status Maintenance::compact() { return {}; }

Status Maintenance::copy_to(const std::filesystem::path&) {
    return fail("store.no_backup", ErrorKind::refused, "what is in memory is not kept");
}

Result<std::vector<std::string>> Maintenance::broken_blobs() {
    const std::lock_guard lock(tables_.mutex);
    std::vector<std::string> broken;
    for (const auto& [hash, bytes] : tables_.blobs)
        if (sha256_hex(bytes) != hash) broken.push_back(hash);
    return broken;
}

Status Maintenance::hold(const Hold& hold) {
    const std::lock_guard lock(tables_.mutex);
    if (std::ranges::any_of(tables_.holds, [&](const Hold& other) { return other.blind_name == hold.blind_name && !other.released_at; }))
        return std::unexpected(held_already());
    tables_.holds.push_back(hold);
    return {};
}

Status Maintenance::release_hold(const std::string& blind_name, const std::string& by, Instant now) {
    const std::lock_guard lock(tables_.mutex);
    for (Hold& hold : tables_.holds) {
        if (hold.blind_name != blind_name || hold.released_at) continue;
        hold.released_at = now;
        hold.released_by = by;
        return {};
    }
    return std::unexpected(not_held());
}

Result<std::vector<Hold>> Maintenance::holds() {
    const std::lock_guard lock(tables_.mutex);
    return tables_.holds;
}

}  // namespace resolute::storage::memory
