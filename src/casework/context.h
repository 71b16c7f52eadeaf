// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "casework/casework.h"

/// What conditions and tools see of a case. Internal to casework.
namespace resolute::casework {

/// Since when nobody owes anybody anything but an answer of the customer.
Duration quiet_for(const CaseState& state, Instant now);

/// The same facts as context_of(), each made when it is first asked for: the core looks at a case at every one of its small moves,
/// and most of them ask for little. For one thread, while state and procedure stay as they are.
class Context final : public procedure::FactSource {
public:
    Context(const CaseState& state, const procedure::Procedure& procedure, Instant now) : state_(state), procedure_(procedure), now_(now) {}

    [[nodiscard]] const json::Value* find_fact(std::string_view name) const override;
    /// By dotted path: "issue.category".
    [[nodiscard]] const json::Value* find_path(std::string_view path) const;
    /// A shared null where there is none.
    [[nodiscard]] const json::Value& operator[](std::string_view name) const;

private:
    const json::Value* find_reply() const;
    const json::Value* find_grant() const;

    const CaseState& state_;
    const procedure::Procedure& procedure_;
    const Instant now_;
    mutable std::optional<json::Value> case_;
    mutable std::optional<json::Value> conversation_;
    mutable std::optional<json::Value> reply_;
    mutable std::optional<json::Value> grant_;
    mutable std::optional<json::Value> satisfaction_;
};

}  // namespace resolute::casework
