// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/company.h"

/// A second opinion on promises of money, written apart from the product's own detector and as plain as can be: every sentence
/// of an outgoing mail that speaks of money going back is looked at, whatever its grammar.
namespace resolute::e2e {

struct Promise {
    std::string sentence;
    std::int64_t cents = 0;  ///< the largest amount in it; 0: none is named
    std::string currency;
};
/// Sentences that say that money goes, will go or went to the customer.
std::vector<Promise> find_promises(std::string_view text);

/// Every mail that was sent is held against the grants in its case's journal, those that stood when it went out.
void expect_no_promise_beyond_a_grant(const std::vector<MailOut>& sent,
                                      const std::map<std::string, std::vector<json::Value>>& journals);

}  // namespace resolute::e2e
