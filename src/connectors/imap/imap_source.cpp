// SPDX-License-Identifier: Apache-2.0
#include "connectors/imap/imap_source.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "mail/limits.h"

namespace resolute::connectors {
namespace {

using transport::ImapClient;
using transport::ImapMessage;
using transport::ImapUid;

constexpr Duration kConnectWithin = std::chrono::seconds(30);
constexpr Duration kCommandWithin = std::chrono::seconds(30);  ///< and for each byte that is asked for:
constexpr std::size_t kSlowestBytesPerSecond = 64u << 10;
constexpr Duration kListAllEvery = std::chrono::hours(1);         ///< should a server ever give a UID below one that was seen
constexpr Duration kPauseAfterFailure = std::chrono::seconds(1);  ///< a server that breaks off each IDLE is not besieged

constexpr std::size_t kSizesAhead = 128;       ///< asked at once
constexpr std::size_t kMailsAhead = 16;        ///< fetched at once
constexpr std::size_t kBytesAhead = 4u << 20;  ///< of them together
constexpr ImapUid kUidMax = std::numeric_limits<ImapUid>::max();

Deadline within(std::uint64_t bytes) {
    return Deadline::in(kCommandWithin + Duration(std::chrono::seconds(bytes / kSlowestBytesPerSecond)));
}

/// "1-Feb-1994"
std::string imap_day(std::chrono::year_month_day day) {
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}-{}-{:04}", static_cast<unsigned>(day.day()), kMonths[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()));
}

std::unexpected<Error> too_large(const mail::SourcePosition& position) {
    return fail("mail.too_large", ErrorKind::exhausted,
                fmt::format("the mail {} has more than {} bytes", position.uid, mail::limits::raw_bytes_max));
}

}  // namespace

ImapSource::ImapSource(Options options)
    : options_(std::move(options)), since_(options_.since ? imap_day(*options_.since) : ""), ahead_max_(kMailsAhead) {}

// --- The connection ----------------------------------------------------------------------------------------------------------

Status ImapSource::connect() {
    if (client_ && client_->is_alive()) return {};
    client_.reset();
    TRY(const transport::MailLogin login, options_.login());
    auto opened = ImapClient::open(options_.server, login, Deadline::in(kConnectWithin));
    if (!opened && opened.error().code == "mail.login" && options_.login_was_refused) options_.login_was_refused();
    TRY(auto client, std::move(opened));
    TRY(const transport::ImapFolder folder, client->examine(options_.folder, Deadline::in(kCommandWithin)));
    client_ = std::move(client);
    list_all_.reset();  // What came or went meanwhile, nobody told us.
    if (folder.uid_validity == uid_validity_) return {};
    uid_validity_ = folder.uid_validity;
    pending_ = {};
    done_ = {};
    sizes_.clear();
    ahead_.clear();
    failed_.clear();
    next_ = 1;
    return {};
}

template <class Operation>
auto ImapSource::on_connection(Operation operation) -> decltype(operation()) {
    const bool was_open = client_ && client_->is_alive();
    TRY_STATUS(connect());
    auto result = operation();
    // Servers end a session that was silent for long, or start again: that is no failure of the mail asked for.
    // And what burst it is asked for more carefully. Only time that is over is not given twice.
    const auto is_dead = [&] { return !client_ || !client_->is_alive(); };
    if (was_open && !result && is_dead() && result.error().kind != ErrorKind::timed_out) {
        TRY_STATUS(connect());
        result = operation();
    }
    if (is_dead()) client_.reset();
    return result;
}

// --- Listing -----------------------------------------------------------------------------------------------------------------

Status ImapSource::refresh() {
    // A server searches what it told us of so far, and it looks for more when it is asked to (RFC 9051 §6.1.2), or opens the
    // folder.
    if (list_all_ && !client_->has_news()) TRY_STATUS(client_->noop(within(0)));
    const bool is_whole = !list_all_ || list_all_->has_passed();
    TRY(transport::UidSet found, client_->search_from(is_whole ? 1 : next_, within(0), since_));
    if (is_whole) {
        pending_ = {};  // What is gone is not waited for.
        list_all_ = Deadline::in(kListAllEvery);
    }
    if (found.last() >= next_) next_ = found.last() == kUidMax ? kUidMax : found.last() + 1;
    found.erase(done_);
    pending_.insert(found);
    return {};
}

Result<std::vector<mail::SourcePosition>> ImapSource::list(std::size_t limit) {
    TRY_STATUS(on_connection([&] { return refresh(); }));
    std::vector<mail::SourcePosition> positions;
    const auto add = [&](ImapUid uid) {
        positions.push_back({.account = options_.account, .folder = options_.folder, .uid = fmt::format("{}/{}", uid_validity_, uid)});
    };
    for (const ImapUid uid : pending_.list(1, limit))
        if (!failed_.contains(uid)) add(uid);
    for (const ImapUid uid : failed_)
        if (pending_.contains(uid) && positions.size() < limit) add(uid);
    return positions;
}

Result<ImapUid> ImapSource::uid_of(const mail::SourcePosition& position) const {
    const std::string& text = position.uid;
    const std::string expected = fmt::format("{}/", uid_validity_);
    ImapUid uid = 0;
    if (text.starts_with(expected)) {
        const auto [end, error] = std::from_chars(text.data() + expected.size(), text.data() + text.size(), uid);
        if (error != std::errc{} || end != text.data() + text.size()) uid = 0;
    }
    if (uid == 0)
        return fail("mail.vanished", ErrorKind::not_found,
                    fmt::format("the mail {} is no longer in \"{}\"", text, options_.folder));
    return uid;
}

Status ImapSource::done(const mail::SourcePosition& position) {
    const auto uid = uid_of(position);
    if (!uid) return {};  // Of a folder that is no more: it will not be listed.
    pending_.erase(*uid);
    failed_.erase(*uid);
    done_.insert(*uid);
    return {};
}

// --- Fetching ----------------------------------------------------------------------------------------------------------------

mail::RawMail ImapSource::raw_mail(const mail::SourcePosition& position, Body body) const {
    // The time orders the work and identifies nothing: the server's, if it tells one.
    return {.position = position, .received_at = body.received_at.value_or(SystemClock().now()), .bytes = std::move(body.bytes)};
}

std::unexpected<Error> ImapSource::vanished(const mail::SourcePosition& position) {
    const auto uid = uid_of(position);
    if (uid) pending_.erase(*uid);  // A UID is never given again, so nothing is lost by not listing it.
    return fail("mail.vanished", ErrorKind::not_found,
                fmt::format("the mail {} is no longer in \"{}\"", position.uid, options_.folder));
}

/// Of this mail and those that will be asked for next.
Status ImapSource::ask_sizes(ImapUid uid) {
    std::vector<ImapUid> uids = pending_.list(uid, kSizesAhead);
    if (uids.empty() || uids.front() != uid) uids.insert(uids.begin(), uid);
    TRY(const std::vector<ImapMessage> messages, client_->fetch_sizes(uids, within(0)));
    sizes_.clear();
    for (const ImapUid asked : uids) sizes_.emplace(asked, Size{});
    for (const ImapMessage& message : messages) sizes_[message.uid].bytes = message.size.value_or(0);
    return {};
}

/// The mail, and next ones that are small.
std::vector<ImapUid> ImapSource::choose_batch(ImapUid uid) const {
    const auto first = sizes_.find(uid);
    std::vector<ImapUid> batch{uid};
    std::uint64_t bytes = first->second.bytes.value_or(0);
    for (auto next = std::next(first); next != sizes_.end() && batch.size() < ahead_max_; ++next) {
        if (!next->second.bytes || bytes + *next->second.bytes > kBytesAhead || !pending_.contains(next->first)) continue;
        bytes += *next->second.bytes;
        batch.push_back(next->first);
    }
    return batch;
}

Status ImapSource::fetch_from(ImapUid uid) {
    const std::vector<ImapUid> batch = choose_batch(uid);
    std::uint64_t bytes = 0;
    for (const ImapUid one : batch) bytes += sizes_[one].bytes.value_or(0);
    // Servers that guess sizes guess wrong: a large one is cut just above the limit, rather than that it bursts the connection.
    // So is the one that is tried alone, because it burst it before.
    std::optional<std::uint32_t> first_bytes;
    if (bytes > kBytesAhead || ahead_max_ == 1) first_bytes = static_cast<std::uint32_t>(mail::limits::raw_bytes_max + 1);
    auto messages = client_->fetch_bodies(batch, first_bytes, within(bytes));
    if (!messages) {
        ahead_max_ = 1;
        if (client_->is_alive() && batch.size() > 1) messages = client_->fetch_bodies({&uid, 1}, std::nullopt, within(bytes));
    }
    if (!messages) return std::unexpected(std::move(messages).error());
    ahead_max_ = std::min(kMailsAhead, ahead_max_ * 2);
    ahead_.clear();
    for (ImapMessage& message : *messages)
        if (message.bytes)
            ahead_.insert_or_assign(message.uid, Body{.received_at = message.received_at, .bytes = *std::move(message.bytes)});
    return {};
}

/// A moment ago it was there: removed meanwhile, or kept back.
std::unexpected<Error> ImapSource::explain_missing(const mail::SourcePosition& position, ImapUid uid) {
    if (Status asked = ask_sizes(uid); !asked) return std::unexpected(std::move(asked).error());
    const bool is_there = sizes_[uid].bytes.has_value();
    sizes_.erase(uid);
    if (!is_there) return vanished(position);
    return fail("imap.no_body", ErrorKind::unavailable,
                fmt::format("the server lists the mail {} in \"{}\" and hands out no body of it", position.uid, options_.folder));
}

Result<mail::RawMail> ImapSource::fetch_now(const mail::SourcePosition& position) {
    TRY(const ImapUid uid, uid_of(position));
    auto ready = ahead_.extract(uid);
    if (ready.empty()) {
        if (!sizes_.contains(uid)) TRY_STATUS(ask_sizes(uid));
        const Size size = sizes_[uid];
        if (!size.bytes) {
            sizes_.erase(uid);
            return vanished(position);
        }
        if (*size.bytes > mail::limits::raw_bytes_max) return too_large(position);
        TRY_STATUS(fetch_from(uid));
        ready = ahead_.extract(uid);
        if (ready.empty()) return explain_missing(position, uid);
    }
    if (ready.mapped().bytes.size() > mail::limits::raw_bytes_max) return too_large(position);
    return raw_mail(position, std::move(ready.mapped()));
}

Result<mail::RawMail> ImapSource::fetch(const mail::SourcePosition& position) {
    // What was fetched ahead needs no connection.
    const auto uid = uid_of(position);
    if (uid && ahead_.contains(*uid)) return fetch_now(position);
    auto fetched = on_connection([&] { return fetch_now(position); });
    if (uid && !fetched && fetched.error().code != "mail.vanished" && fetched.error().code != "mail.too_large") failed_.insert(*uid);
    return fetched;
}

Result<mail::RawMail> ImapSource::fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) {
    return on_connection([&]() -> Result<mail::RawMail> {
        TRY(const ImapUid uid, uid_of(position));
        const auto first_bytes = static_cast<std::uint32_t>(std::min(bytes_max, mail::limits::raw_bytes_max));
        TRY(std::vector<ImapMessage> messages, client_->fetch_bodies({&uid, 1}, first_bytes, within(first_bytes)));
        if (messages.empty() || !messages.front().bytes) return explain_missing(position, uid);
        Body body{.received_at = messages.front().received_at, .bytes = *std::move(messages.front().bytes)};
        if (body.bytes.size() > first_bytes) body.bytes.resize(first_bytes);
        return raw_mail(position, std::move(body));
    });
}

// --- Putting away ------------------------------------------------------------------------------------------------------------

Status ImapSource::put_away(const std::vector<mail::SourcePosition>& positions, ports::PutAway how) {
    if (!puts_away(how) || positions.empty()) return {};
    return on_connection([&]() -> Status {
        std::vector<ImapUid> uids;
        for (const mail::SourcePosition& position : positions)
            if (const auto uid = uid_of(position)) uids.push_back(*uid);  // Of a folder that is no more there is nothing to put away.
        std::ranges::sort(uids);
        Status done = uids.empty() ? Status() : put_away_now(uids, rule(how));
        // Read-only again, whatever became of it.
        if (client_->is_alive() && !uids.empty()) {
            const auto folder = client_->examine(options_.folder, Deadline::in(kCommandWithin));
            // What came while it was open for writing is listed: the next search begins where the last one ended.
            if (!folder || folder->uid_validity != uid_validity_) client_.reset();
        }
        return done;
    });
}

Status ImapSource::put_away_now(const std::vector<ImapUid>& uids, const ImapPutAway& rule) {
    TRY(const transport::ImapFolder folder, client_->select(options_.folder, Deadline::in(kCommandWithin)));
    if (folder.uid_validity != uid_validity_) return {};  // Made anew meanwhile: these UIDs name other mails now.
    if (!rule.flag.empty()) TRY_STATUS(client_->store(uids, ImapClient::FlagChange::add, {rule.flag}, within(0)));
    if (rule.folder.empty()) return {};
    return move(uids, rule.folder);
}

Status ImapSource::move(const std::vector<ImapUid>& uids, const std::string& folder) {
    Status moved = client_->move(uids, folder, within(0));
    if (moved || moved.error().code != "imap.refused" || moved.error().detail.find("[TRYCREATE]") == std::string::npos) return moved;
    TRY_STATUS(client_->create(folder, within(0)));
    return client_->move(uids, folder, within(0));
}

Result<std::uint64_t> ImapSource::count_left_out() {
    if (since_.empty()) return 0;
    return on_connection([&]() -> Result<std::uint64_t> {
        TRY(const transport::UidSet before, client_->search_before(since_, within(0)));
        return before.count();
    });
}

// --- Waiting -----------------------------------------------------------------------------------------------------------------

void ImapSource::wait(Duration at_most, const Interrupt& stop) {
    if (!client_) {
        static_cast<void>(stop.wait(at_most));
        return;
    }
    const Result<bool> woken = client_->wait(at_most, stop);
    if (client_->is_alive()) return;
    client_.reset();
    if (!woken) static_cast<void>(stop.wait(std::min(at_most, kPauseAfterFailure)));
}

}  // namespace resolute::connectors
