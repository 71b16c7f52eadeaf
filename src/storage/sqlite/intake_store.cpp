// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/hash.h"
#include "storage/records.h"
#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using ports::MailOutcome;
using ports::MailRecord;

namespace {

/// What is made of a mail before the writer's thread gets it.
struct Incoming {
    MailId id;
    std::string hash;
};

Result<bool> has_row(Connection& connection, const char* sql, std::string_view key) {
    TRY(auto query, connection.query(sql, key));
    return query.step();
}

Status put_blob(Connection& connection, const std::string& hash, std::string_view bytes) {
    TRY(const bool is_there, has_row(connection, sql::kHasBlob, hash));
    if (is_there) return {};
    return connection.run(sql::kInsertBlob, hash, Blob{bytes});
}

Result<bool> keep_one(Connection& connection, const mail::RawMail& mail, const Incoming& incoming, std::uint64_t original_size) {
    TRY(const bool is_there, has_row(connection, sql::kHasMail, incoming.id.value()));
    if (is_there) return false;
    TRY_STATUS(put_blob(connection, incoming.hash, mail.bytes));
    TRY_STATUS(connection.run(sql::kInsertMail, incoming.id, mail.position.account, mail.position.folder, mail.position.uid,
                              mail.received_at, original_size, incoming.hash, original_size > mail.bytes.size()));
    return true;
}

template <class... Values>
Result<std::vector<MailRecord>> read_mails(Connection& connection, const char* sql, const Values&... values) {
    TRY(auto query, connection.query(sql, values...));
    std::vector<MailRecord> records;
    while (true) {
        TRY(const bool is_row, query.step());
        if (!is_row) return records;
        TRY(MailRecord record, mail_of(query));
        records.push_back(std::move(record));
    }
}

template <class... Values>
Result<std::optional<MailRecord>> read_mail(Connection& connection, const char* sql, const Values&... values) {
    TRY(auto records, read_mails(connection, sql, values...));
    if (records.empty()) return std::nullopt;
    return std::move(records.front());
}

}  // namespace

Result<std::vector<bool>> IntakeStore::keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& original_sizes) {
    INVARIANT(mails.size() == original_sizes.size(), "each mail comes with its size");
    std::vector<Incoming> incoming;
    incoming.reserve(mails.size());
    for (const mail::RawMail& mail : mails) incoming.push_back({.id = mail::id_of(mail), .hash = sha256_hex(mail.bytes)});
    return database_.writing([&](Connection& connection) -> Result<std::vector<bool>> {
        std::vector<bool> is_new;
        for (std::size_t i = 0; i < mails.size(); ++i) {
            TRY(const bool kept, keep_one(connection, mails[i], incoming[i], original_sizes[i]));
            is_new.push_back(kept);
        }
        return is_new;
    });
}

Result<std::vector<bool>> IntakeStore::are_kept(const std::vector<mail::SourcePosition>& positions) {
    return database_.reading([&](Connection& connection) -> Result<std::vector<bool>> {
        std::vector<bool> are_kept;
        for (const mail::SourcePosition& position : positions) {
            TRY(auto query, connection.query(sql::kIsKept, position.account, position.folder, position.uid));
            TRY(const bool is_kept, query.step());
            are_kept.push_back(is_kept);
        }
        return are_kept;
    });
}

Result<std::vector<MailRecord>> IntakeStore::claim_pending(Instant now, std::size_t limit, Duration hold) {
    const auto look = [&](Connection& connection) { return read_mails(connection, sql::kPendingMails, now, limit); };
    // An idle intake asks often: without anything to take no transaction is written.
    TRY(const auto candidates, database_.reading(look));
    if (candidates.empty()) return std::vector<MailRecord>{};
    return database_.writing([&](Connection& connection) -> Result<std::vector<MailRecord>> {
        TRY(auto claimed, look(connection));
        for (const MailRecord& record : claimed) TRY_STATUS(connection.run(sql::kHoldMail, now + hold, record.id));
        return claimed;
    });
}

Result<std::vector<MailRecord>> IntakeStore::claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) {
    return database_.writing([&](Connection& connection) -> Result<std::vector<MailRecord>> {
        std::vector<MailRecord> claimed;
        for (const MailId& id : ids) {
            TRY(auto free, read_mails(connection, sql::kPendingMail, now, id));
            if (free.empty()) continue;
            TRY_STATUS(connection.run(sql::kHoldMail, now + hold, id));
            claimed.push_back(std::move(free.front()));
        }
        std::ranges::stable_sort(claimed, {}, &MailRecord::received_at);
        return claimed;
    });
}

Result<int> IntakeStore::count_attempt(const MailId& id) {
    return database_.writing([&](Connection& connection) -> Result<int> {
        TRY(auto query, connection.query(sql::kCountAttempt, id));
        TRY(const bool is_there, query.step());
        if (!is_there) return std::unexpected(mail_unknown(id));
        const int attempts = static_cast<int>(query.integer(0));
        TRY_STATUS(query.run());
        return attempts;
    });
}

Status IntakeStore::conclude(const MailRecord& record) {
    check_conclusion(record);
    return database_.write([&](Connection& connection) -> Status {
        TRY(const auto kept, read_mail(connection, sql::kFindMail, record.id.value()));
        if (!kept) return std::unexpected(mail_unknown(record.id));
        if (kept->outcome != MailOutcome::pending) {
            if (is_same_outcome(*kept, record)) return {};
            return std::unexpected(outcome_known(record.id, kept->outcome));
        }
        return connection.run(sql::kConclude, to_string(record.outcome), record.reason, record.case_id, record.from, record.subject,
                              record.message_id, record.content_key, record.is_to_put_away, record.id);
    });
}

Result<std::optional<MailRecord>> IntakeStore::find(const MailId& id) {
    return database_.reading([&](Connection& connection) { return read_mail(connection, sql::kFindMail, id.value()); });
}

Result<std::optional<MailRecord>> IntakeStore::hold_content(const MailId& id, const std::string& content_key) {
    if (content_key.empty()) return std::nullopt;
    return database_.writing([&](Connection& connection) -> Result<std::optional<MailRecord>> {
        TRY(auto other, read_mail(connection, sql::kOtherByContent, content_key, id));
        const bool is_held = other && other->outcome == MailOutcome::pending;
        if (!is_held) TRY_STATUS(connection.run(sql::kHoldContent, content_key, id));
        return other;
    });
}

Result<std::vector<MailRecord>> IntakeStore::list(const ports::MailFilter& filter) {
    const std::string_view outcome = filter.outcome ? to_string(*filter.outcome) : std::string_view("");
    return database_.reading([&](Connection& connection) {
        if (filter.case_id) return read_mails(connection, sql::kListMailsOfCase, *filter.case_id, outcome, filter.limit);
        return read_mails(connection, sql::kListMails, outcome, filter.limit);
    });
}

Result<std::string> IntakeStore::load_blob(const std::string& hash) {
    TRY(std::string bytes, database_.reading([&](Connection& connection) -> Result<std::string> {
        TRY(auto query, connection.query(sql::kFindBlob, hash));
        TRY(const bool is_there, query.step());
        if (!is_there) return std::unexpected(blob_not_found(hash));
        return query.text(0);
    }));
    if (sha256_hex(bytes) != hash) return std::unexpected(blob_corrupt(hash));
    return bytes;
}

Result<std::string> IntakeStore::keep_blob(std::string_view bytes) {
    std::string hash = sha256_hex(bytes);
    TRY(const bool is_there,
        database_.reading([&](Connection& connection) { return has_row(connection, sql::kHasBlob, hash); }));
    if (!is_there) TRY_STATUS(database_.write([&](Connection& connection) { return put_blob(connection, hash, bytes); }));
    return hash;
}

}  // namespace resolute::storage::sqlite
