// SPDX-License-Identifier: Apache-2.0
#include "mailroom/inventory.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "mailroom/limits.h"

namespace resolute::mailroom {
namespace {

constexpr std::size_t kUidsShown = 20;

/// A position that the ledger does not know.
void look_at_unknown(ports::MailSource& source, ports::IntakeStore& store, Intake& intake, const mail::SourcePosition& position,
                     Inventory& inventory) {
    auto fetched = source.fetch(position);
    const bool is_large = !fetched && fetched.error().code == "mail.too_large";
    if (is_large) fetched = source.fetch_head(position, kHeadBytesMax);
    if (!fetched && fetched.error().code == "mail.vanished") {
        --inventory.there;
        return;
    }
    const auto miss = [&](Error error) {
        ++inventory.missed;
        if (inventory.uids.size() < kUidsShown) inventory.uids.push_back(position.uid);
        if (inventory.problem.empty()) inventory.problem = describe(error);
    };
    if (!fetched) return miss(std::move(fetched).error());
    const bool is_content_known = !is_large && store.load_blob(sha256_hex(fetched->bytes)).has_value();
    const Instant received_at = fetched->received_at;
    fetched->position = position;
    const Result<bool> kept = intake.keep(*std::move(fetched), is_large, inventory.at);
    if (!kept) return miss(kept.error());
    if (is_content_known) {
        ++inventory.known_content;
    } else if (!*kept || inventory.at - received_at < kOnTheirWay) {
        ++inventory.on_their_way;  // Its mailbox's own round was quicker, or would have been soon.
    } else {
        ++inventory.missed;
        ++inventory.taken_in;
        if (inventory.uids.size() < kUidsShown) inventory.uids.push_back(position.uid);
    }
}

void compare(ports::MailSource& source, ports::IntakeStore& store, Intake& intake, const std::vector<mail::SourcePosition>& listed,
             bool is_being_read, Inventory& inventory) {
    for (std::size_t at = 0; at < listed.size(); at += kAskMax) {
        const std::vector part(listed.begin() + static_cast<std::ptrdiff_t>(at),
                               listed.begin() + static_cast<std::ptrdiff_t>(std::min(listed.size(), at + kAskMax)));
        const auto are_kept = store.are_kept(part);
        if (!are_kept) {
            inventory.problem = describe(are_kept.error());
            return;
        }
        for (std::size_t i = 0; i < part.size(); ++i) {
            if ((*are_kept)[i])
                ++inventory.accounted;
            else if (is_being_read)
                ++inventory.on_their_way;
            else
                look_at_unknown(source, store, intake, part[i], inventory);
        }
    }
}

}  // namespace

Inventory take_inventory(ports::MailSource& source, ports::IntakeStore& store, Intake& intake, Instant now, bool is_being_read) {
    Inventory inventory{.mailbox = source.name(), .at = now, .uids = {}, .problem = {}};
    const auto listed = source.list(kInventoryMax);
    if (!listed) {
        inventory.problem = describe(listed.error());
        return inventory;
    }
    inventory.there = listed->size();
    inventory.is_whole = listed->size() < kInventoryMax;
    if (const auto left_out = source.count_left_out())
        inventory.left_out = *left_out;
    else
        inventory.problem = describe(left_out.error());
    compare(source, store, intake, *listed, is_being_read, inventory);
    if (inventory.missed > 0)
        LOG(error, "mails had not been taken in", kv("mailbox", inventory.mailbox), kv("missed", static_cast<std::int64_t>(inventory.missed)),
            kv("unaccounted", static_cast<std::int64_t>(inventory.unaccounted())));
    else
        LOG(info, "inventory taken", kv("mailbox", inventory.mailbox), kv("there", static_cast<std::int64_t>(inventory.there)));
    return inventory;
}

json::Value to_json(const Inventory& inventory) {
    return json::Object{{"mailbox", inventory.mailbox},
                        {"at", format_instant(inventory.at)},
                        {"there", inventory.there},
                        {"accounted", inventory.accounted},
                        {"known_content", inventory.known_content},
                        {"on_their_way", inventory.on_their_way},
                        {"missed", inventory.missed},
                        {"taken_in", inventory.taken_in},
                        {"unaccounted", inventory.unaccounted()},
                        {"left_out", inventory.left_out},
                        {"is_whole", inventory.is_whole},
                        {"uids", json::from_strings(inventory.uids)},
                        {"problem", inventory.problem.empty() ? json::Value() : json::Value(inventory.problem)}};
}

Inventory inventory_from(const json::Value& value) {
    const auto count = [&](const char* name) { return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value[name].as_int())); };
    return {.mailbox = value["mailbox"].as_string(),
            .at = parse_instant(value["at"].as_string()).value_or(Instant{}),
            .there = count("there"),
            .accounted = count("accounted"),
            .known_content = count("known_content"),
            .on_their_way = count("on_their_way"),
            .missed = count("missed"),
            .taken_in = std::min(count("taken_in"), count("missed")),
            .left_out = count("left_out"),
            .is_whole = value["is_whole"].as_bool(true),
            .uids = json::to_strings(value["uids"]),
            .problem = value["problem"].as_string()};
}

}  // namespace resolute::mailroom
