// SPDX-License-Identifier: Apache-2.0
#include "engine/store.h"

#include <array>
#include <utility>

#include "base/hash.h"

namespace resolute::engine {

namespace {

// The names are the storage's format: never change one.
constexpr std::array<std::pair<EffectStatus, std::string_view>, 8> kStatusNames{{
    {EffectStatus::intended, "intended"},
    {EffectStatus::waiting, "waiting"},
    {EffectStatus::unclear, "unclear"},
    {EffectStatus::reconciling, "reconciling"},
    {EffectStatus::held, "held"},
    {EffectStatus::confirmed, "confirmed"},
    {EffectStatus::refused, "refused"},
    {EffectStatus::failed, "failed"},
}};

}  // namespace

std::string chain_hash(std::string_view previous_hash, std::string_view events, std::string_view sealed) {
    std::string linked;
    linked.reserve(previous_hash.size() + events.size() + 1 + sealed.size());
    linked.append(previous_hash).append(events);
    if (events.starts_with('[')) linked.append("\n").append(sealed);  // Canonical JSON holds no bare line break: nothing runs together.
    return sha256_hex(linked);
}

std::string chain_start(const CaseId& id) { return sha256_hex(id.value()); }

std::string_view to_string(EffectStatus status) {
    for (const auto& [value, name] : kStatusNames)
        if (value == status) return name;
    return "unclear";  // Of all names the one that is never acted on blindly.
}

std::optional<EffectStatus> parse_effect_status(std::string_view text) {
    for (const auto& [value, name] : kStatusNames)
        if (name == text) return value;
    return std::nullopt;
}

bool has_ended(EffectStatus status) {
    return status == EffectStatus::confirmed || status == EffectStatus::refused || status == EffectStatus::failed;
}

bool is_remembered(procedure::EffectClass effect_class) {
    return effect_class == procedure::EffectClass::mails || effect_class == procedure::EffectClass::guarded;
}

}  // namespace resolute::engine
