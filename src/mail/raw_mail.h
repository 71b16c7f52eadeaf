// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/id.h"
#include "base/time.h"

namespace resolute::mail {

/// Where a mail was found: together with the hash of its bytes this is its identity. Message-ID is chosen by the sender
/// and identifies nothing.
struct SourcePosition {
    std::string account;  ///< the name of the configured mailbox, "maildir:inbox"
    std::string folder;   ///< "new", "INBOX"; may be empty
    std::string uid;      ///< Maildir unique name, IMAP "UIDVALIDITY/UID", file name

    friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

/// A mail as it came in, untouched.
struct RawMail {
    SourcePosition position;
    Instant received_at;  ///< when it reached the mailbox, as the source tells it
    std::string bytes;    ///< RFC 5322, any line ends, possibly broken or hostile

    friend bool operator==(const RawMail&, const RawMail&) = default;
};

/// Deterministic: the same bytes at the same position have the same id on every machine.
MailId id_of(const RawMail& mail);

}  // namespace resolute::mail
