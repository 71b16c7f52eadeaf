// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.h"
#include "ports/mail_ledger.h"
#include "ports/mail_source.h"

namespace resolute::mailroom {

/// How a mail with this outcome is put away; a pending one is not.
ports::PutAway put_away_as(ports::MailOutcome outcome);

/// Has the source put away what the ledger says is to be, as far as it is configured to, and remembers what was. Returns how many. Broken
/// off anywhere it is repeated: the source takes the same again. The quarantined are tried also where the others failed; the first error
/// is returned. Threads: those of the source.
Result<std::size_t> put_away(ports::MailSource& source, ports::MailLedger& ledger);

}  // namespace resolute::mailroom
