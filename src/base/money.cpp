// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include <array>
#include <limits>

#include <fmt/format.h>

namespace resolute {
namespace {

constexpr std::array<std::string_view, 60> kTwoDigits{
    "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN",
    "TRY", "INR", "CNY", "HKD", "SGD", "TWD", "THB", "MYR", "PHP", "IDR", "MXN", "BRL", "ARS", "COP", "PEN",
    "ZAR", "NGN", "KES", "EGP", "MAD", "ILS", "SAR", "AED", "QAR", "RUB", "UAH", "GEL", "KZT", "PKR", "BDT",
    "LKR", "NPR", "UYU", "BOB", "DOP", "CRC", "GTQ", "HNL", "JMD", "TTD", "GHS", "TZS", "RSD", "ALL", "MDL"};
constexpr std::array<std::string_view, 5> kNoDigits{"JPY", "KRW", "CLP", "VND", "ISK"};
constexpr std::array<std::string_view, 4> kThreeDigits{"KWD", "BHD", "OMR", "TND"};

std::int64_t power_of_ten(int exponent) {
    std::int64_t value = 1;
    for (int i = 0; i < exponent; ++i) value *= 10;
    return value;
}

/// Digits with at most `places` after the point, as a whole number of 10^-places.
Result<std::int64_t> parse_scaled(std::string_view decimal, int places, std::string_view code) {
    const auto refuse = [&](std::string_view why) -> std::unexpected<Error> {
        return fail(std::string(code), ErrorKind::invalid, fmt::format("\"{}\" is no amount: {}", decimal.substr(0, 40), why));
    };
    std::int64_t value = 0;
    int after_point = -1;
    bool any_digit = false;
    for (const char c : decimal) {
        if (c == '.') {
            if (after_point >= 0) return refuse("two points");
            after_point = 0;
            continue;
        }
        if (c < '0' || c > '9') return refuse("only digits and one point are allowed");
        if (after_point >= 0 && ++after_point > places) return refuse(fmt::format("more than {} digits after the point", places));
        if (value > (std::numeric_limits<std::int64_t>::max() - 9) / 10) return refuse("too large");
        value = value * 10 + (c - '0');
        any_digit = true;
    }
    if (!any_digit || after_point == 0) return refuse("digits are missing");
    const std::int64_t scale = power_of_ten(places - std::max(after_point, 0));
    if (value > std::numeric_limits<std::int64_t>::max() / scale) return refuse("too large");
    return value * scale;
}

}  // namespace

std::optional<int> minor_digits(std::string_view currency) {
    for (const auto& code : kTwoDigits)
        if (code == currency) return 2;
    for (const auto& code : kNoDigits)
        if (code == currency) return 0;
    for (const auto& code : kThreeDigits)
        if (code == currency) return 3;
    return std::nullopt;
}

Result<Money> parse_money(std::string_view decimal, std::string_view currency) {
    const std::optional<int> places = minor_digits(currency);
    if (!places) return fail("money.unknown_currency", ErrorKind::invalid, fmt::format("\"{}\" is no known currency code", currency));
    TRY(const std::int64_t minor, parse_scaled(decimal, *places, "money.bad_amount"));
    return Money{minor, std::string(currency)};
}

std::string decimal_text(const Money& money) {
    const int places = minor_digits(money.currency).value_or(2);
    const std::int64_t scale = power_of_ten(places);
    // The sign apart, and through unsigned, because -minor overflows for the smallest value.
    const bool is_negative = money.minor < 0;
    const auto magnitude = is_negative ? 0 - static_cast<std::uint64_t>(money.minor) : static_cast<std::uint64_t>(money.minor);
    const auto unsigned_scale = static_cast<std::uint64_t>(scale);
    std::string text = fmt::format("{}{}", is_negative ? "-" : "", magnitude / unsigned_scale);
    if (places > 0) text += fmt::format(".{:0{}}", magnitude % unsigned_scale, places);
    return text;
}

std::string display_text(const Money& money) {
    if (money.currency == "USD") return fmt::format("${}", decimal_text(money));
    if (money.currency == "EUR") return fmt::format("€{}", decimal_text(money));
    if (money.currency == "GBP") return fmt::format("£{}", decimal_text(money));
    return fmt::format("{} {}", decimal_text(money), money.currency);
}

Result<Money> add(const Money& a, const Money& b) {
    if (a.currency != b.currency)
        return fail("money.currencies_differ", ErrorKind::invalid, fmt::format("{} and {} cannot be added", a.currency, b.currency));
    Money sum{0, a.currency};
    if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) return fail("money.overflow", ErrorKind::invalid, "the sum is too large");
    return sum;
}

std::optional<std::strong_ordering> compare(const Money& a, const Money& b) {
    if (a.currency != b.currency) return std::nullopt;
    return a.minor <=> b.minor;
}

std::optional<Money> larger(const std::optional<Money>& a, const std::optional<Money>& b) {
    if (!a || !b) return std::nullopt;
    const auto order = compare(*a, *b);
    if (!order) return std::nullopt;
    return *order < 0 ? b : a;
}

Status ExchangeRates::set(std::string_view currency, std::string_view rate) {
    if (!minor_digits(currency))
        return fail("money.unknown_currency", ErrorKind::invalid, fmt::format("\"{}\" is no known currency code", currency));
    TRY(const std::int64_t nano, parse_scaled(rate, 9, "money.bad_rate"));
    if (nano <= 0) return fail("money.bad_rate", ErrorKind::invalid, fmt::format("the rate of {} must be above zero", currency));
    nano_rates_[std::string(currency)] = nano;
    return {};
}

Result<Money> ExchangeRates::to_base(const Money& money) const {
    if (money.currency == base_) return money;
    const auto rate = nano_rates_.find(money.currency);
    if (rate == nano_rates_.end())
        return fail("money.no_rate", ErrorKind::not_found,
                    fmt::format("no rate from {} to {} is configured (organisation.rates)", money.currency, base_));
    __extension__ using Wide = __int128;
    const int from_places = minor_digits(money.currency).value_or(2);
    const int to_places = minor_digits(base_).value_or(2);
    const Wide numerator = static_cast<Wide>(money.minor) * rate->second * power_of_ten(to_places);
    const Wide denominator = static_cast<Wide>(1'000'000'000) * power_of_ten(from_places);
    const Wide rounded_up = numerator >= 0 ? (numerator + denominator - 1) / denominator : numerator / denominator;
    if (rounded_up > std::numeric_limits<std::int64_t>::max()) return fail("money.overflow", ErrorKind::invalid, "the amount is too large");
    return Money{static_cast<std::int64_t>(rounded_up), base_};
}

}  // namespace resolute
