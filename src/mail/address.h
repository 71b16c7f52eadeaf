// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/parsed_email.h"

namespace resolute::mail {

struct AddressList {
    std::vector<Address> addresses;  ///< in order; `address` is empty where what stands there is not usable
    std::size_t unusable = 0;
    bool is_over_limit = false;      ///< there were more than asked for
};

/// An address header's raw value (RFC 5322 §3.4: names, comments, groups). Strict: no routes, no domain literals, no spaces
/// inside an address, no quoted local part that needs its quotes, no encoded words in an address. Total and linear.
AddressList parse_addresses(std::string_view raw, std::size_t addresses_max);

/// "local@domain" with the domain in lower case; empty where it is no address that we would use.
std::string usable_address(std::string_view text);

/// "<id@domain>" → "id@domain"; what has no brackets stays.
std::string without_brackets(std::string_view id);

/// The local part to the letter, the domain without case (RFC 5321 §2.4).
bool is_same_address(std::string_view a, std::string_view b);

}  // namespace resolute::mail
