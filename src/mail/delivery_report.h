// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mail/parsed_email.h"

namespace resolute::mail {

/// What a bounce says of each recipient and of the mail that it returns: from its message/delivery-status and message/rfc822
/// or text/rfc822-headers parts (RFC 3464, 6533), else from X-Failed-Recipients and the text, as Exim and qmail write it.
/// `mail` is parsed up to its kind. Total and linear; every value is one line of UTF-8 and at most 998 bytes.
DeliveryReport read_delivery_report(const ParsedEmail& mail);

}  // namespace resolute::mail
