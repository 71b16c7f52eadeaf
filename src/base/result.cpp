// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <array>

namespace resolute {
namespace {

constexpr std::array<std::pair<ErrorKind, std::string_view>, 10> kKinds{{
    {ErrorKind::invalid, "invalid"},
    {ErrorKind::not_found, "not_found"},
    {ErrorKind::refused, "refused"},
    {ErrorKind::conflict, "conflict"},
    {ErrorKind::rate_limited, "rate_limited"},
    {ErrorKind::unavailable, "unavailable"},
    {ErrorKind::timed_out, "timed_out"},
    {ErrorKind::exhausted, "exhausted"},
    {ErrorKind::corrupt, "corrupt"},
    {ErrorKind::internal, "internal"},
}};

constexpr std::array<std::pair<EffectState, std::string_view>, 3> kStates{{
    {EffectState::not_sent, "not_sent"},
    {EffectState::refused, "refused"},
    {EffectState::unknown, "unknown"},
}};

template <class Table, class Key>
std::string_view name_in(const Table& table, Key key) {
    for (const auto& [value, name] : table)
        if (value == key) return name;
    return "internal";
}

}  // namespace

std::string_view to_string(ErrorKind kind) { return name_in(kKinds, kind); }
std::string_view to_string(EffectState state) { return name_in(kStates, state); }

std::optional<ErrorKind> parse_error_kind(std::string_view text) {
    for (const auto& [value, name] : kKinds)
        if (name == text) return value;
    return std::nullopt;
}

std::optional<EffectState> parse_effect_state(std::string_view text) {
    for (const auto& [value, name] : kStates)
        if (name == text) return value;
    return std::nullopt;
}

std::string describe(const Error& error) { return error.detail.empty() ? error.code : error.code + ": " + error.detail; }

}  // namespace resolute
