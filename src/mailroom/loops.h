// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "mailroom/route.h"

namespace resolute::mailroom {

/// Why no automatic mail may answer this one although it could be a person's (RFC 3834 §2 and long practice): it has a null return path, asks
/// for no automatic response, is from a list, or from an address that nobody reads. Empty: nothing of that. What surely is automatic
/// has its own kind (mail::MailKind) and is ignored; in doubt the mail goes to a person, so that nothing is lost and nothing loops. The fields of a list that is our own address are no sign. Pure.
std::string find_loop_sign(const mail::ParsedEmail& email, bool is_of_own_group = false);

/// A mail of a case's customer that bears the case's number in its subject and refers to none of its mails: a person whose mail program
/// drops References, or a program that answers each mail of ours anew. Empty: it is no such mail. Fails only where the store does.
Result<std::string> find_unthreaded_answer(const mail::ParsedEmail& email, ports::CaseQueries& cases);

}  // namespace resolute::mailroom
