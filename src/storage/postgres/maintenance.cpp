// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/maintenance_queries.h"
#include "storage/postgres/records.h"
#include "storage/postgres/stores.h"
#include "storage/rules.h"

namespace resolute::storage::postgres {

namespace {

constexpr Duration kCompactWithin = std::chrono::hours(2);

template <class T>
Column list_of(const std::vector<T>& values) {
    Column all = Column::texts();
    for (const T& value : values) {
        if constexpr (std::is_same_v<T, std::string>)
            all.add(std::string_view(value));
        else
            all.add(value);
    }
    return all;
}

Result<std::string> first_text(const Row& row) { return row.text(0); }
Result<CaseId> case_of(const Row& row) { return CaseId(row.text(0)); }
Result<MailId> mail_id_of(const Row& row) { return MailId(row.text(0)); }

}  // namespace

Result<Queue> Maintenance::queue(Instant now) {
    TRY(const auto answers, database_.read_all({Statement(sql::kOpenEffects), Statement(sql::kDue, now)}));
    Queue queue;
    for (const Row row : answers[0]) queue.effects[row.text(0)] = row.integer(1);
    queue.due = answers[1].front().integer(0);
    queue.oldest_due = answers[1].front().optional_instant(1);
    return queue;
}

Result<std::int64_t> Maintenance::schema() {
    TRY(const Rows rows, database_.read(sql::kSchema));
    return rows.front().integer(0);
}

Result<std::vector<std::string>> Maintenance::addresses() {
    TRY(const Rows rows, database_.read(sql::kAddresses));
    return each(rows, first_text);
}

Result<std::optional<ports::Customer>> Maintenance::find_customer(const CustomerId& id) {
    TRY(const Rows rows, database_.read(sql::kCustomerById, id));
    if (rows.is_empty()) return std::nullopt;
    TRY(ports::Customer customer, decode_customer(rows.front().text(0)));
    return std::optional(std::move(customer));
}

Result<std::vector<CaseId>> Maintenance::cases_of(const std::vector<std::string>& addresses, const std::vector<std::string>& blind_names) {
    TRY(const Rows rows, database_.read(sql::kCasesOf, list_of(addresses), list_of(blind_names)));
    return each(rows, case_of);
}

Result<std::vector<std::string>> Maintenance::tickets_of(const std::vector<CaseId>& cases) {
    TRY(const Rows rows, database_.read(sql::kTicketsOf, list_of(cases)));
    return each(rows, first_text);
}

Result<std::vector<MailId>> Maintenance::mails_of(const std::vector<CaseId>& cases, const std::vector<std::string>& addresses) {
    TRY(const Rows rows, database_.read(sql::kMailsOf, list_of(cases), list_of(addresses), Column::texts()));
    return each(rows, mail_id_of);
}

Result<std::vector<Subject>> Maintenance::subjects(const std::string& blind_name) {
    TRY(const Rows rows, database_.read(sql::kSubjects, blind_name));
    return each(rows, [&](const Row& row) -> Result<Subject> {
        return Subject{.id = subject_id(blind_name, row.integer(0)), .is_living = row.boolean(1), .has_key = row.boolean(2)};
    });
}

Result<std::vector<std::string>> Maintenance::people_with_keys() {
    TRY(const Rows rows, database_.read(sql::kPeopleWithKeys));
    return each(rows, first_text);
}

Result<Scrubbed> Maintenance::scrub(const ScrubOrder& order) {
    const Column cases = list_of(order.cases);
    const Column addresses = list_of(order.addresses);
    const Column customers = list_of(order.customers);
    const Column spared = list_of(order.spared);
    TRY(Transaction transaction, told(Transaction::begin(database_)));
    TRY(const auto looked, told(transaction.run({Statement(sql::kLockBlobs), Statement(sql::kKeepNoBlob, kNoBlob),
                                                 Statement(sql::kBlobsOfMails, cases, addresses, spared, kNoBlob)})));
    TRY(const auto hashes, each(looked[2], first_text));
    TRY(const auto done,
        told(transaction.commit({Statement(sql::kScrubMails, cases, addresses, spared, kNoBlob),
                                 Statement(sql::kDropUnusedBlobs, list_of(hashes)),
                                 Statement(sql::kScrubComments, cases, addresses, customers, spared),
                                 Statement(sql::kScrubTickets, cases, addresses, customers, spared),
                                 Statement(sql::kDropInteractions, cases, customers),
                                 Statement(sql::kDropEmails, customers),
                                 Statement(sql::kDropCustomers, customers),
                                 Statement(sql::kScrubDeals, cases, addresses, customers),
                                 Statement(sql::kScrubNotifications, cases),
                                 Statement(sql::kDropSnapshots, cases),
                                 Statement(sql::kDropEffects, cases),
                                 Statement(sql::kDropMessageIds, cases),
                                 Statement(sql::kScrubClaims, cases, order.pseudonym),
                                 Statement(sql::kBlankJournal, cases, order.blanks_journals)})));
    return Scrubbed{.mails = done[0].changes(),
                    .blobs = done[1].changes(),
                    .tickets = done[3].changes(),
                    .comments = done[2].changes(),
                    .customers = done[6].changes(),
                    .notifications = done[8].changes(),
                    .journal_rows = done[13].changes()};
}

Result<std::vector<MailId>> Maintenance::old_mails(Instant before, std::size_t limit) {
    TRY(const Rows rows, database_.read(sql::kOldMails, before, kNoBlob, limit));
    return each(rows, mail_id_of);
}

Status Maintenance::drop_raw(const std::vector<MailId>& mails) {
    const Column ids = list_of(mails);
    TRY(Transaction transaction, told(Transaction::begin(database_)));
    TRY(const auto looked, told(transaction.run({Statement(sql::kLockBlobs), Statement(sql::kKeepNoBlob, kNoBlob),
                                                 Statement(sql::kBlobsOfMailIds, ids, kNoBlob)})));
    TRY(const auto hashes, each(looked[2], first_text));
    TRY_STATUS(told(transaction.commit({Statement(sql::kLetGoOfBlobs, ids, kNoBlob), Statement(sql::kDropUnusedBlobs, list_of(hashes))})));
    return {};
}

Status Maintenance::compact() {
    TRY_STATUS(database_.alone(sql::kCompact, kCompactWithin));
    return database_.alone(sql::kCompactJournal, kCompactWithin);
}

Status Maintenance::copy_to(const std::filesystem::path&) {
    return fail("store.no_backup", ErrorKind::refused, "this database is no file: dump.h has its copy, as a stream");
}

Result<std::vector<std::string>> Maintenance::broken_blobs() {
    TRY(const Rows rows, database_.read(sql::kBrokenBlobs));
    return each(rows, first_text);
}

Status Maintenance::hold(const Hold& hold) {
    TRY(const Rows made, database_.write(sql::kInsertHold, hold.blind_name, hold.why, hold.by, hold.since));
    if (made.changes() == 0) return std::unexpected(held_already());
    return {};
}

Status Maintenance::release_hold(const std::string& blind_name, const std::string& by, Instant now) {
    TRY(const Rows ended, database_.write(sql::kReleaseHold, now, by, blind_name));
    if (ended.changes() == 0) return std::unexpected(not_held());
    return {};
}

Result<std::vector<Hold>> Maintenance::holds() {
    TRY(const Rows rows, database_.read(sql::kHolds));
    return each(rows, [](const Row& row) -> Result<Hold> {
        return Hold{.blind_name = row.text(0), .why = row.text(1), .by = row.text(2), .since = row.instant(3),
                    .released_at = row.optional_instant(4), .released_by = row.text(5)};
    });
}

}  // namespace resolute::storage::postgres
