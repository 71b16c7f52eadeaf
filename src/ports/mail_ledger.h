// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "ports/intake_store.h"

namespace resolute::ports {

/// That a person had a mail read again, with what had become of it before.
struct Reopening {
    MailId mail;
    Instant at;
    std::string by;
    MailOutcome was = MailOutcome::quarantined;
    std::string reason_code;  ///< "mail.poison"

    friend bool operator==(const Reopening&, const Reopening&) = default;
};

/// The intake's rows as those see them who look after the mailboxes. Threads: any.
class MailLedger {
public:
    virtual ~MailLedger() = default;
    /// Mails of this folder that were concluded with `is_to_put_away` and are not put away yet; those kept first come first.
    virtual Result<std::vector<MailRecord>> to_put_away(const std::string& account, const std::string& folder, std::size_t limit) = 0;
    virtual Status mark_put_away(const std::vector<MailId>& mails) = 0;

    /// The mail is pending again, with no attempts and no content, and until `at + hold` nobody's but the caller's; that it was is kept
    /// for ever. `mail.not_reopened` (conflict) where it is pending or belongs to a case: a case has taken it for good.
    /// `intake.mail_unknown`.
    virtual Status reopen(const MailId& mail, const std::string& by, Instant at, Duration hold) = 0;
    /// Of this mail, the first one first.
    virtual Result<std::vector<Reopening>> reopenings(const MailId& mail) = 0;

    /// The minutes in which mails reached this account, each once, the earliest first.
    virtual Result<std::vector<Instant>> arrivals(const std::string& account, Instant since) = 0;

    /// One text for each topic, "inventory/imap:a/INBOX": what outlives the program that wrote it. The last one counts.
    virtual Status put_note(const std::string& topic, const std::string& text) = 0;
    virtual Result<std::map<std::string, std::string>> notes(const std::string& topic_prefix) = 0;
};

}  // namespace resolute::ports
