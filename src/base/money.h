// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace resolute {

/// An exact amount: whole minor units (cents) of one ISO 4217 currency.
struct Money {
    std::int64_t minor = 0;
    std::string currency = "USD";

    friend bool operator==(const Money&, const Money&) = default;
};

/// Digits after the point: 2 for most, 0 for JPY and its like, 3 for KWD and its like; nothing for an unknown code.
std::optional<int> minor_digits(std::string_view currency);

/// "129.00", "USD". Refuses signs, exponents, separators, more digits than the currency has, and overflow.
Result<Money> parse_money(std::string_view decimal, std::string_view currency);
/// "129.00"
std::string decimal_text(const Money& money);
/// "$129.00", "€480.00", "129.00 CHF": for people.
std::string display_text(const Money& money);
/// Fails on other currencies and on overflow.
Result<Money> add(const Money& a, const Money& b);
/// Nothing where the currencies differ.
std::optional<std::strong_ordering> compare(const Money& a, const Money& b);
/// Unknown where one is, or where they cannot be compared.
std::optional<Money> larger(const std::optional<Money>& a, const std::optional<Money>& b);

/// Configured rates into one base currency. "EUR: 1.08" means one euro is worth 1.08 of the base.
class ExchangeRates {
public:
    explicit ExchangeRates(std::string base = "USD") : base_(std::move(base)) {}
    /// `rate` is a positive decimal with at most 9 digits after the point.
    Status set(std::string_view currency, std::string_view rate);
    /// Into the base currency, rounded up to the next minor unit, so that a limit is never missed by rounding.
    /// A currency without a rate is an error (`money.no_rate`).
    [[nodiscard]] Result<Money> to_base(const Money& money) const;
    [[nodiscard]] const std::string& base() const { return base_; }

private:
    std::string base_;
    std::map<std::string, std::int64_t, std::less<>> nano_rates_;
};

}  // namespace resolute
