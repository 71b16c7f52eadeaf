// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "procedure/front_matter.h"

namespace resolute::procedure {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_currency_code(std::string_view text) {
    if (text.size() != 3) return false;
    for (const char c : text)
        if (c < 'A' || c > 'Z') return false;
    return true;
}

/// "1,500.00" → "1500.00"; nothing where a comma does not part groups of three.
std::optional<std::string> without_groups(std::string_view digits) {
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::vector<std::string_view> groups = text::split(digits.substr(0, point), ',');
    std::string joined;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (groups.size() > 1 && (i == 0 ? groups[i].empty() || groups[i].size() > 3 : groups[i].size() != 3))
            return std::nullopt;
        joined += groups[i];
    }
    return joined + std::string(digits.substr(point));
}

struct Amount {
    std::string_view digits;
    std::string_view currency;
};

/// "$500", "€480", "USD 500", "500 USD"; nothing where the text has not that shape.
std::optional<Amount> split_amount(std::string_view word) {
    struct Sign {
        std::string_view sign, currency;
    };
    static constexpr Sign kSigns[] = {{"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}};
    for (const auto& [sign, currency] : kSigns) {
        if (word.starts_with(sign)) return Amount{text::trim(word.substr(sign.size())), currency};
        if (word.size() > sign.size() && is_digit(word.front()) && word.ends_with(sign))
            return Amount{text::trim(word.substr(0, word.size() - sign.size())), currency};
    }
    const std::size_t space = word.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::string_view head = word.substr(0, space);
    const std::string_view tail = text::trim(word.substr(space));
    if (is_currency_code(head) && !tail.empty() && is_digit(tail.front())) return Amount{tail, head};
    if (is_currency_code(tail) && is_digit(head.front())) return Amount{head, tail};
    return std::nullopt;
}

std::optional<double> parse_real(std::string_view text) {
    double value = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || rest != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

bool looks_numeric(std::string_view word) {
    const std::string_view digits = word.starts_with('-') ? word.substr(1) : word;
    if (digits.empty() || !is_digit(digits.front())) return false;
    return digits.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

}  // namespace

std::optional<json::Value> parse_policy_value(std::string_view word, std::string* why) {
    word = text::trim(word);
    if (word == "true" || word == "false") return json::Value(word == "true");
    if (const auto amount = split_amount(word)) {
        const auto digits = without_groups(amount->digits);
        const auto money = digits ? parse_money(*digits, amount->currency)
                                  : fail("money.bad_amount", ErrorKind::invalid, "a comma parts groups of three digits");
        if (money) return json::from_money(*money);
        *why = fmt::format("found \"{}\", meant an amount such as $500, €480.00 or 500 USD ({})", word, money.error().detail);
        return std::nullopt;
    }
    if (looks_numeric(word)) {
        std::int64_t whole = 0;
        const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), whole);
        if (rest == word.data() + word.size() && error == std::errc{}) return json::Value(whole);
        const auto real = parse_real(word);
        if (real && error != std::errc::result_out_of_range) return json::Value(*real);
        if (word.find_first_of("-", 1) == std::string_view::npos) {  // A date such as 2026-01-01 is a word.
            *why = fmt::format("the number {} is out of range", word);
            return std::nullopt;
        }
    }
    if (word.ends_with('%') && looks_numeric(word.substr(0, word.size() - 1)))
        if (const auto percent = parse_real(word.substr(0, word.size() - 1))) return json::Value(*percent / 100);
    if (const auto duration = parse_duration(word)) return json::from_duration(*duration);
    return json::Value(word);
}

}  // namespace resolute::procedure
