// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/money.h"

namespace resolute {

/// One amount of money as it stands in free text.
struct AmountMention {
    std::size_t begin = 0;  ///< byte offsets into the text, [begin, end)
    std::size_t end = 0;
    std::optional<Money> money;  ///< nothing where the digits can be read in two ways ("1.234 €" alone is 1234 or 1.234)
    /// The readings of an ambiguous mention, smallest first. A limit is checked against the largest.
    std::vector<Money> readings;
};

/// Exact extraction: "$1,234.56", "1.234,56 €", "EUR 480", "480 euros", "USD 500", "$1499", "£20", "CHF 1'200.50".
/// A number without a currency sign, code or word is no amount. Order of appearance; mentions never overlap.
/// Total: any bytes. Linear in the length of the text.
std::vector<AmountMention> find_amounts(std::string_view text);

}  // namespace resolute
