// SPDX-License-Identifier: Apache-2.0
#include "procedure/condition_datum.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "procedure/condition_node.h"

namespace resolute::procedure::impl {
namespace {

using Kind = Datum::Kind;

constexpr std::size_t kShownBytesMax = 80;

/// "48h" reads better than "2d" where the policy itself counts in hours.
std::string duration_text(Duration duration) {
    constexpr std::int64_t kHour = 3'600'000;
    const std::int64_t ms = duration.count();
    if (ms > 0 && ms % kHour == 0 && ms <= 72 * kHour) return fmt::format("{}h", ms / kHour);
    return format_duration(duration);
}

Datum no_operator(Arena& arena, Op op, const Datum& a, const Datum& b) {
    return make_error(arena, fmt::format("`{}` does not take {} and {}", symbol(op), kind_name(a.kind), kind_name(b.kind)));
}

Datum overflow(Arena& arena, Op op) {
    return make_error(arena, fmt::format("the result of `{}` is out of range", symbol(op)));
}

bool is_numeric(const Datum& datum) {
    return datum.kind == Kind::integer || datum.kind == Kind::real;
}

int sign(auto a, auto b) {
    return a < b ? -1 : a > b ? 1 : 0;
}

/// Exact: a double cannot hold every integer above 2^53.
Datum order_numbers(const Datum& a, const Datum& b, Arena& arena) {
    const auto as_order = [](int value) { return make_integer(Kind::integer, value); };
    if (a.kind == Kind::integer && b.kind == Kind::integer) return as_order(sign(a.integer, b.integer));
    if (a.kind == Kind::real && b.kind == Kind::real) {
        if (std::isnan(a.real) || std::isnan(b.real)) return make_error(arena, "a number that is no number cannot be compared");
        return as_order(sign(a.real, b.real));
    }
    const bool is_flipped = a.kind == Kind::real;
    const std::int64_t whole = is_flipped ? b.integer : a.integer;
    const double real = is_flipped ? a.real : b.real;
    if (std::isnan(real)) return make_error(arena, "a number that is no number cannot be compared");
    int result = 0;
    if (real >= 9223372036854775808.0) {
        result = -1;
    } else if (real < -9223372036854775808.0) {
        result = 1;
    } else {
        const double floor = std::floor(real);
        const auto floor_whole = static_cast<std::int64_t>(floor);
        result = sign(whole, floor_whole);
        if (result == 0 && real > floor) result = -1;
    }
    return as_order(is_flipped ? -result : result);
}

Datum other_currency(const Datum& a, const Datum& b, Arena& arena) {
    return make_error(arena, fmt::format("{} and {} are of two currencies", written(a), written(b)));
}

}  // namespace

std::string_view kind_name(Kind kind) {
    switch (kind) {
        case Kind::error:
            return "an error";
        case Kind::null:
            return "null";
        case Kind::boolean:
            return "a bool";
        case Kind::integer:
            return "an int";
        case Kind::real:
            return "a double";
        case Kind::text:
            return "a string";
        case Kind::money:
            return "money";
        case Kind::duration:
            return "a duration";
        case Kind::instant:
            return "an instant";
        case Kind::list:
            return "a list";
        case Kind::map:
            return "a map";
    }
    return "a value";
}

Datum make_error(Arena& arena, std::string why, bool is_too_early) {
    return Datum{.kind = Kind::error, .is_too_early = is_too_early, .text = arena.keep(std::move(why))};
}

Datum view(const json::Value& value) {
    if (value.is_null()) return Datum{.kind = Kind::null, .text = {}};
    if (value.is_bool()) return make_bool(value.as_bool());
    if (value.is_int()) return make_integer(Kind::integer, value.as_int());
    if (value.is_number()) return Datum{.kind = Kind::real, .real = value.as_double(), .text = {}};
    if (value.is_string()) return Datum{.kind = Kind::text, .text = value.as_string()};
    if (value.is_array()) return Datum{.kind = Kind::list, .text = {}, .list = &value.as_array()};
    const json::Object& object = value.as_object();
    if (object.size() == 2) {
        if (const auto money = json::to_money(value))
            return Datum{.kind = Kind::money, .integer = money->minor, .text = value["currency"].as_string()};
    } else if (object.size() == 1) {
        if (const auto duration = json::to_duration(value)) return make_integer(Kind::duration, duration->count());
        if (const auto instant = json::to_instant(value)) return make_integer(Kind::instant, to_unix_ms(*instant));
    }
    return Datum{.kind = Kind::map, .text = {}, .map = &object};
}

json::Value to_value(const Datum& datum) {
    switch (datum.kind) {
        case Kind::error:
        case Kind::null:
            return {};
        case Kind::boolean:
            return datum.truth;
        case Kind::integer:
            return datum.integer;
        case Kind::real:
            return datum.real;
        case Kind::text:
            return datum.text;
        case Kind::money:
            return json::from_money(Money{datum.integer, std::string(datum.text)});
        case Kind::duration:
            return json::from_duration(Duration(datum.integer));
        case Kind::instant:
            return json::from_instant(from_unix_ms(datum.integer));
        case Kind::list:
            return *datum.list;
        case Kind::map:
            return *datum.map;
    }
    return {};
}

std::string written(const Datum& datum) {
    switch (datum.kind) {
        case Kind::error:
        case Kind::null:
            return "(unknown)";
        case Kind::boolean:
            return datum.truth ? "true" : "false";
        case Kind::integer:
            return fmt::format("{}", datum.integer);
        case Kind::real:
            return fmt::format("{}", datum.real);
        case Kind::text:
            return json::dump(text::shorten(datum.text, kShownBytesMax));
        case Kind::money:
            return display_text(Money{datum.integer, std::string(datum.text)});
        case Kind::duration:
            return duration_text(Duration(datum.integer));
        case Kind::instant:
            return format_instant(from_unix_ms(datum.integer));
        case Kind::list:
            return fmt::format("(a list of {})", datum.list->size());
        case Kind::map:
            return fmt::format("(a map of {})", datum.map->size());
    }
    return {};
}

Datum equals(const Datum& a, const Datum& b, Arena& arena) {
    if (a.kind == Kind::null || b.kind == Kind::null) return make_bool(a.kind == b.kind);
    if (is_numeric(a) && is_numeric(b)) {
        const Datum result = order_numbers(a, b, arena);
        return result.is_error() ? result : make_bool(result.integer == 0);
    }
    if (a.kind != b.kind)
        return make_error(arena, fmt::format("{} cannot be compared with {}", kind_name(a.kind), kind_name(b.kind)));
    switch (a.kind) {
        case Kind::boolean:
            return make_bool(a.truth == b.truth);
        case Kind::text:
            return make_bool(a.text == b.text);
        case Kind::money:
            return a.text == b.text ? make_bool(a.integer == b.integer) : other_currency(a, b, arena);
        case Kind::duration:
        case Kind::instant:
            return make_bool(a.integer == b.integer);
        case Kind::list: {
            if (a.list->size() != b.list->size()) return make_bool(false);
            for (std::size_t i = 0; i < a.list->size(); ++i) {
                const Datum same = equals(view((*a.list)[i]), view((*b.list)[i]), arena);
                if (same.is_error() || !same.truth) return same;
            }
            return make_bool(true);
        }
        case Kind::map:
            return make_bool(*a.map == *b.map);
        default:
            return make_error(arena, "these values cannot be compared");
    }
}

Datum order(const Datum& a, const Datum& b, Arena& arena) {
    if (is_numeric(a) && is_numeric(b)) return order_numbers(a, b, arena);
    if (a.kind == Kind::null || b.kind == Kind::null)
        return make_error(arena, "an unknown value (null) is neither above nor below another");
    if (a.kind != b.kind)
        return make_error(arena, fmt::format("{} cannot be compared with {}", kind_name(a.kind), kind_name(b.kind)));
    switch (a.kind) {
        case Kind::boolean:
            return make_integer(Kind::integer, sign(a.truth, b.truth));
        case Kind::text:
            return make_integer(Kind::integer, sign(a.text.compare(b.text), 0));
        case Kind::money:
            if (a.text != b.text) return other_currency(a, b, arena);
            return make_integer(Kind::integer, sign(a.integer, b.integer));
        case Kind::duration:
        case Kind::instant:
            return make_integer(Kind::integer, sign(a.integer, b.integer));
        default:
            return make_error(arena, fmt::format("{} has no order", kind_name(a.kind)));
    }
}

Datum add(const Datum& a, const Datum& b, Arena& arena) {
    std::int64_t sum = 0;
    const bool overflows = __builtin_add_overflow(a.integer, b.integer, &sum);
    if (a.kind == Kind::instant && b.kind == Kind::duration)
        return overflows ? overflow(arena, Op::add) : make_integer(Kind::instant, sum);
    if (a.kind == Kind::duration && b.kind == Kind::instant)
        return overflows ? overflow(arena, Op::add) : make_integer(Kind::instant, sum);
    if (a.kind != b.kind) return no_operator(arena, Op::add, a, b);
    switch (a.kind) {
        case Kind::integer:
        case Kind::duration:
            return overflows ? overflow(arena, Op::add) : make_integer(a.kind, sum);
        case Kind::real:
            return Datum{.kind = Kind::real, .real = a.real + b.real, .text = {}};
        case Kind::text:
            return Datum{.kind = Kind::text, .text = arena.keep(std::string(a.text) + std::string(b.text))};
        case Kind::money:
            if (a.text != b.text) return other_currency(a, b, arena);
            return overflows ? overflow(arena, Op::add) : Datum{.kind = Kind::money, .integer = sum, .text = a.text};
        case Kind::list: {
            json::Array& joined = arena.lists.emplace_back(*a.list);
            joined.insert(joined.end(), b.list->begin(), b.list->end());
            return Datum{.kind = Kind::list, .text = {}, .list = &joined};
        }
        default:
            return no_operator(arena, Op::add, a, b);
    }
}

Datum subtract(const Datum& a, const Datum& b, Arena& arena) {
    std::int64_t difference = 0;
    const bool overflows = __builtin_sub_overflow(a.integer, b.integer, &difference);
    const auto checked = [&](Kind kind) { return overflows ? overflow(arena, Op::subtract) : make_integer(kind, difference); };
    if (a.kind == Kind::instant && b.kind == Kind::duration) return checked(Kind::instant);
    if (a.kind != b.kind) return no_operator(arena, Op::subtract, a, b);
    switch (a.kind) {
        case Kind::integer:
        case Kind::duration:
            return checked(a.kind);
        case Kind::instant:
            return checked(Kind::duration);
        case Kind::real:
            return Datum{.kind = Kind::real, .real = a.real - b.real, .text = {}};
        case Kind::money: {
            if (a.text != b.text) return other_currency(a, b, arena);
            Datum result = checked(Kind::money);
            if (!result.is_error()) result.text = a.text;
            return result;
        }
        default:
            return no_operator(arena, Op::subtract, a, b);
    }
}

Datum multiply(const Datum& a, const Datum& b, Arena& arena) {
    if (a.kind == Kind::real && b.kind == Kind::real) return Datum{.kind = Kind::real, .real = a.real * b.real, .text = {}};
    const auto is_measure = [](const Datum& datum) { return datum.kind == Kind::money || datum.kind == Kind::duration; };
    const bool both_whole = a.kind == Kind::integer && b.kind == Kind::integer;
    const bool is_scaled = (is_measure(a) && b.kind == Kind::integer) || (a.kind == Kind::integer && is_measure(b));
    if (!both_whole && !is_scaled) return no_operator(arena, Op::multiply, a, b);
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a.integer, b.integer, &product)) return overflow(arena, Op::multiply);
    const Datum& shape = is_measure(b) ? b : a;
    return Datum{.kind = shape.kind, .integer = product, .text = shape.text};
}

Datum divide(const Datum& a, const Datum& b, Arena& arena) {
    if (a.kind == Kind::real && b.kind == Kind::real) return Datum{.kind = Kind::real, .real = a.real / b.real, .text = {}};
    if (a.kind != Kind::integer || b.kind != Kind::integer) return no_operator(arena, Op::divide, a, b);
    if (b.integer == 0) return make_error(arena, "division by zero");
    if (b.integer == -1 && a.integer == std::numeric_limits<std::int64_t>::min()) return overflow(arena, Op::divide);
    return make_integer(Kind::integer, a.integer / b.integer);
}

Datum modulo(const Datum& a, const Datum& b, Arena& arena) {
    if (a.kind != Kind::integer || b.kind != Kind::integer) return no_operator(arena, Op::modulo, a, b);
    if (b.integer == 0) return make_error(arena, "division by zero");
    // The machine traps on the smallest integer % -1, though the answer is 0.
    return make_integer(Kind::integer, b.integer == -1 ? 0 : a.integer % b.integer);
}

Datum negate(const Datum& a, Arena& arena) {
    if (a.kind == Kind::real) return Datum{.kind = Kind::real, .real = -a.real, .text = {}};
    if (a.kind != Kind::integer && a.kind != Kind::duration)
        return make_error(arena, fmt::format("`-` does not take {}", kind_name(a.kind)));
    if (a.integer == std::numeric_limits<std::int64_t>::min()) return overflow(arena, Op::negate);
    return make_integer(a.kind, -a.integer);
}

}  // namespace resolute::procedure::impl
