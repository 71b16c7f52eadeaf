// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resolute::transport {

/// Names a mail within a folder and its UIDVALIDITY: 1 and up, growing, never given twice (RFC 9051 §2.3.1.1).
using ImapUid = std::uint32_t;

/// A set of UIDs, kept as ranges: a folder of a million mails is a handful of them. A value.
class UidSet {
public:
    UidSet() = default;
    explicit UidSet(const std::vector<ImapUid>& uids);
    /// "1:3,7" (RFC 9051 sequence-set, without "*"). Nothing where it is none, or holds more than `count_max`. Pure.
    static std::optional<UidSet> parse(std::string_view text, std::uint64_t count_max);

    void insert(ImapUid uid) { insert(uid, uid); }
    /// Both included; first ≤ last.
    void insert(ImapUid first, ImapUid last);
    void insert(const UidSet& others);
    void erase(ImapUid uid) { erase(uid, uid); }
    void erase(ImapUid first, ImapUid last);
    void erase(const UidSet& others);
    [[nodiscard]] bool contains(ImapUid uid) const;
    [[nodiscard]] bool is_empty() const { return ranges_.empty(); }
    [[nodiscard]] std::uint64_t count() const;
    /// The largest; 0 where there is none.
    [[nodiscard]] ImapUid last() const { return ranges_.empty() ? 0 : ranges_.rbegin()->second; }
    /// At most `limit`, from `first` on, smallest first.
    [[nodiscard]] std::vector<ImapUid> list(ImapUid first, std::size_t limit) const;
    /// "1:3,7"
    [[nodiscard]] std::string text() const;

    friend bool operator==(const UidSet&, const UidSet&) = default;

private:
    std::map<ImapUid, ImapUid> ranges_;  // First → last; apart, never adjacent.
};

}  // namespace resolute::transport
