// SPDX-License-Identifier: Apache-2.0
#include "app/mail_watch.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "mailroom/silence.h"

namespace resolute::app {
namespace {

constexpr std::string_view kInventoryTopic = "inventory/";
constexpr Duration kTellEvery = std::chrono::hours(1);

std::int64_t in_hours(Duration lasts) { return std::chrono::round<std::chrono::hours>(lasts).count(); }

}  // namespace

Result<std::vector<mailroom::Inventory>> MailWatch::take_inventory() {
    const std::lock_guard turn(turn_);
    std::vector<mailroom::Inventory> all;
    for (const auto& source : parts_.mailboxes.second_look(parts_.config, parts_.clock)) {
        all.push_back(mailroom::take_inventory(*source, parts_.store, parts_.intake, parts_.clock.now(), parts_.is_being_read(source->name())));
        TRY_STATUS(parts_.ledger.put_note(std::string(kInventoryTopic) + source->name(), json::dump(to_json(all.back()))));
    }
    return all;
}

/// Of the mailboxes that are configured; others were once.
Result<std::vector<mailroom::Inventory>> MailWatch::last_inventory() {
    TRY(const auto notes, parts_.ledger.notes(std::string(kInventoryTopic)));
    std::vector<mailroom::Inventory> all;
    for (const std::string& name : parts_.mailboxes.names()) {
        const auto note = notes.find(std::string(kInventoryTopic) + name);
        if (note == notes.end()) continue;
        if (const auto value = json::parse(note->second)) all.push_back(mailroom::inventory_from(*value));
    }
    return all;
}

bool MailWatch::is_inventory_due() {
    if (parts_.config.inventory_every == Duration::zero()) return false;
    const auto last = last_inventory();
    if (!last) return false;
    const Instant now = parts_.clock.now();
    const auto is_old = [&](const mailroom::Inventory& one) { return now - one.at >= parts_.config.inventory_every; };
    return last->size() < parts_.mailboxes.names().size() || std::ranges::any_of(*last, is_old);
}

void MailWatch::look() {
    for (const std::string& account : parts_.mailboxes.accounts()) listen(account);
    if (!is_inventory_due()) return;
    const auto taken = take_inventory();
    if (!taken) LOG(error, "the inventory could not be kept", kv("error", taken.error().code));
}

void MailWatch::listen(const std::string& account) {
    const Instant now = parts_.clock.now();
    const auto arrivals = parts_.ledger.arrivals(account, now - 2 * mailroom::kSilenceLearntFrom);
    if (!arrivals) return;  // The store has its own alarm.
    const auto silence = mailroom::judge_silence(*arrivals, now);
    const std::lock_guard lock(mutex_);
    Told& told = told_[account];
    if (!silence || !silence->is_alarming()) {
        told = {};
        return;
    }
    told.words = fmt::format("{} brought no mail for {} h; in the last weeks around this hour it was {} h at most", account, in_hours(silence->lasts),
                             in_hours(silence->usual));
    if (told.at && now - *told.at < kTellEvery) return;
    told.at = now;
    LOG(error, "a mailbox is silent", kv("account", account), kv("hours", in_hours(silence->lasts)), kv("usual_hours", in_hours(silence->usual)));
}

std::vector<std::string> MailWatch::silences() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const auto& [account, told] : told_)
        if (!told.words.empty()) all.push_back(told.words);
    return all;
}

Result<json::Value> MailWatch::describe() {
    TRY(const auto last, last_inventory());
    if (last.empty()) return json::Value();
    json::Array mailboxes;
    Instant oldest = Instant::max();
    std::uint64_t there = 0;
    std::uint64_t unaccounted = 0;
    for (const mailroom::Inventory& one : last) {
        oldest = std::min(oldest, one.at);
        there += one.there;
        unaccounted += one.unaccounted();
        mailboxes.push_back(to_json(one));
    }
    return json::Value(json::Object{
        {"at", format_instant(oldest)}, {"there", there}, {"unaccounted", unaccounted}, {"mailboxes", std::move(mailboxes)}});
}

}  // namespace resolute::app
