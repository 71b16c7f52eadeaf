// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "connectors/imap/imap_source.h"
#include "connectors/oauth/access_tokens.h"
#include "ports/language_model.h"
#include "ports/automatic_mail_ledger.h"
#include "transport/mail_stream.h"

namespace resolute::app {

/// A mail server, and what lets us in: a password, or OAuth; neither where the server asks for nothing.
struct MailAccess {
    transport::MailServer server;
    std::string user;
    std::filesystem::path password_file;
    std::optional<connectors::OAuthClient> oauth;
};
struct ImapIntake {
    MailAccess access;
    std::vector<std::string> folders;  ///< at least one
    std::optional<std::chrono::year_month_day> since;  ///< what came before, by the server's calendar, is not taken in
    connectors::ImapPutAway done;                      ///< what is shown there of a mail that became a case, belongs to one, or is ignored
    connectors::ImapPutAway quarantined;
    /// In the positions of its mails: a change makes all of them new. The port where it is none of the two that everybody uses.
    [[nodiscard]] std::string account() const;
};
struct SmtpOutgoing {
    MailAccess access;
    std::size_t mails_a_minute = 0;          ///< 0: no limit
    std::string sent_folder;                 ///< where the server keeps what it sent; empty: nobody can tell afterwards
    std::optional<MailAccess> sent_mailbox;  ///< the mailbox that this folder is in
};
/// A mailbox of Gmail, by its API.
struct GmailAccess {
    std::string user;  ///< its address
    connectors::OAuthClient oauth;
    std::string base_url;  ///< without a slash at the end
    std::filesystem::path ca_file;
    std::size_t units_a_minute = 6'000;  ///< what this mailbox may ask for, as Google counts
};
struct GmailIntake {
    GmailAccess access;
    std::vector<std::string> labels;  ///< at least one
    Duration poll_every{};
    /// In the positions of its mails: a change makes all of them new.
    [[nodiscard]] std::string account() const { return "gmail:" + access.user; }
};
/// A mailbox of Microsoft 365, by Microsoft Graph.
struct GraphAccess {
    std::string user;  ///< its address
    connectors::OAuthClient oauth;
    std::string base_url;  ///< without a slash at the end
    std::filesystem::path ca_file;
};
struct GraphIntake {
    GraphAccess access;
    std::vector<std::string> folders;  ///< at least one
    Duration poll_every{};
    /// In the positions of its mails: a change makes all of them new.
    [[nodiscard]] std::string account() const { return "graph:" + access.user; }
};

/// resolute.yaml, read and checked. Paths are absolute: in the file they are relative to it.
struct Config {
    std::filesystem::path file;  ///< empty: made by the program
    ports::Voice voice;
    ExchangeRates rates;
    std::filesystem::path data = "state";
    std::filesystem::path procedure;
    std::vector<std::filesystem::path> intake;  ///< Maildirs, or folders of .eml files
    std::vector<ImapIntake> imap;
    std::vector<GmailIntake> gmail;
    std::vector<GraphIntake> graph;
    std::string authserv_id;
    Duration inventory_every = std::chrono::hours(24);  ///< how often the mailboxes are counted; zero: only by hand
    ports::MailCaps mail_caps;                  ///< of mails that no person wrote
    Duration answer_within = std::chrono::hours(72);  ///< older mail is read by a person
    std::filesystem::path outgoing;             ///< a Maildir; empty where there is another way out
    std::optional<SmtpOutgoing> smtp;
    std::optional<GmailAccess> gmail_outgoing;
    std::optional<GraphAccess> graph_outgoing;
    /// Mails come from, or go to, more than folders of this machine.
    [[nodiscard]] bool has_mail_servers() const { return smtp || gmail_outgoing || graph_outgoing || !imap.empty() || !gmail.empty() || !graph.empty(); }
    bool reply_tokens = false;                  ///< answers go to support+…@: the mailbox takes such addresses
    std::filesystem::path customers;            ///< imported at each start (upsert by id); may be empty
    std::filesystem::path agents;               ///< may be empty
    std::vector<std::filesystem::path> knowledge;
    std::string knowledge_base_url;
    std::filesystem::path archive;              ///< may be empty: cases are not archived
    std::size_t workers = 8;                    ///< threads that run effects
    std::string worker_name;                    ///< of this program among those that share a database; the same after a restart
    int journal_format = 2;                     ///< 1 only while programs of the version before work on the same database
    std::string postgres;                       ///< a connection URL without a password; empty: SQLite in `data`
    bool accept_volatile = false;               ///< for tests: a PostgreSQL that may lose what it said it kept
    std::filesystem::path postgres_password;    ///< a file; may be empty (then libpq's own ways: PGPASSFILE, a service file)
    Duration lease = std::chrono::seconds(15);  ///< how long a silent worker keeps what it holds, in a shared database
    std::filesystem::path master_key;           ///< what is personal is sealed under it; outside the database. Empty: see below
    std::filesystem::path anchor;               ///< how far this worker had written; outside the database. Empty: see below

    [[nodiscard]] std::filesystem::path master_key_file() const { return master_key.empty() ? data / "master.key" : master_key; }
    /// Beside the anchor: a restore of the database must not reach it.
    [[nodiscard]] std::filesystem::path erasure_log_file() const { return anchor_file().parent_path() / "erasures.jsonl"; }
    [[nodiscard]] std::filesystem::path anchor_file() const { return anchor.empty() ? data / "anchor.json" : anchor; }
    std::optional<Duration> keep_mail;          ///< raw mails of closed cases, or of none; nothing: for ever
    std::optional<Duration> keep_closed_cases;  ///< then they are erased; nothing: for ever
    std::string listen;                         ///< "127.0.0.1:8080"; empty: no HTTP port, the Unix socket only
};

/// Strict: unknown keys are refused with file, line, column and "did you mean". `config.not_found`, `config.syntax`,
/// `config.unknown_key`, `config.missing`, `config.bad_value`.
Result<Config> read_config(const std::filesystem::path& file);

/// The commented file that `resolute init` writes.
std::string example_config();

}  // namespace resolute::app
