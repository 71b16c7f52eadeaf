// SPDX-License-Identifier: Apache-2.0
#include "base/amounts.h"

#include <array>
#include <cstdint>
#include <string>

#include "base/text.h"

namespace resolute {
namespace {

constexpr std::size_t kDigitsMax = 15;        // More digits are an account number, never an amount.
constexpr std::size_t kMarkBytesMax = 20;     // The longest currency mark below is shorter.
constexpr std::size_t kGroupsMax = 8;         // Bounds the work on "1 111 111 111 …".
constexpr std::size_t kSpacesMax = 2;         // Between a number and its mark.

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80U) != 0; }

/// Bytes of a white space character that may stand inside an amount, at `at`; 0: none. No line breaks.
std::size_t space_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return 0;
    if (text[at] == ' ') return 1;
    if (text.substr(at, 2) == "\u00A0") return 2;
    if (text.substr(at, 3) == "\u202F" || text.substr(at, 3) == "\u2009") return 3;
    return 0;
}

std::size_t space_before(std::string_view text, std::size_t at) {
    if (at >= 1 && text[at - 1] == ' ') return 1;
    if (at >= 2 && text.substr(at - 2, 2) == "\u00A0") return 2;
    if (at >= 3 && (text.substr(at - 3, 3) == "\u202F" || text.substr(at - 3, 3) == "\u2009")) return 3;
    return 0;
}

/// How a currency is written. Several codes: the mark alone does not tell which, weakest currency first.
struct Mark {
    std::string_view text;
    std::string_view codes;
    enum class Kind { sign, code, word } kind = Kind::sign;
};

using enum Mark::Kind;
// Longer marks first where one ends with the other.
constexpr std::array kMarks = {
    Mark{"US$", "USD"}, Mark{"USD$", "USD"}, Mark{"CAD$", "CAD"}, Mark{"CA$", "CAD"}, Mark{"C$", "CAD"}, Mark{"AUD$", "AUD"}, Mark{"AU$", "AUD"},
    Mark{"A$", "AUD"}, Mark{"R$", "BRL"}, Mark{"MX$", "MXN"}, Mark{"NZ$", "NZD"}, Mark{"HK$", "HKD"}, Mark{"S$", "SGD"}, Mark{"$", "USD"},
    Mark{"€", "EUR"}, Mark{"£", "GBP"}, Mark{"CN¥", "CNY"}, Mark{"¥", "JPY"}, Mark{"￥", "JPY"}, Mark{"₹", "INR"}, Mark{"zł", "PLN"},
    Mark{"円", "JPY"}, Mark{"元", "CNY"},
    Mark{"USD", "USD", code}, Mark{"EUR", "EUR", code}, Mark{"GBP", "GBP", code}, Mark{"CHF", "CHF", code}, Mark{"JPY", "JPY", code},
    Mark{"CAD", "CAD", code}, Mark{"AUD", "AUD", code}, Mark{"SEK", "SEK", code}, Mark{"NOK", "NOK", code}, Mark{"DKK", "DKK", code},
    Mark{"PLN", "PLN", code}, Mark{"INR", "INR", code}, Mark{"BRL", "BRL", code}, Mark{"MXN", "MXN", code}, Mark{"CNY", "CNY", code},
    Mark{"RMB", "CNY", code}, Mark{"NZD", "NZD", code}, Mark{"SGD", "SGD", code}, Mark{"HKD", "HKD", code}, Mark{"CZK", "CZK", code},
    Mark{"HUF", "HUF", code}, Mark{"RON", "RON", code}, Mark{"ZAR", "ZAR", code}, Mark{"AED", "AED", code}, Mark{"ILS", "ILS", code},
    Mark{"KRW", "KRW", code}, Mark{"THB", "THB", code}, Mark{"KWD", "KWD", code},
    Mark{"US dollars", "USD", word}, Mark{"U.S. dollars", "USD", word}, Mark{"US-Dollar", "USD", word}, Mark{"US Dollar", "USD", word},
    Mark{"american dollars", "USD", word}, Mark{"canadian dollars", "CAD", word}, Mark{"canadian dollar", "CAD", word},
    Mark{"dollars canadiens", "CAD", word}, Mark{"kanadische dollar", "CAD", word}, Mark{"australian dollars", "AUD", word},
    Mark{"australian dollar", "AUD", word}, Mark{"dollars", "USD", word}, Mark{"dollar", "USD", word}, Mark{"dólares", "USD", word},
    Mark{"dolares", "USD", word}, Mark{"dollari", "USD", word}, Mark{"bucks", "USD", word}, Mark{"buck", "USD", word},
    Mark{"euros", "EUR", word}, Mark{"euro", "EUR", word}, Mark{"eur", "EUR", word}, Mark{"usd", "USD", word}, Mark{"gbp", "GBP", word},
    Mark{"chf", "CHF", word}, Mark{"cad", "CAD", word}, Mark{"aud", "AUD", word}, Mark{"sek", "SEK", word}, Mark{"nok", "NOK", word},
    Mark{"dkk", "DKK", word}, Mark{"pln", "PLN", word}, Mark{"inr", "INR", word}, Mark{"jpy", "JPY", word}, Mark{"brl", "BRL", word},
    Mark{"mxn", "MXN", word}, Mark{"pounds sterling", "GBP", word}, Mark{"british pounds", "GBP", word}, Mark{"pounds", "GBP", word},
    Mark{"pound", "GBP", word}, Mark{"quid", "GBP", word}, Mark{"libras", "GBP", word}, Mark{"sterline", "GBP", word}, Mark{"pfund", "GBP", word},
    Mark{"swiss francs", "CHF", word}, Mark{"schweizer franken", "CHF", word}, Mark{"francs suisses", "CHF", word}, Mark{"francs", "CHF", word},
    Mark{"franken", "CHF", word}, Mark{"franchi", "CHF", word}, Mark{"sfr.", "CHF", word}, Mark{"sfr", "CHF", word}, Mark{"fr.", "CHF", word},
    Mark{"yen", "JPY", word}, Mark{"rupees", "INR", word}, Mark{"rupee", "INR", word}, Mark{"rs.", "INR", word}, Mark{"rs", "INR", word},
    Mark{"reais", "BRL", word}, Mark{"mexican pesos", "MXN", word}, Mark{"pesos mexicanos", "MXN", word}, Mark{"pesos", "MXN", word},
    Mark{"yuan", "CNY", word}, Mark{"rmb", "CNY", word}, Mark{"złotych", "PLN", word}, Mark{"złote", "PLN", word}, Mark{"złoty", "PLN", word},
    Mark{"zlotych", "PLN", word}, Mark{"zloty", "PLN", word}, Mark{"zl", "PLN", word}, Mark{"swedish kronor", "SEK", word},
    Mark{"kronor", "SEK", word}, Mark{"norwegian kroner", "NOK", word}, Mark{"danish kroner", "DKK", word}, Mark{"kroner", "NOK,DKK", word},
    Mark{"kronen", "SEK,NOK,DKK", word}, Mark{"kr.", "SEK,NOK,DKK", word}, Mark{"kr", "SEK,NOK,DKK", word},
};

bool is_same(std::string_view a, std::string_view b, Mark::Kind kind) {
    return kind == word ? text::equals_ignore_case(a, b) : a == b;
}

const Mark* mark_ending_at(std::string_view text, std::size_t end, std::size_t floor) {
    for (const Mark& mark : kMarks) {
        if (mark.text.size() > end - floor) continue;
        const std::size_t begin = end - mark.text.size();
        if (!is_same(text.substr(begin, mark.text.size()), mark.text, mark.kind)) continue;
        const bool needs_boundary = is_letter(mark.text.front()) && static_cast<unsigned char>(mark.text.front()) < 0x80;
        if (needs_boundary && begin > 0 && (is_letter(text[begin - 1]) || is_digit(text[begin - 1]))) continue;
        return &mark;
    }
    return nullptr;
}

const Mark* mark_starting_at(std::string_view text, std::size_t begin) {
    const std::string_view rest = text.substr(begin, kMarkBytesMax + 1);
    for (const Mark& mark : kMarks) {
        if (mark.text.size() > rest.size() || !is_same(rest.substr(0, mark.text.size()), mark.text, mark.kind)) continue;
        const std::size_t end = begin + mark.text.size();
        const bool needs_boundary = is_letter(mark.text.back()) && mark.kind != Mark::Kind::sign;
        if (needs_boundary && end < text.size() && (is_letter(text[end]) || is_digit(text[end])) && space_at(text, end) == 0 &&
            text.substr(end, 3) != "\u2013" && text.substr(end, 3) != "\u2019" && text.substr(end, 3) != "\u201D") {
            continue;
        }
        return &mark;
    }
    return nullptr;
}

/// A number as written: groups of digits and the separators between them.
struct Number {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<std::string_view> groups;
    std::vector<char> separators;   // '.', ',', '\'', ' ' (any space)
    bool has_plain_space = false;
    std::int64_t factor = 1;        // "k", "million"
};

std::size_t digits_end(std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
}

/// The separator at `at`, its width in `*width`; 0: none.
char separator_at(std::string_view text, std::size_t at, std::size_t* width) {
    if (at >= text.size()) return 0;
    *width = 1;
    if (text[at] == '.' || text[at] == ',' || text[at] == '\'') return text[at];
    if (text.substr(at, 3) == "\u2019") {
        *width = 3;
        return '\'';
    }
    *width = space_at(text, at);
    return *width > 0 ? ' ' : '\0';
}

Number read_number(std::string_view text, std::size_t at, bool takes_plain_space) {
    Number number;
    number.begin = at;
    number.end = digits_end(text, at);
    number.groups.push_back(text.substr(at, number.end - at));
    while (number.groups.size() < kGroupsMax) {
        std::size_t width = 0;
        const char separator = separator_at(text, number.end, &width);
        if (separator == 0) break;
        const bool is_plain_space = text[number.end] == ' ';
        if (is_plain_space && !takes_plain_space) break;
        const std::size_t begin = number.end + width;
        const std::size_t end = digits_end(text, begin);
        if (end == begin) break;
        if (separator == ' ' || separator == '\'') {
            // Groups of three only, never after a decimal mark, and only after a short first group.
            const bool is_group = end - begin == 3 && number.groups.front().size() <= 3 && number.groups.front() != "0" &&
                                  (number.separators.empty() || number.separators.back() == separator);
            if (!is_group) break;
        }
        number.has_plain_space = number.has_plain_space || is_plain_space;
        number.groups.push_back(text.substr(begin, end - begin));
        number.separators.push_back(separator);
        number.end = end;
    }
    return number;
}

/// "k", "million", … directly after the number.
void take_factor(std::string_view text, bool has_mark_before, Number* number) {
    struct Factor { std::string_view text; std::int64_t value; bool is_attached; };
    static constexpr std::array kFactors = {
        Factor{"thousand", 1000, false}, Factor{"tausend", 1000, false}, Factor{"million", 1000000, false}, Factor{"millionen", 1000000, false},
        Factor{"millions", 1000000, false}, Factor{"mio.", 1000000, false}, Factor{"mio", 1000000, false}, Factor{"mil", 1000, false},
        Factor{"mila", 1000, false}, Factor{"k", 1000, true}, Factor{"m", 1000000, true},
    };
    std::size_t at = number->end;
    const std::size_t space = space_at(text, at);
    for (const Factor& factor : kFactors) {
        if (factor.is_attached && (space > 0 || (factor.text == "m" && !has_mark_before))) continue;
        const std::size_t begin = factor.is_attached ? at : at + space;
        if (!text::equals_ignore_case(text.substr(begin, factor.text.size()), factor.text)) continue;
        const std::size_t end = begin + factor.text.size();
        const bool is_cut = end < text.size() && is_letter(text[end]) && mark_starting_at(text, end) == nullptr;
        if (is_cut || (end < text.size() && is_digit(text[end]))) continue;
        number->factor = factor.value;
        number->end = end;
        return;
    }
}

/// ",-" and ".--" stand for "no cents".
void take_dash(std::string_view text, Number* number) {
    if (number->end >= text.size() || (text[number->end] != ',' && text[number->end] != '.')) return;
    std::size_t at = number->end + 1;
    const std::size_t begin = at;
    while (at < text.size() && at < begin + 6 && (text[at] == '-' || text.substr(at, 3) == "\u2013" || text.substr(at, 3) == "\u2014")) {
        at += text[at] == '-' ? 1 : 3;
    }
    if (at == begin || (at < text.size() && (is_digit(text[at]) || (is_letter(text[at]) && mark_starting_at(text, at) == nullptr)))) return;
    number->end = at;
}

struct Digits {
    std::string whole;
    std::string decimals;
};

/// Are all groups but the last `skip` ones three digits long (or two, as in India, before the last)?
bool has_full_groups(const Number& number, std::size_t skip) {
    if (number.groups.front().size() > 3 || number.groups.front().front() == '0') return false;
    const std::size_t end = number.groups.size() - skip;
    for (std::size_t i = 1; i < end; ++i) {
        const bool is_indian = number.groups[i].size() == 2 && i + 1 < end && number.separators[i - 1] == ',';
        if (number.groups[i].size() != 3 && !is_indian) return false;
    }
    return true;
}

Digits as_digits(const Number& number, std::size_t decimal_groups) {
    Digits digits;
    const std::size_t whole = number.groups.size() - decimal_groups;
    for (std::size_t i = 0; i < whole; ++i) digits.whole += number.groups[i];
    if (decimal_groups > 0) digits.decimals = number.groups.back();
    return digits;
}

bool groups_with(std::string_view codes, char separator) {
    if (separator == ',') {
        static constexpr std::array<std::string_view, 14> kCommaGroups = {"USD", "GBP", "CAD", "AUD", "INR", "MXN", "CNY",
                                                                          "NZD", "SGD", "HKD", "ILS", "THB", "AED", "ZAR"};
        for (const std::string_view code : kCommaGroups) {
            if (codes == code) return true;
        }
    }
    return separator == '.' && codes == "BRL";
}

/// The ways to read the digits: none (a date, a version), one, or two with the smaller first.
std::vector<Digits> read_digits(const Number& number, std::string_view codes) {
    const std::size_t count = number.separators.size();
    if (count == 0) return {as_digits(number, 0)};
    const char first = number.separators.front();
    const char last = number.separators.back();
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (number.separators[i] != first) return {};
    }
    if (first != last) {  // Both kinds: the last one is the decimal mark.
        if (last != '.' && last != ',') return {};
        if (!has_full_groups(number, 1)) return {};
        return {as_digits(number, 1)};
    }
    if (count > 1 || first == '\'' || first == ' ') {
        if (!has_full_groups(number, 0)) return {};
        return {as_digits(number, 0)};
    }
    const std::size_t length = number.groups[1].size();
    const bool may_group = length == 3 && has_full_groups(number, 0);
    if (!may_group || number.factor > 1) return {as_digits(number, 1)};
    const bool has_no_cents = codes == "JPY" || codes == "KRW";
    if (has_no_cents || groups_with(codes, first)) return {as_digits(number, 0)};
    return {as_digits(number, 1), as_digits(number, 0)};
}

std::optional<std::int64_t> to_minor(const Digits& digits, std::int64_t factor, int places) {
    if (digits.whole.size() + digits.decimals.size() > kDigitsMax) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : digits.whole) value = value * 10 + (c - '0');
    std::int64_t scale = 1;
    for (int i = 0; i < places; ++i) scale *= 10;
    // 15 digits times the largest factor and scale would pass 2^63: such a sum is no customer's amount.
    if (value > INT64_MAX / (factor * scale) / 10) return std::nullopt;
    std::int64_t minor = value * factor * scale;
    std::int64_t rest = factor * scale;
    for (const char c : digits.decimals) {
        // What is finer than a cent is cut: nothing is paid that was not written.
        rest /= 10;
        minor += rest * (c - '0');
    }
    return minor;
}

struct Place {
    const Mark* before = nullptr;
    std::size_t before_begin = 0;
    const Mark* after = nullptr;
    std::size_t after_end = 0;
};

void look_before(std::string_view text, const Number& number, std::size_t floor, Place* place) {
    std::size_t at = number.begin;
    if (at > floor && text[at - 1] == '.' && at - 1 > floor && text[at - 2] == '$') --at;  // "$.50"
    for (std::size_t i = 0; i < kSpacesMax && at > floor; ++i) {
        const std::size_t width = space_before(text, at);
        if (width == 0 || at - width < floor) break;
        at -= width;
    }
    const Mark* mark = at > floor ? mark_ending_at(text, at, floor) : nullptr;
    if (mark == nullptr) return;
    // "dollars 500" and "euro 30" are seldom prices; a word stands behind its number, except for a few.
    static constexpr std::array<std::string_view, 12> kBefore = {"fr.", "sfr.", "sfr", "rs", "rs.", "kr", "kr.", "euro", "eur", "usd", "gbp", "chf"};
    if (mark->kind == Mark::Kind::word) {
        bool is_allowed = false;
        for (const std::string_view text_before : kBefore) is_allowed = is_allowed || mark->text == text_before;
        const bool is_glued = at == number.begin && mark->text.back() != '.';  // "EURO2024" is a name.
        if (!is_allowed || is_glued) return;
    }
    place->before = mark;
    place->before_begin = at - mark->text.size();
    // "USD $500", "EUR €20": the code before the sign names the same money.
    std::size_t code_end = place->before_begin;
    if (mark->kind == Mark::Kind::sign && code_end > floor) {
        const std::size_t width = space_before(text, code_end);
        if (width <= code_end - floor) code_end -= width;
        const Mark* other = code_end > floor ? mark_ending_at(text, code_end, floor) : nullptr;
        if (other != nullptr && other->kind == Mark::Kind::code && (mark->text == "$" || other->codes == mark->codes)) {
            place->before = other;
            place->before_begin = code_end - other->text.size();
        }
    }
}

void look_after(std::string_view text, const Number& number, Place* place) {
    std::size_t at = number.end;
    bool has_space = false;
    for (std::size_t i = 0; i < kSpacesMax; ++i) {
        const std::size_t width = space_at(text, at);
        if (width == 0) break;
        at += width;
        has_space = true;
    }
    if (at >= text.size()) return;
    const Mark* mark = mark_starting_at(text, at);
    if (mark == nullptr) return;
    const std::size_t end = at + mark->text.size();
    // "2 $500 vouchers": the sign belongs to what follows it.
    const std::size_t next = end + space_at(text, end);
    if (mark->kind == Mark::Kind::sign && has_space && end < text.size() && is_digit(text[end])) return;
    if (place->before != nullptr && next < text.size() && is_digit(text[next])) return;  // "EUR 480 EUR 500"
    place->after = mark;
    place->after_end = end;
}

bool is_number_start(std::string_view text, std::size_t at, std::size_t floor) {
    if (!is_digit(text[at])) return false;
    if (at == floor) return true;
    const char before = text[at - 1];
    if (is_digit(before)) return false;
    if (before == '-' && at >= 2) {  // "A-10234" is an order; "100-200 €" and "-50 €" are not.
        return !is_letter(text[at - 2]) || text.substr(at >= 4 ? at - 4 : 0, 3) == "€";
    }
    if (before == '.' || before == ',' || before == '/' || before == ':' || before == '#' || before == '_') {
        return at >= 2 && !is_digit(text[at - 2]) && before != '#' && before != '_';
    }
    return true;
}

bool is_letter_glued_before(std::string_view text, std::size_t at) {
    return at > 0 && static_cast<unsigned char>(text[at - 1]) < 0x80 && is_letter(text[at - 1]);
}

/// "Fr. 12.05." is a Friday.
bool is_weekday(std::string_view text, const Number& number, const Mark& mark) {
    return mark.text == "fr." && number.separators.size() == 1 && number.groups[0].size() <= 2 && number.groups[1].size() <= 2 &&
           number.end < text.size() && text[number.end] == '.';
}

/// Which currencies the two marks name together: "$500 CAD" is Canadian.
std::string_view codes_of(const Place& place) {
    if (place.before != nullptr && place.after != nullptr) {
        const bool is_dollar = place.before->text == "$" && place.after->codes.size() == 3;
        if (is_dollar || place.before->codes == place.after->codes) return place.after->codes;
        return place.before->codes;
    }
    return place.before != nullptr ? place.before->codes : place.after->codes;
}

std::optional<AmountMention> to_mention(std::string_view text, const Number& number, const Place& place) {
    const std::string_view codes = codes_of(place);
    AmountMention mention{.begin = place.before != nullptr ? place.before_begin : number.begin, .end = number.end, .money = {}, .readings = {}};
    const bool belongs_after =
        place.after != nullptr && (place.before == nullptr || place.before->text == "$" || place.before->codes == place.after->codes);
    if (belongs_after) mention.end = place.after_end;
    const bool is_bare_decimal = number.begin > 0 && text[number.begin - 1] == '.' && number.separators.empty() && place.before != nullptr;
    for (Digits& digits : is_bare_decimal ? std::vector<Digits>{Digits{"0", std::string(number.groups.front())}} : read_digits(number, codes)) {
        for (const std::string_view code : text::split(codes, ',')) {
            const auto minor = to_minor(digits, number.factor, minor_digits(code).value_or(2));
            if (!minor) return std::nullopt;
            mention.readings.push_back(Money{*minor, std::string(code)});
        }
    }
    if (mention.readings.empty()) return std::nullopt;
    if (mention.readings.size() == 1) {
        mention.money = std::move(mention.readings.front());
        mention.readings.clear();
    }
    return mention;
}

std::optional<AmountMention> read_amount(std::string_view text, std::size_t at, std::size_t floor, Number* number) {
    *number = read_number(text, at, true);
    Place place;
    look_before(text, *number, floor, &place);
    take_factor(text, place.before != nullptr, number);
    take_dash(text, number);
    look_after(text, *number, &place);
    if (number->has_plain_space && place.after == nullptr) {
        // "$500 200 times": with the sign before, a plain space does not group.
        const bool is_sign = place.before != nullptr && place.before->kind == Mark::Kind::sign && place.before->codes != "EUR";
        if (is_sign || place.before == nullptr) {
            *number = read_number(text, at, false);
            take_factor(text, place.before != nullptr, number);
            look_after(text, *number, &place);
        }
    }
    if (place.before == nullptr && place.after == nullptr) return std::nullopt;
    if (place.before == nullptr && is_letter_glued_before(text, at)) return std::nullopt;
    if (place.before != nullptr && is_weekday(text, *number, *place.before)) return std::nullopt;
    return to_mention(text, *number, place);
}

/// "$400-600": the second number shares the first one's sign.
void take_range(std::string_view text, std::vector<AmountMention>* mentions, std::string_view currency) {
    const std::size_t at = mentions->back().end;
    const std::size_t dash = text.substr(at, 1) == "-" ? 1 : text.substr(at, 3) == "\u2013" ? 3 : 0;
    if (dash == 0 || at + dash >= text.size() || !is_digit(text[at + dash]) || is_letter(text[at - 1])) return;
    Number number = read_number(text, at + dash, false);
    take_factor(text, true, &number);
    if (number.end < text.size() && (text[number.end] == '-' || (is_letter(text[number.end]) && mark_starting_at(text, number.end) == nullptr))) return;
    Place after;
    look_after(text, number, &after);
    if (after.after != nullptr) return;  // It has a mark of its own and is found in its turn.
    const Mark shared{.text = "", .codes = currency};
    const Place place{.before = &shared, .before_begin = number.begin};
    if (auto mention = to_mention(text, number, place)) mentions->push_back(*std::move(mention));
}

}  // namespace

std::vector<AmountMention> find_amounts(std::string_view text) {
    std::vector<AmountMention> mentions;
    std::size_t floor = 0;  // End of the last mention.
    std::size_t at = 0;
    while (at < text.size()) {
        if (!is_number_start(text, at, floor)) {
            ++at;
            continue;
        }
        Number number;
        auto mention = read_amount(text, at, floor, &number);
        if (mention) {
            floor = mention->end;
            at = mention->end;
            const bool has_sign_before = mention->begin < number.begin && mention->money.has_value();
            const std::string currency = has_sign_before ? mention->money->currency : std::string();
            mentions.push_back(*std::move(mention));
            if (has_sign_before) {
                take_range(text, &mentions, currency);
                floor = at = mentions.back().end;
            }
        } else {
            at = digits_end(text, at);
        }
    }
    return mentions;
}

}  // namespace resolute
