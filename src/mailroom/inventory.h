// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "mailroom/intake.h"

namespace resolute::mailroom {

/// What stands in a mailbox, compared with what was taken in. there = accounted + known_content + on_their_way + missed.
struct Inventory {
    std::string mailbox;  ///< the source's name
    Instant at;
    std::uint64_t there = 0;          ///< mails in the mailbox, without those left out
    std::uint64_t accounted = 0;      ///< taken in from where they stand
    std::uint64_t known_content = 0;  ///< their bytes were taken in from elsewhere: a mailbox restored, or made anew
    std::uint64_t on_their_way = 0;   ///< came a few minutes ago, or the mailbox is still being read for the first time
    std::uint64_t missed = 0;         ///< came long ago and nobody had them
    std::uint64_t taken_in = 0;       ///< of the missed, by this inventory
    std::uint64_t left_out = 0;       ///< came before the day from which mail is taken in
    bool is_whole = true;             ///< not more mails than are looked at
    std::vector<std::string> uids;    ///< of the missed, a few
    std::string problem;              ///< why it was not taken, or not to its end; empty: it was

    /// There, and still not taken in when the inventory ended.
    [[nodiscard]] std::uint64_t unaccounted() const { return missed - taken_in; }
    friend bool operator==(const Inventory&, const Inventory&) = default;
};

/// Lists all of `source`, which must be new (a source lists once what it was told to be done), asks the store by position, then fetches
/// what it does not know, looks for its bytes, and keeps it: the intake works it off as any other mail. While a mailbox is
/// being read (`is_being_read`) what it does not know is on its way. Changes nothing at the source. Never fails: a problem is in it.
/// Limit: kInventoryMax mails. Threads: those of the source.
Inventory take_inventory(ports::MailSource& source, ports::IntakeStore& store, Intake& intake, Instant now, bool is_being_read);

json::Value to_json(const Inventory& inventory);
/// As `to_json` wrote it; what is missing is as if nothing had been found.
Inventory inventory_from(const json::Value& value);

}  // namespace resolute::mailroom
