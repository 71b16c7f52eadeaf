// SPDX-License-Identifier: Apache-2.0
#include "app/standing.h"

#include <fmt/format.h>

namespace resolute::app {
namespace {

json::Value moment(const std::optional<Instant>& at) { return at ? json::Value(format_instant(*at)) : json::Value(); }

}  // namespace

std::string describe_freeze(const engine::Freeze& freeze) {
    return fmt::format("store.frozen: nothing leaves since {}, stopped by {}: {}", format_instant(freeze.since), freeze.by, freeze.why);
}

json::Value to_json(const engine::Freeze& freeze) {
    return json::Object{{"since", format_instant(freeze.since)},
                        {"why", freeze.why},
                        {"by", freeze.by},
                        {"released_at", moment(freeze.released_at)},
                        {"released_by", freeze.released_by},
                        {"look_first_until", moment(freeze.look_first_until)}};
}

Result<json::Value> describe_standing(Runtime& runtime) {
    engine::Store& store = runtime.storage().engine_store();
    const Instant now = runtime.clock().now();
    TRY(const auto workers, store.workers());
    TRY(const auto freeze, store.last_freeze());
    TRY(const auto queue, runtime.storage().maintenance().queue(now));
    TRY(const std::string store_id, store.store_id());
    json::Array all;
    for (const engine::Worker& worker : workers) {
        if (worker.is_fenced) continue;
        // A store with one owner has no leases that end.
        const bool has_lease = to_unix_ms(worker.lease_until) > 0 && runtime.storage().is_shared();
        all.push_back(json::Object{{"owner", worker.owner},
                                   {"epoch", worker.epoch},
                                   {"lease_until", has_lease ? json::Value(format_instant(worker.lease_until)) : json::Value()},
                                   {"writes", worker.writes},
                                   {"is_this", worker.epoch == runtime.engine().lease().epoch}});
    }
    json::Object effects;
    for (const auto& [status, count] : queue.effects) effects.emplace(status, count);
    const auto held = queue.effects.find("held");
    return json::Value(json::Object{{"store", store_id},
                                    {"workers", std::move(all)},
                                    {"freeze", freeze ? to_json(*freeze) : json::Value()},
                                    {"is_frozen", freeze && !freeze->released_at},
                                    {"queue", json::Object{{"effects", std::move(effects)},
                                                           {"due", queue.due},
                                                           {"oldest_due", moment(queue.oldest_due)},
                                                           {"held", held == queue.effects.end() ? std::int64_t{0} : held->second}}},
                                    {"clock_skew_ms", runtime.engine().clock_skew().count()}});
}

}  // namespace resolute::app
