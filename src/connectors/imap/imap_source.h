// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ports/mail_source.h"
#include "transport/imap_client.h"

namespace resolute::connectors {

/// What is done to a mail that is put away; both empty: nothing.
struct ImapPutAway {
    std::string flag;    ///< "\Seen", "$Resolute"
    std::string folder;  ///< where it is moved to, UTF-8; made where it is missing
    [[nodiscard]] bool does_nothing() const { return flag.empty() && folder.empty(); }
};

/// One folder of one IMAP account. It is opened read-only (EXAMINE) and read by BODY.PEEK[]: nothing there is ever changed, not
/// even \Seen, which is for people; but for what `put_away` is configured to do. What was taken in is remembered by the IntakeStore, and in memory so that one run lists it
/// once.
///
/// A position's uid is "UIDVALIDITY/UID". Where the server makes the folder anew, UIDVALIDITY changes: the old positions have
/// vanished, and all that is there is listed anew; the intake knows copies by their content.
///
/// A connection is opened when it is needed, and again when it broke; what was listed outlives it. Sizes and small mails are
/// fetched ahead, for over the internet each round trip is a tenth of a second.
///
/// Errors of all: `mail.unreachable`, `mail.tls`, `mail.login`, `mail.timed_out`, `imap.refused`, `imap.protocol`,
/// `imap.folder_missing`, `imap.no_body` (the server has the mail and does not hand it out), and what `login` fails with.
/// Threads: one.
class ImapSource final : public ports::MailSource {
public:
    struct Options {
        std::string account;  ///< in every position, "imap:support@acme.example"
        transport::MailServer server;
        std::function<Result<transport::MailLogin>()> login;  ///< asked at each connection, for tokens expire
        std::function<void()> login_was_refused = {};  ///< what it gave; for a token that must be fetched anew. May be empty
        std::string folder = "INBOX";                  ///< UTF-8
        std::optional<std::chrono::year_month_day> since = {};  ///< what came before, by the server's calendar, is not listed
        ImapPutAway done = {};
        ImapPutAway quarantined = {};
    };
    explicit ImapSource(Options options);

    [[nodiscard]] std::string name() const override { return options_.account + "/" + options_.folder; }
    Result<std::vector<mail::SourcePosition>> list(std::size_t limit) override;
    Result<mail::RawMail> fetch(const mail::SourcePosition& position) override;
    Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) override;
    Status done(const mail::SourcePosition& position) override;
    /// A mail in a folder never changes: RFC 9051 §2.3.1.1.
    [[nodiscard]] bool is_immutable() const override { return true; }
    /// By IDLE, so that a mail wakes it at once; where there is no connection, only `stop` does.
    void wait(Duration at_most, const Interrupt& stop) override;
    [[nodiscard]] mail::SourcePosition place() const override { return {.account = options_.account, .folder = options_.folder, .uid = {}}; }
    [[nodiscard]] bool puts_away(ports::PutAway how) const override { return !rule(how).does_nothing(); }
    /// The flag first, then MOVE, else COPY, \Deleted and UID EXPUNGE (`imap.cannot_move` where the server has neither MOVE nor
    /// UIDPLUS). Broken off between COPY and EXPUNGE it leaves a second copy in the other folder, never none.
    Status put_away(const std::vector<mail::SourcePosition>& positions, ports::PutAway how) override;
    Result<std::uint64_t> count_left_out() override;

private:
    struct Size {
        std::optional<std::uint64_t> bytes;  ///< nothing: the server has no such mail
    };
    struct Body {
        std::optional<Instant> received_at;
        std::string bytes;
    };

    Status connect();
    /// Runs it on a connection; once more on a new one where it was an old one that turned out to be dead.
    template <class Operation>
    auto on_connection(Operation operation) -> decltype(operation());
    Status refresh();
    Result<transport::ImapUid> uid_of(const mail::SourcePosition& position) const;
    [[nodiscard]] const ImapPutAway& rule(ports::PutAway how) const { return how == ports::PutAway::done ? options_.done : options_.quarantined; }
    Status put_away_now(const std::vector<transport::ImapUid>& uids, const ImapPutAway& rule);
    Status move(const std::vector<transport::ImapUid>& uids, const std::string& folder);
    Status ask_sizes(transport::ImapUid uid);
    Status fetch_from(transport::ImapUid uid);
    Result<mail::RawMail> fetch_now(const mail::SourcePosition& position);
    [[nodiscard]] std::vector<transport::ImapUid> choose_batch(transport::ImapUid uid) const;
    [[nodiscard]] mail::RawMail raw_mail(const mail::SourcePosition& position, Body body) const;
    std::unexpected<Error> explain_missing(const mail::SourcePosition& position, transport::ImapUid uid);
    std::unexpected<Error> vanished(const mail::SourcePosition& position);

    const Options options_;
    const std::string since_;  // As IMAP writes a day; empty: all.
    std::unique_ptr<transport::ImapClient> client_;  // Nothing: to be opened.
    std::uint32_t uid_validity_ = 0;                 // What all below belongs to; 0: never connected.
    transport::UidSet pending_;                      // Listed, and not done.
    transport::UidSet done_;
    std::set<transport::ImapUid> failed_;  // Could not be fetched: they come last, so that they hold up no other.
    transport::ImapUid next_ = 1;       // What is below was listed.
    std::optional<Deadline> list_all_;  // Nothing: at once.
    std::map<transport::ImapUid, Size> sizes_;
    std::map<transport::ImapUid, Body> ahead_;  // Fetched, and not asked for yet.
    std::size_t ahead_max_;  // Mails at once: fewer after a failure, so that one that breaks the server stands alone.
};

}  // namespace resolute::connectors
