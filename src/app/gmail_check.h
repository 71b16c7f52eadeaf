// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/mailboxes.h"

namespace resolute::app {

/// Whether Gmail lets us into a mailbox, with the rights that reading or sending takes, and until when, as far as it says. Asks for a token
/// and looks at the mailbox; changes nothing. In words for people; `gmail.forbidden` where a right is missing, `gmail.not_found` where the
/// consent is for another mailbox, and the errors of GmailClient.
Result<std::string> check_gmail(const GmailAccess& access, connectors::GmailQuota::For what, Mailboxes& mailboxes, const Clock& clock, Deadline deadline);

/// Which rights are missing among those that were granted, both as OAuth scopes with a space between; empty: none, or nothing is known. Pure.
std::string missing_gmail_scopes(const std::string& granted, connectors::GmailQuota::For what);

}  // namespace resolute::app
