// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/graph/graph_client.h"
#include "connectors/recent.h"
#include "ports/mail_sender.h"

namespace resolute::connectors {

/// Sends through a mailbox of Microsoft 365: the mail is put there as a draft, the draft is marked with the effect's id, and the draft is sent. The service
/// knows no key that would make a second sending harmless (sendMail leaves nothing behind, not even an id: it is never used), but a draft is sent only
/// once: with that it is no draft any more, and its id stays. So the draft is the proof.
///
/// `look_up`: a message with our marker that is no draft: `sent`. A draft of ours that is still there: `absent`, and the next `send` takes that one.
/// Neither: `absent` only where a mail of ours that was sent later is found by its marker; else `unknown`. A 404 for a draft that
/// we know means that it is on its way (learn.microsoft.com/graph/api/message-send: the copy appears later).
///
/// The mark is an extended property, because the service may rename what it sends: it writes another Message-ID. It is set by a request of
/// its own, for a draft that is made of MIME takes none; a draft that was made and not yet marked is found by its Message-ID, which is still ours.
/// A draft that is found was open to whoever works in the mailbox: what somebody changed is removed and made anew.
/// Graph takes the recipients from the mail's own fields, so only a mail goes whose only recipient is the envelope's (`graph.recipients`), and
/// none that is larger than a draft may be (`graph.too_large`: 4 MB in base64).
/// Errors besides: those of GraphClient, `graph.draft_gone` (unknown). What says nothing against the mail (no token, a right that is
/// missing) is `unavailable`: once mended, it goes.
/// Threads: any; one effect is sent by one at a time.
class GraphSender final : public ports::MailSender {
public:
    explicit GraphSender(GraphClient client) : client_(std::move(client)) {}

    Status send(const ports::FrozenMail& mail, Deadline deadline) override;
    Result<ports::Delivery> look_up(const ports::FrozenMail& mail, Deadline deadline) override;

private:
    /// What bears our marker, or is a draft with our Message-ID.
    [[nodiscard]] Result<std::vector<GraphMessage>> find(const ports::FrozenMail& mail, Deadline deadline) const;
    Result<std::string> draft_for(const ports::FrozenMail& mail, Deadline deadline);
    [[nodiscard]] Result<bool> is_as_written(const ports::FrozenMail& mail, const std::string& draft, Deadline deadline) const;
    [[nodiscard]] Result<ports::Delivery> look_at_later_ones(const ports::FrozenMail& mail, Deadline deadline) const;

    const GraphClient client_;
    Recent<std::string> known_;  // Marked drafts.
};

}  // namespace resolute::connectors
