// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

using ports::MailRecord;

Result<std::vector<MailRecord>> MailLedger::to_put_away(const std::string& account, const std::string& folder, std::size_t limit) {
    TRY(const Rows rows, database_.read(sql::kToPutAway, account, folder, limit));
    return each(rows, mail_of<Row>);
}

Status MailLedger::mark_put_away(const std::vector<MailId>& mails) {
    Column ids = Column::texts();
    for (const MailId& id : mails) ids.add(id);
    TRY(const Rows done, database_.write(sql::kPutAway, ids));
    static_cast<void>(done);
    return {};
}

Status MailLedger::reopen(const MailId& id, const std::string& by, Instant at, Duration hold) {
    TRY(const auto answers,
        database_.write_all({Statement(sql::kReopen, id, by, at, at + hold), Statement(sql::kFindMail, id)}));
    if (answers[0].changes() > 0) return {};
    if (answers[1].is_empty()) return std::unexpected(mail_unknown(id));
    TRY(const MailRecord mail, mail_of(answers[1].front()));
    return std::unexpected(not_reopened(id, mail.outcome));
}

Result<std::vector<ports::Reopening>> MailLedger::reopenings(const MailId& mail) {
    TRY(const Rows rows, database_.read(sql::kReopenings, mail));
    return each(rows, reopening_of<Row>(mail));
}

Result<std::vector<Instant>> MailLedger::arrivals(const std::string& account, Instant since) {
    TRY(const Rows rows, database_.read(sql::kArrivals, since, account));
    return each(rows, [](const Row& row) -> Result<Instant> { return row.instant(0); });
}

Status MailLedger::put_note(const std::string& topic, const std::string& text) {
    TRY(const Rows done, database_.write(sql::kPutNote, topic, text));
    static_cast<void>(done);
    return {};
}

Result<std::map<std::string, std::string>> MailLedger::notes(const std::string& topic_prefix) {
    TRY(const Rows rows, database_.read(sql::kNotes, topic_prefix));
    std::map<std::string, std::string> all;
    for (const Row row : rows) all.emplace(row.text(0), row.text(1));
    return all;
}

}  // namespace resolute::storage::postgres
