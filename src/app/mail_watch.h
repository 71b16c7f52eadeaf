// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/mailboxes.h"
#include "base/clock.h"
#include "json/json.h"
#include "mailroom/inventory.h"
#include "ports/mail_ledger.h"

namespace resolute::app {

/// Looks after the mailboxes: counts them once a day against what was taken in, and notices when one falls silent. What it found stands in the ledger's notes, so that it
/// outlives the program. Threads: any.
class MailWatch {
public:
    struct Parts {
        const Config& config;
        const Clock& clock;
        Mailboxes& mailboxes;
        ports::IntakeStore& store;
        ports::MailLedger& ledger;
        mailroom::Intake& intake;
        /// Whether this mailbox is still being read for the first time, or again after a trouble.
        std::function<bool(const std::string& mailbox)> is_being_read;
    };
    explicit MailWatch(Parts parts) : parts_(std::move(parts)) {}

    /// All mailboxes, one after the other, on connections of their own; a second caller waits for the first. Fails only where the store does.
    Result<std::vector<mailroom::Inventory>> take_inventory();
    /// What is due by now. For one thread, about once a minute.
    void look();
    /// {"at","there","unaccounted","mailboxes":[…]} of the last inventory; null where there was none.
    Result<json::Value> describe();
    /// Accounts that are silent for much longer than was usual at this hour of the week, in words for people.
    [[nodiscard]] std::vector<std::string> silences();

private:
    void listen(const std::string& account);
    [[nodiscard]] Result<std::vector<mailroom::Inventory>> last_inventory();
    [[nodiscard]] bool is_inventory_due();

    const Parts parts_;
    struct Told {
        std::string words;  // Empty: not silent.
        std::optional<Instant> at;
    };
    std::mutex mutex_;                  // Guards the next.
    std::map<std::string, Told> told_;  // By account.
    std::mutex turn_;  // One inventory at a time. Held across I/O.
};

}  // namespace resolute::app
