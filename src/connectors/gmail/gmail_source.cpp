// SPDX-License-Identifier: Apache-2.0
#include "connectors/gmail/gmail_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "mail/limits.h"

namespace resolute::connectors {
namespace {

constexpr const char* kFolder = "messages";
constexpr Duration kWithin = std::chrono::seconds(60);       ///< a question, the wait for its turn in it
constexpr Duration kFetchWithin = std::chrono::minutes(5);   ///< 25 MiB, slowly
constexpr Duration kListAllEvery = std::chrono::hours(6);

std::unexpected<Error> too_large(const mail::SourcePosition& position) {
    return fail("mail.too_large", ErrorKind::exhausted, fmt::format("the mail {} has more than {} bytes", position.uid, mail::limits::raw_bytes_max));
}

/// Only what asks anew would be told so again and again: a reading has no effect.
template <class T>
Result<T> read_only(Result<T> result) {
    if (!result) result.error().effect = EffectState::not_sent;
    return result;
}

}  // namespace

GmailSource::GmailSource(Options options, GmailClient client, const Clock& clock) : options_(std::move(options)), client_(std::move(client)), clock_(clock) {}

// --- Listing -----------------------------------------------------------------------------------------------------------------

Status GmailSource::find_labels() {
    if (!label_ids_.empty()) return {};
    TRY(const auto labels, client_.labels(Deadline::in(kWithin)));
    std::vector<std::string> ids;
    for (const std::string& wanted : options_.labels) {
        const auto label = std::ranges::find_if(labels, [&](const auto& one) { return one.second == wanted || text::equals_ignore_case(one.first, wanted); });
        if (label == labels.end())
            return fail("gmail.label_missing", ErrorKind::not_found, fmt::format("the mailbox {} has no label \"{}\"", options_.account, wanted));
        ids.push_back(label->second);
    }
    label_ids_ = std::move(ids);
    return {};
}

bool GmailSource::is_watched(const std::vector<std::string>& label_ids) const {
    const auto has = [&](std::string_view label) { return std::ranges::find(label_ids, label) != label_ids.end(); };
    return !has("DRAFT") && std::ranges::any_of(label_ids_, has);
}

Status GmailSource::list_all() {
    if (!listing_) {
        // First: whatever comes while it is listed is in the history after this.
        TRY(const GmailProfile profile, client_.profile(Deadline::in(kWithin)));
        listing_ = Listing{.history_id = profile.history_id, .label = 0, .page = {}, .found = {}};
    }
    while (listing_->label < label_ids_.size()) {
        auto page = client_.list_label(label_ids_[listing_->label], listing_->page, Deadline::in(kWithin));
        if (!page && page.error().kind == ErrorKind::invalid) listing_.reset();  // A page's token does not live for ever.
        if (!page && page.error().kind == ErrorKind::not_found) label_ids_.clear();
        TRY(GmailIds found, std::move(page));
        listing_->found.insert(std::make_move_iterator(found.ids.begin()), std::make_move_iterator(found.ids.end()));
        listing_->page = std::move(found.next_page);
        if (listing_->page.empty()) ++listing_->label;
    }
    pending_ = std::move(listing_->found);
    for (const std::string& id : done_) pending_.erase(id);
    history_id_ = listing_->history_id;
    listing_.reset();
    list_all_at_ = clock_.monotonic() + kListAllEvery;
    return {};
}

Status GmailSource::list_news() {
    std::uint64_t newest = *history_id_;
    std::string page;
    do {
        auto news = client_.history(*history_id_, page, Deadline::in(kWithin));
        if (!news && news.error().kind == ErrorKind::not_found) {
            history_id_.reset();
            return list_all();
        }
        TRY(const GmailHistory history, std::move(news));
        for (const GmailHistory::Arrival& arrival : history.arrivals)
            // Where its labels are not told, it is looked at.
            if ((!arrival.label_ids || is_watched(*arrival.label_ids)) && !done_.contains(arrival.id)) pending_.insert(arrival.id);
        if (history.history_id) newest = std::max(newest, *history.history_id);
        page = history.next_page;
    } while (!page.empty());
    history_id_ = newest;
    return {};
}

Status GmailSource::refresh() {
    TRY_STATUS(find_labels());
    if (listing_ || !history_id_ || !list_all_at_ || clock_.monotonic() >= *list_all_at_) return list_all();
    return list_news();
}

Result<std::vector<mail::SourcePosition>> GmailSource::list(std::size_t limit) {
    if (Status refreshed = refresh(); !refreshed) {
        refreshed.error().effect = EffectState::not_sent;
        return std::unexpected(std::move(refreshed).error());
    }
    std::vector<mail::SourcePosition> positions;
    const auto add = [&](const std::string& id) {
        if (positions.size() < limit) positions.push_back({.account = options_.account, .folder = kFolder, .uid = id});
    };
    for (const std::string& id : pending_)
        if (!failed_.contains(id)) add(id);
    for (const std::string& id : failed_)
        if (pending_.contains(id)) add(id);
    return positions;
}

Status GmailSource::done(const mail::SourcePosition& position) {
    pending_.erase(position.uid);
    failed_.erase(position.uid);
    done_.insert(position.uid);
    return {};
}

// --- Fetching ----------------------------------------------------------------------------------------------------------------

mail::RawMail GmailSource::raw_mail(const mail::SourcePosition& position, GmailMessage message) const {
    return {.position = position, .received_at = message.received_at.value_or(clock_.now()), .bytes = std::move(message.raw)};
}

std::unexpected<Error> GmailSource::vanished(const mail::SourcePosition& position) {
    pending_.erase(position.uid);
    failed_.erase(position.uid);
    return fail("mail.vanished", ErrorKind::not_found, fmt::format("the mail {} is no longer in {}", position.uid, options_.account));
}

Result<mail::RawMail> GmailSource::fetch(const mail::SourcePosition& position) {
    auto message = read_only(client_.message_raw(position.uid, Deadline::in(kFetchWithin)));
    if (!message && message.error().kind == ErrorKind::not_found) return vanished(position);
    if (!message && message.error().code == "http.answer_too_large") return too_large(position);
    if (!message) {
        failed_.insert(position.uid);
        return std::unexpected(std::move(message).error());
    }
    // Its labels were taken away meanwhile; given back, the history tells.
    if (!is_watched(message->label_ids)) return vanished(position);
    if (message->raw.size() > mail::limits::raw_bytes_max) return too_large(position);
    return raw_mail(position, *std::move(message));
}

Result<mail::RawMail> GmailSource::fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) {
    const auto fields = read_only(client_.message_fields(position.uid, Deadline::in(kWithin)));
    if (!fields && fields.error().kind == ErrorKind::not_found) return vanished(position);
    TRY(const GmailMessage known, fields);
    TRY(GmailMessage head, read_only(client_.message_head(position.uid, bytes_max, Deadline::in(kWithin))));
    head.received_at = known.received_at;
    return raw_mail(position, std::move(head));
}

void GmailSource::wait(Duration at_most, const Interrupt& stop) { static_cast<void>(stop.wait(std::min(at_most, options_.poll_every))); }

}  // namespace resolute::connectors
