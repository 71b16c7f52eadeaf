// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "connectors/gmail/gmail_client.h"
#include "connectors/graph/graph_client.h"
#include "connectors/imap/imap_source.h"
#include "connectors/imap/sent_folder.h"
#include "connectors/maildir/maildir_source.h"
#include "ports/intake_store.h"
#include "ports/mail_sender.h"

namespace resolute::app {

/// Signs in to one mail server: reads the password's file anew each time, so that a changed one counts at once, or asks for a token.
/// Threads: any.
class MailSignIn {
public:
    /// `tokens` where the access is by OAuth.
    MailSignIn(const MailAccess& access, std::shared_ptr<connectors::AccessTokens> tokens);
    Result<transport::MailLogin> login(Deadline deadline);
    /// The server did not take it.
    void was_refused();

private:
    std::string user_;
    std::filesystem::path password_file_;
    std::shared_ptr<connectors::AccessTokens> tokens_;
};

/// Where mail comes from and where it goes, as the configuration says. Nothing is connected before it is used.
class Mailboxes {
public:
    /// The clock outlives it. Errors: those of the outgoing Maildir.
    static Result<std::unique_ptr<Mailboxes>> open(const Config& config, const Clock& clock);
    /// Without a sender, for looking.
    static std::unique_ptr<Mailboxes> of_intake(const Config& config, const Clock& clock);

    /// Folders of this machine: never slow, never away.
    [[nodiscard]] std::vector<ports::MailSource*> local() const;
    /// Folders of servers, each of which may be slow or away: one thread for each.
    [[nodiscard]] std::vector<ports::MailSource*> remote() const;
    /// All of them anew, with nothing listed or done yet and connections of their own: for who compares what is there with what was
    /// taken in. Local ones first. They sign in with the same tokens, and do not outlive this. Threads: any.
    std::vector<std::unique_ptr<ports::MailSource>> second_look(const Config& config, const Clock& clock);
    /// Of all of them.
    [[nodiscard]] std::vector<std::string> names() const;
    /// As they stand in positions, each once.
    [[nodiscard]] std::set<std::string> accounts() const;
    /// Whether its mailbox is told what became of it. Threads: any.
    [[nodiscard]] bool puts_away(const ports::MailRecord& mail) const;
    [[nodiscard]] ports::MailSender& sender() { return *sender_; }
    /// Whoever signs in with the same consent shares its token.
    std::shared_ptr<MailSignIn> sign_in(const MailAccess& access, const Clock& clock);
    /// One mailbox of Gmail. What reads it and what sends from it share its quota.
    connectors::GmailClient gmail(const GmailAccess& access, connectors::GmailQuota::For what, const Clock& clock);
    /// One mailbox of Microsoft 365. What reads it and what sends from it go through one gate.
    connectors::GraphClient graph(const GraphAccess& access, bool sends, const Clock& clock);
    /// Whoever shows the same consent shares it.
    std::shared_ptr<connectors::AccessTokens> tokens(const connectors::OAuthClient& client, const Clock& clock);
    /// What is wrong with a consent, in words for people; empty: nothing. Threads: any, once all is open; the next too.
    [[nodiscard]] std::string trouble() const;
    /// What is about to be: consents that end.
    [[nodiscard]] std::vector<std::string> warnings() const;
    /// Raised, it ends the waits for mail and for the next mail's turn.
    [[nodiscard]] const Interrupt& closing() const { return closing_; }

private:
    Mailboxes() = default;
    Status open_sender(const Config& config, const Clock& clock);
    static std::vector<std::unique_ptr<ports::MailSource>> make_local(const Config& config);
    std::vector<std::unique_ptr<ports::MailSource>> make_remote(const Config& config, const Clock& clock);

    /// By what proves the consent: one account has one, whoever signs in with it, for a refresh token may be used only once.
    std::map<std::string, std::shared_ptr<connectors::AccessTokens>> tokens_;
    std::map<std::string, std::shared_ptr<connectors::GmailQuota>> quotas_;  // By the mailbox's address.
    std::map<std::string, std::shared_ptr<connectors::GraphGate>> gates_;    // Likewise.
    mutable std::mutex mutex_;  // Guards what signs in, once others than the opener do.
    Interrupt closing_;
    std::vector<std::unique_ptr<ports::MailSource>> local_;
    std::vector<std::unique_ptr<ports::MailSource>> remote_;
    std::unique_ptr<connectors::SentFolder> sent_;
    std::unique_ptr<ports::MailSender> sender_;
};

}  // namespace resolute::app
