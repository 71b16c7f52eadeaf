// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "ports/mail_sender.h"
#include "transport/imap_client.h"

namespace resolute::connectors {

/// The folder in which a mail account keeps what it sent: the proof whether a mail went out. Read-only.
/// That a mail is not there proves nothing where none of ours came since it was written: perhaps the server keeps no copies there (any more).
/// Errors: as ImapSource; the mailbox was only looked at.
/// Threads: any; they take turns on one connection.
class SentFolder {
public:
    struct Options {
        transport::MailServer server;
        std::function<Result<transport::MailLogin>()> login;  ///< asked at each connection, for tokens expire
        std::function<void()> login_was_refused = {};  ///< what it gave; for a token that must be fetched anew. May be empty
        std::string folder = "Sent";                   ///< UTF-8
    };
    explicit SentFolder(Options options) : options_(std::move(options)) {}

    /// `sent` where a mail with its X-Resolute-Effect stands there, or with its Message-ID (some servers do not search the
    /// headers that they do not know); `absent` where it is not, and a mail of ours came there after
    /// this one was written; else `unknown`. How long after
    /// sending the copy appears, the server decides: the caller waits that long.
    Result<ports::Delivery> find(const ports::FrozenMail& mail, Deadline deadline);

private:
    Result<ports::Delivery> look(const ports::FrozenMail& mail, Deadline deadline);
    Status connect(Deadline deadline);

    const Options options_;
    std::timed_mutex turn_;                          // Held across I/O: an IMAP connection is one conversation.
    std::unique_ptr<transport::ImapClient> client_;  // Guarded by turn_.
};

}  // namespace resolute::connectors
