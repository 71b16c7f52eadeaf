// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "base/hash.h"
#include "base/invariant.h"
#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

using ports::MailOutcome;
using ports::MailRecord;

namespace {

Result<std::optional<MailRecord>> first_mail(const Rows& rows) {
    if (rows.is_empty()) return std::nullopt;
    TRY(MailRecord record, mail_of(rows.front()));
    return record;
}

std::set<std::string> ids_of(const Rows& rows) {
    std::set<std::string> ids;
    for (const Row row : rows) ids.insert(row.text(0));
    return ids;
}

}  // namespace

Result<std::vector<bool>> IntakeStore::keep(const std::vector<mail::RawMail>& mails, const std::vector<std::uint64_t>& original_sizes) {
    INVARIANT(mails.size() == original_sizes.size(), "each mail comes with its size");
    std::vector<std::string> ids;
    Column all_ids = Column::texts();
    for (const mail::RawMail& mail : mails) all_ids.add(std::string_view(ids.emplace_back(mail::id_of(mail).value())));
    // What is known needs no bytes on the way: an inventory of a mailbox asks for all of it again.
    TRY(const Rows known, database_.read(sql::kKnownMails, all_ids));
    std::set<std::string> seen = ids_of(known);
    Column hashes = Column::texts(), bytes = Column::bytes();
    Column new_ids = Column::texts(), accounts = Column::texts(), folders = Column::texts(), uids = Column::texts();
    Column received = Column::numbers(), sizes = Column::numbers(), blobs = Column::texts(), truncated = Column::numbers();
    for (std::size_t i = 0; i < mails.size(); ++i) {
        if (!seen.insert(ids[i]).second) continue;
        const mail::RawMail& mail = mails[i];
        const std::string hash = sha256_hex(mail.bytes);
        hashes.add(std::string_view(hash));
        bytes.add(std::string_view(mail.bytes));
        new_ids.add(std::string_view(ids[i]));
        accounts.add(std::string_view(mail.position.account));
        folders.add(std::string_view(mail.position.folder));
        uids.add(std::string_view(mail.position.uid));
        received.add(mail.received_at);
        sizes.add(original_sizes[i]);
        blobs.add(std::string_view(hash));
        truncated.add(original_sizes[i] > mail.bytes.size() ? 1 : 0);
    }
    std::set<std::string> kept;
    if (!new_ids.is_empty()) {
        TRY(const auto answers, database_.write_all({Statement(sql::kInsertBlobs, hashes, bytes),
                                                     Statement(sql::kInsertMails, new_ids, accounts, folders, uids, received, sizes, blobs,
                                                               truncated)}));
        kept = ids_of(answers[1]);
    }
    std::vector<bool> is_new;
    for (const std::string& id : ids) is_new.push_back(kept.erase(id) > 0);
    return is_new;
}

Result<std::vector<bool>> IntakeStore::are_kept(const std::vector<mail::SourcePosition>& positions) {
    Column accounts = Column::texts(), folders = Column::texts(), uids = Column::texts();
    for (const mail::SourcePosition& position : positions) {
        accounts.add(std::string_view(position.account));
        folders.add(std::string_view(position.folder));
        uids.add(std::string_view(position.uid));
    }
    TRY(const Rows rows, database_.read(sql::kKeptPositions, accounts, folders, uids));
    std::vector<bool> are_kept(positions.size());
    for (const Row row : rows) are_kept.at(row.count(0) - 1) = true;
    return are_kept;
}

Result<std::vector<MailRecord>> IntakeStore::claim_pending(Instant now, std::size_t limit, Duration hold) {
    TRY(const Rows rows, database_.write(sql::kClaimMails, now, limit, now + hold));
    return each(rows, mail_of<Row>);
}

Result<std::vector<MailRecord>> IntakeStore::claim_mails(const std::vector<MailId>& ids, Instant now, Duration hold) {
    Column wanted = Column::texts();
    for (const MailId& id : ids) wanted.add(id);
    TRY(const Rows rows, database_.write(sql::kClaimTheseMails, now, wanted, now + hold));
    return each(rows, mail_of<Row>);
}

Result<int> IntakeStore::count_attempt(const MailId& id) {
    TRY(const Rows rows, database_.write(sql::kCountAttempt, id));
    if (rows.is_empty()) return std::unexpected(mail_unknown(id));
    return static_cast<int>(rows.front().integer(0));
}

Status IntakeStore::conclude(const MailRecord& record) {
    check_conclusion(record);
    TRY(const auto answers,
        database_.write_all({Statement(sql::kConclude, record.id, to_string(record.outcome), record.reason, record.case_id, record.from,
                                       record.subject, record.message_id, record.content_key, record.is_to_put_away),
                             Statement(sql::kFindMail, record.id)}));
    if (answers[0].changes() > 0) return {};
    TRY(const auto known, first_mail(answers[1]));
    if (!known) return std::unexpected(mail_unknown(record.id));
    if (!is_same_outcome(*known, record)) return std::unexpected(outcome_known(record.id, known->outcome));
    return {};
}

Result<std::optional<MailRecord>> IntakeStore::find(const MailId& id) {
    TRY(const Rows rows, database_.read(sql::kFindMail, id));
    return first_mail(rows);
}

Result<std::optional<MailRecord>> IntakeStore::hold_content(const MailId& id, const std::string& content_key) {
    if (content_key.empty()) return std::nullopt;
    TRY(const auto answers, database_.write_all({Statement(sql::kLockContent, content_key), Statement(sql::kHoldContent, id, content_key),
                                                 Statement(sql::kOtherByContent, id, content_key)}));
    return first_mail(answers[2]);
}

Result<std::vector<MailRecord>> IntakeStore::list(const ports::MailFilter& filter) {
    const std::string_view outcome = filter.outcome ? to_string(*filter.outcome) : std::string_view("");
    TRY(const Rows rows, filter.case_id ? database_.read(sql::kListMailsOfCase, *filter.case_id, outcome, filter.limit)
                                        : database_.read(sql::kListMails, outcome, filter.limit));
    return each(rows, mail_of<Row>);
}

Result<std::string> IntakeStore::load_blob(const std::string& hash) {
    TRY(const Rows rows, database_.read(sql::kFindBlob, hash));
    if (rows.is_empty()) return std::unexpected(blob_not_found(hash));
    std::string bytes = rows.front().text(0);
    if (sha256_hex(bytes) != hash) return std::unexpected(blob_corrupt(hash));
    return bytes;
}

Result<std::string> IntakeStore::keep_blob(std::string_view bytes) {
    std::string hash = sha256_hex(bytes);
    TRY(const Rows known, database_.read(sql::kHasBlob, hash));
    if (!known.is_empty()) return hash;
    Column hashes = Column::texts(), contents = Column::bytes();
    hashes.add(std::string_view(hash));
    contents.add(bytes);
    TRY(const Rows made, database_.write(sql::kInsertBlobs, hashes, contents));
    static_cast<void>(made);
    return hash;
}

}  // namespace resolute::storage::postgres
