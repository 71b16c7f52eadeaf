// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <string>
#include <string_view>

#include "json/json.h"

namespace resolute::procedure::impl {

/// A value while a condition is evaluated: small, copied freely; text, lists and maps are borrowed from the context,
/// the condition or the evaluation's arena.
struct Datum {
    enum class Kind { error, null, boolean, integer, real, text, money, duration, instant, list, map };
    Kind kind = Kind::null;
    bool truth = false;
    bool is_too_early = false;  ///< error: a top-level fact is not there yet
    std::int64_t integer = 0;   ///< integer; money in minor units; duration and instant in milliseconds
    double real = 0;
    std::string_view text;  ///< text; the currency of money; why it is an error
    const json::Array* list = nullptr;
    const json::Object* map = nullptr;

    [[nodiscard]] bool is_error() const { return kind == Kind::error; }
};

/// Keeps what an evaluation makes (joined texts, lists, messages) until it ends.
struct Arena {
    std::list<std::string> texts;  // A list costs nothing while it is empty, which it is for most guards.
    std::list<json::Array> lists;

    std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
};

Datum view(const json::Value& value);
json::Value to_value(const Datum& datum);
/// "a text", "money", "null".
std::string_view kind_name(Datum::Kind kind);
/// As people write it: "$500.01", "\"vip\"", "true", "48h", "(unknown)" for null.
std::string written(const Datum& datum);

Datum make_error(Arena& arena, std::string why, bool is_too_early = false);
inline Datum make_bool(bool truth) {
    return Datum{.kind = Datum::Kind::boolean, .truth = truth, .text = {}};
}
inline Datum make_integer(Datum::Kind kind, std::int64_t integer) {
    return Datum{.kind = kind, .integer = integer, .text = {}};
}

/// `==` of CEL without its implicit "other kinds are unequal": those are an error, but for null.
Datum equals(const Datum& a, const Datum& b, Arena& arena);
/// -1, 0 or 1 as an integer, or an error.
Datum order(const Datum& a, const Datum& b, Arena& arena);

Datum add(const Datum& a, const Datum& b, Arena& arena);
Datum subtract(const Datum& a, const Datum& b, Arena& arena);
Datum multiply(const Datum& a, const Datum& b, Arena& arena);
Datum divide(const Datum& a, const Datum& b, Arena& arena);
Datum modulo(const Datum& a, const Datum& b, Arena& arena);
Datum negate(const Datum& a, Arena& arena);

}  // namespace resolute::procedure::impl
