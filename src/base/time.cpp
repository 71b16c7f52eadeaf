// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <array>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"

namespace resolute {
namespace {

/// Reads exactly `count` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

void append_digits(std::string& text, auto value, std::size_t count) {
    text.append(count, '0');
    for (std::size_t i = text.size(); value != 0; value /= 10) text[--i] = static_cast<char>('0' + value % 10);
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

struct Unit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::array<Unit, 17> kUnits{{{"ms", 1},
                                       {"s", 1'000},
                                       {"sec", 1'000},
                                       {"second", 1'000},
                                       {"seconds", 1'000},
                                       {"m", 60'000},
                                       {"min", 60'000},
                                       {"minute", 60'000},
                                       {"minutes", 60'000},
                                       {"h", 3'600'000},
                                       {"hour", 3'600'000},
                                       {"hours", 3'600'000},
                                       {"d", 86'400'000},
                                       {"day", 86'400'000},
                                       {"days", 86'400'000},
                                       {"w", 604'800'000},
                                       {"weeks", 604'800'000}}};

}  // namespace

std::string format_instant(Instant at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    const int year = static_cast<int>(date.year());
    std::string text;
    text.reserve(sizeof "2026-11-22T18:05:00.000Z");
    if (year >= 0 && year <= 9999)  // By hand: every journal event and every look at a case has its moments.
        append_digits(text, year, 4);
    else
        text += fmt::format("{:04}", year);
    append_digits(text += '-', static_cast<unsigned>(date.month()), 2);
    append_digits(text += '-', static_cast<unsigned>(date.day()), 2);
    append_digits(text += 'T', time.hours().count(), 2);
    append_digits(text += ':', time.minutes().count(), 2);
    append_digits(text += ':', time.seconds().count(), 2);
    if (time.subseconds().count() != 0) append_digits(text += '.', time.subseconds().count(), 3);
    return text += 'Z';
}

std::optional<Instant> parse_instant(std::string_view text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day || text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' ')) return std::nullopt;
    text.remove_prefix(1);
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || !take(text, ':')) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second) return std::nullopt;
    int ms = 0;
    if (take(text, '.')) {
        int scale = 100;
        bool any = false;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
            ms += (text.front() - '0') * scale;
            scale /= 10;
            any = true;
            text.remove_prefix(1);
        }
        if (!any) return std::nullopt;
    }
    std::chrono::minutes offset{0};
    if (!take(text, 'Z') && !take(text, 'z')) {
        const bool is_behind = !text.empty() && text.front() == '-';
        if (!take(text, '+') && !take(text, '-')) return std::nullopt;
        const auto offset_hour = take_digits(text, 2);
        if (!offset_hour || !take(text, ':')) return std::nullopt;
        const auto offset_minute = take_digits(text, 2);
        if (!offset_minute || *offset_hour > 23 || *offset_minute > 59) return std::nullopt;
        offset = std::chrono::minutes(*offset_hour * 60 + *offset_minute) * (is_behind ? -1 : 1);
    }
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!text.empty() || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second) + Duration(ms) - offset;
}

std::string format_duration(Duration duration) {
    std::int64_t rest = duration.count();
    if (rest == 0) return "0s";
    std::string text;
    if (rest < 0) {
        text = "-";
        rest = -rest;
    }
    constexpr std::array<Unit, 5> kShown{{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
    for (const Unit& unit : kShown) {
        if (rest < unit.ms) continue;
        text += fmt::format("{}{}", rest / unit.ms, unit.name);
        rest %= unit.ms;
    }
    return text;
}

std::optional<Duration> parse_duration(std::string_view text) {
    text = text::trim(text);
    if (text.empty()) return std::nullopt;
    std::int64_t total = 0;
    while (!text.empty()) {
        std::int64_t count = 0;
        std::size_t digits = 0;
        while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
            if (count > std::numeric_limits<std::int64_t>::max() / 100) return std::nullopt;
            count = count * 10 + (text[digits] - '0');
            ++digits;
        }
        if (digits == 0) return std::nullopt;
        text.remove_prefix(digits);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
        std::size_t letters = 0;
        while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z') ++letters;
        std::int64_t ms = 0;
        for (const Unit& unit : kUnits)
            if (unit.name == text.substr(0, letters)) ms = unit.ms;
        if (ms == 0 || count > std::numeric_limits<std::int64_t>::max() / 4 / ms) return std::nullopt;
        total += count * ms;
        if (total > std::numeric_limits<std::int64_t>::max() / 4) return std::nullopt;
        text.remove_prefix(letters);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return Duration(total);
}

}  // namespace resolute
