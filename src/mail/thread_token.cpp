// SPDX-License-Identifier: Apache-2.0
#include "mail/thread_token.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/invariant.h"
#include "base/text.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kMacLength = 32;       ///< hex digits
constexpr std::size_t kReplyMacLength = 24;  ///< shorter, because of the next one
constexpr std::size_t kLocalPartMax = 64;    ///< RFC 5321 §4.5.3.1.1
constexpr std::size_t kIdLengthMax = 40;

/// Ids are lower-case letters and digits, so that nothing in what is hashed can stand for a separator.
bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= kIdLengthMax &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

bool is_mac(std::string_view text, std::size_t length) {
    return text.size() == length && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Some servers change the case of a local part, so a recipient's counts neither here nor where it is read.
std::string mac(const seal::Key& key, const CaseId& id, const EffectId& effect, std::string_view recipient) {
    const std::string text = fmt::format("{}\n{}\n{}", id.value(), effect.value(), text::to_lower(recipient));
    return effect.is_empty() ? seal::blind(key, text).substr(0, kReplyMacLength) : seal::blind(key, text);
}

}  // namespace

std::optional<ThreadClaim> read_thread_claim(std::string_view message_id) {
    const std::string lower = text::to_lower(message_id.substr(0, message_id.find('@')));
    const std::string_view local = lower;
    const std::size_t first = local.find('.');
    const std::size_t second = first == std::string_view::npos ? first : local.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const std::string_view effect = local.substr(0, first);
    const std::string_view id = local.substr(first + 1, second - first - 1);
    const std::string_view mac = local.substr(second + 1);
    if (!is_id(effect) || !is_id(id) || !is_mac(mac, kMacLength)) return std::nullopt;
    return ThreadClaim{CaseId(std::string(id)), EffectId(std::string(effect)), std::string(mac)};
}

std::optional<ThreadClaim> read_reply_claim(std::string_view address, std::string_view own_address) {
    const std::string lower = text::to_lower(address);
    const std::string own = text::to_lower(own_address);
    const std::size_t at = own.rfind('@');
    const std::size_t end = lower.rfind('@');
    if (at == std::string::npos || end == std::string::npos || std::string_view(lower).substr(end) != std::string_view(own).substr(at)) return std::nullopt;
    const std::string prefix = own.substr(0, at) + "+";
    if (!lower.starts_with(prefix) || end < prefix.size()) return std::nullopt;
    const std::string_view tag = std::string_view(lower).substr(prefix.size(), end - prefix.size());
    const std::size_t dot = tag.find('.');
    if (dot == std::string_view::npos || !is_id(tag.substr(0, dot)) || !is_mac(tag.substr(dot + 1), kReplyMacLength)) return std::nullopt;
    return ThreadClaim{CaseId(std::string(tag.substr(0, dot))), {}, std::string(tag.substr(dot + 1))};
}

ThreadTokens::ThreadTokens(std::vector<seal::Key> keys, bool marks_reply_address)
    : keys_(std::move(keys)), marks_reply_address_(marks_reply_address) {
    INVARIANT(!keys_.empty(), "tokens are made with a key");
}

std::string ThreadTokens::mac_of(const CaseId& id, const EffectId& effect, std::string_view recipient) const {
    return mac(keys_.front(), id, effect, recipient);
}

std::string ThreadTokens::message_id(const CaseId& id, const EffectId& effect, std::string_view recipient, std::string_view domain) const {
    return fmt::format("{}.{}.{}@{}", effect.value(), id.value(), mac_of(id, effect, recipient), domain);
}

std::string ThreadTokens::reply_address(const CaseId& id, std::string_view recipient, std::string_view own_address) const {
    const std::size_t at = own_address.rfind('@');
    if (!marks_reply_address_ || at == std::string_view::npos) return {};
    const std::string local = fmt::format("{}+{}.{}", own_address.substr(0, at), id.value(), mac_of(id, {}, recipient));
    if (local.size() > kLocalPartMax) return {};  // The plain address still works, by the Message-ID.
    return local + std::string(own_address.substr(at));
}

bool ThreadTokens::is_ours(const ThreadClaim& claim, std::string_view recipient) const {
    if (claim.case_id.is_empty() || recipient.empty()) return false;
    bool is_ours = false;
    for (const seal::Key& key : keys_) is_ours = seal::is_equal(claim.mac, mac(key, claim.case_id, claim.effect, recipient)) || is_ours;
    return is_ours;
}

}  // namespace resolute::mail
