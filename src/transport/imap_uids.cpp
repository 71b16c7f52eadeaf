// SPDX-License-Identifier: Apache-2.0
#include "transport/imap_uids.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"

namespace resolute::transport {
namespace {

constexpr ImapUid kLargest = std::numeric_limits<ImapUid>::max();

std::optional<ImapUid> parse_uid(std::string_view text) {
    ImapUid uid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
    if (error != std::errc{} || end != text.data() + text.size() || uid == 0) return std::nullopt;
    return uid;
}

}  // namespace

UidSet::UidSet(const std::vector<ImapUid>& uids) {
    for (const ImapUid uid : uids) insert(uid);
}

std::optional<UidSet> UidSet::parse(std::string_view text, std::uint64_t count_max) {
    UidSet set;
    std::uint64_t count = 0;
    for (const std::string_view part : text::split(text, ',')) {
        const std::size_t colon = part.find(':');
        const auto first = parse_uid(part.substr(0, colon));
        const auto last = colon == std::string_view::npos ? first : parse_uid(part.substr(colon + 1));
        if (!first || !last) return std::nullopt;
        // RFC 9051 §9, seq-range: the two may stand in either order.
        const auto [low, high] = std::minmax(*first, *last);
        count += std::uint64_t{high} - low + 1;
        if (count > count_max) return std::nullopt;
        set.insert(low, high);
    }
    return set;
}

void UidSet::insert(ImapUid first, ImapUid last) {
    auto next = ranges_.upper_bound(first);
    if (next != ranges_.begin()) {
        const auto before = std::prev(next);
        if (before->second >= last) return;
        if (before->second == kLargest || before->second + 1 >= first) {
            first = before->first;
            ranges_.erase(before);
        }
    }
    while (next != ranges_.end() && (last == kLargest || next->first <= last + 1)) {
        last = std::max(last, next->second);
        next = ranges_.erase(next);
    }
    ranges_.emplace(first, last);
}

void UidSet::erase(ImapUid first, ImapUid last) {
    auto range = ranges_.upper_bound(first);
    if (range != ranges_.begin() && std::prev(range)->second >= first) --range;
    while (range != ranges_.end() && range->first <= last) {
        const auto [low, high] = *range;
        range = ranges_.erase(range);
        if (low < first) ranges_.emplace(low, first - 1);
        if (high > last) ranges_.emplace(last + 1, high);
    }
}

void UidSet::insert(const UidSet& others) {
    for (const auto& [first, last] : others.ranges_) insert(first, last);
}

void UidSet::erase(const UidSet& others) {
    for (const auto& [first, last] : others.ranges_) erase(first, last);
}

bool UidSet::contains(ImapUid uid) const {
    const auto next = ranges_.upper_bound(uid);
    return next != ranges_.begin() && std::prev(next)->second >= uid;
}

std::uint64_t UidSet::count() const {
    std::uint64_t count = 0;
    for (const auto& [first, last] : ranges_) count += std::uint64_t{last} - first + 1;
    return count;
}

std::vector<ImapUid> UidSet::list(ImapUid first, std::size_t limit) const {
    std::vector<ImapUid> uids;
    auto range = ranges_.upper_bound(first);
    if (range != ranges_.begin() && std::prev(range)->second >= first) --range;
    for (; range != ranges_.end(); ++range)
        for (std::uint64_t uid = std::max(first, range->first); uid <= range->second; ++uid) {
            if (uids.size() == limit) return uids;
            uids.push_back(static_cast<ImapUid>(uid));
        }
    return uids;
}

std::string UidSet::text() const {
    std::string text;
    for (const auto& [first, last] : ranges_) {
        if (!text.empty()) text += ',';
        text += first == last ? fmt::format("{}", first) : fmt::format("{}:{}", first, last);
    }
    return text;
}

}  // namespace resolute::transport
