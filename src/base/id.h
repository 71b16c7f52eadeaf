// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace resolute {

/// A name of one kind of thing; two kinds do not mix. The text is opaque, ASCII, without spaces.
template <class Tag>
class Id {
public:
    Id() = default;
    explicit Id(std::string value) : value_(std::move(value)) {}
    [[nodiscard]] const std::string& value() const { return value_; }
    [[nodiscard]] bool is_empty() const { return value_.empty(); }
    friend auto operator<=>(const Id&, const Id&) = default;
    friend bool operator==(const Id&, const Id&) = default;

private:
    std::string value_;
};

using CaseId = Id<struct CaseTag>;          ///< "c" + 15 base32 characters, derived from the first mail
using EffectId = Id<struct EffectTag>;      ///< 26 base32 characters; the idempotency key of one outside operation
using MailId = Id<struct MailTag>;          ///< "m" + 15 base32 characters, derived from source position and content
using TaskId = Id<struct TaskTag>;          ///< "t" + 11 base32 characters, derived from case, kind and occurrence
using TicketId = Id<struct TicketTag>;      ///< the help desk's own id
using CustomerId = Id<struct CustomerTag>;  ///< the CRM's own id
using OrderId = Id<struct OrderTag>;
using AgentId = Id<struct AgentTag>;
using ArticleId = Id<struct ArticleTag>;
using InputId = Id<struct InputTag>;  ///< idempotency key of something that came in: "mail/…", "task/…", "api/…"

}  // namespace resolute

template <class Tag>
struct std::hash<resolute::Id<Tag>> {
    std::size_t operator()(const resolute::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value()); }
};
