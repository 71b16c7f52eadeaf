// SPDX-License-Identifier: Apache-2.0
#include "connectors/graph/graph_source.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "mail/limits.h"

namespace resolute::connectors {
namespace {

constexpr const char* kFolder = "messages";
constexpr Duration kWithin = std::chrono::seconds(60);
constexpr Duration kFetchWithin = std::chrono::minutes(5);  ///< 25 MiB, slowly
constexpr Duration kListAllEvery = std::chrono::hours(6);
/// Those of learn.microsoft.com/graph/api/resources/mailfolder in which mail arrives.
constexpr std::array kWellKnown{"inbox", "junkemail", "archive", "clutter", "deleteditems"};

/// A reading has no effect.
template <class T>
Result<T> read_only(Result<T> result) {
    if (!result) result.error().effect = EffectState::not_sent;
    return result;
}

}  // namespace

GraphSource::GraphSource(Options options, GraphClient client, const Clock& clock) : options_(std::move(options)), client_(std::move(client)), clock_(clock) {}

// --- Listing -----------------------------------------------------------------------------------------------------------------

Result<std::string> find_graph_folder(const GraphClient& client, const std::string& path, Deadline deadline) {
    const auto missing = [&] { return fail("graph.folder_missing", ErrorKind::not_found, fmt::format("the mailbox has no folder \"{}\"", path)); };
    if (std::ranges::any_of(kWellKnown, [&](const char* name) { return text::equals_ignore_case(path, name); })) {
        const auto folder = client.folder(text::to_lower(path), deadline);
        if (!folder && folder.error().code == "graph.not_found") {
            // The mailbox itself is not there, or the folder is not (a mailbox without an archive).
            if (text::equals_ignore_case(path, "inbox")) return std::unexpected(folder.error());
            return missing();
        }
        if (!folder) return std::unexpected(folder.error());
        return folder->id;
    }
    std::string parent;
    for (const std::string_view name : text::split(path, '/')) {
        TRY(const auto folders, client.folders_in(parent, deadline));
        const auto found = std::ranges::find_if(folders, [&](const GraphFolder& one) { return text::equals_ignore_case(one.name, name); });
        if (found == folders.end()) return missing();
        parent = found->id;
    }
    return parent;
}

Status GraphSource::find_folders() {
    if (!folders_.empty()) return {};
    std::vector<Folder> found;
    for (const std::string& path : options_.folders) {
        TRY(std::string id, find_graph_folder(client_, path, Deadline::in(kWithin)));
        found.push_back({.id = std::move(id), .next_link = {}, .delta_link = {}});
    }
    folders_ = std::move(found);
    return {};
}

void GraphSource::take(const GraphPage& page) {
    for (const GraphMessage& message : page.messages) {
        // A draft is none that came; where something is not told, it is taken for mail.
        if (message.is_draft || done_.contains(message.id) || pending_.contains(message.id)) continue;
        const Instant at = message.received_at.value_or(clock_.now());
        pending_.emplace(message.id, at);
        order_.emplace(at, message.id);
    }
    for (const std::string& id : page.removed) drop(id);
}

void GraphSource::drop(const std::string& id) {
    if (const auto known = pending_.find(id); known != pending_.end()) {
        order_.erase({known->second, id});
        pending_.erase(known);
    }
    failed_.erase(id);
}

Status GraphSource::refresh(Folder& folder) {
    if (folder.list_all_at && clock_.monotonic() >= *folder.list_all_at) folder = {.id = folder.id, .next_link = {}, .delta_link = {}};
    std::string link = folder.next_link.empty() ? folder.delta_link : folder.next_link;
    while (true) {
        const auto page = client_.delta(folder.id, link, Deadline::in(kWithin));
        if (!page) {
            // Too old a link (410), or one that is not taken any more: from the beginning, with the next look.
            const bool is_stale = page.error().code == "graph.resync" || page.error().code == "graph.refused";
            if (is_stale && !link.empty()) folder = {.id = folder.id, .next_link = {}, .delta_link = {}};
            if (page.error().code == "graph.not_found") folders_.clear();
            return std::unexpected(page.error());
        }
        take(*page);
        if (page->next_link.empty()) {
            folder.next_link.clear();
            folder.delta_link = page->delta_link;
            if (!folder.list_all_at) folder.list_all_at = clock_.monotonic() + kListAllEvery;
            return {};
        }
        link = folder.next_link = page->next_link;
    }
}

Result<std::vector<mail::SourcePosition>> GraphSource::list(std::size_t limit) {
    const auto look = [this]() -> Status {
        TRY_STATUS(find_folders());
        for (std::size_t i = 0; i < folders_.size(); ++i) {
            Status fresh = refresh(folders_[i]);
            if (!fresh && fresh.error().code == "graph.resync") fresh = refresh(folders_[i]);
            if (!fresh) return fresh;
        }
        return {};
    };
    if (Status looked = look(); !looked) {
        looked.error().effect = EffectState::not_sent;
        return std::unexpected(std::move(looked).error());
    }
    std::vector<mail::SourcePosition> positions;
    const auto add = [&](const std::string& id) {
        if (positions.size() < limit) positions.push_back({.account = options_.account, .folder = kFolder, .uid = id});
    };
    for (const auto& [at, id] : order_) {
        if (positions.size() >= limit) break;
        if (!failed_.contains(id)) add(id);
    }
    for (const std::string& id : failed_) add(id);
    return positions;
}

Status GraphSource::done(const mail::SourcePosition& position) {
    drop(position.uid);
    done_.insert(position.uid);
    return {};
}

// --- Fetching ----------------------------------------------------------------------------------------------------------------

Instant GraphSource::received_at(const std::string& id) const {
    const auto known = pending_.find(id);
    return known == pending_.end() ? clock_.now() : known->second;
}

std::unexpected<Error> GraphSource::vanished(const mail::SourcePosition& position) {
    drop(position.uid);
    return fail("mail.vanished", ErrorKind::not_found, fmt::format("the mail {} is no longer in {}", position.uid, options_.account));
}

Result<mail::RawMail> GraphSource::read(const mail::SourcePosition& position, std::size_t cut_after) {
    auto bytes = read_only(client_.mime(position.uid, cut_after, Deadline::in(kFetchWithin)));
    if (!bytes && bytes.error().code == "graph.not_found") return vanished(position);
    if (!bytes && bytes.error().code == "http.answer_too_large")
        return fail("mail.too_large", ErrorKind::exhausted, fmt::format("the mail {} has more than {} bytes", position.uid, mail::limits::raw_bytes_max));
    if (!bytes) {
        if (pending_.contains(position.uid)) failed_.insert(position.uid);
        return std::unexpected(std::move(bytes).error());
    }
    return mail::RawMail{.position = position, .received_at = received_at(position.uid), .bytes = *std::move(bytes)};
}

Result<mail::RawMail> GraphSource::fetch(const mail::SourcePosition& position) {
    TRY(mail::RawMail mail, read(position, 0));
    if (mail.bytes.size() <= mail::limits::raw_bytes_max) return mail;
    return fail("mail.too_large", ErrorKind::exhausted, fmt::format("the mail {} has {} bytes", position.uid, mail.bytes.size()));
}

Result<mail::RawMail> GraphSource::fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) {
    TRY(mail::RawMail mail, read(position, bytes_max));
    if (mail.bytes.size() > bytes_max) mail.bytes.resize(bytes_max);
    return mail;
}

void GraphSource::wait(Duration at_most, const Interrupt& stop) { static_cast<void>(stop.wait(std::min(at_most, options_.poll_every))); }

}  // namespace resolute::connectors
