// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/hash.h"
#include "json/json.h"
#include "storage/encoding.h"
#include "storage/rules.h"
#include "storage/sqlite/maintenance_queries.h"
#include "storage/sqlite/stores.h"

namespace resolute::storage::sqlite {

namespace {

/// A list as one value: `IN (SELECT value FROM json_each(?))`.
template <class T>
std::string list_of(const std::vector<T>& values) {
    json::Array all;
    for (const T& value : values) {
        if constexpr (std::is_same_v<T, std::string>)
            all.emplace_back(value);
        else
            all.emplace_back(value.value());
    }
    return json::dump(std::move(all));
}

template <class F, class... Values>
auto each(Connection& connection, F make, const char* sql, const Values&... values)
    -> Result<std::vector<std::invoke_result_t<F, const Query&>>> {
    TRY(auto query, connection.query(sql, values...));
    std::vector<std::invoke_result_t<F, const Query&>> found;
    while (true) {
        TRY(const bool has_row, query.step());
        if (!has_row) return found;
        found.push_back(make(query));
    }
}

std::string first_text(const Query& row) { return row.text(0); }

Result<std::int64_t> number(Connection& connection, const char* sql) {
    TRY(auto query, connection.query(sql));
    TRY_STATUS(query.expect_row());
    return query.integer(0);
}

/// Runs it, and tells how many rows it changed.
template <class... Values>
Result<std::int64_t> change(Connection& connection, const char* sql, const Values&... values) {
    TRY_STATUS(connection.run(sql, values...));
    return connection.changes();
}

Status drop_unused_blobs(Connection& connection, const std::vector<std::string>& hashes, Scrubbed& done) {
    for (const std::string& hash : hashes) {
        TRY(const std::int64_t gone, change(connection, sql::kDropUnusedBlob, hash));
        done.blobs += gone;
    }
    return {};
}

/// The mails name the empty blob from then on, which a foreign key wants to be there.
Result<std::vector<std::string>> let_go_of_blobs(Connection& connection, const std::string& mails) {
    TRY_STATUS(connection.run(sql::kKeepNoBlob, kNoBlob));
    TRY(auto hashes, each(connection, first_text, sql::kBlobsOfMails, mails, kNoBlob));
    TRY_STATUS(connection.run(sql::kLetGoOfBlobs, mails, kNoBlob));
    return hashes;
}

Status scrub_mails(Connection& connection, const std::string& cases, const std::string& addresses, const std::string& spared, Scrubbed& done) {
    TRY(const auto ids, each(connection, first_text, sql::kMailsOf, cases, addresses, spared));
    TRY(const auto hashes, let_go_of_blobs(connection, list_of(ids)));
    TRY(done.mails, change(connection, sql::kScrubMails, list_of(ids)));
    return drop_unused_blobs(connection, hashes, done);
}

Status scrub_desk(Connection& connection, const std::string& cases, const std::string& addresses, const std::string& customers,
                  const std::string& spared, Scrubbed& done) {
    TRY(done.comments, change(connection, sql::kScrubComments, cases, addresses, customers, spared));
    TRY(done.tickets, change(connection, sql::kScrubTickets, cases, addresses, customers, spared));
    TRY_STATUS(connection.run(sql::kDropInteractions, cases, customers));
    TRY_STATUS(connection.run(sql::kDropEmails, customers));
    TRY(done.customers, change(connection, sql::kDropCustomers, customers));
    TRY_STATUS(connection.run(sql::kScrubDeals, cases, addresses, customers));
    TRY(done.notifications, change(connection, sql::kScrubNotifications, cases));
    return {};
}

Status scrub_cases(Connection& connection, const std::string& cases, const ScrubOrder& order, Scrubbed& done) {
    TRY_STATUS(connection.run(sql::kDropSnapshots, cases));
    TRY_STATUS(connection.run(sql::kDropEffects, cases));
    TRY_STATUS(connection.run(sql::kDropMessageIds, cases));
    TRY_STATUS(connection.run(sql::kScrubClaims, cases, order.pseudonym));
    TRY(const std::int64_t before, change(connection, sql::kBlankEvents, cases));
    TRY(const std::int64_t rows, change(connection, sql::kBlankJournal, cases, order.blanks_journals));
    done.journal_rows = before + rows;
    return {};
}

}  // namespace

Result<Queue> Maintenance::queue(Instant now) {
    return database_.reading([&](Connection& connection) -> Result<Queue> {
        Queue queue;
        TRY(auto counts, connection.query(sql::kOpenEffects));
        while (true) {
            TRY(const bool has_row, counts.step());
            if (!has_row) break;
            queue.effects[counts.text(0)] = counts.integer(1);
        }
        TRY(auto due, connection.query(sql::kDue, now));
        TRY_STATUS(due.expect_row());
        queue.due = due.integer(0);
        queue.oldest_due = due.optional_instant(1);
        return queue;
    });
}

Result<std::int64_t> Maintenance::schema() {
    return database_.reading([](Connection& connection) { return number(connection, sql::kSchema); });
}

Result<std::vector<std::string>> Maintenance::addresses() {
    return database_.reading([](Connection& connection) { return each(connection, first_text, sql::kAddresses); });
}

Result<std::optional<ports::Customer>> Maintenance::find_customer(const CustomerId& id) {
    return database_.reading([&](Connection& connection) -> Result<std::optional<ports::Customer>> {
        TRY(auto query, connection.query(sql::kCustomerById, id));
        TRY(const bool is_there, query.step());
        if (!is_there) return std::nullopt;
        TRY(ports::Customer customer, decode_customer(query.text(0)));
        return std::optional(std::move(customer));
    });
}

Result<std::vector<CaseId>> Maintenance::cases_of(const std::vector<std::string>& addresses, const std::vector<std::string>& blind_names) {
    return database_.reading([&](Connection& connection) {
        return each(connection, [](const Query& row) { return CaseId(row.text(0)); }, sql::kCasesOf, list_of(addresses), list_of(blind_names));
    });
}

Result<std::vector<std::string>> Maintenance::tickets_of(const std::vector<CaseId>& cases) {
    return database_.reading([&](Connection& connection) { return each(connection, first_text, sql::kTicketsOf, list_of(cases)); });
}

Result<std::vector<MailId>> Maintenance::mails_of(const std::vector<CaseId>& cases, const std::vector<std::string>& addresses) {
    return database_.reading([&](Connection& connection) {
        return each(connection, [](const Query& row) { return MailId(row.text(0)); }, sql::kMailsOf, list_of(cases), list_of(addresses), "[]");
    });
}

Result<std::vector<Subject>> Maintenance::subjects(const std::string& blind_name) {
    const auto make = [&](const Query& row) {
        return Subject{.id = subject_id(blind_name, row.integer(0)), .is_living = row.integer(1) != 0, .has_key = row.integer(2) != 0};
    };
    return database_.reading([&](Connection& connection) { return each(connection, make, sql::kSubjects, blind_name); });
}

Result<std::vector<std::string>> Maintenance::people_with_keys() {
    return database_.reading([](Connection& connection) { return each(connection, first_text, sql::kPeopleWithKeys); });
}

Result<Scrubbed> Maintenance::scrub(const ScrubOrder& order) {
    const std::string cases = list_of(order.cases);
    const std::string addresses = list_of(order.addresses);
    const std::string customers = list_of(order.customers);
    const std::string spared = list_of(order.spared);
    return database_.writing([&](Connection& connection) -> Result<Scrubbed> {
        Scrubbed done;
        TRY_STATUS(scrub_mails(connection, cases, addresses, spared, done));
        TRY_STATUS(scrub_desk(connection, cases, addresses, customers, spared, done));
        TRY_STATUS(scrub_cases(connection, cases, order, done));
        return done;
    });
}

Result<std::vector<MailId>> Maintenance::old_mails(Instant before, std::size_t limit) {
    return database_.reading([&](Connection& connection) {
        return each(connection, [](const Query& row) { return MailId(row.text(0)); }, sql::kOldMails, before, kNoBlob, limit);
    });
}

Status Maintenance::drop_raw(const std::vector<MailId>& mails) {
    return database_.write([&](Connection& connection) -> Status {
        Scrubbed done;
        TRY(const auto hashes, let_go_of_blobs(connection, list_of(mails)));
        return drop_unused_blobs(connection, hashes, done);
    });
}

Status Maintenance::compact() {
    return database_.alone([](Connection& connection) -> Status {
        // In a file, since the database may be larger than the memory; what was deleted is not in it.
        TRY_STATUS(connection.execute("PRAGMA temp_store = FILE"));
        Status done = connection.execute("VACUUM");
        if (done) done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        TRY_STATUS(connection.execute("PRAGMA temp_store = MEMORY"));
        return done;
    });
}

Status Maintenance::copy_to(const std::filesystem::path& file) {
    // Made for its owner alone before anything is in it.
    const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (made < 0) return fail("file.unwritable", ErrorKind::unavailable, fmt::format("{} cannot be made, or is there already", file.string()));
    ::close(made);
    return database_.copy_to(file);
}

Result<std::vector<std::string>> Maintenance::broken_blobs() {
    return database_.reading([](Connection& connection) -> Result<std::vector<std::string>> {
        TRY(auto query, connection.query(sql::kAllBlobs));
        std::vector<std::string> broken;
        while (true) {
            TRY(const bool has_row, query.step());
            if (!has_row) return broken;
            if (sha256_hex(query.text(1)) != query.text(0)) broken.push_back(query.text(0));
        }
    });
}

Status Maintenance::hold(const Hold& hold) {
    return database_.write([&](Connection& connection) -> Status {
        TRY(const std::int64_t made, change(connection, sql::kInsertHold, hold.blind_name, hold.why, hold.by, hold.since));
        if (made == 0) return std::unexpected(held_already());
        return {};
    });
}

Status Maintenance::release_hold(const std::string& blind_name, const std::string& by, Instant now) {
    return database_.write([&](Connection& connection) -> Status {
        TRY(const std::int64_t ended, change(connection, sql::kReleaseHold, now, by, blind_name));
        if (ended == 0) return std::unexpected(not_held());
        return {};
    });
}

Result<std::vector<Hold>> Maintenance::holds() {
    const auto make = [](const Query& row) {
        return Hold{.blind_name = row.text(0), .why = row.text(1), .by = row.text(2), .since = row.instant(3),
                    .released_at = row.optional_instant(4), .released_by = row.text(5)};
    };
    return database_.reading([&](Connection& connection) { return each(connection, make, sql::kHolds); });
}

}  // namespace resolute::storage::sqlite
