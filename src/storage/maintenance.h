// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/crm.h"

namespace resolute::storage {

/// What waits in the store, for the person on call.
struct Queue {
    std::map<std::string, std::int64_t> effects;  ///< open ones by status
    std::int64_t due = 0;                         ///< of them, could be claimed now
    std::optional<Instant> oldest_due;
};

/// A person's data must stay, whatever anybody asks, until a person releases it. The person's address is not in it.
struct Hold {
    std::string blind_name;  ///< engine/vault.h
    std::string why;
    std::string by;
    Instant since{};
    std::optional<Instant> released_at;
    std::string released_by;
};

struct Subject {
    std::string id;  ///< blind name and generation
    bool is_living = false;
    bool has_key = false;
};

/// What is to be emptied. Everything by the exact form in which the store keeps it.
struct ScrubOrder {
    std::vector<CaseId> cases;           ///< erased ones: the engine has said the last word on them
    std::vector<std::string> addresses;  ///< of senders, requesters and customers (see Maintenance::addresses)
    std::vector<CustomerId> customers;   ///< CRM records that go as a whole
    std::vector<CaseId> spared;          ///< opened since, under a new key: what belongs to these stays
    std::string pseudonym;               ///< instead of the customer in the refund ledger, whose amounts stay
    bool blanks_journals = false;        ///< also of format 2: where the key must live on for other cases of the person
};

/// What was emptied, in rows; the rows stay where something must be known for ever (a mail came, a ticket number was given).
struct Scrubbed {
    std::int64_t mails = 0;
    std::int64_t blobs = 0;
    std::int64_t tickets = 0;
    std::int64_t comments = 0;
    std::int64_t customers = 0;
    std::int64_t notifications = 0;
    std::int64_t journal_rows = 0;
    friend bool operator==(const Scrubbed&, const Scrubbed&) = default;
};

/// What an operator and a data protection officer need of a database, beside the work itself. Threads: any.
class Maintenance {
public:
    virtual ~Maintenance() = default;

    virtual Result<Queue> queue(Instant now) = 0;
    /// The number of the last migration.
    virtual Result<std::int64_t> schema() = 0;

    /// Every address that stands in plain text somewhere: senders of cases and mails, customers'. In the form in which it is kept.
    virtual Result<std::vector<std::string>> addresses() = 0;
    virtual Result<std::optional<ports::Customer>> find_customer(const CustomerId& id) = 0;
    /// Cases whose sender is one of the addresses (as kept) or whose key is one of these persons'. By id.
    virtual Result<std::vector<CaseId>> cases_of(const std::vector<std::string>& addresses, const std::vector<std::string>& blind_names) = 0;
    /// Tickets of these cases, as JSON objects of their columns' names; and mails whose sender is one of the addresses.
    virtual Result<std::vector<std::string>> tickets_of(const std::vector<CaseId>& cases) = 0;
    virtual Result<std::vector<MailId>> mails_of(const std::vector<CaseId>& cases, const std::vector<std::string>& addresses) = 0;
    virtual Result<std::vector<Subject>> subjects(const std::string& blind_name) = 0;
    /// The highest generation of each person that has a key.
    virtual Result<std::vector<std::string>> people_with_keys() = 0;

    /// In one transaction; again changes nothing more.
    virtual Result<Scrubbed> scrub(const ScrubOrder& order) = 0;
    /// Raw mails that came before, of closed cases or of none, and are still kept.
    virtual Result<std::vector<MailId>> old_mails(Instant before, std::size_t limit) = 0;
    /// Their raw bytes; what is in the lists stays.
    virtual Status drop_raw(const std::vector<MailId>& mails) = 0;
    /// What was deleted or overwritten is gone from the files too. Takes as long as writing the database once; needs as much room.
    virtual Status compact() = 0;
    /// A copy of all, as it is at one moment, while the work goes on. `store.no_backup`: this database is no file.
    virtual Status copy_to(const std::filesystem::path& file) = 0;
    /// Every blob whose bytes are not what its name says.
    virtual Result<std::vector<std::string>> broken_blobs() = 0;

    /// `care.held_already`
    virtual Status hold(const Hold& hold) = 0;
    /// `care.not_held`
    virtual Status release_hold(const std::string& blind_name, const std::string& by, Instant now) = 0;
    virtual Result<std::vector<Hold>> holds() = 0;  ///< also released ones, oldest first
};

}  // namespace resolute::storage
