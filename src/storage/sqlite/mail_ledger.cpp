// SPDX-License-Identifier: Apache-2.0
#include "storage/records.h"
#include "storage/rules.h"
#include "storage/sqlite/queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

using ports::MailOutcome;
using ports::MailRecord;

namespace {

/// What `make` makes of each row.
template <class Make, class... Values>
auto each_row(Connection& connection, const Make& make, const char* sql, const Values&... values)
    -> Result<std::vector<typename std::invoke_result_t<Make, const Query&>::value_type>> {
    TRY(auto query, connection.query(sql, values...));
    std::vector<typename std::invoke_result_t<Make, const Query&>::value_type> all;
    while (true) {
        TRY(const bool is_row, query.step());
        if (!is_row) return all;
        TRY(auto one, make(query));
        all.push_back(std::move(one));
    }
}

}  // namespace

Result<std::vector<MailRecord>> MailLedger::to_put_away(const std::string& account, const std::string& folder, std::size_t limit) {
    return database_.reading(
        [&](Connection& connection) { return each_row(connection, mail_of<Query>, sql::kToPutAway, account, folder, limit); });
}

Status MailLedger::mark_put_away(const std::vector<MailId>& mails) {
    return database_.write([&](Connection& connection) -> Status {
        for (const MailId& id : mails) TRY_STATUS(connection.run(sql::kPutAway, id));
        return {};
    });
}

Status MailLedger::reopen(const MailId& id, const std::string& by, Instant at, Duration hold) {
    return database_.write([&](Connection& connection) -> Status {
        TRY(const auto found, each_row(connection, mail_of<Query>, sql::kFindMail, id.value()));
        if (found.empty()) return std::unexpected(mail_unknown(id));
        const MailRecord& mail = found.front();
        if (mail.outcome != MailOutcome::quarantined && mail.outcome != MailOutcome::ignored)
            return std::unexpected(not_reopened(id, mail.outcome));
        TRY_STATUS(connection.run(sql::kInsertReopening, id, at, by, to_string(mail.outcome), code_of_reason(mail.reason)));
        return connection.run(sql::kReopen, at + hold, id);
    });
}

Result<std::vector<ports::Reopening>> MailLedger::reopenings(const MailId& mail) {
    return database_.reading(
        [&](Connection& connection) { return each_row(connection, reopening_of<Query>(mail), sql::kReopenings, mail); });
}

Result<std::vector<Instant>> MailLedger::arrivals(const std::string& account, Instant since) {
    const auto moment = [](const Query& row) -> Result<Instant> { return row.instant(0); };
    return database_.reading([&](Connection& connection) { return each_row(connection, moment, sql::kArrivals, since, account); });
}

Status MailLedger::put_note(const std::string& topic, const std::string& text) {
    return database_.write([&](Connection& connection) { return connection.run(sql::kPutNote, topic, text); });
}

Result<std::map<std::string, std::string>> MailLedger::notes(const std::string& topic_prefix) {
    const auto pair = [](const Query& row) -> Result<std::pair<std::string, std::string>> { return std::pair(row.text(0), row.text(1)); };
    TRY(auto all, database_.reading([&](Connection& connection) { return each_row(connection, pair, sql::kNotes, topic_prefix); }));
    return std::map<std::string, std::string>(std::make_move_iterator(all.begin()), std::make_move_iterator(all.end()));
}

}  // namespace resolute::storage::sqlite
