// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/gmail/gmail_client.h"
#include "connectors/recent.h"
#include "ports/mail_sender.h"

namespace resolute::connectors {

/// Sends through a Gmail mailbox: the mail is put there as a draft, and the draft is sent. Gmail knows no key that would make a second
/// sending harmless, but a draft can be sent only once: sent, it is gone, and stands among what was sent. So the draft is the proof.
///
/// `look_up`: a mail with our X-Resolute-Effect among what was sent: `sent`. Else a draft of ours that is still there: `absent`, and the next `send`
/// takes that one. Neither: `absent` only where no draft was made by this program as far as it remembers, and Gmail's search, which lags
/// behind, already knows a mail of ours that was sent later; else `unknown`. (users.drafts.send: "the draft is automatically deleted and a
/// new message with an updated ID is created with the SENT system label".)
///
/// Gmail takes the recipients from the mail's own fields, so only a mail goes whose only recipient is the envelope's (`gmail.recipients`).
/// Errors: those of GmailClient, `gmail.settling` (rate_limited, not sent: whether a draft was made is seen in a minute), `gmail.draft_gone`
/// (unknown). What says nothing against the mail (no token, a right that is missing) is `unavailable`: once mended, it goes.
/// Threads: any; one effect is sent by one at a time.
class GmailSender final : public ports::MailSender {
public:
    /// The clock outlives it.
    GmailSender(GmailClient client, const Clock& clock) : client_(std::move(client)), clock_(clock) {}

    Status send(const ports::FrozenMail& mail, Deadline deadline) override;
    Result<ports::Delivery> look_up(const ports::FrozenMail& mail, Deadline deadline) override;

private:
    struct Draft {
        std::string id;
        bool is_as_written = false;  ///< just made by us; one that was found may have been changed by a person
    };
    struct Known {
        std::optional<Draft> draft;
        Duration settled_at{};  ///< by the monotonic clock: from then on the search knows a draft whose making was not answered
    };

    Result<Draft> draft_for(const ports::FrozenMail& mail, Deadline deadline);
    Result<Draft> make_draft(const ports::FrozenMail& mail, Deadline deadline);
    [[nodiscard]] Result<std::vector<std::string>> find_drafts(const ports::FrozenMail& mail, Deadline deadline) const;
    [[nodiscard]] Result<bool> is_among_sent(const ports::FrozenMail& mail, Deadline deadline) const;
    [[nodiscard]] Result<ports::Delivery> search_is_ahead(const ports::FrozenMail& mail, Deadline deadline) const;
    Status not_sent_by(const ports::FrozenMail& mail, const Draft& draft, Error error);

    const GmailClient client_;
    const Clock& clock_;
    Recent<Known> known_;
};

}  // namespace resolute::connectors
