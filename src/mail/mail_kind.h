// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mail/parsed_email.h"

namespace resolute::mail {

/// Sets `kind` and `kind_reason` from the headers (RFC 3834 §2 and §5, RFC 3464, RFC 8098, RFC 2919, and what programs do).
/// A subject alone never makes a mail automatic: people write about automatic replies.
void classify(ParsedEmail& mail);

}  // namespace resolute::mail
